/* SPDX-License-Identifier: BSD-2-Clause */
/* Properties: sorted or not, a name has the same value. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "core/lf_core.h"

#define MANY  1000

static char            keys[MANY][16];
static struct lf_prop  items[MANY], before[MANY];


static lf_str_t
str(const char *text)
{
    return (lf_str_t) { strlen(text), (u_char *) (uintptr_t) text };
}


/* Names that repeat, in different case; the value says which item it was. */
static void
fill(size_t count)
{
    size_t  i;

    for (i = 0; i < count; i++) {
        (void) snprintf(keys[i], sizeof(keys[i]), i % 3 ? "Key%zu" : "kEY%zu",
                        i * 7919 % 700);
        items[i].key = str(keys[i]);
        items[i].value = (lf_str_t) { i, (u_char *) keys[i] };
    }

    memcpy(before, items, sizeof(items));
}


static void
a_sorted_list_answers_as_the_list_before(void **state)
{
    size_t           i;
    char             name[16];
    lf_str_t         key;
    struct lf_props  plain = { before, MANY, 0 }, sorted = { items, 0, 1 };
    const lf_str_t  *a, *b;

    (void) state;
    fill(MANY);
    sorted.count = lf_props_sort(items, MANY);
    assert_int_equal(sorted.count, 700);

    for (i = 0; i < 800; i++) {
        (void) snprintf(name, sizeof(name), "KEY%zu", i);
        key = str(name);
        a = lf_prop_find(&plain, &key);
        b = lf_prop_find(&sorted, &key);
        assert_int_equal(a == NULL, i >= 700);
        assert_int_equal(b == NULL, i >= 700);
        assert_true(a == NULL || (a->data == b->data && a->len == b->len));
    }
}


static void
sorting_again_changes_nothing(void **state)
{
    size_t  count;

    (void) state;
    fill(MANY);
    count = lf_props_sort(items, MANY);
    memcpy(before, items, sizeof(items));

    assert_int_equal(lf_props_sort(items, count), count);
    assert_memory_equal(items, before, count * sizeof(items[0]));
}


static void
few_and_none_can_be_sorted(void **state)
{
    lf_str_t         key = str("a");
    struct lf_props  none = { NULL, 0, 1 };

    (void) state;
    assert_int_equal(lf_props_sort(NULL, 0), 0);
    assert_null(lf_prop_find(&none, &key));

    items[0].key = str("A");
    assert_int_equal(lf_props_sort(items, 1), 1);
    none.items = items;
    none.count = 1;
    assert_ptr_equal(lf_prop_find(&none, &key), &items[0].value);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_sorted_list_answers_as_the_list_before),
        cmocka_unit_test(sorting_again_changes_nothing),
        cmocka_unit_test(few_and_none_can_be_sorted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
