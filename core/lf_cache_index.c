/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linear hashing over the zone; see lf_cache_index.h. Everything here runs with
 * the lock held and inside a marked change, so it may die at any instruction;
 * but a call that finds no memory leaves the index as it was.
 */
#include <string.h>

#include "lf_cache_index.h"
#include "lf_hash.h"
#include "lf_port.h"

/* Mean number of keys in a bucket at which one splits, and two merge. */
#define GROW      7
#define SHRINK    3

/* Keys to add before a full zone is asked for a page again. */
#define PATIENCE  64

#define PAGE  4096

_Static_assert(sizeof(struct lf_bucket) == 64, "a bucket is a cache line");
_Static_assert(LF_SEGMENT * sizeof(struct lf_bucket) == PAGE, "a page");
_Static_assert(LF_INDEX_LEAF * sizeof(uint32_t) == PAGE, "a page");


static uint32_t
reference(const struct lf_zone *zone, const void *p)
{
    return (uint32_t) ((size_t) ((const char *) p - (char *) zone->memory) / 8);
}


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


/* ---- buckets by number ------------------------------------------------ */

static uint32_t
page_new(struct lf_zone *zone)
{
    void  *page;

    page = lf_port_zone_alloc(zone, PAGE);
    if (page == NULL) {
        return 0;
    }

    memset(page, 0, PAGE);

    return reference(zone, page);
}


static void
block_free(struct lf_zone *zone, uint32_t *ref)
{
    const char  *why;

    if (*ref != 0) {
        (void) lf_port_zone_free(zone, lf_zone_at(zone, *ref), &why);
        *ref = 0;
    }
}


/* Where the reference of a segment stands; its leaf is there. */
static inline uint32_t *
segment_slot(const struct lf_zone *zone, struct lf_index *index, uint32_t n)
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
bucket_at(const struct lf_zone *zone, const struct lf_index *index, uint32_t n)
{
    uint32_t           ref;
    struct lf_bucket  *segment;

    if (n < LF_INDEX_FIRST) {
        return (struct lf_bucket *) &index->first[n];
    }

    n -= LF_INDEX_FIRST;
    ref = *segment_slot(zone, (struct lf_index *) index, n / LF_SEGMENT);
    segment = lf_zone_at(zone, ref);

    return &segment[n % LF_SEGMENT];
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

    return bucket_at(zone, index, n);
}


/* Gives back a segment, and the pages of references that only it needed. */
static void
segment_drop(struct lf_zone *zone, struct lf_index *index, uint32_t n)
{
    uint32_t  *top;

    if (n < LF_INDEX_DIRECT) {
        block_free(zone, &index->segment[n]);
        return;
    }

    if (index->top == 0) {
        return;
    }

    n -= LF_INDEX_DIRECT;
    top = lf_zone_at(zone, index->top);

    if (top[n / LF_INDEX_LEAF] != 0) {
        block_free(zone, segment_slot(zone, index, n + LF_INDEX_DIRECT));

        if (n % LF_INDEX_LEAF == 0) {
            block_free(zone, &top[n / LF_INDEX_LEAF]);
        }
    }

    if (n == 0) {
        block_free(zone, &index->top);
    }
}


static int
segment_make(struct lf_zone *zone, struct lf_index *index, uint32_t n)
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
                segment_drop(zone, index, n);
                return -1;
            }
        }
    }

    slot = segment_slot(zone, index, n);
    *slot = page_new(zone);

    if (*slot == 0) {
        segment_drop(zone, index, n);
        return -1;
    }

    return 0;
}


/* ---- chains ----------------------------------------------------------- */

/* Spare buckets, linked by more, so that moving keys needs no memory. */
struct spares {
    uint32_t  first;
};


static void
spare_push(struct lf_zone *zone, struct spares *spares,
           struct lf_bucket *bucket)
{
    bucket->more = spares->first;
    spares->first = reference(zone, bucket);
}


static struct lf_bucket *
spare_pop(struct lf_zone *zone, struct spares *spares)
{
    struct lf_bucket  *bucket;

    if (spares->first == 0) {
        return lf_port_zone_alloc(zone, sizeof(struct lf_bucket));
    }

    bucket = lf_zone_at(zone, spares->first);
    spares->first = bucket->more;

    return bucket;
}


