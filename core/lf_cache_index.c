/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linear hashing over the zone; see lf_cache_index.h. Everything here runs with
 * the lock held and inside a marked change, so it may die at any instruction;
 * but a call that finds no memory leaves the index as it was.
 */
#include <string.h>

#include "core/lf_cache_segment.h"
#include "core/lf_hash.h"
#include "core/lf_port.h"

/* Mean number of keys in a bucket at which one splits, and two merge. */
#define GROW      7
#define SHRINK    3

/* Keys to add before a page of a full zone is requested again. */
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


/* ---- buckets ---------------------------------------------------------- */

/* Other bits than those that choose the bucket. */
static inline uint16_t
tag_of(uint64_t hash)
{
    return (uint16_t) (hash >> 48 | 1);
}


static uint64_t
hash_of(const struct lf_index *index, const struct lf_node *node)
{
    return lf_hash(index->seed, node->key, node->key_len);
}


static uint32_t
slots_used(const struct lf_bucket *bucket)
{
    uint32_t  n = 0;

    while (n < LF_BUCKET_SLOTS && bucket->tag[n] != 0) {
        n++;
    }

    return n;
}


static void
bucket_add(struct lf_zone *zone, struct lf_bucket *bucket, uint64_t hash,
           struct lf_node *node)
{
    uint32_t  slot;

    slot = slots_used(bucket);

    if (slot < LF_BUCKET_SLOTS) {
        node->next = 0;
        bucket->tag[slot] = tag_of(hash);
        bucket->node[slot] = lf_zone_ref(zone, node);

    } else {
        node->next = bucket->more;
        bucket->more = lf_zone_ref(zone, node);
    }
}


/* A node of the list, if any, or that of the last slot moves to the slot. */
static void
slot_clear(struct lf_zone *zone, struct lf_index *index,
           struct lf_bucket *bucket, uint32_t slot)
{
    uint32_t         last;
    struct lf_node  *node;

    if (bucket->more != 0) {
        node = lf_zone_at(zone, bucket->more);
        bucket->node[slot] = bucket->more;
        bucket->tag[slot] = tag_of(hash_of(index, node));
        bucket->more = node->next;
        node->next = 0;
        return;
    }

    last = slots_used(bucket) - 1;
    bucket->tag[slot] = bucket->tag[last];
    bucket->node[slot] = bucket->node[last];
    bucket->tag[last] = 0;
    bucket->node[last] = 0;
}


/* Where the nodes of a bucket go: to high with the bit in the hash, or low. */
struct move {
    struct lf_index   *index;
    struct lf_bucket  *low, *high;
    uint32_t           bit;
};


static void
node_move(struct lf_zone *zone, const struct move *move, struct lf_node *node)
{
    uint64_t  hash;

    hash = hash_of(move->index, node);
    bucket_add(zone, (hash & move->bit) ? move->high : move->low, hash, node);
}


static void
bucket_move(struct lf_zone *zone, const struct move *move,
            struct lf_bucket *from)
{
    uint32_t           i, used, next;
    struct lf_node    *node;
    struct lf_bucket   copy;

    copy = *from;
    memset(from, 0, sizeof(struct lf_bucket));
    used = slots_used(&copy);

    for (i = 0; i < used; i++) {
        __builtin_prefetch(lf_zone_at(zone, copy.node[i]));
    }

    for (i = 0; i < used; i++) {
        node_move(zone, move, lf_zone_at(zone, copy.node[i]));
    }

    for (i = copy.more; i != 0; i = next) {
        node = lf_zone_at(zone, i);
        next = node->next;
        node_move(zone, move, node);
    }
}


/* ---- growing and shrinking -------------------------------------------- */

static int
split(struct lf_zone *zone, struct lf_index *index)
{
    uint32_t     n, segment;
    struct move  move = { .index = index, .bit = index->round };

    n = index->buckets;
    segment = (n - LF_INDEX_FIRST) / LF_SEGMENT;

    if ((n - LF_INDEX_FIRST) % LF_SEGMENT == 0
        && lf_segment_make(zone, index, segment) != 0)
    {
        return -1;
    }

    move.low = lf_bucket_at(zone, index, n - index->round);
    move.high = lf_bucket_at(zone, index, n);
    memset(move.high, 0, sizeof(struct lf_bucket));

    bucket_move(zone, &move, move.low);
    lf_fault("cache_split_moved");

    index->buckets++;

    if (index->buckets == 2 * index->round) {
        index->round = index->buckets;
    }

    return 0;
}


