/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linear hashing over the zone; see lf_cache_index.h. Everything here runs with
 * the lock held and inside a marked change, so it may die at any instruction;
 * but a call that finds no memory leaves the index as it was.
 */
#include <string.h>

#include "lf_cache_bucket.h"
#include "lf_hash.h"
#include "lf_port.h"

/* Mean number of keys in a bucket at which one splits, and two merge. */
#define GROW      7
#define SHRINK    3

/* Keys to add before a full zone is asked for a page again. */
#define PATIENCE  64


void
lf_index_init(struct lf_index *index)
{
    memset(index, 0, sizeof(struct lf_index));
    index->buckets = LF_INDEX_FIRST;
    index->round = LF_INDEX_FIRST;
    lf_hash_seed(index->seed);
}


struct lf_key
lf_index_key(const struct lf_index *index, const char *data, size_t len)
{
    struct lf_key  key;

    key.data = data;
    key.len = len;
    key.hash = lf_hash(index->seed, data, len);

    return key;
}


static inline struct lf_bucket *
bucket_of(const struct lf_zone *zone, const struct lf_index *index,
          uint64_t hash)
{
    uint32_t  n;

    n = (uint32_t) hash & (2 * index->round - 1);

    if (n >= index->buckets) {
        n &= index->round - 1;
    }

    return lf_bucket_at(zone, index, n);
}


/* ---- growing and shrinking -------------------------------------------- */

static int
split(struct lf_zone *zone, struct lf_index *index)
{
    uint32_t     n;
    struct lf_move  move = { .index = index, .bit = index->round };

    n = index->buckets;

    if ((n - LF_INDEX_FIRST) % LF_SEGMENT == 0
        && lf_segment_make(zone, index, (n - LF_INDEX_FIRST) / LF_SEGMENT) != 0)
    {
        return -1;
    }

    move.low = lf_bucket_at(zone, index, n - index->round);
    move.high = lf_bucket_at(zone, index, n);
    memset(move.high, 0, sizeof(struct lf_bucket));

    lf_chain_move(zone, &move, move.low);
    lf_fault("cache_split_moved");
    lf_spares_free(zone, &move.spares);

    index->buckets++;

    if (index->buckets == 2 * index->round) {
        index->round = index->buckets;
    }

    return 0;
}


/* Undo the last split. Only keys that need another bucket need memory. */
static int
merge(struct lf_zone *zone, struct lf_index *index)
{
    size_t             keys, room;
    uint32_t           n, round;
    struct lf_move        move = { .index = index };
    struct lf_bucket  *high, *spare;

    n = index->buckets - 1;
    round = n < index->round ? index->round / 2 : index->round;
    move.low = lf_bucket_at(zone, index, n - round);
    high = lf_bucket_at(zone, index, n);

    keys = lf_chain_keys(zone, move.low);
    room = keys <= LF_BUCKET_SLOTS ? LF_BUCKET_SLOTS
           : (keys + LF_BUCKET_SLOTS - 1) / LF_BUCKET_SLOTS * LF_BUCKET_SLOTS;

    if (keys + lf_chain_keys(zone, high) > room) {
        spare = lf_port_zone_alloc(zone, sizeof(struct lf_bucket));

        if (spare == NULL) {
            return -1;
        }

        lf_spares_push(zone, &move.spares, spare);
    }

    lf_chain_move(zone, &move, high);
    lf_fault("cache_merge_moved");
    lf_spares_free(zone, &move.spares);

    index->buckets = n;
    index->round = round;

    if ((n - LF_INDEX_FIRST) % LF_SEGMENT == 0) {
        lf_segment_drop(zone, index, (n - LF_INDEX_FIRST) / LF_SEGMENT);
    }

    return 0;
}


/* Two steps a call, so that an index that had to wait catches up. */
static void
grow(struct lf_zone *zone, struct lf_index *index)
{
    unsigned  step;

    for (step = 0; step < 2; step++) {

        if (index->count <= (uint64_t) GROW * index->buckets
            || index->count < index->retry
            || index->buckets > UINT32_MAX / 4)
        {
            return;
        }

        if (split(zone, index) != 0) {
            index->retry = index->count + PATIENCE;
            return;
        }

        index->retry = 0;
    }
}


