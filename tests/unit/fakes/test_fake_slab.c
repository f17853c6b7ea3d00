/* SPDX-License-Identifier: BSD-2-Clause */
/* The slab of the mock's zone gives out what nginx's would (facts E7-E11). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fakes/lf_fake_zone_layout.h"

#define SIZE  (64 * 1024)

static struct lf_fake_head  *head;


static int
set_up(void **state)
{
    (void) state;

    head = aligned_alloc(LF_FAKE_PAGE, SIZE);
    if (head == NULL) {
        return -1;
    }

    memset(head, 0, sizeof(struct lf_fake_head));
    lf_fake_slab_init(head, SIZE);

    return 0;
}


static int
tear_down(void **state)
{
    (void) state;
    free(head);

    return 0;
}


static unsigned
fill(size_t size)
{
    unsigned  count = 0;

    while (lf_fake_slab_alloc(head, size) != NULL) {
        count++;
    }

    return count;
}


static const char *
free_error(void *ptr)
{
    const char  *why = "";

    return lf_fake_slab_free(head, ptr, &why) == 0 ? "" : why;
}


static void
zone_has_as_many_pages_as_nginx(void **state)
{
    size_t                i;
    struct lf_fake_head  *zone;
    static const struct { size_t size; unsigned pages; }  rows[] = {
        { 32 << 10, 7 }, { 64 << 10, 15 }, { 1 << 20, 254 },
        { 4 << 20, 1017 }, { 16 << 20, 4071 }
    };

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        zone = aligned_alloc(LF_FAKE_PAGE, rows[i].size);
        assert_non_null(zone);
        lf_fake_slab_init(zone, rows[i].size);
        assert_int_equal(zone->slab.pages, rows[i].pages);
        assert_int_equal(zone->slab.free, rows[i].pages);
        free(zone);
    }
}


static void
page_holds_as_many_chunks_as_in_nginx(void **state)
{
    size_t    i;
    unsigned  chunks;
    static const struct { size_t size; unsigned chunks; }  rows[] = {
        { 8, 504 }, { 16, 254 }, { 32, 127 }, { 64, 64 }, { 128, 32 },
        { 256, 16 }, { 512, 8 }, { 1024, 4 }, { 2048, 2 }
    };

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        lf_fake_slab_init(head, SIZE);
        chunks = fill(rows[i].size);
        assert_int_equal(chunks, 15 * rows[i].chunks);
    }
}


static void
sizes_between_classes_take_the_next(void **state)
{
    char  *a, *b;

    (void) state;

    a = lf_fake_slab_alloc(head, 33);
    b = lf_fake_slab_alloc(head, 64);
    assert_ptr_equal(b, a + 64);

    a = lf_fake_slab_alloc(head, 0);
    b = lf_fake_slab_alloc(head, 1);
    assert_ptr_equal(b, a + 8);
}


static void
blocks_of_a_class_ascend(void **state)
{
    char      *last, *p;
    unsigned   i;

    (void) state;

    last = lf_fake_slab_alloc(head, 128);

    for (i = 1; i < 32; i++) {
        p = lf_fake_slab_alloc(head, 100);
        assert_ptr_equal(p, last + 128);
        last = p;
    }
}


static void
lowest_free_chunk_comes_first(void **state)
{
    char  *p[4];

    (void) state;

    p[0] = lf_fake_slab_alloc(head, 16);
    p[1] = lf_fake_slab_alloc(head, 16);
    p[2] = lf_fake_slab_alloc(head, 16);

    assert_string_equal(free_error(p[1]), "");
    assert_string_equal(free_error(p[0]), "");
    p[3] = lf_fake_slab_alloc(head, 16);

    assert_ptr_equal(p[3], p[0]);
}


static void
page_returns_with_its_last_chunk(void **state)
{
    char  *a, *b;

    (void) state;

    a = lf_fake_slab_alloc(head, 8);
    b = lf_fake_slab_alloc(head, 8);
    assert_int_equal(head->slab.free, 14);

    assert_string_equal(free_error(a), "");
    assert_int_equal(head->slab.free, 14);
    assert_string_equal(free_error(b), "");
    assert_int_equal(head->slab.free, 15);
}


static void
full_page_is_used_again_after_a_free(void **state)
{
    char      *p;
    unsigned   i;

    (void) state;

    p = lf_fake_slab_alloc(head, 2048);
    (void) lf_fake_slab_alloc(head, 2048);
    assert_int_equal(fill(4096), 14);
    assert_null(lf_fake_slab_alloc(head, 2048));

    for (i = 0; i < 3; i++) {
        assert_string_equal(free_error(p), "");
        assert_ptr_equal(lf_fake_slab_alloc(head, 2048), p);
    }
}


static void
neighbours_merge_in_any_order(void **state)
{
    size_t     i, n = 15;
    char      *p[15];
    static const unsigned char  order[] = {
        7, 1, 3, 2, 14, 0, 13, 5, 9, 11, 10, 4, 6, 8, 12
    };

    (void) state;

    for (i = 0; i < n; i++) {
        p[i] = lf_fake_slab_alloc(head, 4096);
    }

    for (i = 0; i < n; i++) {
        assert_string_equal(free_error(p[order[i]]), "");
    }

    assert_ptr_equal(lf_fake_slab_alloc(head, n * 4096), p[0]);
}


static void
pages_need_adjacent_free_ones(void **state)
{
    size_t   i;
    char    *p[15];

    (void) state;

    for (i = 0; i < 15; i++) {
        p[i] = lf_fake_slab_alloc(head, 4096);
    }

    for (i = 0; i < 15; i += 2) {
        assert_string_equal(free_error(p[i]), "");
    }

    assert_null(lf_fake_slab_alloc(head, 5000));
    assert_string_equal(free_error(p[7]), "");
    assert_ptr_equal(lf_fake_slab_alloc(head, 5000), p[6]);
}


static void
double_free_is_told(void **state)
{
    size_t   i;
    char    *p, *other;
    static const size_t  sizes[] = { 8, 32, 64, 256, 2048, 4096, 10000 };

    (void) state;

    for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        p = lf_fake_slab_alloc(head, sizes[i]);
        other = lf_fake_slab_alloc(head, sizes[i]);
        assert_string_equal(free_error(p), "");
        assert_string_equal(free_error(p), "it is free already");
        assert_string_equal(free_error(other), "");
        assert_string_equal(free_error(other), "it is free already");
    }

    assert_int_equal(head->slab.free, 15);
}


static void
pointer_into_a_block_is_told(void **state)
{
    char        *small, *large;
    const char  *inside = "it is not the start of a block";

    (void) state;

    small = lf_fake_slab_alloc(head, 64);
    large = lf_fake_slab_alloc(head, 8192);

    assert_string_equal(free_error(small + 8), inside);
    assert_string_equal(free_error(large + 1), inside);
    assert_string_equal(free_error(large + 4096), inside);
    assert_string_equal(free_error(small), "");
    assert_string_equal(free_error(large), "");
}


static void
map_of_a_page_is_no_block(void **state)
{
    char  *p;

    (void) state;

    p = lf_fake_slab_alloc(head, 8);
    assert_string_equal(free_error(p - 8),
                        "it is not the start of a block");
}


static void
foreign_pointer_is_told(void **state)
{
    int          local;
    const char  *outside = "it is outside the shared memory";

    (void) state;

    assert_string_equal(free_error(&local), outside);
    assert_string_equal(free_error(NULL), outside);
    assert_string_equal(free_error(head), outside);
    assert_string_equal(free_error((char *) head + SIZE), outside);
}


static void
sizes_beyond_the_zone_get_nothing(void **state)
{
    (void) state;

    assert_null(lf_fake_slab_alloc(head, SIZE_MAX));
    assert_null(lf_fake_slab_alloc(head, SIZE));
    assert_non_null(lf_fake_slab_alloc(head, 15 * 4096));
    assert_null(lf_fake_slab_alloc(head, 1));
}


/* ---- against a simple model ------------------------------------------- */

