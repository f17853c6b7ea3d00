/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every row of golden/slab_capacity.tsv: a zone holds at least 90 % of the
 * entries that the known module gets into it, or one entry fewer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/core/zone_setup.h"

struct row {
    char           zone[8], size[16];
    unsigned long  alloc, new;
    int            has_alloc;
};

/* The table's zones are sizes in k or m. */
static size_t
zone_size(const char *text)
{
    char           unit;
    unsigned long  n;

    assert_int_equal(sscanf(text, "%lu%c", &n, &unit), 2);

    return n << (unit == 'k' ? 10 : 20);
}


static int
row_read(FILE *file, struct row *row)
{
    char  line[256], alloc[16], end[16], new[16];

    if (fgets(line, sizeof(line), file) == NULL) {
        return 0;
    }

    assert_int_equal(sscanf(line, "%7s %15s %15s %15s %15s", row->zone,
                            row->size, alloc, end, new), 5);

    row->has_alloc = strcmp(alloc, "-") != 0;
    row->alloc = strtoul(alloc, NULL, 10);
    row->new = strtoul(new, NULL, 10);

    return 1;
}


static unsigned long
fill_alloc(size_t zone_bytes, size_t size)
{
    unsigned long    count = 0;
    struct lf_zone  *zone;

    zone = zone_open(zone_bytes);
    ngx_link_func_shmtx_lock(zone);

    while (ngx_link_func_shm_alloc_locked(zone, size) != NULL) {
        count++;
    }

    ngx_link_func_shmtx_unlock(zone);
    zone_close();

    return count;
}


/* size NULL: with cache_put. */
static unsigned long
fill_cache(size_t zone_bytes, const char *size)
{
    char             key[32];
    unsigned long    n, bytes, count;
    struct lf_zone  *zone;

    zone = zone_open(zone_bytes);
    bytes = size ? strtoul(size, NULL, 10) : 0;
    ngx_link_func_shmtx_lock(zone);

    for (n = 0; zone_reports(LF_RULE_ZONE_FULL) == 0; n++) {
        (void) snprintf(key, sizeof(key), "k%07lu", n);

        if (size != NULL) {
            (void) ngx_link_func_cache_new(zone, key, bytes);
        } else {
            (void) ngx_link_func_cache_put(zone, key, zone);
        }
    }

    count = lf_cache_count(zone);
    assert_int_equal(count, n - 1);
    ngx_link_func_shmtx_unlock(zone);
    zone_close();

    return count;
}


static void
expect_enough(const struct row *row, const char *what, unsigned long got,
              unsigned long golden)
{
    if (got * 10 < golden * 9 && got + 1 < golden) {
        fail_msg("zone %s, %s of %s: %lu entries, but %lu are known to fit",
                 row->zone, what, row->size, got, golden);
    }

    if (getenv("SHOW_CAPACITY") != NULL) {
        print_message("%s %s %s: %lu (known: %lu)\n", row->zone, what,
                      row->size, got, golden);
    }
}


static void
zone_holds_as_much_as_is_known_to_fit(void **state)
{
    FILE        *file;
    size_t       bytes;
    unsigned     rows = 0;
    struct row   row;

    (void) state;

    file = fopen(TEST_GOLDEN "/slab_capacity.tsv", "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%*[^\n]\n"), 0);

    for ( /* void */ ; row_read(file, &row); rows++) {
        bytes = zone_size(row.zone);

        if (row.has_alloc) {
            expect_enough(&row, "shm_alloc",
                          fill_alloc(bytes, strtoul(row.size, NULL, 10)),
                          row.alloc);
            expect_enough(&row, "cache_new", fill_cache(bytes, row.size),
                          row.new);
        } else {
            expect_enough(&row, "cache_put", fill_cache(bytes, NULL),
                          row.new);
        }
    }

    (void) fclose(file);
    assert_int_equal(rows, 72);
}


/* Each zone has a hash seed of its own; hosts must agree nevertheless. */
static void
capacity_does_not_depend_on_the_seed(void **state)
{
    size_t          i;
    unsigned long   first;
    static const char *const  sizes[] = { "8", "100", "3000", NULL };

    (void) state;

    for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        first = fill_cache(256 * 1024, sizes[i]);
        assert_int_equal(fill_cache(256 * 1024, sizes[i]), first);
        assert_int_equal(fill_cache(256 * 1024, sizes[i]), first);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(zone_holds_as_much_as_is_known_to_fit),
        cmocka_unit_test(capacity_does_not_depend_on_the_seed)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
