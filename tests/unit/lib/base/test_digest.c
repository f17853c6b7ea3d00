/* SPDX-License-Identifier: BSD-2-Clause */
/* Digests, and libraries that cannot be loaded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
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
        cmocka_unit_test(a_missing_library_names_its_package),
        cmocka_unit_test(a_missing_function_is_named)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
