/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory of the mock's zone: classes of chunks on pages, as many and in the
 * same order as nginx would give out, so that an app that fits here fits there.
 * It takes no lock, and trusts no pointer that it is to free.
 */
#include <string.h>

#include "fakes/lf_fake_zone_layout.h"

#define CHUNK_MIN    8
#define CHUNK_MAX    2048

enum kind {
    KIND_FREE,                       /* part of a free run */
    KIND_BLOCK,                      /* first page of a block of pages */
    KIND_REST,                       /* its other pages */
    KIND_CHUNKS                      /* + class */
};


static struct lf_fake_page *
page_at(struct lf_fake_head *head, uint32_t n)
{
    return (struct lf_fake_page *) ((char *) head + LF_FAKE_HEADS) + n;
}


static char *
page_data(struct lf_fake_head *head, uint32_t n)
{
    return (char *) head + head->slab.data + (size_t) n * LF_FAKE_PAGE;
}


/* ---- lists ------------------------------------------------------------ */

static void
list_push(struct lf_fake_head *head, uint32_t *list, uint32_t n)
{
    struct lf_fake_page  *page = page_at(head, n);

    page->next = *list;
    page->prev = 0;

    if (*list != 0) {
        page_at(head, *list - 1)->prev = n + 1;
    }

    *list = n + 1;
}


static void
list_remove(struct lf_fake_head *head, uint32_t *list, uint32_t n)
{
    struct lf_fake_page  *page = page_at(head, n);

    if (page->prev != 0) {
        page_at(head, page->prev - 1)->next = page->next;

    } else {
        *list = page->next;
    }

    if (page->next != 0) {
        page_at(head, page->next - 1)->prev = page->prev;
    }
}


/* ---- pages ------------------------------------------------------------ */

static void
run_describe(struct lf_fake_head *head, uint32_t n, uint32_t count)
{
    page_at(head, n)->count = count;
    page_at(head, n + count - 1)->bits = n;
}


void
lf_fake_slab_init(struct lf_fake_head *head, size_t size)
{
    size_t                pages, data, room;
    struct lf_fake_slab  *slab = &head->slab;

    pages = (size - LF_FAKE_HEADS)
            / (LF_FAKE_PAGE + sizeof(struct lf_fake_page));
    data = LF_FAKE_HEADS + pages * sizeof(struct lf_fake_page);
    data = (data + LF_FAKE_PAGE - 1) / LF_FAKE_PAGE * LF_FAKE_PAGE;
    room = (size - data) / LF_FAKE_PAGE;

    if (pages > room) {
        pages = room;
    }

    memset(slab, 0, sizeof(struct lf_fake_slab));
    memset(page_at(head, 0), 0, pages * sizeof(struct lf_fake_page));

    slab->data = data;
    slab->pages = (uint32_t) pages;
    slab->free = slab->pages;

    run_describe(head, 0, slab->pages);
    list_push(head, &slab->runs, 0);
}


/* The first run that is long enough loses its first pages. */
static struct lf_fake_page *
pages_alloc(struct lf_fake_head *head, uint32_t count)
{
    uint32_t              i, n, left;
    struct lf_fake_page  *page, *rest;

    for (i = head->slab.runs; i != 0; i = page->next) {
        n = i - 1;
        page = page_at(head, n);

        if (page->count < count) {
            continue;
        }

        left = page->count - count;
        list_remove(head, &head->slab.runs, n);

        if (left != 0) {
            rest = page_at(head, n + count);
            rest->next = page->next;
            rest->prev = page->prev;

            if (rest->prev != 0) {
                page_at(head, rest->prev - 1)->next = n + count + 1;

            } else {
                head->slab.runs = n + count + 1;
            }

            if (rest->next != 0) {
                page_at(head, rest->next - 1)->prev = n + count + 1;
            }

            run_describe(head, n + count, left);
        }

        head->slab.free -= count;

        return page;
    }

    return NULL;
}


static void
pages_free(struct lf_fake_head *head, uint32_t n, uint32_t count)
{
    uint32_t              i, before, after;
    struct lf_fake_slab  *slab = &head->slab;

    for (i = n; i < n + count; i++) {
        page_at(head, i)->kind = KIND_FREE;
    }

    slab->free += count;
    after = n + count;

    if (after < slab->pages && page_at(head, after)->kind == KIND_FREE) {
        list_remove(head, &slab->runs, after);
        count += page_at(head, after)->count;
    }

    if (n > 0 && page_at(head, n - 1)->kind == KIND_FREE) {
        before = (uint32_t) page_at(head, n - 1)->bits;
        list_remove(head, &slab->runs, before);
        count += n - before;
        n = before;
    }

    run_describe(head, n, count);
    list_push(head, &slab->runs, n);
}


static void *
block_alloc(struct lf_fake_head *head, size_t size)
{
    uint32_t              i, n, count;
    struct lf_fake_page  *page;

    if (size > (size_t) head->slab.pages * LF_FAKE_PAGE) {
        return NULL;
    }

    count = (uint32_t) ((size + LF_FAKE_PAGE - 1) / LF_FAKE_PAGE);
    page = pages_alloc(head, count);

    if (page == NULL) {
        return NULL;
    }

    page->kind = KIND_BLOCK;
    page->count = count;

    for (i = 1; i < count; i++) {
        page[i].kind = KIND_REST;
    }

    n = (uint32_t) (page - page_at(head, 0));

    return page_data(head, n);
}