static void
shrink(struct lf_zone *zone, struct lf_index *index)
{
    unsigned  step;

    index->retry = 0;

    for (step = 0; step < 2; step++) {

        if (index->buckets == LF_INDEX_FIRST
            || index->count >= (uint64_t) SHRINK * index->buckets
            || merge(zone, index) != 0)
        {
            return;
        }
    }
}


/* ---- keys ------------------------------------------------------------- */

/* Other bits than those that choose the bucket. */
static inline uint16_t
tag_of(uint64_t hash)
{
    return (uint16_t) (hash >> 48 | 1);
}


static inline int
node_matches(const struct lf_node *node, const struct lf_key *key)
{
    return node->key_len == key->len
           && memcmp(node->key, key->data, key->len) == 0;
}


/* The bucket and the slot of a key; NULL: it is not there. */
static inline struct lf_bucket *
locate(const struct lf_zone *zone, struct lf_bucket *bucket,
       const struct lf_key *key, uint32_t *slot)
{
    uint32_t  i;
    uint16_t  tag = tag_of(key->hash);

    for ( ;; ) {

        for (i = 0; i < LF_BUCKET_SLOTS; i++) {

            if (bucket->tag[i] == tag
                && node_matches(lf_zone_at(zone, bucket->node[i]), key))
            {
                *slot = i;
                return bucket;
            }
        }

        if (bucket->more == 0) {
            return NULL;
        }

        bucket = lf_zone_at(zone, bucket->more);
    }
}


struct lf_node *
lf_index_find(const struct lf_zone *zone, const struct lf_index *index,
              const struct lf_key *key)
{
    uint32_t           slot;
    struct lf_bucket  *bucket;

    bucket = locate(zone, bucket_of(zone, index, key->hash), key, &slot);

    return bucket ? lf_zone_at(zone, bucket->node[slot]) : NULL;
}


int
lf_index_add(struct lf_zone *zone, struct lf_index *index, uint64_t hash,
             struct lf_node *node)
{
    struct lf_spares  none = { 0 };

    if (lf_chain_add(zone, bucket_of(zone, index, hash), tag_of(hash),
                  lf_zone_ref(zone, node), &none)
        != 0)
    {
        return -1;
    }

    index->count++;
    lf_fault("cache_new_linked");
    grow(zone, index);

    return 0;
}


struct lf_node *
lf_index_remove(struct lf_zone *zone, struct lf_index *index,
                const struct lf_key *key)
{
    uint32_t           slot, last_slot;
    struct lf_node    *node;
    struct lf_bucket  *bucket, *last, *before;

    last = bucket_of(zone, index, key->hash);
    bucket = locate(zone, last, key, &slot);

    if (bucket == NULL) {
        return NULL;
    }

    node = lf_zone_at(zone, bucket->node[slot]);
    before = NULL;

    while (last->more != 0) {
        before = last;
        last = lf_zone_at(zone, last->more);
    }

    last_slot = lf_slots_used(last) - 1;
    bucket->tag[slot] = last->tag[last_slot];
    bucket->node[slot] = last->node[last_slot];
    last->tag[last_slot] = 0;
    last->node[last_slot] = 0;

    if (last_slot == 0 && before != NULL) {
        lf_ref_free(zone, &before->more);
    }

    index->count--;
    lf_fault("cache_remove_unlinked");
    shrink(zone, index);

    return node;
}


struct lf_node *
lf_index_next(const struct lf_zone *zone, const struct lf_index *index,
              uint64_t *iter)
{
    uint32_t           n, at;
    struct lf_bucket  *bucket;

    n = (uint32_t) (*iter >> 32);
    at = (uint32_t) *iter;

    for ( /* void */ ; n < index->buckets; n++, at = 0) {

        *iter = (uint64_t) n << 32 | (at + 1);
        bucket = lf_bucket_at(zone, index, n);

        while (at >= LF_BUCKET_SLOTS && bucket->more != 0) {
            bucket = lf_zone_at(zone, bucket->more);
            at -= LF_BUCKET_SLOTS;
        }

        if (at < LF_BUCKET_SLOTS && bucket->tag[at] != 0) {
            return lf_zone_at(zone, bucket->node[at]);
        }
    }

    return NULL;
}