#define BLOCKS  200

struct block {
    unsigned char  *p;
    size_t          size;
    unsigned char   mark;
};

static uint64_t  random_state;


static unsigned
draw(unsigned limit)
{
    random_state = random_state * UINT64_C(6364136223846793005)
                   + UINT64_C(1442695040888963407);

    return (unsigned) (random_state >> 33) % limit;
}


static void
block_check(const struct block *block)
{
    size_t  i;

    for (i = 0; i < block->size; i++) {
        assert_int_equal(block->p[i], block->mark);
    }
}


static void
block_step(struct block *block, unsigned step)
{
    static const unsigned short  sizes[] = {
        1, 8, 9, 16, 24, 32, 50, 64, 128, 200, 512, 1000, 2048, 3000, 9000
    };

    if (block->p != NULL) {
        block_check(block);
        assert_string_equal(free_error(block->p), "");
        block->p = NULL;
        return;
    }

    block->size = sizes[draw(sizeof(sizes) / sizeof(sizes[0]))];
    block->mark = (unsigned char) step;
    block->p = lf_fake_slab_alloc(head, block->size);

    if (block->p != NULL) {
        memset(block->p, block->mark, block->size);
    }
}


static void
blocks_never_overlap_and_all_come_back(void **state)
{
    unsigned      step, i;
    struct block  blocks[BLOCKS] = { { NULL, 0, 0 } };

    (void) state;
    random_state = 42;

    for (step = 0; step < 20000; step++) {
        block_step(&blocks[draw(BLOCKS)], step);
    }

    for (i = 0; i < BLOCKS; i++) {
        if (blocks[i].p != NULL) {
            block_step(&blocks[i], step);
        }
    }

    assert_int_equal(head->slab.free, 15);
    assert_non_null(lf_fake_slab_alloc(head, 15 * 4096));
}


#define TEST(f)  cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest  tests[] = {
        TEST(zone_has_as_many_pages_as_nginx),
        TEST(page_holds_as_many_chunks_as_in_nginx),
        TEST(sizes_between_classes_take_the_next),
        TEST(blocks_of_a_class_ascend),
        TEST(lowest_free_chunk_comes_first),
        TEST(page_returns_with_its_last_chunk),
        TEST(full_page_is_used_again_after_a_free),
        TEST(neighbours_merge_in_any_order),
        TEST(pages_need_adjacent_free_ones),
        TEST(double_free_is_told),
        TEST(pointer_into_a_block_is_told),
        TEST(map_of_a_page_is_no_block),
        TEST(foreign_pointer_is_told),
        TEST(sizes_beyond_the_zone_get_nothing),
        TEST(blocks_never_overlap_and_all_come_back)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
