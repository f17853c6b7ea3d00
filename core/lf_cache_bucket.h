/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The memory of the index: buckets by number, their segments and chains. It
 * knows nothing of keys. Private to lf_cache_index.c and lf_cache_bucket.c.
 */
#ifndef LF_CACHE_BUCKET_H
#define LF_CACHE_BUCKET_H

#include "lf_cache_index.h"

#pragma GCC visibility push(hidden)

/* Spare buckets, linked by more, so that moving keys needs no memory. */
struct lf_spares {
    uint32_t  first;
};

/* Where a chain goes: to high what has the bit in its hash, else to low. */
struct lf_move {
    struct lf_index   *index;
    struct lf_bucket  *low, *high;
    uint32_t           bit;
    struct lf_spares   spares;
};

/* Segment n: make and zero it, 0 or -1; give it back. */
int lf_segment_make(struct lf_zone *zone, struct lf_index *index, uint32_t n);
void lf_segment_drop(struct lf_zone *zone, struct lf_index *index, uint32_t n);

/* Frees the block of a reference, if any, and clears it. */
void lf_ref_free(struct lf_zone *zone, uint32_t *ref);

void lf_spares_push(struct lf_zone *zone, struct lf_spares *spares,
                    struct lf_bucket *bucket);
void lf_spares_free(struct lf_zone *zone, struct lf_spares *spares);

/* Put a node at the end of a chain. Returns 0, or -1: no room. */
int lf_chain_add(struct lf_zone *zone, struct lf_bucket *bucket, uint16_t tag,
                 uint32_t node, struct lf_spares *spares);

/* Empties the chain into those of move; never without room (see there). */
void lf_chain_move(struct lf_zone *zone, struct lf_move *move,
                   struct lf_bucket *from);

size_t lf_chain_keys(const struct lf_zone *zone,
                     const struct lf_bucket *bucket);

static inline uint32_t
lf_zone_ref(const struct lf_zone *zone, const void *p)
{
    return (uint32_t) ((size_t) ((const char *) p - (char *) zone->memory) / 8);
}

static inline uint32_t
lf_slots_used(const struct lf_bucket *bucket)
{
    uint32_t  n = 0;

    while (n < LF_BUCKET_SLOTS && bucket->tag[n] != 0) {
        n++;
    }

    return n;
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

#endif /* LF_CACHE_BUCKET_H */
