/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `if` in a location: conditions on variables that the mock knows, and the
 * headers of ngx_link_func_add_req_header inside. Whatever else stands there
 * is nginx's own: when its condition holds, the mock does not play on. And the
 * thread pools that handlers are given to.
 */
#include <stdio.h>
#include <string.h>

#include "harness/conf/conf_build.h"
#include "harness/conf/conf_if.h"
#include "harness/conf/conf_vars.h"
#include "lib/regex/regexp.h"

#define WORDS_MAX  3


/* The words between the brackets; 0 when there are too many, or none. */
static size_t
read_words(struct conf_builder *b, const struct conf_node *node,
           const char *words[WORDS_MAX])
{
    size_t  i, len, n = 0;
    char   *text;

    for (i = 1; i < node->count; i++) {
        text = arena_strdup(b->arena, node->args[i].text);
        if (text == NULL) {
            return 0;
        }

        text += i == 1 && text[0] == '(';
        len = strlen(text);
        if (i == node->count - 1 && len > 0 && text[len - 1] == ')') {
            text[--len] = '\0';
        }

        if (len == 0 && (i == 1 || i == node->count - 1)) {
            continue;
        }
        if (n == WORDS_MAX) {
            return 0;
        }
        words[n++] = text;
    }

    return n;
}


static int
read_comparison(struct conf_builder *b, struct conf_if *it, const char *op,
                const char *value)
{
    int   nocase;
    char  err[LF_ERR_LEN];

    it->negative = op[0] == '!';
    op += it->negative;
    it->value = (lf_str_t) { strlen(value), (u_char *) (uintptr_t) value };

    if (strcmp(op, "=") == 0) {
        it->test = strchr(value, '$') == NULL ? CONF_IF_EQUAL : CONF_IF_UNKNOWN;
        return 0;
    }

    nocase = strcmp(op, "~*") == 0;
    if (!nocase && strcmp(op, "~") != 0) {
        return conf_fail(b, it->node, 0, "unexpected \"%s\" in condition", op);
    }

    it->regex = regex_compile_bytes(b->arena, value, nocase, err);
    if (it->regex == NULL) {
        return conf_fail(b, it->node, 0, "%s", err);
    }

    /* its captures would be what $1 means inside */
    it->test = strchr(value, '(') == NULL ? CONF_IF_MATCH : CONF_IF_UNKNOWN;

    return 0;
}


static int
read_condition(struct conf_builder *b, struct conf_if *it)
{
    char         err[LF_ERR_LEN];
    size_t       n;
    lf_str_t     text;
    const char  *words[WORDS_MAX];

    const struct conf_node  *node = it->node;

    if (node->count < 2 || node->args[1].text[0] != '('
        || node->args[node->count - 1].len == 0
        || node->args[node->count - 1].text[node->args[node->count - 1].len
                                            - 1] != ')')
    {
        return conf_fail(b, node, node->count > 1, "invalid condition \"%s\"",
                         node->count > 1 ? node->args[1].text : "");
    }

    n = read_words(b, node, words);
    it->test = CONF_IF_UNKNOWN;

    if (n == 0 || words[0][0] != '$') {
        return 0;                            /* -f and its like */
    }

    if (n == 2) {
        return conf_fail(b, node, 1, "invalid condition \"%s\"", words[0]);
    }

    text = (lf_str_t) { strlen(words[0]), (u_char *) (uintptr_t) words[0] };
    it->variable = (lf_str_t) { text.len - 1, text.data + 1 };

    if (!b->own_variables && conf_vars_check(&text, b->is_variable, err) != 0) {
        return conf_fail(b, node, 1, "%s", err);
    }

    if (words[0][1] >= '1' && words[0][1] <= '9') {
        return 0;
    }

    if (n == 3) {
        return read_comparison(b, it, words[1], words[2]);
    }

    it->test = CONF_IF_SET;

    return 0;
}


int
conf_add_if(struct conf_builder *b, const struct conf_scope *outer,
            const struct conf_node *node, struct conf_scope *inside)
{
    struct conf_if  *it, **last = &outer->location->ifs;

    if (!node->block) {
        return conf_fail(b, node, 0, "directive \"%s\" has no opening \"{\"",
                         node->args[0].text);
    }

    it = arena_alloc(b->arena, sizeof(*it));
    if (it == NULL) {
        return conf_fail(b, node, 0, "out of memory");
    }

    it->node = node;
    if (read_condition(b, it) != 0) {
        return -1;
    }

    while (*last != NULL) {
        last = &(*last)->next;
    }
    *last = it;

    /* the same location, but for what stands inside */
    it->inside = *outer->location;
    it->inside.ifs = NULL;
    it->inside.children = it->inside.next = NULL;

    *inside = *outer;
    inside->location = &it->inside;
    inside->block = LF_IN_IF;
    inside->seen = 0;
    inside->last_header = NULL;
    inside->last_sub = NULL;

    return 0;
}


/* ---- thread pools ------------------------------------------------------ */

static int
add_pool(struct conf_builder *b, struct conf_pool **last,
         const struct conf_node *node, const char *name)
{
    struct conf_pool  *pool;

    pool = arena_alloc(b->arena, sizeof(*pool));
    if (pool == NULL) {
        return conf_fail(b, node, 0, "out of memory");
    }

    pool->name = name;
    pool->node = node;
    pool->next = *last;
    *last = pool;

    return 0;
}


static const struct conf_pool *
find_pool(const struct conf_builder *b, const char *name)
{
    const struct conf_pool  *pool = b->pools;

    while (pool != NULL && strcmp(pool->name, name) != 0) {
        pool = pool->next;
    }

    return pool;
}


int
conf_add_pool(struct conf_builder *b, const struct conf_node *node)
{
    size_t  i;

    if (node->count < 3 || node->count > 4 || node->block) {
        return conf_fail(b, node, 0, "invalid number of arguments in "
                         "\"%s\" directive", node->args[0].text);
    }

    for (i = 2; i < node->count; i++) {
        if (strncmp(node->args[i].text, "threads=", 8) != 0
            && strncmp(node->args[i].text, "max_queue=", 10) != 0)
        {
            return conf_fail(b, node, i, "invalid parameter \"%s\"",
                             node->args[i].text);
        }
    }

    if (find_pool(b, node->args[1].text) != NULL) {
        return conf_fail(b, node, 1, "duplicate thread pool \"%s\"",
                         node->args[1].text);
    }

    return add_pool(b, &b->pools, node, node->args[1].text);
}


int
conf_add_pool_use(struct conf_builder *b, const struct conf_node *node,
                  const char *name)
{
    return add_pool(b, &b->pool_uses, node, name);
}


int
conf_check_pools(struct conf_builder *b)
{
    const struct conf_pool  *use;

    for (use = b->pool_uses; use != NULL; use = use->next) {
        if (strcmp(use->name, "default") != 0
            && find_pool(b, use->name) == NULL)
        {
            return conf_fail(b, use->node, 1, "unknown thread pool \"%s\"",
                             use->name);
        }
    }

    return 0;
}
