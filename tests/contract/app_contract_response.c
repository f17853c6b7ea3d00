/* SPDX-License-Identifier: BSD-2-Clause */
/* Ops that write the response and its headers. */
#include "tests/contract/app_contract.h"


static void
op_out(struct run *run, const struct word *word, int count)
{
    int   rc;
    char  name[256], value[256];

    if (count < 2 || word[1].len >= sizeof(name)
        || word[2].len >= sizeof(value))
    {
        return;
    }

    /* what was given may go at once */
    memcpy(name, word[1].data, word[1].len);
    memcpy(value, word[2].data, word[2].len);
    rc = ngx_link_func_add_header_out(run->ctx, name, word[1].len, value,
                                      word[2].len);
    memset(name, 'x', sizeof(name));
    memset(value, 'x', sizeof(value));

    say(&run->say, "out.rc=%d\n", rc);
}


/* "outs:N": N headers X-Many-I: I. */
static void
op_outs(struct run *run, const struct word *word, int count)
{
    int     n, v;
    char    name[32], value[32];
    size_t  i, total, failed;

    total = word_number(word, count, 1);
    failed = 0;

    for (i = 0; i < total; i++) {
        n = snprintf(name, sizeof(name), "X-Many-%zu", i);
        v = snprintf(value, sizeof(value), "%zu", i);
        failed += ngx_link_func_add_header_out(run->ctx, name, (size_t) n,
                                               value, (size_t) v) != 0;
    }

    say(&run->say, "outs(%zu) failed=%zu\n", total, failed);
}


/* "outlong:N": one header with a value of N bytes. */
static void
op_outlong(struct run *run, const struct word *word, int count)
{
    char    *value;
    size_t   n;

    n = word_number(word, count, 1);
    value = malloc(n + 1);

    if (value != NULL) {
        memset(value, 'v', n);
        say(&run->say, "outlong.rc=%d\n",
            ngx_link_func_add_header_out(run->ctx, "X-Long", 6, value, n));
        free(value);
    }
}


/* "resp:STATUS:LINE:TYPE:BODY", "-" or nothing is NULL. */
static void
op_resp(struct run *run, const struct word *word, int count)
{
    ngx_link_func_write_resp(run->ctx, word_number(word, count, 1),
                             word_text(word, count, 2),
                             word_text(word, count, 3),
                             word_text(word, count, 4),
                             word_text(word, count, 4) ? word[4].len : 0);
    run->answered = 1;
}


/* "respl:STATUS:LINE:LEN:TYPE:LEN:BODY:LEN". */
static void
op_respl(struct run *run, const struct word *word, int count)
{
    ngx_link_func_write_resp_l(run->ctx, word_number(word, count, 1),
                               word_text(word, count, 2),
                               word_number(word, count, 3),
                               word_text(word, count, 4),
                               word_number(word, count, 5),
                               word_text(word, count, 6),
                               word_number(word, count, 7));
    run->answered = 1;
}


/* "respbig:SIZE": a body of that many bytes, each of its own kind. */
static void
op_respbig(struct run *run, const struct word *word, int count)
{
    char    *body;
    size_t   i, n;

    n = word_number(word, count, 1);
    body = malloc(n + 1);

    if (body == NULL) {
        return;
    }

    for (i = 0; i < n; i++) {
        body[i] = (char) (i % 251);
    }

    ngx_link_func_write_resp(run->ctx, 200, NULL, "application/x-big", body,
                             n);
    memset(body, 'x', n);
    free(body);
    run->answered = 1;
}


/* "respline:SIZE": a status line of that many bytes, "200 aaaa". */
static void
op_respline(struct run *run, const struct word *word, int count)
{
    char    *line;
    size_t   n;

    n = word_number(word, count, 1);
    line = malloc(n + 5);

    if (line == NULL) {
        return;
    }

    memset(line, 'a', n + 4);
    memcpy(line, "200 ", 4);
    line[n < 4 ? 4 : n] = '\0';

    ngx_link_func_write_resp(run->ctx, 200, line, NULL, "x", 1);
    free(line);
    run->answered = 1;
}


static void
op_nothing(struct run *run, const struct word *word, int count)
{
    (void) word;
    (void) count;

    run->silent = 1;
}


const struct op  contract_ops_response[] = {
    { "out", op_out },
    { "outs", op_outs },
    { "outlong", op_outlong },
    { "resp", op_resp },
    { "respl", op_respl },
    { "respbig", op_respbig },
    { "respline", op_respline },
    { "nothing", op_nothing },
    { NULL, NULL }
};