/* Undo the last split. */
static void
merge(struct lf_zone *zone, struct lf_index *index)
{
    uint32_t     n;
    struct move  move = { .index = index };

    n = index->buckets - 1;

    if (n < index->round) {
        index->round /= 2;
    }

    move.low = lf_bucket_at(zone, index, n - index->round);
    bucket_move(zone, &move, lf_bucket_at(zone, index, n));
    lf_fault("cache_merge_moved");

    index->buckets = n;

    if ((n - LF_INDEX_FIRST) % LF_SEGMENT == 0) {
        lf_segment_drop(zone, index, (n - LF_INDEX_FIRST) / LF_SEGMENT);
    }
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
    index->retry = 0;

    if (index->buckets > LF_INDEX_FIRST
        && index->count < (uint64_t) SHRINK * index->buckets)
    {
        merge(zone, index);
    }
}


/* ---- keys ------------------------------------------------------------- */

static inline int
node_matches(const struct lf_node *node, const struct lf_key *key)
{
    return node->key_len == key->len
           && memcmp(node->key, key->data, key->len) == 0;
}


struct lf_node *
lf_index_find(const struct lf_zone *zone, const struct lf_index *index,
              const struct lf_key *key)
{
    uint16_t           tag = tag_of(key->hash);
    uint32_t           i;
    struct lf_node    *node;
    struct lf_bucket  *bucket;

    bucket = bucket_of(zone, index, key->hash);

    for (i = 0; i < LF_BUCKET_SLOTS; i++) {

        if (bucket->tag[i] == tag) {
            node = lf_zone_at(zone, bucket->node[i]);

            if (node_matches(node, key)) {
                return node;
            }
        }
    }

    for (i = bucket->more; i != 0; i = node->next) {
        node = lf_zone_at(zone, i);

        if (node_matches(node, key)) {
            return node;
        }
    }

    return NULL;
}


void
lf_index_add(struct lf_zone *zone, struct lf_index *index, uint64_t hash,
             struct lf_node *node)
{
    bucket_add(zone, bucket_of(zone, index, hash), hash, node);
    index->count++;
    lf_fault("cache_new_linked");
    grow(zone, index);
}


/* Takes the node out of its bucket. */
static void
unlink_node(struct lf_zone *zone, struct lf_index *index,
            struct lf_bucket *bucket, const struct lf_node *node)
{
    uint32_t   i, ref, *next;

    ref = lf_zone_ref(zone, node);

    for (i = 0; i < LF_BUCKET_SLOTS; i++) {

        if (bucket->node[i] == ref) {
            slot_clear(zone, index, bucket, i);
            return;
        }
    }

    next = &bucket->more;

    while (*next != ref) {
        next = &((struct lf_node *) lf_zone_at(zone, *next))->next;
    }

    *next = node->next;
}


struct lf_node *
lf_index_remove(struct lf_zone *zone, struct lf_index *index,
                const struct lf_key *key)
{
    struct lf_node  *node;

    node = lf_index_find(zone, index, key);

    if (node == NULL) {
        return NULL;
    }

    unlink_node(zone, index, bucket_of(zone, index, key->hash), node);
    index->count--;
    lf_fault("cache_remove_unlinked");
    shrink(zone, index);

    return node;
}


/* The at-th node of a bucket, or NULL. */
static struct lf_node *
bucket_node(const struct lf_zone *zone, const struct lf_bucket *bucket,
            uint32_t at)
{
    uint32_t  ref;

    if (at < LF_BUCKET_SLOTS) {
        return bucket->tag[at] != 0 ? lf_zone_at(zone, bucket->node[at])
                                    : NULL;
    }

    ref = bucket->more;

    while (ref != 0 && at > LF_BUCKET_SLOTS) {
        ref = ((struct lf_node *) lf_zone_at(zone, ref))->next;
        at--;
    }

    return ref != 0 ? lf_zone_at(zone, ref) : NULL;
}


struct lf_node *
lf_index_next(const struct lf_zone *zone, const struct lf_index *index,
              uint64_t *iter)
{
    uint32_t         n, at;
    struct lf_node  *node;

    n = (uint32_t) (*iter >> 32);
    at = (uint32_t) *iter;

    for ( /* void */ ; n < index->buckets; n++, at = 0) {
        *iter = (uint64_t) n << 32 | (at + 1);
        node = bucket_node(zone, lf_bucket_at(zone, index, n), at);

        if (node != NULL) {
            return node;
        }
    }

    return NULL;
}
