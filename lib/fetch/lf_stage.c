/* SPDX-License-Identifier: BSD-2-Clause */
/* See lf_stage.h. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/fetch/lf_stage.h"

#define RANDOM  6


int
lf_stage_open(const char *path, const char *mark, char *name)
{
    (void) sprintf(name, "%s%sXXXXXX", path, mark);

    return mkostemp(name, O_CLOEXEC);
}


/* Is that a name that lf_stage_open makes for base? */
static int
is_stage(const char *name, const char *base, const char *mark)
{
    size_t  len = strlen(base), mark_len = strlen(mark);

    return strncmp(name, base, len) == 0
           && strncmp(name + len, mark, mark_len) == 0
           && strlen(name + len) == mark_len + RANDOM;
}


static int
is_old(int folder, const char *name)
{
    struct stat  info;

    return fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) == 0
           && S_ISREG(info.st_mode)
           && info.st_mtime < time(NULL) - LF_STAGE_OLD_S;
}


void
lf_stage_sweep(const char *path, const char *mark)
{
    DIR            *dir;
    char            folder[PATH_MAX];
    const char     *slash;
    struct dirent  *entry;

    slash = strrchr(path, '/');

    if (slash == NULL || slash - path >= (int) sizeof(folder) - 1) {
        return;
    }

    (void) snprintf(folder, sizeof(folder), "%.*s/", (int) (slash - path),
                    path);
    dir = opendir(folder);

    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        if (is_stage(entry->d_name, slash + 1, mark)
            && is_old(dirfd(dir), entry->d_name))
        {
            (void) unlinkat(dirfd(dir), entry->d_name, 0);
        }
    }

    if (dir != NULL) {
        (void) closedir(dir);
    }
}
