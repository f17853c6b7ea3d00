/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The app of the contract suite, inside. A request tells it in words which
 * functions of the ABI to call, and the answer spells out all that it saw:
 * two hosts that answer alike behave alike.
 */
#ifndef LF_APP_CONTRACT_H
#define LF_APP_CONTRACT_H

#include <ngx_link_func_module.h>

#define WORDS_MAX  8

/* What the app saw, as lines of "name=value". */
struct say {
    size_t  len;
    char    text[32768];
};

/* A word of an op: decoded, NUL-terminated, may hold NUL bytes too. */
struct word {
    size_t  len;
    char   *data;
};

struct run {
    ngx_link_func_ctx_t  *ctx;
    struct say            say;
    void                 *block;         /* of the last alloc op */
    void                **kept;          /* blocks of exhaust, linked */
    unsigned              answered:1;    /* an op has written a response */
    unsigned              silent:1;      /* write none */
};

/* "NAME:WORD:WORD"; count does not count NAME, which is word[0]. */
struct op {
    const char  *name;
    void       (*fn)(struct run *run, const struct word *word, int count);
};

extern const struct op  contract_ops_request[];
extern const struct op  contract_ops_memory[];
extern const struct op  contract_ops_response[];
extern const struct op  contract_ops_null[];
extern const struct op  contract_ops_zone[];
extern const struct op  contract_ops_zone_many[];

void say(struct say *say, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* NAME="VALUE" with odd bytes as \xNN, or NAME=NULL. */
void say_bytes(struct say *say, const char *name, const void *data,
               size_t len);
void say_text(struct say *say, const char *name, const void *text);

/* The text of a word, or NULL for a lone "-". */
const char *word_text(const struct word *word, int count, int n);
size_t word_number(const struct word *word, int count, int n);

uint32_t contract_hash(const void *data, size_t len);

#endif /* LF_APP_CONTRACT_H */
