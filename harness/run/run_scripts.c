/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which scripts a command line means: files, folders, patterns. The order is
 * the command line's, and by bytes within a folder or a pattern, so that two
 * runs of the same tree are the same. Hidden names are found only when they
 * are written down. Links to folders are not followed: they may go in circles.
 */
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/base/message.h"
#include "harness/run/run_options.h"

/* Deeper than trees of scripts are; a guard for the stack. */
#define DEPTH_MAX  128

struct walk {
    struct strlist  *scripts;
    unsigned         depth;
    unsigned         folders:1;          /* a folder matched, no file */
};


static char *
join(const char *folder, const char *name)
{
    char        *path;
    size_t       len = strlen(folder);
    const char  *between = len > 0 && folder[len - 1] != '/' ? "/" : "";

    if (asprintf(&path, "%s%s%s", folder, between, name) < 0) {
        message_error("out of memory");
        return NULL;
    }

    return path;
}


/* The names in a folder. 0, or -1 after a message. */
static int
read_folder(const char *folder, struct strlist *names)
{
    int             rc = 0;
    DIR            *dir = opendir(*folder != '\0' ? folder : ".");
    struct dirent  *d;

    if (dir == NULL) {
        message_error("%s: %s", folder, strerror(errno));
        return -1;
    }

    errno = 0;
    while (rc == 0 && (d = readdir(dir)) != NULL) {
        if (strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0) {
            rc = strlist_add(names, d->d_name, strlen(d->d_name));
        }
        errno = 0;
    }

    if (rc == 0 && errno != 0) {
        message_error("%s: %s", folder, strerror(errno));
        rc = -1;
    }

    (void) closedir(dir);

    return rc;
}


static int
is_folder(const char *path, int follow)
{
    struct stat  st;

    return (follow ? stat(path, &st) : lstat(path, &st)) == 0
           && S_ISDIR(st.st_mode);
}


static int
too_deep(const struct walk *walk, const char *folder)
{
    if (walk->depth < DEPTH_MAX) {
        return 0;
    }

    message_error("%s: more than %d directories deep", folder, DEPTH_MAX);

    return 1;
}


static int
walk_folder(struct walk *walk, const char *folder)
{
    int             rc;
    char           *path;
    size_t          i;
    struct strlist  names = { NULL, 0 };

    rc = too_deep(walk, folder) || read_folder(folder, &names) != 0 ? -1 : 0;
    walk->depth++;

    for (i = 0; i < names.count && rc == 0; i++) {
        const char  *name = names.items[i];
        size_t       len = strlen(name);

        path = *name != '.' ? join(folder, name) : NULL;

        if (path == NULL) {
            rc = *name == '.' ? 0 : -1;
        } else if (is_folder(path, 0)) {
            rc = walk_folder(walk, path);
        } else if (len > 5 && strcmp(name + len - 5, ".hurl") == 0
                   && !is_folder(path, 1))
        {
            rc = strlist_add(walk->scripts, path, strlen(path));
        }

        free(path);
    }

    walk->depth--;
    strlist_free(&names);

    return rc;
}


/* ---- patterns ---------------------------------------------------------- */

static int  match(struct walk *walk, const char *folder, const char *pattern);


/* The path so far is what the first part of the pattern stands for. */
static int
go_on(struct walk *walk, const char *path, const char *rest)
{
    int          rc;
    struct stat  st;

    if (*rest == '\0') {
        if (is_folder(path, 1)) {
            walk->folders = 1;
            return 0;
        }
        return lstat(path, &st) != 0 ? 0
               : strlist_add(walk->scripts, path, strlen(path));
    }

    if (!is_folder(path, 1)) {
        return 0;
    }

    walk->depth++;
    rc = match(walk, path, rest);
    walk->depth--;

    return rc;
}


