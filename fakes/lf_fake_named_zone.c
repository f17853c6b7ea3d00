/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Named zones, which stay from one call of linkfunc to the next: POSIX shared
 * memory of one user. The zone comes first, then one page that describes it. A
 * file lock is held while it is opened, so an incomplete one is never used.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "fakes/lf_fake_zone.h"
#include "fakes/lf_fake_zone_layout.h"

#define NAME_MAX_LEN  64
#define DEFAULT_SIZE  (1024 * 1024)
#define SHM_FOLDER    "/dev/shm"
#define LOCK_TRIES    600                    /* 3 s */

/* What follows a named zone. */
struct description {
    char      magic[8];
    uint64_t  layout;                /* changes with the structs in the zone */
    uint64_t  size;
};

static const char  magic[8] = "LFZONE\r\n";

#define LAYOUT  (((uint64_t) 1 << 32) | sizeof(struct lf_fake_head))


static int
object_name(const char *name, char *object, size_t size, char *err)
{
    size_t             len = strlen(name);
    static const char  allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789"
                                   "ABCDEFGHIJKLMNOPQRSTUVWXYZ._-";

    if (len == 0 || len > NAME_MAX_LEN || strspn(name, allowed) != len) {
        (void) snprintf(err, LF_ERR_LEN, "\"%.80s\" is not a valid name of a "
                        "shared memory zone: use 1 to %d letters, digits, "
                        "'.', '_' or '-'", name, NAME_MAX_LEN);
        return -1;
    }

    (void) snprintf(object, size, "/linkfunc-%ld-%s", (long) geteuid(), name);

    return 0;
}


static int
fail(char *err, const char *name, const char *what)
{
    (void) snprintf(err, LF_ERR_LEN, "shared memory zone \"%s\": %s", name,
                    what);

    return -1;
}


/* 1: a complete zone, 0: it must be made, -1: something else. */
static int
check_object(int fd, const char *name, struct description *d, char *err)
{
    off_t              at;
    struct stat        st;
    static const char  none[sizeof(magic)];

    if (fstat(fd, &st) != 0) {
        return fail(err, name, strerror(errno));
    }

    if (!S_ISREG(st.st_mode)) {
        return fail(err, name, "not a regular file: remove it from "
                    SHM_FOLDER);
    }

    if (st.st_uid != geteuid() || (st.st_mode & 077) != 0) {
        return fail(err, name, "it belongs to another user, or others may "
                    "write it: remove it from " SHM_FOLDER);
    }

    memset(d, 0, sizeof(*d));
    at = st.st_size > LF_FAKE_PAGE ? st.st_size - LF_FAKE_PAGE : 0;

    if (pread(fd, d, sizeof(*d), at) == -1) {
        return fail(err, name, strerror(errno));
    }

    if (memcmp(d->magic, none, sizeof(none)) == 0) {
        return 0;                            /* its maker died */
    }

    if (memcmp(d->magic, magic, sizeof(magic)) != 0) {
        return fail(err, name, "not made by linkfunc: inspect it in "
                    SHM_FOLDER ", or remove it with \"linkfunc shm rm\"");
    }

    if (d->layout != LAYOUT || d->size + LF_FAKE_PAGE != (uint64_t) st.st_size
        || d->size % LF_FAKE_PAGE != 0 || d->size < LF_ZONE_MIN)
    {
        return fail(err, name, "made by another version of linkfunc: remove "
                    "it with \"linkfunc shm rm\"");
    }

    return 1;
}


static int
map(int fd, size_t size, const char *name, struct lf_zone *zone, char *err)
{
    void                 *memory;
    struct lf_fake_head  *head;

    memory = mmap((void *) LF_FAKE_NAMED_ZONE_AT, size + LF_FAKE_PAGE,
                  PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE,
                  fd, 0);

    if (memory != (void *) LF_FAKE_NAMED_ZONE_AT) {
        if (memory != MAP_FAILED) {
            (void) munmap(memory, size + LF_FAKE_PAGE);
        }
        return fail(err, name, "its address is in use: a process can open "
                    "one named zone at a time");
    }

    head = memory;
    memset(zone, 0, sizeof(*zone));
    zone->memory = memory;
    zone->size = size;
    zone->root = &head->root;

    return 0;
}


/* The description comes last: without it the zone does not count as made. */
static int
make(int fd, size_t size, const char *name, struct lf_zone *zone, char *err)
{
    int                  rc;
    struct description   d;
    struct lf_fake_head *head;

    if (ftruncate(fd, 0) != 0) {
        return fail(err, name, strerror(errno));
    }

    rc = lf_fake_zone_reserve(fd, size + LF_FAKE_PAGE, 1);
    if (rc != 0) {
        (void) ftruncate(fd, 0);
        return fail(err, name, rc == ENOSPC ? SHM_FOLDER " is full: free some "
                    "space, or use a smaller size" : strerror(rc));
    }

    if (map(fd, size, name, zone, err) != 0) {
        return -1;
    }

    head = zone->memory;
    lf_fake_slab_init(head, size);
    head->named = 1;

    memset(&d, 0, sizeof(d));
    memcpy(d.magic, magic, sizeof(magic));
    d.layout = LAYOUT;
    d.size = size;

    return pwrite(fd, &d, sizeof(d), (off_t) size) == (ssize_t) sizeof(d)
           ? 0 : fail(err, name, strerror(errno));
}


