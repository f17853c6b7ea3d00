/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The contract suite: plays one list of requests on the mock and on a real
 * nginx. Whatever differs is a bug of this project. One test for each request,
 * so that a failure has a name; what the two hosts said is shown.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/contract/contract.h"

static const struct contract_list *const  lists[] = {
    &contract_requests_in, &contract_requests_body, &contract_requests_out,
    &contract_requests_zone
};

static struct contract_mock  *mock;
static struct contract_real  *real;           /* NULL: the mock alone */

/* From the command line. */
/* cmocka does not count what a teardown finds. */
static int                     trouble_seen;

static struct contract_setup  setup;
static int                    mock_only;
static size_t                 max_size = SIZE_MAX;


static int
stands_in(const struct contract_answer *answer, const char *text)
{
    return strstr(answer->head, text) != NULL
           || memmem(answer->body, answer->body_len, text, strlen(text))
           || strstr(answer->log, text) != NULL;
}


/* 0, or 1 and it is said: does the answer keep what the row promises? */
static int
breaks_promise(const struct contract_request *request, const char *host,
               const struct contract_answer *answer)
{
    int     broken;
    size_t  i;

    broken = 0;

    for (i = 0; i < CONTRACT_WANTS && request->want[i] != NULL; i++) {
        if (!stands_in(answer, request->want[i])) {
            print_error("%s: missing: %s\n", host, request->want[i]);
            broken = 1;
        }
    }

    if (request->never != NULL && stands_in(answer, request->never)) {
        print_error("%s: must not stand there: %s\n", host, request->never);
        broken = 1;
    }

    return broken;
}


/* An echo must be what was sent: no host is asked about that. */
static int
echo_differs(const struct contract_request *request,
             const struct contract_answer *answer)
{
    int             differ;
    size_t          len;
    unsigned char  *body;

    if (strcmp(contract_handler(&setup, request->target), "contract_echo")
        != 0)
    {
        return 0;
    }

    body = contract_body(request, &len);
    differ = len != answer->body_len
             || (len > 0 && memcmp(body, answer->body, len) != 0);
    free(body);

    if (differ) {
        print_error("the echo is not what was sent\n");
    }

    return differ;
}


static void
play(void **state)
{
    int                             bad;
    char                            err[CONTRACT_ERR] = "";
    struct contract_answer          ours = { 0 }, theirs = { 0 };
    const struct contract_request  *request = *state;

    if (request->size > max_size) {
        skip();
    }

    bad = contract_mock_play(mock, request, &ours, err) != 0
          || breaks_promise(request, "the mock", &ours)
          || echo_differs(request, &ours);

    if (real != NULL) {
        if (contract_real_play(real, request, &theirs, err) != 0) {
            bad = 1;
        } else {
            bad |= breaks_promise(request, "nginx", &theirs);
            bad |= ours.head == NULL || contract_answers_differ(&ours, &theirs);
        }
    }

    if (bad) {
        print_error("%s\n%s %s\n", err, request->method ? request->method
                                                        : "GET",
                    request->target);
        contract_show("the mock", &ours);

        if (real != NULL) {
            contract_show("nginx", &theirs);
        }
    }

    contract_answer_free(&ours);
    contract_answer_free(&theirs);
    assert_false(bad);
}


/* What the init hook logged; several workers each log it. */
static void
hooks_log_alike(void **state)
{
    struct contract_answer  ours = { 0 }, theirs = { 0 };

    (void) state;

    assert_int_equal(contract_mock_hooks(mock, &ours), 0);
    assert_non_null(strstr(ours.log, "info: init macro 34\n"));

    if (real != NULL) {
        assert_int_equal(contract_real_hooks(real, &theirs), 0);
    }

    if (real != NULL && setup.workers == 1) {
        assert_string_equal(ours.log, theirs.log);
        assert_int_equal(contract_reports_differ(ours.reports,
                                                 theirs.reports), 0);
    }

    contract_answer_free(&ours);
    contract_answer_free(&theirs);
}


static int
open_hosts(void **state)
{
    char         err[CONTRACT_ERR] = "no memory";
    const char  *missing;

    (void) state;

    mock = contract_mock_new(&setup, err);

    if (mock == NULL) {
        print_error("the mock: %s\n", err);
        return -1;
    }

    if (mock_only) {
        return 0;
    }

    missing = contract_real_missing(setup.module);

    if (missing != NULL) {
        print_message("SKIPPED: played on the mock alone: %s\n", missing);
        return 0;
    }

    real = contract_real_new(&setup, err);

    if (real == NULL) {
        print_error("nginx: %s\n", err);
        return -1;
    }

    return 0;
}


static int
close_hosts(void **state)
{
    char  *trouble;

    (void) state;

    contract_mock_free(&mock);
    trouble = contract_real_free(&real);
    trouble_seen = trouble != NULL;

    if (trouble != NULL) {
        (void) fprintf(stderr, "%s\n", trouble);
        free(trouble);
        return -1;
    }

    return 0;
}


static int
usage(void)
{
    (void) fprintf(stderr, "usage: contract --app APP [--module MODULE] "
                   "[--workers N] [--mock-only] [--max-size BYTES]\n");
    return 2;
}


static int
options(int argc, char **argv)
{
    int  i;

    setup = contract_setup_app;

    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--mock-only") == 0) {
            mock_only = 1;
            continue;
        }

        if (i + 1 == argc) {
            return usage();
        }

        if (strcmp(argv[i], "--app") == 0) {
            setup.app = argv[++i];
        } else if (strcmp(argv[i], "--module") == 0) {
            setup.module = argv[++i];
        } else if (strcmp(argv[i], "--workers") == 0) {
            setup.workers = (unsigned) strtoul(argv[++i], NULL, 10);
        } else if (strcmp(argv[i], "--max-size") == 0) {
            max_size = strtoul(argv[++i], NULL, 10);
        } else {
            return usage();
        }
    }

    return setup.app != NULL ? 0 : usage();
}


int
main(int argc, char **argv)
{
    int                 rc;
    size_t              i, k, n;
    struct CMUnitTest  *tests;

    rc = options(argc, argv);

    if (rc != 0) {
        return rc;
    }

    n = 1;

    for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        n += lists[i]->count;
    }

    tests = calloc(n, sizeof(*tests));

    if (tests == NULL) {
        return 2;
    }

    tests[0].name = "the hooks log alike";
    tests[0].test_func = hooks_log_alike;
    n = 1;

    for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        for (k = 0; k < lists[i]->count; k++, n++) {
            tests[n].name = lists[i]->items[k].name;
            tests[n].test_func = play;
            tests[n].initial_state = (void *) (uintptr_t) &lists[i]->items[k];
        }
    }

    rc = _cmocka_run_group_tests("contract", tests, n, open_hosts,
                                 close_hosts);
    free(tests);

    return rc != 0 ? rc : trouble_seen;
}
