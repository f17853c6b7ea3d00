/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The golden rows of the shared memory's capacity: a fresh zone takes as many
 * entries on the mock as on a real nginx, and at least 90 % of those of the
 * known module, or one fewer.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/contract/contract.h"
#include "tests/contract/golden_table.h"

/* Of slab_capacity.tsv; column[n]. */
enum { ZONE, SIZE, ALLOC_OK, NEW_OK = 4 };

static const struct contract_place  places[] = {
    { "/", "capacity", "" },
    { 0 }
};

static struct contract_setup  setup = {
    .workers = 1, .places = places
};


/* On a host of its own: the zone of each question is a fresh one. */
static unsigned long
ask_mock(const struct contract_request *request)
{
    char                    err[CONTRACT_ERR] = "no memory";
    unsigned long           count;
    struct contract_mock   *mock;
    struct contract_answer  answer = { 0 };

    mock = contract_mock_new(&setup, err);

    if (mock == NULL || contract_mock_play(mock, request, &answer, err) != 0)
    {
        fail_msg("%s", err);
    }

    count = strtoul((char *) answer.body, NULL, 10);
    contract_answer_free(&answer);
    contract_mock_free(&mock);

    return count;
}


static unsigned long
ask_nginx(const struct contract_request *request)
{
    char                    err[CONTRACT_ERR] = "no memory", *trouble;
    unsigned long           count;
    struct contract_real   *real;
    struct contract_answer  answer = { 0 };

    real = contract_real_new(&setup, err);

    if (real == NULL || contract_real_play(real, request, &answer, err) != 0)
    {
        fail_msg("%s", err);
    }

    count = strtoul((char *) answer.body, NULL, 10);
    contract_answer_free(&answer);
    trouble = contract_real_free(&real);

    if (trouble != NULL) {
        fail_msg("%s", trouble);
    }

    return count;
}


static void
assert_capacity(const char *what, const char *size, const char *known)
{
    char                     target[64];
    unsigned long            ours, theirs, table;
    struct contract_request  request = { .target = target };

    (void) snprintf(target, sizeof(target), "/?what=%s&size=%s", what, size);
    table = strtoul(known, NULL, 10);
    ours = ask_mock(&request);

    if (ours * 10 < table * 9 && ours + 1 < table) {
        fail_msg("%s of %s: %lu, the known module has %lu", what, size, ours,
                 table);
    }

    if (contract_real_missing(setup.module) != NULL) {
        return;
    }

    theirs = ask_nginx(&request);

    if (ours != theirs) {
        fail_msg("%s of %s: %lu on the mock, %lu on nginx", what, size, ours,
                 theirs);
    }
}


static void
capacity_is_right(void **state)
{
    const struct golden_row  *row = *state;

    setup.shm_size = row->column[ZONE];

    if (strcmp(row->column[SIZE], "cache_put") == 0) {
        assert_capacity("put", "0", row->column[NEW_OK]);
        return;
    }

    assert_capacity("alloc", row->column[SIZE], row->column[ALLOC_OK]);
    assert_capacity("new", row->column[SIZE], row->column[NEW_OK]);
}


int
main(int argc, char **argv)
{
    int                   rc;
    size_t                i;
    const char           *missing;
    struct CMUnitTest    *tests;
    struct golden_table   table;

    if (argc != 4) {
        (void) fprintf(stderr, "usage: contract_capacity TABLES APP MODULE\n");
        return 2;
    }

    setup.app = argv[2];
    setup.module = argv[3];
    missing = contract_real_missing(setup.module);

    if (missing != NULL) {
        print_message("SKIPPED: asked the mock alone: %s\n", missing);
    }

    if (golden_read(&table, argv[1], "slab_capacity.tsv") != 0) {
        (void) fprintf(stderr, "%s: no tables there\n", argv[1]);
        return 2;
    }

    tests = calloc(table.count, sizeof(*tests));

    for (i = 0; tests != NULL && i < table.count; i++) {
        tests[i].name = table.rows[i].name;
        tests[i].initial_state = &table.rows[i];
        tests[i].test_func = capacity_is_right;
    }

    rc = tests == NULL || table.count == 0 ? 2
         : _cmocka_run_group_tests("capacity", tests, table.count, NULL,
                                   NULL);
    free(tests);
    golden_free(&table);

    return rc;
}
