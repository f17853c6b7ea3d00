/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Selecting nodes. Every node that is looked at costs a step; recursion is as
 * deep as the document and the query are, and both have limits.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json/jsonpath_tree.h"


static int
fail(struct path_run *run, const char *text)
{
    run->error->offset = 0;
    (void) snprintf(run->error->text, sizeof(run->error->text), "%s", text);

    return -1;
}


int
jsonpath_spend(struct path_run *run, size_t steps)
{
    if (run->steps < steps) {
        run->steps = 0;
        return fail(run, "the query visits too many nodes of this document; "
                    "select more narrowly, with fewer .. and *");
    }
    run->steps -= steps;

    return 0;
}


static int
add_node(struct path_run *run, struct node_list *nodes,
         const struct json_value *node)
{
    size_t                     room;
    const struct json_value  **items;

    if (jsonpath_spend(run, 1) != 0) {
        return -1;
    }
    if (nodes->count == nodes->room) {
        room = nodes->room == 0 ? 16 : nodes->room * 2;
        items = realloc(nodes->items, room * sizeof(*items));
        if (items == NULL) {
            return fail(run, "out of memory");
        }
        nodes->items = items;
        nodes->room = room;
    }
    nodes->items[nodes->count++] = node;

    return 0;
}


static size_t
child_count(const struct json_value *value)
{
    if (value->type == JSON_ARRAY) {
        return value->u.array.count;
    }

    return value->type == JSON_OBJECT ? value->u.object.count : 0;
}


static const struct json_value *
child_at(const struct json_value *value, size_t i)
{
    return value->type == JSON_ARRAY ? &value->u.array.items[i]
                                     : &value->u.object.members[i].value;
}


/* The node of a name or an index, NULL: none. */
static const struct json_value *
child_of(const struct selector *selector, const struct json_value *value)
{
    int64_t  index, count;

    if (selector->kind == SELECT_NAME) {
        return json_get(value, selector->name.data, selector->name.len);
    }
    if (value->type != JSON_ARRAY) {
        return NULL;
    }
    count = (int64_t) value->u.array.count;
    index = selector->start < 0 ? selector->start + count : selector->start;

    return index >= 0 && index < count ? &value->u.array.items[index] : NULL;
}


static int64_t
clamp(int64_t n, int64_t low, int64_t high)
{
    return n < low ? low : n > high ? high : n;
}


static int
select_slice(struct path_run *run, const struct selector *selector,
             const struct json_value *value, struct node_list *nodes)
{
    int64_t  i, start, end, step = selector->step, count;

    if (value->type != JSON_ARRAY || step == 0) {
        return 0;
    }
    count = (int64_t) value->u.array.count;
    start = selector->has_start ? selector->start : step > 0 ? 0 : count - 1;
    end = selector->has_end ? selector->end : step > 0 ? count : -count - 1;
    start = start < 0 ? start + count : start;
    end = end < 0 ? end + count : end;

    if (step > 0) {
        start = clamp(start, 0, count);
        end = clamp(end, 0, count);
        for (i = start; i < end; i += step) {
            if (add_node(run, nodes, &value->u.array.items[i]) != 0) {
                return -1;
            }
        }
        return 0;
    }

    start = clamp(start, -1, count - 1);
    end = clamp(end, -1, count - 1);
    for (i = start; i > end; i += step) {
        if (add_node(run, nodes, &value->u.array.items[i]) != 0) {
            return -1;
        }
    }

    return 0;
}


/* All children, or those for which the filter holds. */
static int
select_children(struct path_run *run, const struct expr *filter,
                const struct json_value *value, struct node_list *nodes)
{
    int                       rc;
    size_t                    i, count = child_count(value);
    const struct json_value  *child;

    for (i = 0; i < count; i++) {
        child = child_at(value, i);
        rc = 1;
        if (filter != NULL) {
            rc = jsonpath_spend(run, 1) == 0 ? jsonpath_test(run, filter,
                                                             child) : -1;
        }
        if (rc < 0 || (rc == 1 && add_node(run, nodes, child) != 0)) {
            return -1;
        }
    }

    return 0;
}


