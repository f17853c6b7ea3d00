/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the tables of tests/golden: cells between tabs, with \r \n \\ \xNN and
 * {a*8000} for repeated text.
 */
#ifndef TEST_GOLDEN_H
#define TEST_GOLDEN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GOLDEN_CELLS  16

struct golden_row {
    char  *line;
    char  *cells[GOLDEN_CELLS];
    int    count;
};

struct golden_text {
    char    *data;               /* NUL-terminated too */
    size_t   len;
};

/* Calls check for every row behind the head line; returns their number. */
static inline int
golden_each(const char *name, void (*check)(const struct golden_row *row))
{
    int                rows;
    char               path[512], *line, *p;
    FILE              *file;
    size_t             room;
    ssize_t            len;
    struct golden_row  row;

    (void) snprintf(path, sizeof(path), "%s/%s", TEST_GOLDEN, name);
    file = fopen(path, "r");

    if (file == NULL) {
        return -1;
    }

    line = NULL;
    room = 0;

    for (rows = -1; (len = getline(&line, &room, file)) > 0; ) {
        if (line[0] == '#' || rows++ < 0) {
            continue;
        }

        line[len - 1] = line[len - 1] == '\n' ? '\0' : line[len - 1];
        memset(&row, 0, sizeof(row));
        row.line = line;

        for (p = line; p != NULL && row.count < GOLDEN_CELLS; ) {
            row.cells[row.count++] = strsep(&p, "\t");
        }

        check(&row);
    }

    free(line);
    (void) fclose(file);

    return rows;
}

/* One {text*count}, if that is what stands at p: returns what follows. */
static inline const char *
golden_repeat(const char *p, struct golden_text *to)
{
    char        *end;
    const char  *star;
    long         i, count;

    star = strchr(p, '*');

    if (*p != '{' || star == NULL || star - p != 2) {
        return NULL;
    }

    count = strtol(star + 1, &end, 10);

    if (*end != '}' || count <= 0) {
        return NULL;
    }

    to->data = realloc(to->data, to->len + (size_t) count + strlen(end) + 1);

    for (i = 0; i < count; i++) {
        to->data[to->len++] = p[1];
    }

    return end + 1;
}

/* The bytes that a cell means; free data. */
static inline struct golden_text
golden_bytes(const char *cell)
{
    char                hex[3] = { 0, 0, 0 };
    const char         *p, *next;
    struct golden_text  text;

    text.data = malloc(strlen(cell) + 1);
    text.len = 0;

    for (p = cell; *p != '\0'; p++) {
        next = golden_repeat(p, &text);

        if (next != NULL) {
            p = next - 1;
            continue;
        }

        if (p[0] == '\\' && p[1] == 'x') {
            hex[0] = p[2];
            hex[1] = p[3];
            text.data[text.len++] = (char) strtol(hex, NULL, 16);
            p += 3;

        } else if (p[0] == '\\' && p[1] != '\0') {
            p++;
            text.data[text.len++] = *p == 'r' ? '\r' : *p == 'n' ? '\n' : *p;

        } else {
            text.data[text.len++] = *p;
        }
    }

    text.data[text.len] = '\0';

    return text;
}

/* The same for a cell in quotes; data NULL for the cell NULL. */
static inline struct golden_text
golden_quoted(char *cell)
{
    size_t              len;
    struct golden_text  none = { NULL, 0 };

    if (strcmp(cell, "NULL") == 0) {
        return none;
    }

    len = strlen(cell);

    if (len >= 2 && cell[0] == '"' && cell[len - 1] == '"') {
        cell[len - 1] = '\0';
        cell++;
    }

    return golden_bytes(cell);
}

#endif /* TEST_GOLDEN_H */
