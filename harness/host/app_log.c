/* SPDX-License-Identifier: BSD-2-Clause */
/* Records of app logs; a record that is not whole yet waits for next time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/host/app_log.h"
#include "lib/base/arena.h"
#include "lib/base/strbuf.h"


static enum lf_level
level_of(const char *name)
{
    int  level;

    for (level = LF_EMERG; level < LF_DEBUG; level++) {
        if (strcmp(name, lf_level_name(level)) == 0) {
            break;
        }
    }

    return level;
}


/* One record at text: its size, or 0 when it is not whole. -1: no memory. */
static ssize_t
read_record(const char *text, size_t len, struct arena *arena,
            struct host_log_line **line)
{
    char          level[16];
    int           head = 0;
    size_t        size;
    unsigned long number;

    if (memchr(text, '\n', len) == NULL
        || sscanf(text, "%lu %15s %zu%n", &number, level, &size, &head) != 3
        || text[head] != '\n' || len - (size_t) head - 1 < size + 1)
    {
        return 0;
    }

    *line = arena_alloc(arena, sizeof(**line));
    if (*line == NULL) {
        return -1;
    }

    (*line)->level = level_of(level);
    (*line)->text.len = size;
    (*line)->text.data = arena_memdup(arena, text + head + 1, size);

    return (*line)->text.data != NULL ? (ssize_t) ((size_t) head + size + 2)
                                      : -1;
}


int
app_log_read(int fd, off_t *offset, struct arena *arena,
             struct host_log_line **list)
{
    char                   buf[4096];
    size_t                 used = 0;
    ssize_t                n;
    struct strbuf          text = { 0 };
    struct host_log_line  *line;

    while (*list != NULL) {
        list = &(*list)->next;
    }

    while ((n = pread(fd, buf, sizeof(buf), *offset + (off_t) text.len)) > 0) {
        strbuf_add(&text, buf, (size_t) n);
        if (text.failed) {
            n = -1;
            break;
        }
    }

    while (n == 0 && used < text.len
           && (n = read_record(text.data + used, text.len - used, arena,
                               &line)) > 0)
    {
        used += (size_t) n;
        *list = line;
        list = &line->next;
        n = 0;
    }

    *offset += (off_t) used;
    strbuf_free(&text);

    return n < 0 ? -1 : 0;
}
