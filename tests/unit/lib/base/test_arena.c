/* SPDX-License-Identifier: BSD-2-Clause */
/* Arenas and growing strings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lib/base/arena.h"
#include "lib/base/strbuf.h"


static void
pieces_are_zeroed_aligned_and_apart(void **state)
{
    char          *p, *last = NULL;
    size_t         i, k;
    struct arena  *arena = arena_new();

    (void) state;

    for (i = 0; i < 3000; i++) {
        p = arena_alloc(arena, i);
        assert_non_null(p);
        assert_int_equal((uintptr_t) p % _Alignof(max_align_t), 0);
        assert_ptr_not_equal(p, last);
        for (k = 0; k < i; k++) {
            assert_int_equal(p[k], 0);
        }
        memset(p, 0xff, i);
        last = p;
    }
    arena_free(&arena);
    assert_null(arena);
}


static void
an_absurd_size_gives_null(void **state)
{
    struct arena  *arena = arena_new();

    (void) state;

    assert_null(arena_alloc(arena, SIZE_MAX));
    assert_null(arena_alloc(arena, SIZE_MAX / 2 + 1));
    arena_free(&arena);
}


static void
copies_end_with_a_nul(void **state)
{
    struct arena  *arena = arena_new();

    (void) state;

    assert_string_equal(arena_memdup(arena, "abcdef", 3), "abc");
    assert_string_equal(arena_memdup(arena, NULL, 0), "");
    assert_string_equal(arena_printf(arena, "%d-%s", 7, "x"), "7-x");
    assert_string_equal(arena_strdup(arena, "again"), "again");
    arena_free(&arena);
}


static void
a_string_grows_and_is_handed_over(void **state)
{
    char           *text;
    int             i;
    struct strbuf   b = { 0 };

    (void) state;

    assert_string_equal(b.data ? b.data : "", "");
    for (i = 0; i < 1000; i++) {
        strbuf_printf(&b, "%d,", i % 10);
        strbuf_addch(&b, '\0');
    }
    assert_int_equal(b.len, 3000);
    assert_int_equal(b.failed, 0);
    assert_memory_equal(b.data + 2997, "9,\0\0", 4);

    text = strbuf_steal(&b, NULL);
    assert_non_null(text);
    assert_null(b.data);
    free(text);
}


static void
a_failed_addition_stays_failed(void **state)
{
    struct strbuf  b = { 0 };

    (void) state;

    strbuf_addstr(&b, "kept");
    strbuf_add(&b, "x", SIZE_MAX / 2);
    strbuf_addstr(&b, "lost");
    assert_true(b.failed);
    assert_string_equal(b.data, "kept");
    assert_null(strbuf_steal(&b, NULL));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
        cmocka_unit_test(an_absurd_size_gives_null),
        cmocka_unit_test(copies_end_with_a_nul),
        cmocka_unit_test(a_string_grows_and_is_handed_over),
        cmocka_unit_test(a_failed_addition_stays_failed),
    };

    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
