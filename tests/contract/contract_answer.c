/* SPDX-License-Identifier: BSD-2-Clause */
/* What both hosts' answers have in common: how they are spelt for comparing. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tests/contract/contract.h"


void
contract_answer_free(struct contract_answer *answer)
{
    free(answer->head);
    free(answer->body);
    free(answer->log);
    free(answer->reports);
    memset(answer, 0, sizeof(*answer));
}


int
contract_keep(char **to, const char *data, size_t len)
{
    char  *copy;

    copy = malloc(len + 1);

    if (copy == NULL) {
        return -1;
    }

    memcpy(copy, data, len);
    copy[len] = '\0';
    free(*to);
    *to = copy;

    return 0;
}


unsigned char *
contract_body(const struct contract_request *request, size_t *len)
{
    size_t          i;
    unsigned char  *body;

    *len = request->body != NULL ? strlen(request->body) : request->size;

    if (*len == 0) {
        return NULL;
    }

    body = malloc(*len);

    for (i = 0; body != NULL && i < *len; i++) {
        body[i] = request->body != NULL ? (unsigned char) request->body[i]
                                        : (unsigned char) (i * 7 + i / 251);
    }

    return body;
}


/* A value that the host made, and not the app. */
static int
is_own(const char *name, size_t name_len, const char *value, size_t value_len)
{
    if (name_len == 6 && strncasecmp(name, "Server", 6) == 0) {
        return value_len >= 6 && memcmp(value, "nginx/", 6) == 0;
    }

    return name_len == 4 && strncasecmp(name, "Date", 4) == 0
           && value_len == 29 && memcmp(value + 25, " GMT", 4) == 0;
}


int
contract_head_add(char **head, const char *name, size_t name_len,
                  const char *value, size_t value_len)
{
    char    *grown;
    size_t   len;

    if (is_own(name, name_len, value, value_len)) {
        return 0;
    }

    len = *head != NULL ? strlen(*head) : 0;
    grown = realloc(*head, len + name_len + value_len + 4);

    if (grown == NULL) {
        return -1;
    }

    memcpy(grown + len, name, name_len);
    memcpy(grown + len + name_len, ": ", 2);
    memcpy(grown + len + name_len + 2, value, value_len);
    memcpy(grown + len + name_len + 2 + value_len, "\n", 2);
    *head = grown;

    return 0;
}


char *
contract_log_lines(const char *data, size_t len)
{
    int          used;
    char        *out, level[16];
    FILE        *file;
    size_t       text_len, out_len;
    const char  *at, *end;

    file = open_memstream(&out, &out_len);

    if (file == NULL) {
        return NULL;
    }

    at = data;
    end = data + len;

    while (at < end) {
        used = 0;

        if (sscanf(at, "%*u %15s %zu%n", level, &text_len, &used) != 2
            || used == 0 || text_len + 2 > (size_t) (end - at - used))
        {
            (void) fprintf(file, "not a record: %.200s\n", at);
            break;
        }

        at += used + 1;
        (void) fprintf(file, "%s: ", level);
        (void) fwrite(at, 1, text_len, file);
        (void) fputs("\n", file);
        at += text_len + 1;
    }

    return fclose(file) == 0 ? out : NULL;
}


const char *
contract_handler(const struct contract_setup *setup, const char *target)
{
    size_t                        len, best_len;
    const struct contract_place  *place, *best;

    best = NULL;
    best_len = 0;

    for (place = setup->places; place->prefix != NULL; place++) {
        len = strlen(place->prefix);

        if (strncmp(target, place->prefix, len) == 0
            && (best == NULL || len > best_len))
        {
            best = place;
            best_len = len;
        }
    }

    return best != NULL ? best->handler : setup->places->handler;
}