/* It is held for a moment only; if its holder is stopped, do not wait on. */
static int
lock_object(int fd)
{
    unsigned         i;
    struct timespec  pause = { 0, 5 * 1000 * 1000 };

    for (i = 0; i < LOCK_TRIES; i++) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
            return 0;
        }

        if (errno != EWOULDBLOCK && errno != EINTR) {
            return -1;
        }

        (void) nanosleep(&pause, NULL);
    }

    errno = EWOULDBLOCK;

    return -1;
}


/* The object with its file locked, or -1 with a text in err. */
static int
open_object(const char *object, int flags, const char *name, char *err)
{
    int  fd;

    fd = shm_open(object, O_RDWR | O_CLOEXEC | flags, 0600);

    if (fd == -1) {
        return fail(err, name, strerror(errno));
    }

    if (lock_object(fd) != 0) {
        (void) fail(err, name, errno == EWOULDBLOCK ? "another process holds "
                    "the lock of its file" : strerror(errno));
        (void) close(fd);
        return -1;
    }

    return fd;
}


/* A zone that exists: 0, or -1 with a text in err. */
static int
reopen(int fd, size_t size, const struct description *d, const char *name,
       struct lf_zone *zone, char *err)
{
    char  text[128];

    if (size != 0 && size != d->size) {
        (void) snprintf(text, sizeof(text), "it has %zu bytes already, "
                        "not %zu: omit the size, or remove it first",
                        (size_t) d->size, size);
        return fail(err, name, text);
    }

    return map(fd, (size_t) d->size, name, zone, err);
}


int
lf_fake_named_zone_open(struct lf_zone *zone, const char *name, size_t size,
                        char *err)
{
    int                 fd, rc = -1, find = size == LF_FAKE_NAMED_ZONE_FIND;
    char                object[NAME_MAX_LEN + 40];
    struct description  d;

    size = find ? 0 : size;

    if (object_name(name, object, sizeof(object), err) != 0
        || (size != 0 && lf_fake_zone_check_size(size, err) != 0))
    {
        return -1;
    }

    size = (size + LF_FAKE_PAGE - 1) / LF_FAKE_PAGE * LF_FAKE_PAGE;

    if (size > LF_FAKE_NAMED_ZONE_MAX) {
        return fail(err, name, "a named zone may have up to 1g");
    }

    fd = open_object(object, find ? 0 : O_CREAT, name, err);
    if (fd == -1) {
        return -1;
    }

    switch (check_object(fd, name, &d, err)) {
    case 0:
        if (find) {
            (void) fail(err, name, "incomplete: the next call creates it "
                        "again");
            break;
        }

        rc = make(fd, size != 0 ? size : DEFAULT_SIZE, name, zone, err);

        if (rc != 0) {
            (void) shm_unlink(object);
        }
        break;

    case 1:
        rc = reopen(fd, size, &d, name, zone, err);
        break;
    }

    (void) flock(fd, LOCK_UN);               /* the mapping would hold it */
    (void) close(fd);

    if (rc == 0) {
        lf_zone_attach(zone);
    }

    return rc;
}


int
lf_fake_named_zone_remove(const char *name, char *err)
{
    char  object[NAME_MAX_LEN + 40];

    if (object_name(name, object, sizeof(object), err) != 0) {
        return -1;
    }

    if (shm_unlink(object) != 0) {
        return fail(err, name, errno == ENOENT ? "no such zone; \"linkfunc "
                    "shm ls\" lists them" : strerror(errno));
    }

    return 0;
}


int
lf_fake_named_zone_list(void (*found)(void *data, const char *name),
                        void *data, char *err)
{
    DIR            *folder;
    char            prefix[40];
    size_t          len;
    struct dirent  *entry;

    (void) snprintf(prefix, sizeof(prefix), "linkfunc-%ld-",
                    (long) geteuid());
    len = strlen(prefix);

    folder = opendir(SHM_FOLDER);
    if (folder == NULL) {
        (void) snprintf(err, LF_ERR_LEN, "%s: %s", SHM_FOLDER,
                        strerror(errno));
        return -1;
    }

    while ((entry = readdir(folder)) != NULL) {
        if (strncmp(entry->d_name, prefix, len) == 0) {
            found(data, entry->d_name + len);
        }
    }

    (void) closedir(folder);

    return 0;
}
