/* SPDX-License-Identifier: BSD-2-Clause */
/* The keyed hash of the cache: SipHash-1-3, and seeds that differ. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/lf_hash.h"

/* Bytes 0, 1, 2 ... 15 as two little-endian words. */
static const uint64_t  seed[2] = {
    UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908)
};


static void
known_values_of_siphash_1_3(void **state)
{
    static const unsigned char  bytes[] = { 0, 1, 2, 3, 4, 5, 6, 7 };

    (void) state;

    assert_true(lf_hash(seed, "", 0) == UINT64_C(0xabac0158050fc4dc));
    assert_true(lf_hash(seed, bytes, 1) == UINT64_C(0xc9f49bf37d57ca93));
}


static void
every_byte_and_the_length_count(void **state)
{
    size_t         len, i;
    uint64_t       hash;
    unsigned char  text[24] = "";

    (void) state;

    for (len = 1; len < sizeof(text); len++) {
        hash = lf_hash(seed, text, len);
        assert_true(hash != lf_hash(seed, text, len - 1));

        for (i = 0; i < len; i++) {
            text[i] ^= 0x80;
            assert_true(hash != lf_hash(seed, text, len));
            text[i] ^= 0x80;
        }
    }
}


static void
each_seed_is_another(void **state)
{
    uint64_t  a[2], b[2];

    (void) state;

    lf_hash_seed(a);
    lf_hash_seed(b);

    assert_memory_not_equal(a, b, sizeof(a));
    assert_true(lf_hash(a, "key", 3) != lf_hash(b, "key", 3));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(known_values_of_siphash_1_3),
        cmocka_unit_test(every_byte_and_the_length_count),
        cmocka_unit_test(each_seed_is_another)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