/* A part with wildcards, or "**": each name in the folder that fits. */
static int
match_names(struct walk *walk, const char *folder, const char *part, int any,
            const char *pattern, const char *rest)
{
    int             rc;
    char           *path;
    size_t          i;
    struct strlist  names = { NULL, 0 };

    rc = too_deep(walk, folder) || read_folder(folder, &names) != 0 ? -1 : 0;

    for (i = 0; i < names.count && rc == 0; i++) {
        if (any ? *names.items[i] == '.'
                : fnmatch(part, names.items[i], FNM_PERIOD) != 0)
        {
            continue;
        }

        path = join(folder, names.items[i]);
        rc = path == NULL ? -1
             : !any ? go_on(walk, path, rest)
             : is_folder(path, 0) ? go_on(walk, path, pattern) : 0;
        free(path);
    }

    strlist_free(&names);

    return rc;
}


static int
match(struct walk *walk, const char *folder, const char *pattern)
{
    int          rc;
    char        *part, *path;
    size_t       len = strcspn(pattern, "/");
    const char  *rest = pattern + len + strspn(pattern + len, "/");

    part = strndup(pattern, len);
    if (part == NULL) {
        message_error("out of memory");
        return -1;
    }

    if (strcmp(part, "**") == 0) {
        /* none at all, or one more; a last one means every file */
        while (strncmp(rest, "**/", 3) == 0) {
            rest += 3;
        }
        rc = match(walk, folder, *rest != '\0' ? rest : "*");
        rc = rc != 0 ? rc : match_names(walk, folder, part, 1, pattern, NULL);

    } else if (strpbrk(part, "*?[\\") != NULL) {
        rc = match_names(walk, folder, part, 0, pattern, rest);

    } else {
        path = join(folder, part);
        rc = path == NULL ? -1 : go_on(walk, path, rest);
        free(path);
    }

    free(part);

    return rc;
}


/* ---- the command line -------------------------------------------------- */

/* By bytes, and each once: a file may be found several times. */
static void
sort(struct strlist *scripts, size_t from)
{
    size_t  i, n = from;

    strlist_sort(scripts, from);

    for (i = from; i < scripts->count; i++) {
        if (n > from
            && strcmp(scripts->items[i], scripts->items[n - 1]) == 0)
        {
            free(scripts->items[i]);
        } else {
            scripts->items[n++] = scripts->items[i];
        }
    }

    scripts->count = n;
}


static int
add_folder(struct strlist *scripts, const char *path)
{
    size_t       before = scripts->count;
    struct walk  walk = { scripts, 0, 0 };

    if (walk_folder(&walk, path) != 0) {
        return -1;
    }

    if (scripts->count == before) {
        message_error("%s: no .hurl file in this directory", path);
        return -1;
    }

    sort(scripts, before);

    return 0;
}


static int
add_glob(struct strlist *scripts, const char *pattern)
{
    size_t       before = scripts->count;
    struct walk  walk = { scripts, 0, 0 };

    if (match(&walk, *pattern == '/' ? "/" : "",
              pattern + strspn(pattern, "/"))
        != 0)
    {
        return -1;
    }

    if (scripts->count == before) {
        message_error("--glob %s: matches %s", pattern, walk.folders
                      ? "directories only; append '/**/*.hurl'"
                      : "no file");
        return -1;
    }

    sort(scripts, before);

    return 0;
}


/* A file that is not there is a script that fails; the others are played. */
int
run_list_scripts(const struct run_options *o, struct strlist *scripts)
{
    int     rc = 0;
    size_t  i;

    for (i = 0; i < o->inputs.count && rc == 0; i++) {
        const char  *path = o->inputs.items[i];

        rc = strcmp(path, "-") != 0 && is_folder(path, 1)
             ? add_folder(scripts, path)
             : strlist_add(scripts, path, strlen(path));
    }

    for (i = 0; i < o->globs.count && rc == 0; i++) {
        rc = add_glob(scripts, o->globs.items[i]);
    }

    return rc;
}
