/* SPDX-License-Identifier: BSD-2-Clause */
/* Configurations of several files: their order, their places, their ends. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "lib/base/arena.h"
#include "harness/conf/conf_load.h"

static char                folder[] = "/tmp/lf-load-XXXXXX";
static struct arena       *arena;
static struct conf_node   *root;
static struct conf_error   error;

static const char *const   names[] = {
    "main.conf", "a.conf", "b.conf", "c.conf", "sub/d.conf", "sub/e.conf"
};


static const char *
place(const char *name)
{
    static char  path[128];

    (void) snprintf(path, sizeof(path), "%s/%s", folder, name);

    return path;
}


static void
put(const char *name, const char *text, size_t len)
{
    FILE  *file = fopen(place(name), "we");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}


static int
load(const char *text)
{
    put("main.conf", text, strlen(text));

    return conf_load(arena, place("main.conf"), &root, &error);
}


/* The names of all directives, "a b { c } ". */
static void
list(const struct conf_node *node, char *to)
{
    for ( ; node != NULL; node = node->next) {
        (void) strcat(strcat(to, node->args[0].text), " ");
        if (node->block) {
            (void) strcat(to, "{ ");
            list(node->children, to);
            (void) strcat(to, "} ");
        }
    }
}


static void
expect_list(const char *text)
{
    char  got[256] = "";

    list(root, got);
    assert_string_equal(got, text);
}


static void
files_of_a_pattern_come_in_the_order_of_their_names(void **state)
{
    (void) state;
    put("b.conf", "b;", 2);
    put("c.conf", "c1; c2;", 7);
    put("a.conf", "a;", 2);

    assert_int_equal(load("x; s { include [abc].conf; y; } z;"), 0);
    expect_list("x s { a b c1 c2 y } z ");
}


static void
paths_are_taken_from_the_first_file(void **state)
{
    (void) state;
    put("a.conf", "a;", 2);
    put("sub/d.conf", "include a.conf; include sub/e.conf;", 35);
    put("sub/e.conf", "e;", 2);

    assert_int_equal(load("include sub/d.conf;"), 0);
    expect_list("a e ");
    assert_string_equal(root->file, place("a.conf"));
}


static void
a_pattern_may_match_nothing_a_name_must_exist(void **state)
{
    (void) state;

    assert_int_equal(load("a; include none*.conf; b;"), 0);
    expect_list("a b ");
    assert_int_equal(load("a;\ninclude none.conf;"), -1);
    assert_non_null(strstr(error.text, "/none.conf\" failed (2: No such file"));
    assert_int_equal(error.line, 2);
}


static void
a_loop_of_includes_is_an_error(void **state)
{
    (void) state;
    put("a.conf", "include main.conf;", 18);

    assert_int_equal(load("include a.conf;"), -1);
    assert_string_equal(error.text, "includes go more than 16 deep");
}


static void
an_error_names_the_file_that_it_is_in(void **state)
{
    (void) state;
    put("a.conf", "a;\n}\n", 5);

    assert_int_equal(load("include a.conf;"), -1);
    assert_string_equal(error.text, "unexpected \"}\"");
    assert_string_equal(error.file, place("a.conf"));
    assert_int_equal(error.line, 2);
}


static void
folders_and_missing_files_are_refused(void **state)
{
    (void) state;

    assert_int_equal(conf_load(arena, folder, &root, &error), -1);
    assert_non_null(strstr(error.text, "(21: Is a directory)"));
    assert_int_equal(conf_load(arena, place("none"), &root, &error), -1);
    assert_non_null(strstr(error.text, "(2: No such file or directory)"));
}


static void
any_bytes_are_read_to_their_end(void **state)
{
    char  text[5000];

    (void) state;
    memset(text, '\0', sizeof(text));
    put("main.conf", text, sizeof(text));
    assert_int_equal(conf_load(arena, place("main.conf"), &root, &error), -1);

    put("main.conf", "", 0);
    assert_int_equal(conf_load(arena, place("main.conf"), &root, &error), 0);
    assert_null(root);
}


static int
set_up(void **state)
{
    (void) state;
    arena = arena_new();

    return arena == NULL || mkdtemp(folder) == NULL
           || mkdir(place("sub"), 0700) != 0;
}


static int
tear_down(void **state)
{
    size_t  i;

    (void) state;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        (void) unlink(place(names[i]));
    }

    (void) rmdir(place("sub"));
    arena_free(&arena);

    return rmdir(folder);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(files_of_a_pattern_come_in_the_order_of_their_names),
        cmocka_unit_test(paths_are_taken_from_the_first_file),
        cmocka_unit_test(a_pattern_may_match_nothing_a_name_must_exist),
        cmocka_unit_test(a_loop_of_includes_is_an_error),
        cmocka_unit_test(an_error_names_the_file_that_it_is_in),
        cmocka_unit_test(folders_and_missing_files_are_refused),
        cmocka_unit_test(any_bytes_are_read_to_their_end),
    };

    return cmocka_run_group_tests_name("conf_load", tests, set_up, tear_down);
}
