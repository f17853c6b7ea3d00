/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs the JSONPath compliance test suite, whose file is given by its path and
 * is no part of this project. Prints one line for each failure and the counts;
 * exit 1 when anything failed, 2 when the file cannot be used.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/json/json.h"
#include "lib/json/jsonpath.h"
#include "lib/base/strbuf.h"


static int
read_file(const char *name, struct strbuf *content)
{
    char    buf[65536];
    FILE   *file;
    size_t  n;
    int     bad;

    file = fopen(name, "rb");
    if (file == NULL) {
        perror(name);
        return -1;
    }
    while ((n = fread(buf, 1, sizeof(buf), file)) > 0) {
        strbuf_add(content, buf, n);
    }
    bad = ferror(file) || content->failed;
    (void) fclose(file);

    return bad ? -1 : 0;
}


static const struct json_value *
member(const struct json_value *test, const char *name)
{
    return json_get(test, name, strlen(name));
}


static int
same_nodes(const struct jsonpath_nodes *nodes, const struct json_value *list)
{
    size_t  i;

    if (list->type != JSON_ARRAY || list->u.array.count != nodes->count) {
        return 0;
    }
    for (i = 0; i < nodes->count; i++) {
        if (json_equal(nodes->items[i], &list->u.array.items[i], NULL) != 1) {
            return 0;
        }
    }

    return 1;
}


/* Is the selection the expected one, or one of several that are right? */
static int
is_expected(const struct json_value *test, const struct jsonpath_nodes *nodes)
{
    size_t                    i;
    const struct json_value  *results = member(test, "results");

    if (results == NULL) {
        return same_nodes(nodes, member(test, "result"));
    }
    for (i = 0; i < results->u.array.count; i++) {
        if (same_nodes(nodes, &results->u.array.items[i])) {
            return 1;
        }
    }

    return 0;
}


/* NULL, or why the case failed. */
static const char *
run_case(struct arena *arena, const struct json_value *test)
{
    struct jsonpath          *path;
    struct jsonpath_nodes     nodes;
    struct jsonpath_error     error;
    const struct json_value  *selector = member(test, "selector");

    path = jsonpath_parse(arena, selector->u.text.data, selector->u.text.len,
                          &error);
    if (member(test, "invalid_selector") != NULL) {
        return path == NULL ? NULL : "the selector was not refused";
    }
    if (path == NULL
        || jsonpath_eval(path, arena, member(test, "document"), &nodes,
                         &error) != 0)
    {
        return arena_strdup(arena, error.text);
    }

    return is_expected(test, &nodes) ? NULL : "other nodes were selected";
}


static int
run_suite(struct arena *arena, const struct json_value *suite)
{
    size_t                    i, failed = 0;
    const char               *why;
    const struct json_value  *tests = member(suite, "tests"), *test;

    if (tests == NULL || tests->type != JSON_ARRAY
        || tests->u.array.count == 0)
    {
        (void) fprintf(stderr, "there are no tests in this file\n");
        return 2;
    }

    for (i = 0; i < tests->u.array.count; i++) {
        test = &tests->u.array.items[i];
        why = run_case(arena, test);
        if (why != NULL) {
            (void) printf("FAILED %s: %s: %s\n",
                          member(test, "name")->u.text.data,
                          member(test, "selector")->u.text.data, why);
            failed++;
        }
    }
    (void) printf("%zu passed, %zu failed\n", i - failed, failed);

    return failed > 0;
}


int
main(int argc, char **argv)
{
    int                 rc = 2;
    struct arena       *arena = arena_new();
    struct strbuf       content = { 0 };
    struct json_error   error;
    struct json_value  *suite;

    if (argc != 2 || arena == NULL) {
        (void) fprintf(stderr, "usage: jsonpath-cts CTS.JSON\n");
        goto done;
    }
    if (read_file(argv[1], &content) != 0) {
        goto done;
    }
    suite = json_parse(arena, content.data, content.len, &error);
    if (suite == NULL) {
        (void) fprintf(stderr, "%s:%u:%u: %s\n", argv[1], error.line,
                       error.column, error.text);
        goto done;
    }
    rc = run_suite(arena, suite);

done:

    strbuf_free(&content);
    arena_free(&arena);
    return rc;
}
