/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which scripts a run plays: files as they are named, what folders hold, what
 * patterns match. The order is the same on every machine.
 */
#include <errno.h>
#include <fnmatch.h>
#include <ftw.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "message.h"
#include "run_options.h"

/* nftw has no argument for its callback. */
static struct call_list  *found;
static const char        *wanted;            /* pattern; NULL: all scripts */
static unsigned           here;              /* names without "./" */
static int                find_failed;


/* A pattern with "**", which stands for any number of folders. */
static int
matches(const char *pattern, const char *path)
{
    char         part[512], name[512];
    size_t       pattern_len, len;

    if (strncmp(pattern, "**/", 3) == 0) {
        while (!matches(pattern + 3, path)) {
            if (*path == '.' || (path = strchr(path, '/')) == NULL) {
                return 0;                    /* no hidden folders */
            }
            path++;
        }

        return 1;
    }

    pattern_len = strcspn(pattern, "/");
    len = strcspn(path, "/");

    if (pattern_len >= sizeof(part) || len >= sizeof(name)
        || (pattern[pattern_len] == '/') != (path[len] == '/'))
    {
        return 0;
    }

    memcpy(part, pattern, pattern_len);
    part[pattern_len] = '\0';
    memcpy(name, path, len);
    name[len] = '\0';

    return fnmatch(part, name, FNM_PERIOD) == 0
           && (path[len] == '\0'
               || matches(pattern + pattern_len + 1, path + len + 1));
}


static int
on_file(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    size_t  len;

    (void) st;
    (void) ftw;
    path += here && strncmp(path, "./", 2) == 0 ? 2 : 0;
    len = strlen(path);

    if (type == FTW_F
        && (wanted != NULL ? matches(wanted, path)
            : len > 5 && strcmp(path + len - 5, ".hurl") == 0))
    {
        find_failed |= call_list_add(found, path, len) != 0;
    }

    return find_failed;
}


static int
compare(const void *a, const void *b)
{
    return strcmp(*(char *const *) a, *(char *const *) b);
}


/* Adds the files below a folder that are wanted. */
static int
walk(struct call_list *scripts, const char *path)
{
    size_t  before = scripts->count;

    found = scripts;
    find_failed = 0;

    if (nftw(path, on_file, 16, FTW_PHYS) != 0 || find_failed) {
        message_error("%s: %s", path, strerror(errno));
        return -1;
    }

    if (scripts->count > before) {
        qsort(scripts->items + before, scripts->count - before,
              sizeof(*scripts->items), compare);
    }

    return 0;
}


static int
add_folder(struct call_list *scripts, const char *path)
{
    size_t  before = scripts->count;

    wanted = NULL;

    if (walk(scripts, path) != 0) {
        return -1;
    }

    if (scripts->count == before) {
        message_error("%s: no .hurl file in this folder", path);
        return -1;
    }

    return 0;
}


/* From the last folder that is named without a wildcard. */
static int
add_deep_glob(struct call_list *scripts, const char *pattern)
{
    int    rc;
    char  *base = strdup(pattern), *slash;

    if (base == NULL) {
        message_error("out of memory");
        return -1;
    }

    base[strcspn(base, "*?[\\")] = '\0';
    slash = strrchr(base, '/');
    wanted = pattern;

    if (slash == NULL) {
        here = 1;
        rc = walk(scripts, ".");
        here = 0;

    } else {
        slash[slash == base] = '\0';
        rc = walk(scripts, base);
    }

    free(base);

    return rc;
}


static int
add_plain_glob(struct call_list *scripts, const char *pattern)
{
    int     rc = 0;
    glob_t  files;
    size_t  i;

    memset(&files, 0, sizeof(files));
    (void) glob(pattern, 0, NULL, &files);

    for (i = 0; i < files.gl_pathc && rc == 0; i++) {
        rc = call_list_add(scripts, files.gl_pathv[i],
                           strlen(files.gl_pathv[i]));
    }

    globfree(&files);

    return rc;
}


static int
add_glob(struct call_list *scripts, const char *pattern)
{
    int     rc;
    size_t  before = scripts->count;

    rc = strstr(pattern, "**/") != NULL ? add_deep_glob(scripts, pattern)
                                        : add_plain_glob(scripts, pattern);

    if (rc == 0 && scripts->count == before) {
        message_error("--glob %s: matches no file", pattern);
        return -1;
    }

    return rc;
}


int
run_list_scripts(const struct run_options *o, struct call_list *scripts)
{
    int          rc = 0;
    size_t       i;
    struct stat  st;

    for (i = 0; i < o->inputs.count && rc == 0; i++) {
        const char  *path = o->inputs.items[i];

        /* what is not there is told when its turn comes: others are played */
        rc = strcmp(path, "-") != 0 && stat(path, &st) == 0
             && S_ISDIR(st.st_mode)
             ? add_folder(scripts, path)
             : call_list_add(scripts, path, strlen(path));
    }

    for (i = 0; i < o->globs.count && rc == 0; i++) {
        rc = add_glob(scripts, o->globs.items[i]);
    }

    return rc;
}


