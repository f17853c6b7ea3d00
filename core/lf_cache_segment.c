/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pages of buckets, and the pages that name them. What runs here is inside a
 * marked change and may die at any instruction; without memory it leaves all as
 * it was.
 */
#include <string.h>

#include "core/lf_cache_segment.h"
#include "core/lf_port.h"

#define PAGE  4096

_Static_assert(sizeof(struct lf_bucket) == 64, "a bucket is a cache line");
_Static_assert(LF_SEGMENT * sizeof(struct lf_bucket) == PAGE, "a page");
_Static_assert(LF_INDEX_LEAF * sizeof(uint32_t) == PAGE, "a page");


static uint32_t
page_new(struct lf_zone *zone)
{
    void  *page;

    page = lf_port_zone_alloc(zone, PAGE);
    if (page == NULL) {
        return 0;
    }

    memset(page, 0, PAGE);

    return lf_zone_ref(zone, page);
}


static void
page_free(struct lf_zone *zone, uint32_t *ref)
{
    const char  *why;

    if (*ref != 0) {
        (void) lf_port_zone_free(zone, lf_zone_at(zone, *ref), &why);
        *ref = 0;
    }
}


void
lf_segment_drop(struct lf_zone *zone, struct lf_index *index, uint32_t n)
{
    uint32_t  *top;

    if (n < LF_INDEX_DIRECT) {
        page_free(zone, &index->segment[n]);
        return;
    }

    if (index->top == 0) {
        return;
    }

    n -= LF_INDEX_DIRECT;
    top = lf_zone_at(zone, index->top);

    if (top[n / LF_INDEX_LEAF] != 0) {
        page_free(zone, lf_segment_slot(zone, index, n + LF_INDEX_DIRECT));

        if (n % LF_INDEX_LEAF == 0) {
            page_free(zone, &top[n / LF_INDEX_LEAF]);
        }
    }

    if (n == 0) {
        page_free(zone, &index->top);
    }
}


int
lf_segment_make(struct lf_zone *zone, struct lf_index *index, uint32_t n)
{
    uint32_t  *top, *slot, leaf;

    if (n >= LF_INDEX_DIRECT) {
        leaf = (n - LF_INDEX_DIRECT) / LF_INDEX_LEAF;

        if (leaf >= LF_INDEX_LEAF) {
            return -1;
        }

        if (index->top == 0) {
            index->top = page_new(zone);

            if (index->top == 0) {
                return -1;
            }
        }

        top = lf_zone_at(zone, index->top);

        if (top[leaf] == 0) {
            top[leaf] = page_new(zone);

            if (top[leaf] == 0) {
                lf_segment_drop(zone, index, n);
                return -1;
            }
        }
    }

    slot = lf_segment_slot(zone, index, n);
    *slot = page_new(zone);

    if (*slot == 0) {
        lf_segment_drop(zone, index, n);
        return -1;
    }

    return 0;
}
