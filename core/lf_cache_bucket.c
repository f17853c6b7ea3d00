/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Segments and chains of the index. What runs here is inside a marked change
 * and may die at any instruction; without memory it leaves all as it was.
 */
#include <string.h>

#include "lf_cache_bucket.h"
#include "lf_hash.h"
#include "lf_port.h"

#define PAGE  4096

_Static_assert(sizeof(struct lf_bucket) == 64, "a bucket is a cache line");
_Static_assert(LF_SEGMENT * sizeof(struct lf_bucket) == PAGE, "a page");
_Static_assert(LF_INDEX_LEAF * sizeof(uint32_t) == PAGE, "a page");


/* ---- segments --------------------------------------------------------- */

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


void
lf_ref_free(struct lf_zone *zone, uint32_t *ref)
{
    const char  *why;

    if (*ref != 0) {
        (void) lf_port_zone_free(zone, lf_zone_at(zone, *ref), &why);
        *ref = 0;
    }
}


/* Gives back a segment, and the pages of references that only it needed. */
void
lf_segment_drop(struct lf_zone *zone, struct lf_index *index, uint32_t n)
{
    uint32_t  *top;

    if (n < LF_INDEX_DIRECT) {
        lf_ref_free(zone, &index->segment[n]);
        return;
    }

    if (index->top == 0) {
        return;
    }

    n -= LF_INDEX_DIRECT;
    top = lf_zone_at(zone, index->top);

    if (top[n / LF_INDEX_LEAF] != 0) {
        lf_ref_free(zone, lf_segment_slot(zone, index, n + LF_INDEX_DIRECT));

        if (n % LF_INDEX_LEAF == 0) {
            lf_ref_free(zone, &top[n / LF_INDEX_LEAF]);
        }
    }

    if (n == 0) {
        lf_ref_free(zone, &index->top);
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


/* ---- chains ----------------------------------------------------------- */

void
lf_spares_push(struct lf_zone *zone, struct lf_spares *spares,
           struct lf_bucket *bucket)
{
    bucket->more = spares->first;
    spares->first = lf_zone_ref(zone, bucket);
}


static struct lf_bucket *
spare_pop(struct lf_zone *zone, struct lf_spares *spares)
{
    struct lf_bucket  *bucket;

    if (spares->first == 0) {
        return lf_port_zone_alloc(zone, sizeof(struct lf_bucket));
    }

    bucket = lf_zone_at(zone, spares->first);
    spares->first = bucket->more;

    return bucket;
}


void
lf_spares_free(struct lf_zone *zone, struct lf_spares *spares)
{
    uint32_t  next;

    while (spares->first != 0) {
        next = ((struct lf_bucket *) lf_zone_at(zone, spares->first))->more;
        lf_ref_free(zone, &spares->first);
        spares->first = next;
    }
}


int
lf_chain_add(struct lf_zone *zone, struct lf_bucket *bucket, uint16_t tag,
          uint32_t node, struct lf_spares *spares)
{
    uint32_t           slot;
    struct lf_bucket  *more;

    while (bucket->more != 0) {
        bucket = lf_zone_at(zone, bucket->more);
    }

    slot = lf_slots_used(bucket);

    if (slot == LF_BUCKET_SLOTS) {
        more = spare_pop(zone, spares);

        if (more == NULL) {
            return -1;
        }

        memset(more, 0, sizeof(struct lf_bucket));
        bucket->more = lf_zone_ref(zone, more);
        bucket = more;
        slot = 0;
    }

    bucket->tag[slot] = tag;
    bucket->node[slot] = node;

    return 0;
}


static void
bucket_move(struct lf_zone *zone, struct lf_move *move,
            const struct lf_bucket *from)
{
    uint32_t           i, used;
    uint64_t           hash;
    struct lf_node    *node;
    struct lf_bucket  *to;

    used = lf_slots_used(from);

    for (i = 0; i < used && move->bit != 0; i++) {
        __builtin_prefetch(lf_zone_at(zone, from->node[i]));
    }

    for (i = 0; i < used; i++) {
        to = move->low;

        if (move->bit != 0) {
            node = lf_zone_at(zone, from->node[i]);
            hash = lf_hash(move->index->seed, node->key, node->key_len);
            to = (hash & move->bit) ? move->high : move->low;
        }

        (void) lf_chain_add(zone, to, from->tag[i], from->node[i],
                         &move->spares);
    }
}


/*
 * Of n buckets read so far n - 1 are spare, and that is enough: two chains of n
 * times as many keys as a bucket has slots are at most n + 1 buckets long, and
 * two of these are low and high.
 */
void
lf_chain_move(struct lf_zone *zone, struct lf_move *move,
              struct lf_bucket *from)
{
    struct lf_bucket  copy, *next;

    copy = *from;
    memset(from, 0, sizeof(struct lf_bucket));

    for ( ;; ) {
        bucket_move(zone, move, &copy);

        if (copy.more == 0) {
            return;
        }

        next = lf_zone_at(zone, copy.more);
        copy = *next;
        lf_spares_push(zone, &move->spares, next);
    }
}


size_t
lf_chain_keys(const struct lf_zone *zone, const struct lf_bucket *bucket)
{
    size_t  keys = lf_slots_used(bucket);

    while (bucket->more != 0) {
        bucket = lf_zone_at(zone, bucket->more);
        keys += lf_slots_used(bucket);
    }

    return keys;
}
