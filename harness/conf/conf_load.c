/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads configuration files. An include may hold any directives, also blocks;
 * a pattern that matches nothing is fine, a plain name must exist.
 */
#include <errno.h>
#include <glob.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/base/arena.h"
#include "harness/conf/conf_load.h"

#define INCLUDE_DEPTH_MAX  16

struct loader {
    struct arena       *arena;
    struct conf_error  *error;
    char               *folder;          /* of the first file, with '/' */
    size_t              total;
    int                 depth;
};

static int load_file(struct loader *l, const char *path,
                     const struct conf_node *from, struct conf_node **root);


static int __attribute__((format(printf, 3, 4)))
fail(struct loader *l, const struct conf_node *node, const char *format, ...)
{
    va_list  args;

    l->error->file = node != NULL ? node->file : NULL;
    l->error->line = node != NULL ? node->line : 0;
    l->error->column = node != NULL && node->count > 1 ? node->args[1].column
                                                       : 0;

    va_start(args, format);
    (void) vsnprintf(l->error->text, sizeof(l->error->text), format, args);
    va_end(args);

    return -1;
}


static char *
read_all(struct loader *l, const char *path, const struct conf_node *from,
         size_t *len)
{
    char         buf[8192], *text = NULL;
    FILE        *file;
    size_t       n, used = 0, room = 0;
    char        *more;
    struct stat  st;

    file = fopen(path, "re");
    if (file == NULL) {
        (void) fail(l, from, "open() \"%s\" failed (%d: %s)", path, errno,
                    strerror(errno));
        return NULL;
    }

    if (fstat(fileno(file), &st) != 0 || S_ISDIR(st.st_mode)) {
        (void) fail(l, from, "pread() \"%s\" failed (%d: %s)", path, EISDIR,
                    strerror(EISDIR));
        goto done;
    }

    text = arena_memdup(l->arena, "", 0);

    while (text != NULL && (n = fread(buf, 1, sizeof(buf), file)) > 0) {
        l->total += n;
        if (l->total > CONF_SIZE_MAX) {
            (void) fail(l, from, "\"%s\" is too large: configurations may "
                        "have %d megabytes", path, CONF_SIZE_MAX >> 20);
            text = NULL;
            goto done;
        }

        if (used + n > room) {
            room = (used + n) * 2;
            more = arena_alloc(l->arena, room + 1);
            if (more == NULL) {
                text = NULL;
                break;
            }
            memcpy(more, text, used);
            text = more;
        }

        memcpy(text + used, buf, n);
        used += n;
    }

    if (text == NULL) {
        (void) fail(l, from, "out of memory");

    } else if (ferror(file)) {
        (void) fail(l, from, "read() \"%s\" failed (%d: %s)", path, errno,
                    strerror(errno));
        text = NULL;
    }

    *len = used;

done:

    (void) fclose(file);

    return text;
}


static struct conf_node **
last_of(struct conf_node **list)
{
    while (*list != NULL) {
        list = &(*list)->next;
    }

    return list;
}


/* The directives of all files that match, in the order of their names. */
static int
load_include(struct loader *l, const struct conf_node *node,
             struct conf_node **list)
{
    int      rc = -1;
    char    *pattern;
    glob_t   found;
    size_t   i;

    if (node->count != 2 || node->block) {
        return fail(l, node, "invalid number of arguments in \"include\" "
                    "directive");
    }

    pattern = arena_printf(l->arena, "%s%s",
                           node->args[1].text[0] == '/' ? "" : l->folder,
                           node->args[1].text);
    if (pattern == NULL) {
        return fail(l, node, "out of memory");
    }

    *list = NULL;

    if (strpbrk(pattern, "*?[") == NULL) {
        return load_file(l, pattern, node, list);
    }

    memset(&found, 0, sizeof(found));

    switch (glob(pattern, 0, NULL, &found)) {
    case 0:
        break;
    case GLOB_NOMATCH:
        rc = 0;
        goto done;
    default:
        (void) fail(l, node, "glob() \"%s\" failed", pattern);
        goto done;
    }

    for (i = 0; i < found.gl_pathc; i++) {
        if (load_file(l, found.gl_pathv[i], node, last_of(list)) != 0) {
            goto done;
        }
    }

    rc = 0;

done:

    globfree(&found);

    return rc;
}


static int
put_includes(struct loader *l, struct conf_node **link)
{
    struct conf_node  *node, *list;

    while ((node = *link) != NULL) {

        if (strcmp(node->args[0].text, "include") == 0) {
            if (load_include(l, node, &list) != 0) {
                return -1;
            }
            *link = list;
            link = last_of(link);
            *link = node->next;
            continue;
        }

        if (node->block && put_includes(l, &node->children) != 0) {
            return -1;
        }

        link = &node->next;
    }

    return 0;
}


static int
load_file(struct loader *l, const char *path, const struct conf_node *from,
          struct conf_node **root)
{
    int          rc;
    char        *text;
    size_t       len = 0;
    const char  *name;

    if (l->depth == INCLUDE_DEPTH_MAX) {
        return fail(l, from, "includes go more than %d deep",
                    INCLUDE_DEPTH_MAX);
    }

    text = read_all(l, path, from, &len);
    name = arena_memdup(l->arena, path, strlen(path));
    if (text == NULL || name == NULL) {
        return text == NULL ? -1 : fail(l, from, "out of memory");
    }

    if (conf_parse(l->arena, name, text, len, root, l->error) != 0) {
        return -1;
    }

    l->depth++;
    rc = put_includes(l, root);
    l->depth--;

    return rc;
}


int
conf_load(struct arena *arena, const char *path, struct conf_node **root,
          struct conf_error *error)
{
    const char     *slash = strrchr(path, '/');
    struct loader   l;

    memset(&l, 0, sizeof(l));
    memset(error, 0, sizeof(*error));
    l.arena = arena;
    l.error = error;
    l.folder = arena_memdup(arena, path,
                            slash != NULL ? (size_t) (slash - path) + 1 : 0);
    if (l.folder == NULL) {
        return fail(&l, NULL, "out of memory");
    }

    return load_file(&l, path, NULL, root);
}


const char *
conf_line(struct arena *arena, const char *path, unsigned line)
{
    char         buf[4096];
    FILE        *file;
    size_t       len;
    unsigned     n = 0;
    const char  *text = NULL;

    file = fopen(path, "re");
    if (file == NULL) {
        return NULL;
    }

    while (n < line && fgets(buf, sizeof(buf), file) != NULL) {
        len = strlen(buf);
        n += (len > 0 && buf[len - 1] == '\n') || n + 1 == line;

        if (n == line) {
            buf[strcspn(buf, "\n")] = '\0';
            text = arena_memdup(arena, buf, strlen(buf));
        }
    }

    (void) fclose(file);

    return text;
}
