/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the tables of tests/golden; see the header. */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/contract/golden_table.h"


static int
add_row(struct golden_table *table, const char *file, const char *line)
{
    int                 n;
    char               *at;
    struct golden_row  *row;

    row = realloc(table->rows, (table->count + 1) * sizeof(*row));

    if (row == NULL) {
        return -1;
    }

    table->rows = row;
    row += table->count;
    memset(row, 0, sizeof(*row));
    row->line = strdup(line);

    if (row->line == NULL) {
        return -1;
    }

    row->line[strcspn(row->line, "\n")] = '\0';
    (void) snprintf(row->name, sizeof(row->name), "%.30s: %.80s", file,
                    row->line);
    at = row->line;

    for (n = 0; n < GOLDEN_COLUMNS && at != NULL; n++) {
        row->column[n] = strsep(&at, "\t");
    }

    table->count++;

    return 0;
}


int
golden_read(struct golden_table *table, const char *folder, const char *file)
{
    int      rc, head;
    char     path[512], *line;
    FILE    *in;
    size_t   size;

    memset(table, 0, sizeof(*table));
    (void) snprintf(path, sizeof(path), "%s/%s", folder, file);
    in = fopen(path, "r");

    if (in == NULL) {
        return -1;
    }

    rc = 0;
    head = 1;
    line = NULL;
    size = 0;

    while (rc == 0 && getline(&line, &size, in) > 0) {
        if (line[0] == '#') {
            continue;
        }

        rc = head ? 0 : add_row(table, file, line);
        head = 0;
    }

    free(line);
    (void) fclose(in);

    return rc;
}


void
golden_free(struct golden_table *table)
{
    size_t  i;

    for (i = 0; i < table->count; i++) {
        free(table->rows[i].line);
    }

    free(table->rows);
    memset(table, 0, sizeof(*table));
}


/* One escape at *at: its bytes go to the file. */
static void
resolve(FILE *out, const char **at)
{
    int       n;
    unsigned  byte;
    char      letter;
    size_t    count;

    n = 0;

    if (sscanf(*at, "{%c*%zu}%n", &letter, &count, &n) == 2 && n > 0) {
        while (count-- > 0) {
            (void) fputc(letter, out);
        }

        *at += n;
        return;
    }

    if (sscanf(*at, "\\x%2x%n", &byte, &n) == 1 && n == 4) {
        (void) fputc((int) byte, out);
        *at += 4;
        return;
    }

    if ((*at)[0] == '\\' && (*at)[1] != '\0') {
        (void) fputc((*at)[1] == 'r' ? '\r' : (*at)[1] == 'n' ? '\n'
                                                              : (*at)[1], out);
        *at += 2;
        return;
    }

    (void) fputc(**at, out);
    (*at)++;
}


char *
golden_cell(const char *cell, size_t *len)
{
    char        *text;
    FILE        *out;
    const char  *at, *end;

    *len = 0;

    if (strcmp(cell, "NULL") == 0) {
        return NULL;
    }

    at = cell;
    end = at + strlen(at);

    if (end - at >= 2 && *at == '"' && end[-1] == '"') {
        at++;
        end--;
    }

    out = open_memstream(&text, len);

    while (out != NULL && at < end) {
        resolve(out, &at);
    }

    return out != NULL && fclose(out) == 0 ? text : NULL;
}


char *
golden_encode(const char *data, size_t len)
{
    char    *text;
    FILE    *out;
    size_t   i, size;

    out = open_memstream(&text, &size);

    for (i = 0; out != NULL && i < len; i++) {
        if (isalnum((unsigned char) data[i])) {
            (void) fputc(data[i], out);
        } else {
            (void) fprintf(out, "%%%02x", (unsigned char) data[i]);
        }
    }

    return out != NULL && fclose(out) == 0 ? text : NULL;
}
