/* SPDX-License-Identifier: BSD-2-Clause */
/* Folders that go away with the process that made them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "lib/base/error.h"
#include "lib/base/private_dir.h"


static void
what_is_in_it_goes_with_it(void **state)
{
    char                path[PRIVATE_DIR_MAX + 32], err[ERROR_LEN];
    FILE               *file;
    struct stat         st;
    struct private_dir  dir;

    (void) state;
    assert_int_equal(setenv("TMPDIR", "/tmp", 1), 0);
    assert_int_equal(private_dir_make(&dir, "linkfunc-unit", NULL, err), 0);
    assert_int_equal(strncmp(dir.path, "/tmp/linkfunc-unit.", 19), 0);
    assert_int_equal(stat(dir.path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0755);

    (void) snprintf(path, sizeof(path), "%s/a", dir.path);
    assert_int_equal(mkdir(path, 0700), 0);
    (void) snprintf(path, sizeof(path), "%s/a/b", dir.path);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
    (void) snprintf(path, sizeof(path), "%s", dir.path);

    private_dir_remove(&dir);

    assert_int_equal(access(path, F_OK), -1);
    assert_string_equal(dir.path, "");
    private_dir_remove(&dir);
}


static void
a_name_too_long_for_sockets_is_avoided(void **state)
{
    char                 place[160], err[ERROR_LEN];
    struct private_dir   dir;

    (void) state;
    memset(place, '/', sizeof(place));
    (void) strcpy(place + 120, "/tmp");
    assert_int_equal(setenv("TMPDIR", place, 1), 0);

    assert_int_equal(private_dir_make(&dir, "linkfunc-unit", NULL, err), 0);

    assert_int_equal(strncmp(dir.path, "/tmp/linkfunc-unit.", 19), 0);
    private_dir_remove(&dir);
}


static void
a_place_that_takes_no_folder_is_named(void **state)
{
    char                 err[ERROR_LEN];
    struct private_dir   dir;

    (void) state;
    assert_int_equal(setenv("TMPDIR", "/nonexistent", 1), 0);

    assert_int_equal(private_dir_make(&dir, "linkfunc-unit", NULL, err), -1);

    assert_non_null(strstr(err, "/nonexistent/linkfunc-unit"));
    assert_non_null(strstr(err, "TMPDIR"));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(what_is_in_it_goes_with_it),
        cmocka_unit_test(a_name_too_long_for_sockets_is_avoided),
        cmocka_unit_test(a_place_that_takes_no_folder_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
