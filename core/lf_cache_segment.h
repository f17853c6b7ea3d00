/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The memory of the index: buckets by number, and the pages they lie on. It
 * knows nothing of keys. Private to lf_cache_index.c and lf_cache_segment.c.
 */
#ifndef LF_CACHE_SEGMENT_H
#define LF_CACHE_SEGMENT_H

#include "core/lf_cache_index.h"

#pragma GCC visibility push(hidden)

/*
 * Segment n: make it, with the pages of references that it needs, 0 or -1: no
 * room, nothing changed; give it back, and what only it needed.
 */
int lf_segment_make(struct lf_zone *zone, struct lf_index *index, uint32_t n);
void lf_segment_drop(struct lf_zone *zone, struct lf_index *index, uint32_t n);

static inline uint32_t
lf_zone_ref(const struct lf_zone *zone, const void *p)
{
    return (uint32_t) ((size_t) ((const char *) p - (char *) zone->memory) / 8);
}

/* Where the reference of a segment stands; its leaf is there. */
static inline uint32_t *
lf_segment_slot(const struct lf_zone *zone, struct lf_index *index,
                uint32_t n)
{
    uint32_t  *top, *leaf;

    if (n < LF_INDEX_DIRECT) {
        return &index->segment[n];
    }

    n -= LF_INDEX_DIRECT;
    top = lf_zone_at(zone, index->top);
    leaf = lf_zone_at(zone, top[n / LF_INDEX_LEAF]);

    return &leaf[n % LF_INDEX_LEAF];
}

static inline struct lf_bucket *
lf_bucket_at(const struct lf_zone *zone, const struct lf_index *index,
             uint32_t n)
{
    uint32_t           ref;
    struct lf_bucket  *segment;

    if (n < LF_INDEX_FIRST) {
        return (struct lf_bucket *) &index->first[n];
    }

    n -= LF_INDEX_FIRST;
    ref = *lf_segment_slot(zone, (struct lf_index *) index, n / LF_SEGMENT);
    segment = lf_zone_at(zone, ref);

    return &segment[n % LF_SEGMENT];
}

#pragma GCC visibility pop

#endif /* LF_CACHE_SEGMENT_H */
