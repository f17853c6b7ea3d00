/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The mock's zone: POSIX shared memory that the children of this process
 * inherit. Its name is gone before anything is put into it, so that whatever
 * ends the process leaves nothing behind.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/lf_port.h"
#include "fakes/lf_fake_zone.h"
#include "fakes/lf_fake_zone_layout.h"

/* So much room beside a zone will not go while a command runs. */
#define PLENTY  64

#define TRIES  100


/* A descriptor of new shared memory without a name; -1: see errno. */
static int
shm_new(void)
{
    int                      fd, try;
    char                     name[64];
    static _Atomic unsigned  number;

    for (try = 0; try < TRIES; try++) {
        (void) snprintf(name, sizeof(name), "/linkfunc.%ld.%u",
                        (long) getpid(), atomic_fetch_add(&number, 1));

        fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);

        if (fd != -1) {
            (void) shm_unlink(name);
            return fd;
        }

        if (errno != EEXIST) {
            return -1;
        }
    }

    return -1;
}


/*
 * A write into a page that the system cannot provide would be a SIGBUS in the
 * middle of an app.
 */
int
lf_fake_zone_reserve(int fd, size_t size, int for_long)
{
    int             rc, known;
    struct statvfs  fs;

    /* Checked first: to fill it would leave nothing to others for a while. */
    known = fstatvfs(fd, &fs) == 0 && fs.f_blocks != 0;

    if (known && size / fs.f_frsize >= fs.f_bavail) {
        return ENOSPC;
    }

    if (ftruncate(fd, (off_t) size) != 0) {
        return errno;
    }

    /* To take all pages costs a tenth of a call of linkfunc. */
    if (known && !for_long && size / fs.f_frsize < fs.f_bavail / PLENTY) {
        return 0;
    }

    do {
        rc = posix_fallocate(fd, 0, (off_t) size);
    } while (rc == EINTR);

    return rc;
}


int
lf_fake_zone_check_size(size_t size, char *err)
{
    if (size < LF_ZONE_MIN) {
        (void) snprintf(err, LF_ERR_LEN, "a shared memory zone of %zu bytes is "
                        "too small: at least %zu (32k) are needed", size,
                        LF_ZONE_MIN);
        return -1;
    }

    if (size > LF_ZONE_MAX) {
        (void) snprintf(err, LF_ERR_LEN, "a shared memory zone of %zu bytes is "
                        "too large: at most %zu (32g) are possible", size,
                        LF_ZONE_MAX);
        return -1;
    }

    return 0;
}


static int
explain(char *err, const char *what, size_t size, int code)
{
    (void) snprintf(err, LF_ERR_LEN, "cannot %s a shared memory zone of %zu "
                    "bytes: %s%s", what, size, strerror(code),
                    code == ENOSPC ? " (/dev/shm is full: free some space, or "
                    "use a smaller size)" : "");
    return -1;
}


int
lf_fake_zone_open(struct lf_zone *zone, size_t size, char *err)
{
    int                   fd, rc;
    void                 *memory;
    struct lf_fake_head  *head;

    if (lf_fake_zone_check_size(size, err) != 0) {
        return -1;
    }

    fd = shm_new();
    if (fd == -1) {
        return explain(err, "create", size, errno);
    }

    rc = lf_fake_zone_reserve(fd, size, 0);
    if (rc != 0) {
        (void) close(fd);
        return explain(err, "reserve", size, rc);
    }

    memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    rc = errno;
    (void) close(fd);

    if (memory == MAP_FAILED) {
        return explain(err, "map", size, rc);
    }

    head = memory;

    memset(zone, 0, sizeof(struct lf_zone));
    zone->memory = memory;
    zone->size = size;
    zone->root = &head->root;
    lf_fake_slab_init(head, size);
    lf_zone_attach(zone);

    return 0;
}


void
lf_fake_zone_close(struct lf_zone *zone)
{
    size_t  tail;

    /* A named zone is mapped with its description. */
    tail = (uintptr_t) zone->memory == LF_FAKE_NAMED_ZONE_AT ? LF_FAKE_PAGE : 0;

    if (zone->memory != NULL) {
        (void) munmap(zone->memory, zone->size + tail);
        memset(zone, 0, sizeof(struct lf_zone));
    }
}


void
lf_fake_zone_fail_alloc(struct lf_zone *zone, unsigned long nth)
{
    struct lf_fake_head  *head = zone->memory;

    head->fail_alloc = nth;
}


/* What it is at this moment: others may change it meanwhile. */
__attribute__((no_sanitize("thread"))) void
lf_fake_zone_figures(struct lf_zone *zone, size_t *pages, size_t *free)
{
    struct lf_fake_head  *head = zone->memory;

    *pages = head->slab.pages;
    *free = head->slab.free;
}


/* ---- port ------------------------------------------------------------- */

void *
lf_port_zone_alloc(struct lf_zone *zone, size_t size)
{
    struct lf_fake_head  *head = zone->memory;

    if (head->fail_alloc != 0) {
        head->fail_alloc--;

        if (head->fail_alloc == 0) {
            return NULL;
        }
    }

    return lf_fake_slab_alloc(head, size);
}


int
lf_port_zone_free(struct lf_zone *zone, void *ptr, const char **why)
{
    return lf_fake_slab_free(zone->memory, ptr, why);
}


void
lf_port_zone_reset(struct lf_zone *zone)
{
    struct lf_fake_head  *head = zone->memory;

    head->root = NULL;
    atomic_signal_fence(memory_order_seq_cst);
    lf_fake_slab_init(head, zone->size);
}
