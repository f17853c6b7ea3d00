/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Locations: their names and nesting as nginx checks them, and the choice of
 * the one that answers a uri.
 */
#include <string.h>

#include "harness/conf/conf_build.h"
#include "lib/regex/regexp.h"


/* "= /x" or "=/x" and the like: the modifier and where the name starts. */
static int
read_name(struct conf_builder *b, const struct conf_node *node,
          struct conf_location *location)
{
    size_t       i;
    const char  *name = node->args[1].text;
    static const struct {
        const char  *text;
        unsigned     match, nocase;
    } modifiers[] = {
        { "=", CONF_EXACT, 0 }, { "^~", CONF_PREFIX_STOP, 0 },
        { "~*", CONF_REGEX, 1 }, { "~", CONF_REGEX, 0 }
    };
    const size_t  count = sizeof(modifiers) / sizeof(modifiers[0]);

    if (node->count < 2 || node->count > 3) {
        return conf_fail(b, node, 0,
                         "invalid number of arguments in \"location\" "
                         "directive");
    }

    for (i = 0; i < count; i++) {
        if (node->count == 3 ? strcmp(name, modifiers[i].text) == 0
            : strncmp(name, modifiers[i].text, strlen(modifiers[i].text)) == 0)
        {
            location->match = modifiers[i].match;
            location->nocase = modifiers[i].nocase & 1;
            break;
        }
    }

    if (node->count == 3) {
        if (i == count) {
            return conf_fail(b, node, 1, "invalid location modifier \"%s\"",
                             name);
        }
        name = node->args[2].text;

    } else if (i < count) {
        name += strlen(modifiers[i].text);

    } else if (name[0] == '@') {
        location->match = CONF_NAMED;
    }

    location->name = (lf_str_t) { strlen(name), (u_char *) name };

    return 0;
}


static int
check_nesting(struct conf_builder *b, const struct conf_scope *scope,
              const struct conf_location *location)
{
    const char                  *name = (char *) location->name.data;
    const struct conf_node      *node = location->node;
    const struct conf_location  *outer = scope->location;

    if (outer == NULL) {
        return 0;
    }

    if (outer->match == CONF_EXACT) {
        return conf_fail(b, node, 1, "location \"%s\" cannot be inside the "
                         "exact location \"%s\"", name,
                         (char *) outer->name.data);
    }
    if (outer->match == CONF_NAMED) {
        return conf_fail(b, node, 1, "location \"%s\" cannot be inside the "
                         "named location \"%s\"", name,
                         (char *) outer->name.data);
    }
    if (location->match == CONF_NAMED) {
        return conf_fail(b, node, 1, "named location \"%s\" can be on the "
                         "server level only", name);
    }
    if (location->match != CONF_REGEX
        && strncmp(name, (char *) outer->name.data, outer->name.len) != 0)
    {
        return conf_fail(b, node, 1, "location \"%s\" is outside location "
                         "\"%s\"", name, (char *) outer->name.data);
    }

    return 0;
}


/* Prefixes that differ only in ^~ are one location to nginx. */
static int
is_same(const struct conf_location *a, const struct conf_location *b)
{
    int  x = a->match == CONF_PREFIX_STOP ? CONF_PREFIX : (int) a->match;
    int  y = b->match == CONF_PREFIX_STOP ? CONF_PREFIX : (int) b->match;

    return x == y && x != CONF_REGEX && a->name.len == b->name.len
           && memcmp(a->name.data, b->name.data, a->name.len) == 0;
}


struct conf_location *
conf_add_location(struct conf_builder *b, struct conf_scope *scope,
                  const struct conf_node *node)
{
    char                    err[LF_ERR_LEN];
    struct conf_location  **last, *location;

    location = arena_alloc(b->arena, sizeof(*location));
    if (location == NULL) {
        (void) conf_fail(b, node, 0, "out of memory");
        return NULL;
    }

    location->node = node;

    if (read_name(b, node, location) != 0
        || check_nesting(b, scope, location) != 0)
    {
        return NULL;
    }

    if (location->match == CONF_REGEX) {
        location->regex = regex_compile_bytes(b->arena,
                                              (char *) location->name.data,
                                              location->nocase, err);
        if (location->regex == NULL) {
            (void) conf_fail(b, node, node->count - 1, "%s", err);
            return NULL;
        }
    }

    location->outer = scope->location;
    last = scope->location != NULL ? &scope->location->children
                                   : &scope->server->root.children;

    for ( ; *last != NULL; last = &(*last)->next) {
        if (is_same(*last, location)) {
            (void) conf_fail(b, node, 1, "duplicate location \"%s\"",
                             (char *) location->name.data);
            return NULL;
        }
    }
    *last = location;

    return location;
}


/* The exact location, else the longest prefix, of one level. */
static const struct conf_location *
find_static(const struct conf_location *level, const lf_str_t *uri)
{
    const struct conf_location  *l, *found = NULL;

    for (l = level->children; l != NULL; l = l->next) {
        if (l->match == CONF_REGEX || l->match == CONF_NAMED
            || l->name.len > uri->len
            || memcmp(l->name.data, uri->data, l->name.len) != 0)
        {
            continue;
        }

        if (l->match == CONF_EXACT) {
            if (l->name.len == uri->len) {
                return l;
            }

        } else if (found == NULL || l->name.len > found->name.len) {
            found = l;
        }
    }

    return found;
}


/*
 * Search one level: *best is the choice so far. Returns 1 when the search is
 * over, 0 when outer regexes may still win, -1 when a regex failed.
 */
static int
find_best(const struct conf_location *level, const lf_str_t *uri,
          const struct conf_location **best)
{
    int                          rc;
    const struct conf_location  *l, *found;

    found = find_static(level, uri);

    if (found != NULL) {
        *best = found;

        if (found->match == CONF_EXACT) {
            return 1;
        }

        rc = find_best(found, uri, best);
        if (rc != 0) {
            return rc;
        }

        if (found->match == CONF_PREFIX_STOP) {
            return 0;
        }
    }

    for (l = level->children; l != NULL; l = l->next) {
        if (l->match != CONF_REGEX) {
            continue;
        }

        rc = regex_matches_bytes(l->regex, uri->data, uri->len);
        if (rc < 0) {
            return -1;
        }

        if (rc == 1) {
            *best = l;
            return find_best(l, uri, best) < 0 ? -1 : 1;
        }
    }

    return 0;
}


const struct conf_location *
conf_find_location(const struct conf_server *server, const lf_str_t *uri,
                   char *err)
{
    const struct conf_location  *best = &server->root;

    if (find_best(&server->root, uri, &best) < 0) {
        (void) strcpy(err, "a regex of the configuration could not be run: "
                           "it needs too many steps for this uri");
        return NULL;
    }

    return best;
}


const struct conf_location *
conf_find_named(const struct conf_server *server, const char *name)
{
    const struct conf_location  *l;

    for (l = server->root.children; l != NULL; l = l->next) {
        if (l->match == CONF_NAMED
            && strcmp((char *) l->name.data, name) == 0)
        {
            return l;
        }
    }

    return NULL;
}