static void
spares_free(struct lf_zone *zone, struct spares *spares)
{
    uint32_t  next;

    while (spares->first != 0) {
        next = ((struct lf_bucket *) lf_zone_at(zone, spares->first))->more;
        block_free(zone, &spares->first);
        spares->first = next;
    }
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


static int
chain_add(struct lf_zone *zone, struct lf_bucket *bucket, uint16_t tag,
          uint32_t node, struct spares *spares)
{
    uint32_t           slot;
    struct lf_bucket  *more;

    while (bucket->more != 0) {
        bucket = lf_zone_at(zone, bucket->more);
    }

    slot = slots_used(bucket);

    if (slot == LF_BUCKET_SLOTS) {
        more = spare_pop(zone, spares);

        if (more == NULL) {
            return -1;
        }

        memset(more, 0, sizeof(struct lf_bucket));
        bucket->more = reference(zone, more);
        bucket = more;
        slot = 0;
    }

    bucket->tag[slot] = tag;
    bucket->node[slot] = node;

    return 0;
}


/* Where a chain goes: to high what has the bit in its hash, else to low. */
struct move {
    struct lf_index   *index;
    struct lf_bucket  *low, *high;
    uint32_t           bit;
    struct spares      spares;
};


static void
bucket_move(struct lf_zone *zone, struct move *move,
            const struct lf_bucket *from)
{
    uint32_t           i, used;
    uint64_t           hash;
    struct lf_node    *node;
    struct lf_bucket  *to;

    used = slots_used(from);

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

        (void) chain_add(zone, to, from->tag[i], from->node[i],
                         &move->spares);
    }
}


/*
 * Of n buckets read so far n - 1 are spare, and that is enough: two chains of n
 * times as many keys as a bucket has slots are at most n + 1 buckets long, and
 * two of these are low and high.
 */
static void
chain_move(struct lf_zone *zone, struct move *move, struct lf_bucket *from)
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
        spare_push(zone, &move->spares, next);
    }
}


/* ---- growing and shrinking -------------------------------------------- */

static int
split(struct lf_zone *zone, struct lf_index *index)
{
    uint32_t     n;
    struct move  move = { .index = index, .bit = index->round };

    n = index->buckets;

    if ((n - LF_INDEX_FIRST) % LF_SEGMENT == 0
        && segment_make(zone, index, (n - LF_INDEX_FIRST) / LF_SEGMENT) != 0)
    {
        return -1;
    }

    move.low = bucket_at(zone, index, n - index->round);
    move.high = bucket_at(zone, index, n);
    memset(move.high, 0, sizeof(struct lf_bucket));

    chain_move(zone, &move, move.low);
    lf_fault("cache_split_moved");
    spares_free(zone, &move.spares);

    index->buckets++;

    if (index->buckets == 2 * index->round) {
        index->round = index->buckets;
    }

    return 0;
}


static size_t
chain_keys(const struct lf_zone *zone, const struct lf_bucket *bucket)
{
    size_t  keys = slots_used(bucket);

    while (bucket->more != 0) {
        bucket = lf_zone_at(zone, bucket->more);
        keys += slots_used(bucket);
    }

    return keys;
}


/* Undo the last split. Only keys that need another bucket need memory. */
static int
merge(struct lf_zone *zone, struct lf_index *index)
{
    size_t             keys, room;
    uint32_t           n, round;
    struct move        move = { .index = index };
    struct lf_bucket  *high, *spare;

    n = index->buckets - 1;
    round = n < index->round ? index->round / 2 : index->round;
    move.low = bucket_at(zone, index, n - round);
    high = bucket_at(zone, index, n);

    keys = chain_keys(zone, move.low);
    room = keys <= LF_BUCKET_SLOTS ? LF_BUCKET_SLOTS
           : (keys + LF_BUCKET_SLOTS - 1) / LF_BUCKET_SLOTS * LF_BUCKET_SLOTS;

    if (keys + chain_keys(zone, high) > room) {
        spare = lf_port_zone_alloc(zone, sizeof(struct lf_bucket));

        if (spare == NULL) {
            return -1;
        }

        spare_push(zone, &move.spares, spare);
    }

    chain_move(zone, &move, high);
    lf_fault("cache_merge_moved");
    spares_free(zone, &move.spares);

    index->buckets = n;
    index->round = round;

    if ((n - LF_INDEX_FIRST) % LF_SEGMENT == 0) {
        segment_drop(zone, index, (n - LF_INDEX_FIRST) / LF_SEGMENT);
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
    struct spares  none = { 0 };

    if (chain_add(zone, bucket_of(zone, index, hash), tag_of(hash),
                  reference(zone, node), &none)
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

    last_slot = slots_used(last) - 1;
    bucket->tag[slot] = last->tag[last_slot];
    bucket->node[slot] = last->node[last_slot];
    last->tag[last_slot] = 0;
    last->node[last_slot] = 0;

    if (last_slot == 0 && before != NULL) {
        block_free(zone, &before->more);
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
        bucket = bucket_at(zone, index, n);

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