static int
apply_selectors(struct path_run *run, const struct selector *selector,
                const struct json_value *value, struct node_list *nodes)
{
    int                       rc = 0;
    const struct json_value  *child;

    for ( ; selector != NULL && rc == 0; selector = selector->next) {
        switch (selector->kind) {
        case SELECT_NAME:
            rc = jsonpath_spend(run, child_count(value) / 16 + 1);
            /* fall through */
        case SELECT_INDEX:
            child = child_of(selector, value);
            if (rc == 0 && child != NULL) {
                rc = add_node(run, nodes, child);
            }
            break;
        case SELECT_SLICE:
            rc = select_slice(run, selector, value, nodes);
            break;
        default:
            rc = select_children(run, selector->filter, value, nodes);
            break;
        }
    }

    return rc;
}


/* A node, then all below it, each before its own children. */
static int
apply_descendants(struct path_run *run, const struct selector *selectors,
                  const struct json_value *value, struct node_list *nodes)
{
    size_t  i, count = child_count(value);

    if (jsonpath_spend(run, 1) != 0
        || apply_selectors(run, selectors, value, nodes) != 0)
    {
        return -1;
    }
    for (i = 0; i < count; i++) {
        if (apply_descendants(run, selectors, child_at(value, i), nodes)
            != 0)
        {
            return -1;
        }
    }

    return 0;
}


static int
apply_segment(struct path_run *run, const struct segment *segment,
              const struct node_list *from, struct node_list *to)
{
    int     rc = 0;
    size_t  i;

    for (i = 0; i < from->count && rc == 0; i++) {
        rc = segment->descendant
             ? apply_descendants(run, segment->selectors, from->items[i], to)
             : apply_selectors(run, segment->selectors, from->items[i], to);
    }

    return rc;
}


int
jsonpath_select(struct path_run *run, const struct query *query,
                const struct json_value *current, struct node_list *nodes)
{
    int                    rc;
    struct node_list       next;
    const struct segment  *segment;

    rc = add_node(run, nodes, query->relative ? current : run->root);
    for (segment = query->segments; segment != NULL && rc == 0;
         segment = segment->next)
    {
        memset(&next, 0, sizeof(next));
        rc = apply_segment(run, segment, nodes, &next);
        free(nodes->items);
        *nodes = next;
    }

    return rc;
}


int
jsonpath_single(struct path_run *run, const struct query *query,
                const struct json_value *current,
                const struct json_value **node)
{
    const struct segment  *segment;

    *node = query->relative ? current : run->root;
    for (segment = query->segments; segment != NULL && *node != NULL;
         segment = segment->next)
    {
        if (jsonpath_spend(run, child_count(*node) / 16 + 1) != 0) {
            return -1;
        }
        *node = child_of(segment->selectors, *node);
    }

    return 0;
}


int
jsonpath_eval(struct jsonpath *path, struct arena *arena,
              const struct json_value *root, struct jsonpath_nodes *nodes,
              struct jsonpath_error *error)
{
    int               rc;
    struct path_run   run = { .path = path, .root = root, .error = error,
                              .steps = JSONPATH_STEPS_MAX };
    struct node_list  list = { 0 };

    memset(error, 0, sizeof(*error));
    memset(nodes, 0, sizeof(*nodes));
    rc = jsonpath_select(&run, &path->query, root, &list);
    if (rc == 0) {
        nodes->items = arena_alloc(arena, list.count * sizeof(*list.items));
        if (nodes->items == NULL) {
            rc = fail(&run, "out of memory");
        } else if (list.count > 0) {
            memcpy(nodes->items, list.items,
                   list.count * sizeof(*list.items));
            nodes->count = list.count;
        }
    }
    free(list.items);

    return rc;
}
