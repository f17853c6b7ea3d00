/* SPDX-License-Identifier: BSD-2-Clause */
/* Ops that read the request. */
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/contract/app_contract.h"


static void
op_uri(struct run *run, const struct word *word, int count)
{
    int                  rc;
    ngx_link_func_str_t  uri = { 0, NULL };

    (void) word;
    (void) count;

    rc = ngx_link_func_get_uri(run->ctx, &uri);
    say(&run->say, "uri.rc=%d\n", rc);
    say_bytes(&run->say, "uri", uri.data, uri.len);
}


static void
op_args(struct run *run, const struct word *word, int count)
{
    (void) word;
    (void) count;

    say_text(&run->say, "args", run->ctx->req_args);
}


static void
op_body(struct run *run, const struct word *word, int count)
{
    u_char  *body;

    (void) word;
    (void) count;

    body = run->ctx->req_body;
    say(&run->say, "body=%s\nbody.len=%zu\n", body ? "set" : "NULL",
        run->ctx->req_body_len);

    if (body != NULL) {
        say(&run->say, "body.hash=%08x\nbody.end=%02x\nbody.strlen=%zu\n",
            contract_hash(body, run->ctx->req_body_len),
            body[run->ctx->req_body_len], strlen((char *) body));
    }
}


static void
op_param(struct run *run, const struct word *word, int count)
{
    char  *value, *again;

    value = ngx_link_func_get_query_param(run->ctx, word_text(word, count, 1));
    again = ngx_link_func_get_query_param(run->ctx, word_text(word, count, 1));

    say_text(&run->say, "param", value);

    if (value != NULL && again != NULL) {
        say(&run->say, "param.own=%d\n", value != again);
        memset(value, 'w', strlen(value));
    }
}


static void
op_header(struct run *run, const struct word *word, int count)
{
    u_char  *value, *again;

    if (count < 1) {
        return;
    }

    value = (ngx_link_func_get_header)(run->ctx, word[1].data, word[1].len);
    again = ngx_link_func_get_header(run->ctx, word[1].data, word[1].len);

    say_text(&run->say, "header", value);

    if (value != NULL && again != NULL) {
        say(&run->say, "header.own=%d\n", value != again);
        memset(value, 'w', strlen((char *) value));
    }
}


/* The form that the documentation shows: a C string, no length. */
static void
op_header2(struct run *run, const struct word *word, int count)
{
    say_text(&run->say, "header2",
             ngx_link_func_get_header(run->ctx, word_text(word, count, 1)));
}


/* A length that is shorter than the string. */
static void
op_headern(struct run *run, const struct word *word, int count)
{
    say_text(&run->say, "headern",
             ngx_link_func_get_header(run->ctx, word_text(word, count, 1),
                                      word_number(word, count, 2)));
}


static void
op_prop(struct run *run, const struct word *word, int count)
{
    u_char  *value;

    if (count < 1) {
        return;
    }

    value = ngx_link_func_get_prop(run->ctx, word[1].data, word[1].len);
    say_text(&run->say, "prop", value);
    say(&run->say, "prop.same=%d\n",
        value == ngx_link_func_get_prop(run->ctx, word[1].data, word[1].len));
}


static void
op_propn(struct run *run, const struct word *word, int count)
{
    say_text(&run->say, "propn",
             ngx_link_func_get_prop(run->ctx, word_text(word, count, 1),
                                    word_number(word, count, 2)));
}


static void
op_in(struct run *run, const struct word *word, int count)
{
    int      rc;
    char     name[256], value[256];
    u_char  *got;

    if (count < 2 || word[1].len >= sizeof(name)
        || word[2].len >= sizeof(value))
    {
        return;
    }

    /* what was given may go at once */
    memcpy(name, word[1].data, word[1].len);
    memcpy(value, word[2].data, word[2].len);
    rc = ngx_link_func_add_header_in(run->ctx, name, word[1].len, value,
                                     word[2].len);
    memset(name, 'x', sizeof(name));
    memset(value, 'x', sizeof(value));

    got = ngx_link_func_get_header(run->ctx, word[1].data, word[1].len);
    say(&run->say, "in.rc=%d\n", rc);
    say_text(&run->say, "in", got);
}


/* ---- version 35 -------------------------------------------------------- */

static void
op_method(struct run *run, const struct word *word, int count)
{
    int                  rc;
    ngx_link_func_str_t  method = { 0, NULL };

    (void) word;
    (void) count;

    rc = ngx_link_func_get_method(run->ctx, &method);
    say(&run->say, "method.rc=%d\n", rc);
    say_bytes(&run->say, "method", method.data, method.len);
}


/* A value that is a copy, with its NUL; it is written to. */
static void
say_copy(struct run *run, const char *name, int rc,
         const ngx_link_func_str_t *value)
{
    say(&run->say, "%s.rc=%d\n", name, rc);

    if (rc == 0) {
        say_bytes(&run->say, name, value->data, value->len);
        say(&run->say, "%s.end=%02x\n", name, value->data[value->len]);
        memset(value->data, 'w', value->len);
    }
}


static void
op_var(struct run *run, const struct word *word, int count)
{
    int                  rc;
    ngx_link_func_str_t  value = { 0, NULL };

    if (count > 0) {
        rc = ngx_link_func_get_variable(run->ctx, word[1].data, word[1].len,
                                        &value);
        say_copy(run, "var", rc, &value);
    }
}


static void
op_arg(struct run *run, const struct word *word, int count)
{
    int                  rc;
    ngx_link_func_str_t  value = { 0, NULL };

    if (count > 0) {
        rc = ngx_link_func_get_query_arg(run->ctx, word[1].data, word[1].len,
                                         &value);
        say_copy(run, "arg", rc, &value);
    }
}


static void
op_walk(struct run *run, const struct word *word, int count)
{
    void                *iter = NULL;
    ngx_link_func_str_t  name, value;

    (void) word;
    (void) count;

    while (ngx_link_func_next_header(run->ctx, &iter, &name, &value) == 1) {
        say_bytes(&run->say, "name", name.data, name.len);
        say_bytes(&run->say, "value", value.data, value.len);
    }

    say(&run->say, "walk.again=%d\n",
        ngx_link_func_next_header(run->ctx, &iter, NULL, NULL));
}


/* Where the handler runs: in the event loop of the worker, or in a thread. */
static void
op_thread(struct run *run, const struct word *word, int count)
{
    (void) word;
    (void) count;

    say(&run->say, "thread=%d\n", syscall(SYS_gettid) != getpid());
}


const struct op  contract_ops_request[] = {
    { "uri", op_uri },
    { "args", op_args },
    { "body", op_body },
    { "param", op_param },
    { "header", op_header },
    { "header2", op_header2 },
    { "headern", op_headern },
    { "prop", op_prop },
    { "propn", op_propn },
    { "in", op_in },
    { "method", op_method },
    { "var", op_var },
    { "arg", op_arg },
    { "walk", op_walk },
    { "thread", op_thread },
    { NULL, NULL }
};