/* ---- chunks ----------------------------------------------------------- */

static unsigned
class_of(size_t size)
{
    unsigned  class = 0;

    while (((size_t) CHUNK_MIN << class) < size) {
        class++;
    }

    return class;
}


static uint32_t
chunks_of(unsigned class)
{
    return LF_FAKE_PAGE / (CHUNK_MIN << class);
}


/* Words of the map of a page, and the chunks that the map itself takes. */
static uint32_t
map_words(unsigned class)
{
    return (chunks_of(class) + 63) / 64;
}


static uint32_t
map_chunks(unsigned class)
{
    uint32_t  size = CHUNK_MIN << class;

    return chunks_of(class) <= 64 ? 0
                                  : (map_words(class) * 8 + size - 1) / size;
}


static uint64_t *
map_of(struct lf_fake_head *head, uint32_t n, unsigned class)
{
    return chunks_of(class) <= 64 ? &page_at(head, n)->bits
                                  : (uint64_t *) (void *) page_data(head, n);
}


static struct lf_fake_page *
chunks_new(struct lf_fake_head *head, unsigned class)
{
    uint32_t              n;
    uint64_t             *map;
    struct lf_fake_page  *page;

    page = pages_alloc(head, 1);
    if (page == NULL) {
        return NULL;
    }

    n = (uint32_t) (page - page_at(head, 0));
    page->kind = KIND_CHUNKS + class;
    page->count = 0;

    map = map_of(head, n, class);
    memset(map, 0, map_words(class) * sizeof(uint64_t));
    map[0] = (UINT64_C(1) << map_chunks(class)) - 1;

    if (chunks_of(class) < 64) {
        map[0] = ~UINT64_C(0) << chunks_of(class);
    }

    list_push(head, &head->slab.partial[class], n);

    return page;
}


static void *
chunk_alloc(struct lf_fake_head *head, size_t size)
{
    unsigned              class = class_of(size);
    uint32_t              n, word, bit, *list;
    uint64_t             *map;
    struct lf_fake_page  *page;

    list = &head->slab.partial[class];

    page = *list ? page_at(head, *list - 1) : chunks_new(head, class);
    if (page == NULL) {
        return NULL;
    }

    n = (uint32_t) (page - page_at(head, 0));
    map = map_of(head, n, class);

    for (word = 0; map[word] == ~UINT64_C(0); word++) { /* void */ }

    bit = (uint32_t) __builtin_ctzll(~map[word]);
    map[word] |= UINT64_C(1) << bit;
    page->count++;

    if (page->count == chunks_of(class) - map_chunks(class)) {
        list_remove(head, list, n);
    }

    return page_data(head, n)
           + (size_t) (word * 64 + bit) * (CHUNK_MIN << class);
}


static int
chunk_free(struct lf_fake_head *head, uint32_t n, size_t offset,
           const char **why)
{
    uint32_t              i, *list;
    uint64_t             *map, bit;
    unsigned              class;
    struct lf_fake_page  *page = page_at(head, n);

    class = page->kind - KIND_CHUNKS;
    i = (uint32_t) (offset / (CHUNK_MIN << class));

    if (offset % (CHUNK_MIN << class) != 0 || i < map_chunks(class)) {
        *why = "it is not the start of a block";
        return -1;
    }

    map = map_of(head, n, class) + i / 64;
    bit = UINT64_C(1) << i % 64;

    if (!(*map & bit)) {
        *why = "it is free already";
        return -1;
    }

    list = &head->slab.partial[class];

    if (page->count == chunks_of(class) - map_chunks(class)) {
        list_push(head, list, n);
    }

    *map &= ~bit;
    page->count--;

    if (page->count == 0) {
        list_remove(head, list, n);
        pages_free(head, n, 1);
    }

    return 0;
}


/* ---- what the zone calls ---------------------------------------------- */

void *
lf_fake_slab_alloc(struct lf_fake_head *head, size_t size)
{
    return size > CHUNK_MAX ? block_alloc(head, size) : chunk_alloc(head, size);
}


int
lf_fake_slab_free(struct lf_fake_head *head, void *ptr, const char **why)
{
    size_t                offset;
    uint32_t              n;
    struct lf_fake_page  *page;

    offset = (size_t) ((uintptr_t) ptr - (uintptr_t) head - head->slab.data);

    if (offset >= (size_t) head->slab.pages * LF_FAKE_PAGE) {
        *why = "it is outside the shared memory";
        return -1;
    }

    n = (uint32_t) (offset / LF_FAKE_PAGE);
    offset %= LF_FAKE_PAGE;
    page = page_at(head, n);

    if (page->kind >= KIND_CHUNKS) {
        return chunk_free(head, n, offset, why);
    }

    if (page->kind == KIND_FREE) {
        *why = "it is free already";
        return -1;
    }

    if (page->kind == KIND_REST || offset != 0) {
        *why = "it is not the start of a block";
        return -1;
    }

    pages_free(head, n, page->count);

    return 0;
}
