/* SPDX-License-Identifier: BSD-2-Clause */
/* Ops for memory of the request and for the log. */
#include "tests/contract/app_contract.h"


static void
fill(struct run *run, const char *name, unsigned char *p, size_t size)
{
    if (p == NULL) {
        say(&run->say, "%s(%zu)=NULL\n", name, size);
        return;
    }

    say(&run->say, "%s(%zu)=set aligned=%d\n", name, size,
        ((uintptr_t) p & (sizeof(void *) - 1)) == 0);
    memset(p, 0xa5, size);
}


static void
op_palloc(struct run *run, const struct word *word, int count)
{
    size_t  size;

    size = word_number(word, count, 1);
    fill(run, "palloc", ngx_link_func_palloc(run->ctx, size), size);
}


static void
op_pcalloc(struct run *run, const struct word *word, int count)
{
    size_t          i, size;
    unsigned char  *p;

    size = word_number(word, count, 1);
    p = ngx_link_func_pcalloc(run->ctx, size);

    for (i = 0; p != NULL && i < size; i++) {
        if (p[i] != 0) {
            say(&run->say, "pcalloc[%zu]=%02x\n", i, p[i]);
            break;
        }
    }

    fill(run, "pcalloc", p, size);
}


/* Many blocks of odd sizes, none of which may lie on another. */
static void
op_pallocs(struct run *run, const struct word *word, int count)
{
    size_t          i, k, n, bad;
    unsigned char  *p[1000];

    n = word_number(word, count, 1);
    n = n < 1000 ? n : 1000;
    bad = 0;

    for (i = 0; i < n; i++) {
        p[i] = ngx_link_func_palloc(run->ctx, i % 97 + 1);

        if (p[i] != NULL) {
            memset(p[i], (int) (i & 0xff), i % 97 + 1);
        }
    }

    for (i = 0; i < n; i++) {
        for (k = 0; k < i % 97 + 1; k++) {
            bad += p[i] == NULL || p[i][k] != (i & 0xff);
        }
    }

    say(&run->say, "pallocs(%zu) bad=%zu\n", n, bad);
}


static void
op_strdup(struct run *run, const struct word *word, int count)
{
    char        *copy;
    const char  *text;

    text = word_text(word, count, 1);
    copy = ngx_link_func_strdup(run->ctx, text);

    say_text(&run->say, "strdup", copy);
    say(&run->say, "strdup.own=%d\n", copy != text);
}


static void
log_text(ngx_link_func_ctx_t *ctx, const char *level, const char *text)
{
    if (strcmp(level, "debug") == 0) {
        ngx_link_func_log_debug(ctx, text);
    } else if (strcmp(level, "info") == 0) {
        ngx_link_func_log_info(ctx, text);
    } else if (strcmp(level, "warn") == 0) {
        ngx_link_func_log_warn(ctx, text);
    } else {
        ngx_link_func_log_err(ctx, text);
    }
}


static void
op_log(struct run *run, const struct word *word, int count)
{
    if (count >= 2) {
        log_text(run->ctx, word[1].data, word_text(word, count, 2));
    }
}


static void
op_logf(struct run *run, const struct word *word, int count)
{
    const char  *text;

    text = count >= 1 ? word[1].data : "";

    ngx_link_func_log(debug, run->ctx, "debug %s", text);
    ngx_link_func_log(info, run->ctx, "info %s %d%%", text, 34);
    ngx_link_func_log(warn, run->ctx, "%s", text);
    ngx_link_func_log(err, run->ctx, "no argument");
}


/* "log a text of N bytes", by the function and by the macro. */
static void
op_loglong(struct run *run, const struct word *word, int count)
{
    char    *text;
    size_t   n;

    n = word_number(word, count, 1);
    text = ngx_link_func_palloc(run->ctx, n + 1);

    if (text == NULL) {
        return;
    }

    memset(text, 'l', n);
    text[n] = '\0';

    ngx_link_func_log_warn(run->ctx, text);
    ngx_link_func_log(warn, run->ctx, "%s", text);
}


const struct op  contract_ops_memory[] = {
    { "palloc", op_palloc },
    { "pcalloc", op_pcalloc },
    { "pallocs", op_pallocs },
    { "strdup", op_strdup },
    { "log", op_log },
    { "logf", op_logf },
    { "loglong", op_loglong },
    { NULL, NULL }
};
