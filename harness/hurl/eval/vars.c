/* SPDX-License-Identifier: BSD-2-Clause */
/* Variables in the order they were set first; scripts have few of them. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "harness/hurl/eval/vars.h"

struct var {
    char          *name;
    size_t         name_len;
    struct arena  *arena;
    struct value   value;
};

struct vars {
    struct var  *items;
    size_t       count, room;
};


struct vars *
vars_new(void)
{
    return calloc(1, sizeof(struct vars));
}


void
vars_free(struct vars **vars)
{
    size_t  i;

    if (*vars == NULL) {
        return;
    }

    for (i = 0; i < (*vars)->count; i++) {
        free((*vars)->items[i].name);
        arena_free(&(*vars)->items[i].arena);
    }

    free((*vars)->items);
    free(*vars);
    *vars = NULL;
}


static struct var *
find(const struct vars *vars, const char *name, size_t len)
{
    size_t  i;

    for (i = 0; i < vars->count; i++) {
        if (vars->items[i].name_len == len
            && memcmp(vars->items[i].name, name, len) == 0)
        {
            return &vars->items[i];
        }
    }

    return NULL;
}


static struct var *
add(struct vars *vars, const char *name, size_t len)
{
    struct var  *more;

    if (vars->count == vars->room) {
        more = reallocarray(vars->items, vars->room * 2 + 8, sizeof(*more));
        if (more == NULL) {
            return NULL;
        }
        vars->items = more;
        vars->room = vars->room * 2 + 8;
    }

    more = &vars->items[vars->count];
    memset(more, 0, sizeof(*more));
    more->name = strndup(name, len);
    more->name_len = len;

    if (more->name == NULL) {
        return NULL;
    }

    vars->count++;

    return more;
}


int
vars_set(struct vars *vars, const char *name, size_t len,
         const struct value *value)
{
    struct var    *var;
    struct value   copy;
    struct arena  *arena;

    arena = arena_new();
    if (arena == NULL || value_copy(arena, value, &copy) != 0) {
        arena_free(&arena);
        return -1;
    }

    var = find(vars, name, len);
    if (var == NULL) {
        var = add(vars, name, len);
    }
    if (var == NULL) {
        arena_free(&arena);
        return -1;
    }

    arena_free(&var->arena);
    var->arena = arena;
    var->value = copy;

    return 0;
}


const struct value *
vars_get(const struct vars *vars, const char *name, size_t len)
{
    const struct var  *var = find(vars, name, len);

    return var != NULL ? &var->value : NULL;
}


const char *
vars_next(const struct vars *vars, size_t *iter, const struct value **value)
{
    const struct var  *var;

    if (*iter == vars->count) {
        return NULL;
    }

    var = &vars->items[(*iter)++];
    *value = &var->value;

    return var->name;
}


struct vars *
vars_copy(const struct vars *vars)
{
    size_t                i = 0;
    const char           *name;
    struct vars          *copy = vars_new();
    const struct value   *value;

    while (copy != NULL && (name = vars_next(vars, &i, &value)) != NULL) {
        if (vars_set(copy, name, strlen(name), value) != 0) {
            vars_free(&copy);
        }
    }

    return copy;
}


int
vars_is_name(const char *name, size_t len)
{
    static const char  allowed[] = "abcdefghijklmnopqrstuvwxyz"
                                   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

    return len > 0 && strspn(name, allowed) >= len;
}


int
vars_is_function(const char *name, size_t len)
{
    size_t                    i;
    static const char *const  names[] = { "newUuid", "newDate", "getEnv" };

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0) {
            return 1;
        }
    }

    return 0;
}
