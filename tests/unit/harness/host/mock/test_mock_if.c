/* SPDX-License-Identifier: BSD-2-Clause */
/* Which `if` of a location holds, and when the mock cannot tell. */
#include "tests/unit/mock.h"

#include "lib/base/arena.h"
#include "harness/conf/conf.h"
#include "harness/host/mock/mock_vars.h"

static struct arena  *arena;


/* The value of X in force for a request; "?" when it cannot be told. */
static const char *
header_for(const char *inside, const char *target)
{
    char                         conf[512], err[LF_ERR_LEN];
    const char                  *why = NULL;
    struct conf                 *built = NULL;
    struct conf_node            *root;
    struct conf_error            error;
    struct lf_fake_request      *request = mock_new("GET", target);
    const struct conf_location  *l;

    (void) snprintf(conf, sizeof(conf), "location / {\n"
                    "ngx_link_func_add_req_header X none;\n%s }", inside);
    if (conf_parse(arena, "t", conf, strlen(conf), &root, &error) != 0
        || (built = conf_build(arena, root, mock_is_variable, &error))
           == NULL)
    {
        fail_msg("%s: %s", conf, error.text);
    }

    l = conf_find_location(built->servers, &lf_fake_core(request)->uri, err);
    l = mock_enter_ifs(l, request, &why);
    assert_true((l == NULL) == (why != NULL));
    lf_fake_request_free(&request);

    return l != NULL ? (char *) l->headers->value.data : "?";
}


#define IF(condition, value)                                                  \
    "if (" condition ") { ngx_link_func_add_req_header X " value "; }\n"

static void
conditions_are_those_of_nginx(void **state)
{
    size_t  i;

    static const struct { const char *inside, *target, *want; } rows[] = {
        { IF("$arg_a", "set"), "/?a=1", "set" },
        { IF("$arg_a", "set"), "/?a=00", "set" },
        { IF("$arg_a", "set"), "/?a=0", "none" },
        { IF("$arg_a", "set"), "/?a=", "none" },
        { IF("$arg_a", "set"), "/", "none" },
        { IF(" $arg_a ", "set"), "/?a=1", "set" },
        { IF("$arg_a = b", "eq"), "/?a=b", "eq" },
        { IF("$arg_a = b", "eq"), "/?a=B", "none" },
        { IF("$arg_a != b", "ne"), "/", "ne" },
        { IF("$arg_a = \"\"", "eq"), "/", "eq" },
        { IF("$arg_a ~ ^b", "re"), "/?a=bc", "re" },
        { IF("$arg_a ~ ^b", "re"), "/?a=BC", "none" },
        { IF("$arg_a ~* ^b", "re"), "/?a=BC", "re" },
        { IF("$arg_a !~ ^b", "re"), "/?a=BC", "re" },
        { IF("$arg_a !~* ^b", "re"), "/?a=BC", "none" },
        { IF("$arg_a", "one") IF("$arg_b", "two"), "/?a=1&b=1", "two" },
        { IF("$arg_a", "one") "if ($arg_b) { }", "/?a=1&b=1", "none" },
        { IF("-f $uri", "file"), "/", "?" },
        { IF("$remote_port = b", "eq"), "/", "?" },
        { IF("$arg_a = $arg_b", "eq"), "/", "?" },
        { IF("$arg_a ~ (b)", "re"), "/", "?" },
        { "if ($arg_a) { return 403; }", "/?a=1", "?" },
        { "if ($arg_a) { return 403; }", "/", "none" }
    };

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        arena = arena_new();
        if (strcmp(header_for(rows[i].inside, rows[i].target), rows[i].want)
            != 0)
        {
            fail_msg("%s %s: not %s", rows[i].inside, rows[i].target,
                     rows[i].want);
        }
        arena_free(&arena);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(conditions_are_those_of_nginx,
                                        mock_setup, mock_teardown)
    };

    return cmocka_run_group_tests_name("conf_if", tests, NULL, NULL);
}
