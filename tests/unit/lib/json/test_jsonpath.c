/* SPDX-License-Identifier: BSD-2-Clause */
/* JSONPath: selecting, types of filters, places of errors, limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lib/base/arena.h"
#include "lib/json/json.h"
#include "lib/json/jsonpath.h"
#include "lib/base/strbuf.h"

static const char  store[] =
    "{\"books\":[{\"t\":\"A\",\"p\":8,\"isbn\":\"1\"},{\"t\":\"B\",\"p\":12},"
    "{\"t\":\"C\",\"p\":22.5,\"isbn\":\"3\"}],\"bike\":{\"p\":19},\"max\":10}";


/* Selects, and writes the nodes as one array; errors begin with '!'. */
static void
assert_selects(const char *document, const char *query, const char *expected)
{
    size_t                  i;
    struct arena           *arena = arena_new();
    struct strbuf           out = { 0 };
    struct jsonpath        *path;
    struct json_error       json_error;
    struct json_value      *root;
    struct jsonpath_nodes   nodes = { 0 };
    struct jsonpath_error   error;

    root = json_parse(arena, document, strlen(document), &json_error);
    assert_non_null(root);
    path = jsonpath_parse(arena, query, strlen(query), &error);
    if (path == NULL || jsonpath_eval(path, arena, root, &nodes, &error) != 0)
    {
        strbuf_printf(&out, "!%zu %s", error.offset, error.text);
    } else {
        strbuf_addch(&out, '[');
        for (i = 0; i < nodes.count; i++) {
            strbuf_addstr(&out, i > 0 ? "," : "");
            json_write(&out, nodes.items[i]);
        }
        strbuf_addch(&out, ']');
    }
    arena_free(&arena);

    if (out.data[0] == '!' && expected[0] == '!') {
        assert_non_null(strstr(out.data, expected + 1));
    } else {
        assert_string_equal(out.data, expected);
    }
    strbuf_free(&out);
}


static void
names_indexes_and_slices_select(void **state)
{
    (void) state;

    assert_selects(store, "$.bike.p", "[19]");
    assert_selects(store, "$['bike'][\"p\"]", "[19]");
    assert_selects(store, "$.books[-1].t", "[\"C\"]");
    assert_selects(store, "$.books[3]", "[]");
    assert_selects(store, "$.books[1:].t", "[\"B\",\"C\"]");
    assert_selects(store, "$.books[::-2].t", "[\"C\",\"A\"]");
    assert_selects(store, "$.books[2,0,0].t", "[\"C\",\"A\",\"A\"]");
    assert_selects(store, "$.none", "[]");
}


static void
wildcards_and_descendants_select_in_document_order(void **state)
{
    (void) state;

    assert_selects(store, "$..p", "[8,12,22.5,19]");
    assert_selects(store, "$.bike.*", "[19]");
    assert_selects("[[1,[2]],3]", "$..*", "[[1,[2]],3,1,[2],2]");
    assert_selects("[[1,[2]],3]", "$..[0]", "[[1,[2]],1,2]");
}


static void
filters_compare_and_combine(void **state)
{
    (void) state;

    assert_selects(store, "$.books[?@.p < $.max].t", "[\"A\"]");
    assert_selects(store, "$.books[?@.isbn && !(@.p <= 8)].t", "[\"C\"]");
    assert_selects(store, "$.books[?@.t=='B' || @.t==\"C\"].p", "[12,22.5]");
    assert_selects(store, "$.books[?@.x == @.y].t", "[\"A\",\"B\",\"C\"]");
    assert_selects("[1,1.0,\"1\",null]", "$[?@==1]", "[1,1.0]");
    assert_selects("[{\"a\":null},{}]", "$[?@.a==null]", "[{\"a\":null}]");
    assert_selects("[1,2,3,4]", "$[?@==1||@==2&&@==2||@==4]", "[1,2,4]");
}


