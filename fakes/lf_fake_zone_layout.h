/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The first bytes of the mock's zone, and the slab in it. Private to
 * lf_fake_shm.c, lf_fake_lock.c and lf_fake_slab.c. The sizes are those of
 * nginx, because they decide how much fits into a zone: 704 bytes of heads, 24
 * bytes for each page, then the pages.
 */
#ifndef LF_FAKE_ZONE_LAYOUT_H
#define LF_FAKE_ZONE_LAYOUT_H

#include <stdatomic.h>

#include "core/lf_core.h"

#pragma GCC visibility push(hidden)

#define LF_FAKE_PAGE     4096
#define LF_FAKE_CLASSES  9           /* 8 16 32 64 128 256 512 1024 2048 */
#define LF_FAKE_HEADS    704

/*
 * A page. Lists link pages by number + 1, so that fresh zero bytes are an empty
 * list. For a free run, count is its length in its first page, and bits the
 * number of its first page in its last one.
 */
struct lf_fake_page {
    uint64_t  bits;                  /* chunks in use; of small ones: in page */
    uint32_t  next, prev;
    uint32_t  count;                 /* chunks in use; pages of a run */
    uint32_t  kind;
};

struct lf_fake_slab {
    uint64_t  data;                  /* offset of the first page */
    uint32_t  pages;
    uint32_t  free;                  /* pages that are free */
    uint32_t  runs;                  /* list of free runs */
    uint32_t  partial[LF_FAKE_CLASSES];    /* pages with a free chunk */
};

/* The head of a zone. word is the pid of the owner, or 0. */
struct lf_fake_head {
    _Atomic uint32_t     word;
    _Atomic uint32_t     waiters;
    void                *root;
    unsigned long        fail_alloc; /* countdown to an allocation that fails */
    _Atomic uint64_t     owner_start; /* of a named zone: see lf_fake_lock.c */
    uint32_t             named;      /* it outlives all processes */
    _Atomic uint32_t     freed_of;   /* the last dead owner, until reported */
    struct lf_fake_slab  slab;
};

_Static_assert(sizeof(struct lf_fake_page) == 24, "as in nginx");
_Static_assert(sizeof(struct lf_fake_head) <= LF_FAKE_HEADS, "as in nginx");

/* The zone's size is known to be sane; its memory starts at a page. */
void lf_fake_slab_init(struct lf_fake_head *head, size_t size);
void *lf_fake_slab_alloc(struct lf_fake_head *head, size_t size);

/* Returns 0, or -1 with the reason in *why. */
int lf_fake_slab_free(struct lf_fake_head *head, void *ptr, const char **why);

/* 0, or -1 with a text in err. */
int lf_fake_zone_check_size(size_t size, char *err);

/*
 * Gives a file its size and all its pages, unless there is plenty of room and
 * it is not for long: 0, or an errno.
 */
int lf_fake_zone_reserve(int fd, size_t size, int for_long);

#pragma GCC visibility pop

#endif /* LF_FAKE_ZONE_LAYOUT_H */
