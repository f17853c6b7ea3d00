/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tables of tests/golden: tab-separated rows under one head line. A line
 * that begins with '#' says where a value gave way to the issue or the design.
 */
#ifndef LF_GOLDEN_TABLE_H
#define LF_GOLDEN_TABLE_H

#include <stddef.h>

#define GOLDEN_COLUMNS  12

struct golden_row {
    char   *column[GOLDEN_COLUMNS];      /* NULL behind the last one */
    char    name[120];                   /* of its test */
    char   *line;
};

struct golden_table {
    struct golden_row  *rows;
    size_t              count;
};

/* 0, or -1: not there, or no memory. */
int golden_read(struct golden_table *table, const char *folder,
                const char *file);
void golden_free(struct golden_table *table);

/*
 * A cell with its escapes resolved, \r \n \\ \xNN and {v*N} for N letters:
 * yours; NULL for NULL. Quotes around it are taken off when it has them.
 */
char *golden_cell(const char *cell, size_t *len);

/* Any bytes, percent-encoded for a word of an op: yours. */
char *golden_encode(const char *data, size_t len);

#endif /* LF_GOLDEN_TABLE_H */