static void
functions_count_measure_and_match(void **state)
{
    (void) state;

    assert_selects("[\"\xc3\xa9t\xc3\xa9\",[1],{},5]", "$[?length(@)==3]",
                   "[\"\xc3\xa9t\xc3\xa9\"]");
    assert_selects(store, "$[?count(@.*)==3].*.t", "[\"A\",\"B\",\"C\"]");
    assert_selects(store, "$.books[?value(@.*)]", "!must be compared");
    assert_selects("[\"ab\",\"xab\",\"ab\\n\"]", "$[?match(@,'a.')]",
                   "[\"ab\"]");
    assert_selects("[\"ab\",\"xaby\",\"b\"]", "$[?search(@,'ab')]",
                   "[\"ab\",\"xaby\"]");
    assert_selects("[\"a\"]", "$[?match(@,'(')]", "[]");
}


static void
wrong_queries_are_refused_at_their_place(void **state)
{
    (void) state;

    assert_selects("1", "", "!0 a JSONPath query must begin with $");
    assert_selects("1", "$.a-b", "!3 the query should end here");
    assert_selects("1", "$[01]", "!2 an index is written without");
    assert_selects("1", "$['a]", "!2 the closing '");
    assert_selects("1", "$[?@.a==1", "!9 ',' or ']'");
    assert_selects("1", "$[?!@.a==1]", "!7 ',' or ']'");
    assert_selects("1", "$.a[?(@.b]", "!9 a ')' is missing");
    assert_selects("1", "$[9007199254740992]", "!2 this index is out");
    assert_selects("1", "$[?\xff]", "!3 this is not UTF-8");
}


static void
types_are_checked_before_anything_is_selected(void **state)
{
    (void) state;

    assert_selects("[]", "$[?@.*==1]", "!3 only a query that selects one");
    assert_selects("[]", "$[?length(@.*)==1]", "!10 length() takes one value");
    assert_selects("[]", "$[?count(1)==1]", "!9 count() takes a query");
    assert_selects("[]", "$[?match(@,'a')==true]", "!3 the result of this");
    assert_selects("[]", "$[?match(@)]", "!10 match() takes 2 arguments");
    assert_selects("[]", "$[?foo(@)]", "!3 there is no function foo()");
    assert_selects("[]", "$[?1]", "!3 a literal must be compared");
}


static void
a_query_that_explodes_ends_with_an_error(void **state)
{
    struct strbuf  document = { 0 };
    int            i;

    (void) state;
    for (i = 0; i < 120; i++) {
        strbuf_addch(&document, '[');
    }
    for (i = 0; i < 120; i++) {
        strbuf_addch(&document, ']');
    }

    assert_selects(document.data, "$..*..*..*..*..*..*", "!too many nodes");
    strbuf_free(&document);
}


static void
a_pattern_that_explodes_ends_with_an_error(void **state)
{
    (void) state;

    assert_selects("[\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"]",
                   "$[?match(@,'(a|a)*[bc]')]", "!too many steps");
}


static void
nested_filters_have_a_limit(void **state)
{
    int            i;
    struct strbuf  query = { 0 };

    (void) state;
    strbuf_addstr(&query, "$[?");
    for (i = 0; i < 5000; i++) {
        strbuf_addch(&query, '(');
    }

    assert_selects("[]", query.data, "!nested more than");
    strbuf_free(&query);
}


static void
long_chains_are_no_problem(void **state)
{
    int            i;
    struct strbuf  query = { 0 };

    (void) state;
    strbuf_addstr(&query, "$[?@==1");
    for (i = 0; i < 100000; i++) {
        strbuf_addstr(&query, "||@==2");
    }
    strbuf_addch(&query, ']');

    assert_selects("[2,3]", query.data, "[2]");
    strbuf_free(&query);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(names_indexes_and_slices_select),
        cmocka_unit_test(wildcards_and_descendants_select_in_document_order),
        cmocka_unit_test(filters_compare_and_combine),
        cmocka_unit_test(functions_count_measure_and_match),
        cmocka_unit_test(wrong_queries_are_refused_at_their_place),
        cmocka_unit_test(types_are_checked_before_anything_is_selected),
        cmocka_unit_test(a_query_that_explodes_ends_with_an_error),
        cmocka_unit_test(a_pattern_that_explodes_ends_with_an_error),
        cmocka_unit_test(nested_filters_have_a_limit),
        cmocka_unit_test(long_chains_are_no_problem)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
