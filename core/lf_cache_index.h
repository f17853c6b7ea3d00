/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The index of the cache: from a key to its node, in about two cache misses,
 * however many keys there are. It knows nodes, not values, and takes no lock.
 *
 * Linear hashing: keys lie in buckets of one cache line; one bucket splits at
 * a time, so no call ever moves more than one bucket's keys. Buckets come in
 * segments of one page, the smallest unit that a fragmented zone still has;
 * the first eight live in the index itself. Nodes that find no slot hang on
 * their bucket as a list: adding one needs no memory but its own, so what fits
 * into a zone does not depend on the seed.
 *
 * References are offsets from the start of the zone in units of 8 bytes: 32
 * bits reach 32 GiB.
 */
#ifndef LF_CACHE_INDEX_H
#define LF_CACHE_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include "core/lf_core.h"

#pragma GCC visibility push(hidden)

#define LF_BUCKET_SLOTS   10
#define LF_INDEX_FIRST    8          /* buckets in the index itself */
#define LF_SEGMENT        64         /* buckets of a page */
#define LF_INDEX_DIRECT   64         /* segments that the index names itself */
#define LF_INDEX_LEAF     1024       /* references in a page */

/*
 * Slots in use come first; nodes hang on a full bucket only. A tag is a part
 * of the hash, so that few nodes are looked at in vain; more of it would make
 * the index larger than what processors have in reach.
 */
struct lf_bucket {
    uint16_t  tag[LF_BUCKET_SLOTS];  /* 0: slot is free */
    uint32_t  more;                  /* first node of the list, or 0 */
    uint32_t  node[LF_BUCKET_SLOTS];
};

struct lf_index {
    uint64_t          seed[2];
    uint64_t          count;         /* keys */
    uint64_t          retry;         /* no room at this count: try later */
    uint32_t          buckets;
    uint32_t          round;         /* power of two: round <= buckets < 2x */
    uint32_t          top;           /* page of leaves, of segments */
    uint32_t          segment[LF_INDEX_DIRECT];
    struct lf_bucket  first[LF_INDEX_FIRST] __attribute__((aligned(64)));
};

#define LF_NODE_KEY_BITS  28

/* k%07d keys fit a block of 32 bytes. */
struct lf_node {
    void      *value;
    uint64_t   size:35;              /* of the block; 0: not ours, unknown */
    uint64_t   counter:1;            /* made by counter_add */
    uint64_t   key_len:LF_NODE_KEY_BITS;
    uint32_t   next;                 /* node of the list, or 0 */
    char       key[];                /* with its NUL */
};

struct lf_key {
    const char  *data;
    size_t       len;
    uint64_t     hash;
};

static inline void *
lf_zone_at(const struct lf_zone *zone, uint32_t ref)
{
    return (char *) zone->memory + (size_t) ref * 8;
}

void lf_index_init(struct lf_index *index);

struct lf_key lf_index_key(const struct lf_index *index, const char *data,
                           size_t len);

struct lf_node *lf_index_find(const struct lf_zone *zone,
                              const struct lf_index *index,
                              const struct lf_key *key);

/* The key is not there yet. Needs no memory; takes some when it pleases. */
void lf_index_add(struct lf_zone *zone, struct lf_index *index, uint64_t hash,
                  struct lf_node *node);

/* Unlinks and returns the node of the key; NULL: there is none. */
struct lf_node *lf_index_remove(struct lf_zone *zone, struct lf_index *index,
                                const struct lf_key *key);

/* The nodes, one after the other: *iter 0 to start; NULL at the end. */
struct lf_node *lf_index_next(const struct lf_zone *zone,
                              const struct lf_index *index, uint64_t *iter);

#pragma GCC visibility pop

#endif /* LF_CACHE_INDEX_H */
