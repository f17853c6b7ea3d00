/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes of a file that claims to be ELF. Nothing is read without comparing it
 * with the size of the file, and a file that shrinks meanwhile is an error, no
 * crash.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/elf/lf_elf_private.h"


int
lf_elf_fail(const struct lf_elf_source *source, const char *format, ...)
{
    int      n;
    va_list  args;

    n = snprintf(source->err, LF_ERR_LEN, "%.256s: ", source->path);

    va_start(args, format);
    (void) vsnprintf(source->err + n, LF_ERR_LEN - (size_t) n, format, args);
    va_end(args);

    return -1;
}


int
lf_elf_damaged(const struct lf_elf_source *source, const char *what)
{
    return lf_elf_fail(source, "damaged ELF file: %s", what);
}


/* Reads exactly len bytes; 0 or -1 without a message. */
int
lf_elf_read_at(const struct lf_elf_source *source, uint64_t offset, void *to,
               size_t len)
{
    size_t   done;
    ssize_t  n;

    if (offset > source->size || len > source->size - offset) {
        return -1;
    }

    for (done = 0; done < len; done += (size_t) n) {
        n = pread(source->fd, (char *) to + done, len - done,
                  (off_t) (offset + done));

        if (n < 0 && errno == EINTR) {
            n = 0;
            continue;
        }

        if (n <= 0) {
            return -1;
        }
    }

    return 0;
}


/* A table in new memory, one byte longer and that byte 0; or NULL. */
void *
lf_elf_read_table(const struct lf_elf_source *source, uint64_t offset,
                  uint64_t len)
{
    char  *table;

    if (len > LF_ELF_TABLE_MAX || offset > source->size
        || len > source->size - offset)
    {
        return NULL;
    }

    table = malloc((size_t) len + 1);

    if (table != NULL
        && lf_elf_read_at(source, offset, table, (size_t) len) != 0)
    {
        free(table);
        table = NULL;
    }

    if (table != NULL) {
        table[len] = '\0';
    }

    return table;
}


int
lf_elf_source_open(struct lf_elf_source *source)
{
    struct stat  info;

    source->fd = open(source->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (source->fd < 0) {
        return lf_elf_fail(source, "%s", errno == ENOENT ? "no such file"
                           : strerror(errno));
    }

    if (fstat(source->fd, &info) != 0) {
        return lf_elf_fail(source, "%s", strerror(errno));
    }

    if (S_ISDIR(info.st_mode)) {
        return lf_elf_fail(source, "is a directory, not a shared library");
    }

    if (!S_ISREG(info.st_mode)) {
        return lf_elf_fail(source, "is not a regular file");
    }

    source->size = (uint64_t) info.st_size;

    return 0;
}


void
lf_elf_source_close(struct lf_elf_source *source)
{
    if (source->fd >= 0) {
        (void) close(source->fd);
        source->fd = -1;
    }
}
