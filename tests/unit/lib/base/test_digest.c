/* SPDX-License-Identifier: BSD-2-Clause */
/* Digests, and libraries that cannot be loaded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "lib/base/digest.h"
#include "lib/base/lazy_lib.h"


static void
sha256_is_as_published(void **state)
{
    const char     *error;
    unsigned char   out[DIGEST_MAX];

    static const unsigned char  expected[] = {
        0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40,
        0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17,
        0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad
    };

    (void) state;

    assert_int_equal(digest_compute(DIGEST_SHA256, "abc", 3, out, &error),
                     32);
    assert_null(error);
    assert_memory_equal(out, expected, 32);
}


static void
md5_is_as_published_or_reported_as_missing(void **state)
{
    size_t          len;
    const char     *error;
    unsigned char   out[DIGEST_MAX];

    static const unsigned char  expected[] = {
        0xd4, 0x1d, 0x8c, 0xd9, 0x8f, 0x00, 0xb2, 0x04, 0xe9, 0x80, 0x09,
        0x98, 0xec, 0xf8, 0x42, 0x7e
    };

    (void) state;

    len = digest_compute(DIGEST_MD5, NULL, 0, out, &error);
    if (len == 0) {
        assert_non_null(strstr(error, "MD5"));
        return;
    }
    assert_int_equal(len, 16);
    assert_memory_equal(out, expected, 16);
}


static void
the_digest_of_a_file_is_hex(void **state)
{
    int          fd, rc, rc_hole;
    char         hex[DIGEST_HEX], hole[DIGEST_HEX];
    char         path[] = "/tmp/lf_digest.XXXXXX";
    const char  *error;

    (void) state;

    fd = mkstemp(path);
    assert_int_equal(write(fd, "abc", 3), 3);
    rc = digest_file(DIGEST_SHA256, path, hex, &error);

    /* more than is read at once */
    assert_int_equal(ftruncate(fd, 0) + ftruncate(fd, 100000), 0);
    rc_hole = digest_file(DIGEST_SHA256, path, hole, &error);
    (void) close(fd);
    (void) unlink(path);

    assert_int_equal(rc, 0);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9c"
                        "b410ff61f20015ad");
    assert_int_equal(rc_hole, 0);
    assert_null(error);
    assert_string_equal(hole, "9192c25b734fcbadbe32dadc28089c60db0e39f90cc20ce2"
                        "e5733f57261acc0c");
}


static void
the_digest_of_what_is_no_file_is_refused(void **state)
{
    char         hex[DIGEST_HEX];
    const char  *error;

    (void) state;

    assert_int_equal(digest_file(DIGEST_SHA256, "/none", hex, &error), -1);
    assert_string_equal(error, "No such file or directory");
    assert_int_equal(digest_file(DIGEST_SHA256, "/tmp", hex, &error), -1);
    assert_string_equal(error, "it is not a regular file");
    assert_int_equal(digest_file(DIGEST_SHA256, "/dev/zero", hex, &error), -1);
    assert_string_equal(error, "it is not a regular file");
}


static void
an_older_library_serves(void **state)
{
    static void                     *table[1];
    static const struct lazy_symbol  symbols[] = {
        { "strlen", 0 }, { NULL, 0 }
    };
    static struct lazy_lib           lib = {
        .soname = "libno-such-thing.so.9", .older = "libc.so.6",
        .symbols = symbols, .table = table
    };

    (void) state;

    assert_null(lazy_lib_open(&lib));
    assert_non_null(table[0]);
}


static void
a_missing_library_names_its_package(void **state)
{
    static const struct lazy_symbol  none[] = { { NULL, 0 } };
    static struct lazy_lib           lib = {
        .soname = "libno-such-thing.so.9", .package = "libno-such-thing9",
        .symbols = none
    };
    const char                      *error;

    (void) state;

    error = lazy_lib_open(&lib);
    assert_non_null(error);
    assert_non_null(strstr(error, "cannot load libno-such-thing.so.9"));
    assert_non_null(strstr(error, "apt-get install libno-such-thing9"));
    assert_ptr_equal(lazy_lib_open(&lib), error);
}


static void
a_missing_function_is_named(void **state)
{
    static void                     *table[1];
    static const struct lazy_symbol  symbols[] = {
        { "no_such_function", 0 }, { NULL, 0 }
    };
    static struct lazy_lib           lib = {
        .soname = "libc.so.6", .package = "libc6", .symbols = symbols,
        .table = table
    };
    const char                      *error;

    (void) state;

    error = lazy_lib_open(&lib);
    assert_non_null(error);
    assert_non_null(strstr(error, "libc.so.6 has no function "
                           "no_such_function"));
    assert_null(table[0]);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(sha256_is_as_published),
        cmocka_unit_test(md5_is_as_published_or_reported_as_missing),
        cmocka_unit_test(the_digest_of_a_file_is_hex),
        cmocka_unit_test(the_digest_of_what_is_no_file_is_refused),
        cmocka_unit_test(an_older_library_serves),
        cmocka_unit_test(a_missing_library_names_its_package),
        cmocka_unit_test(a_missing_function_is_named)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
