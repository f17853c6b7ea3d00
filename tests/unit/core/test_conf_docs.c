/* SPDX-License-Identifier: BSD-2-Clause */
/* What documents say of the directives is what their table says. */
#define _GNU_SOURCE
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/lf_conf.h"


static char *
read_text(const char *path)
{
    char    *text = NULL;
    FILE    *file = fopen(path, "re");
    size_t   size = 0;

    if (file == NULL || getdelim(&text, &size, '\0', file) <= 0) {
        fail_msg("%s cannot be read", path);
    }

    (void) fclose(file);

    return text;
}


/* "http, server", as nginx's own documents write it. Yours. */
static char *
context_of(const struct lf_directive *directive)
{
    char  *text;

    assert_true(asprintf(&text, "%s%s%s%s",
                directive->blocks & LF_IN_HTTP ? ", http" : "",
                directive->blocks & LF_IN_SERVER ? ", server" : "",
                directive->blocks & LF_IN_LOCATION ? ", location" : "",
                directive->blocks & LF_IN_IF ? ", if in location" : "") > 2);

    memmove(text, text + 2, strlen(text + 2) + 1);

    return text;
}


/* "URI [FLAG ...]": an argument in brackets may be left out. */
static void
count_syntax(char *syntax, unsigned *least, unsigned *most)
{
    char  *word, *rest = NULL;

    *least = *most = 0;

    for (word = strtok_r(syntax, " ", &rest); word != NULL;
         word = strtok_r(NULL, " ", &rest))
    {
        if (strcmp(word, "...]") == 0) {
            *most = LF_DIRECTIVE_ARGS;
            continue;
        }

        *least += word[0] != '[';
        (*most)++;
    }
}


/* The page that the list links to has a section with the same context. */
static void
expect_section(const char *name, const char *target, const char *context)
{
    char  *path, *text, *heading, *at;

    assert_true(asprintf(&path, TEST_TOP "/docs/%s",
                         target[0] == '#' ? "module.md" : target) > 0);
    assert_true(asprintf(&heading, "# %s\n", name) > 0);
    text = read_text(path);
    at = strstr(text, heading);

    if (at == NULL || (at = strstr(at, "\n| context | ")) == NULL
        || strncmp(at + 13, context, strlen(context)) != 0)
    {
        fail_msg("%s: no section \"%s\" with the context \"%s\"", path, name,
                 context);
    }

    free(text);
    free(heading);
    free(path);
}


static void
expect_row(const char *text, const struct lf_directive *directive)
{
    char      *context = context_of(directive), *start;
    char       syntax[128], found[128], times[128], target[128];
    unsigned   least, most;

    assert_true(asprintf(&start, "\n| `%s ", directive->name) > 0);
    text = strstr(text, start);

    if (text == NULL
        || sscanf(text + strlen(start), "%127[^`]` | %127[^|]| %127[^|]| "
                  "[%*[^]]](%127[^)]) |\n", syntax, found, times, target) != 4)
    {
        fail_msg("docs/module.md does not list %s", directive->name);
    }

    count_syntax(syntax, &least, &most);

    if (least != directive->least || most != directive->most
        || strcmp(times, directive->once ? "once " : "any number ") != 0
        || strncmp(found, context, strlen(context)) != 0
        || strcmp(found + strlen(context), " ") != 0)
    {
        fail_msg("%s: docs/module.md says %u to %u arguments, in %s, %s; it "
                 "is %u to %u, in %s, %s", directive->name, least, most, found,
                 times, directive->least, directive->most, context,
                 directive->once ? "once" : "any number");
    }

    expect_section(directive->name, target, context);
    free(context);
    free(start);
}


static void
documents_say_of_each_directive_what_it_is(void **state)
{
    int    i, rows = 0;
    char  *text = read_text(TEST_TOP "/docs/module.md"), *at;

    (void) state;

    for (i = 0; i < LF_DIRECTIVE_COUNT; i++) {
        expect_row(text, &lf_directives[i]);
    }

    for (at = text; (at = strstr(at, "\n| `ngx_link_func_")) != NULL; at++) {
        rows++;
    }

    assert_int_equal(rows, LF_DIRECTIVE_COUNT);
    free(text);
}


#define NAME_CHARS  "abcdefghijklmnopqrstuvwxyz0123456789_"

static int
has_word(const char *text, const char *word, size_t len)
{
    const char  *at;

    for (at = text; (at = strstr(at, "ngx_link_func_")) != NULL; at += 14) {
        if (strncmp(at, word, len) == 0 && strspn(at, NAME_CHARS) == len) {
            return 1;
        }
    }

    return 0;
}


/* Each name is a directive, of the ABI, or the beginning of several. */
static int
count_strangers(const char *path, const char *abi)
{
    int        bad = 0;
    char      *text = read_text(path), *at;
    lf_str_t   name;

    for (at = text; (at = strstr(at, "ngx_link_func_")) != NULL;
         at += name.len)
    {
        name.data = (u_char *) at;
        name.len = strspn(at, NAME_CHARS);

        if (at[name.len - 1] != '_' && lf_directive_find(&name) == NULL
            && !has_word(abi, at, name.len))
        {
            print_error("%s: %.*s\n", path, (int) name.len, at);
            bad++;
        }
    }

    free(text);

    return bad;
}


static void
documents_name_no_directive_that_does_not_exist(void **state)
{
    int      bad = 0;
    char    *abi = read_text(TEST_TOP "/include/ngx_link_func_module.h");
    size_t   i;
    glob_t   files;

    (void) state;

    assert_int_equal(glob(TEST_TOP "/docs/*.md", 0, NULL, &files), 0);
    assert_int_equal(glob(TEST_PAGES "/*", GLOB_APPEND, NULL, &files), 0);
    assert_int_equal(glob(TEST_TOP "/README.md", GLOB_APPEND, NULL, &files),
                     0);

    for (i = 0; i < files.gl_pathc; i++) {
        bad += count_strangers(files.gl_pathv[i], abi);
    }

    assert_int_equal(bad, 0);
    globfree(&files);
    free(abi);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(documents_say_of_each_directive_what_it_is),
        cmocka_unit_test(documents_name_no_directive_that_does_not_exist),
    };

    return cmocka_run_group_tests_name("conf_docs", tests, NULL, NULL);
}
