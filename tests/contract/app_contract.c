/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The app of the contract suite: its hooks, its handlers and the little
 * language of its requests. The query argument "do" (or the header X-Do) is a
 * list of ops: "op:word:word,op,...", words percent-encoded.
 *
 * gcc -shared -fPIC -Wl,-Bsymbolic -I../../include -o libapp_contract.so \
 *     app_contract*.c
 */
#include "tests/contract/app_contract.h"

void ngx_link_func_init_cycle(ngx_link_func_cycle_t *cycle);
void ngx_link_func_exit_cycle(ngx_link_func_cycle_t *cycle);
void contract_ops(ngx_link_func_ctx_t *ctx);
void contract_echo(ngx_link_func_ctx_t *ctx);
void contract_upper(ngx_link_func_ctx_t *ctx);
void contract_kept(ngx_link_func_ctx_t *ctx);

static const struct op *const  tables[] = {
    contract_ops_request, contract_ops_memory, contract_ops_response,
    contract_ops_null, contract_ops_zone, contract_ops_zone_many
};

/* What the init hook saw: the same in every worker. */
static struct say  init;


void
ngx_link_func_init_cycle(ngx_link_func_cycle_t *cycle)
{
    init.len = 0;

    say(&init, "init.has_error=%d\n", cycle->has_error);
    say(&init, "init.shared_mem=%s\n", cycle->shared_mem ? "set" : "NULL");
    say_text(&init, "init.prop",
             ngx_link_func_cyc_get_prop(cycle, "Greeting", 8));
    say_text(&init, "init.prop_absent",
             ngx_link_func_cyc_get_prop(cycle, "absent", 6));
    say_text(&init, "init.prop_no_length",
             ngx_link_func_cyc_get_prop(cycle, "greeting", 0));
    say_text(&init, "init.prop_null_key",
             ngx_link_func_cyc_get_prop(cycle, NULL, 8));
    say_text(&init, "init.prop_null_cycle",
             ngx_link_func_cyc_get_prop(NULL, "greeting", 8));

    ngx_link_func_cyc_log_debug(cycle, "init debug");
    ngx_link_func_cyc_log_info(cycle, "init info");
    ngx_link_func_cyc_log_warn(cycle, "init warn\n");
    ngx_link_func_cyc_log_err(cycle, "");
    ngx_link_func_cyc_log_err(cycle, NULL);
    ngx_link_func_cyc_log_err(NULL, "no cycle");
    ngx_link_func_cyc_log(info, cycle, "init %s %d", "macro", 34);

    ngx_link_func_shmtx_lock(cycle->shared_mem);

    if (ngx_link_func_cache_get(cycle->shared_mem, "init") == NULL) {
        char  *value = ngx_link_func_cache_new(cycle->shared_mem, "init", 8);

        if (value != NULL) {
            memcpy(value, "by init", 8);
        }
    }

    ngx_link_func_shmtx_unlock(cycle->shared_mem);
}


void
ngx_link_func_exit_cycle(ngx_link_func_cycle_t *cycle)
{
    ngx_link_func_cyc_log(warn, cycle, "exit has_error=%d shared_mem=%s",
                          cycle->has_error, cycle->shared_mem ? "set"
                                                              : "NULL");
}


static int
hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}


static void
decode(struct word *word)
{
    char    *from, *to, *end;

    to = word->data;
    end = word->data + word->len;

    for (from = word->data; from < end; from++) {
        if (*from == '%' && end - from > 2 && hex(from[1]) >= 0
            && hex(from[2]) >= 0)
        {
            *to++ = (char) (hex(from[1]) * 16 + hex(from[2]));
            from += 2;
        } else {
            *to++ = *from;
        }
    }

    word->len = (size_t) (to - word->data);
    *to = '\0';
}


static int
split(char *text, struct word *word)
{
    int  n;

    for (n = 0; n < WORDS_MAX; n++) {
        word[n].data = text;
        word[n].len = strcspn(text, ":");
        text += word[n].len;

        if (*text == '\0') {
            decode(&word[n]);
            return n;
        }

        *text++ = '\0';
        decode(&word[n]);
    }

    return n - 1;
}


static void
run_op(struct run *run, char *text)
{
    int               count;
    size_t            i;
    struct word       word[WORDS_MAX];
    const struct op  *op;

    count = split(text, word);

    for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        for (op = tables[i]; op->name != NULL; op++) {
            if (strcmp(op->name, word[0].data) == 0) {
                op->fn(run, word, count);
                return;
            }
        }
    }

    say(&run->say, "no such op: %s\n", word[0].data);
}


/* What an answer of its own could not carry goes to the log instead. */
static void
finish(struct run *run)
{
    if (run->silent || run->answered) {
        ngx_link_func_log(info, run->ctx, "saw: %s", run->say.text);
        return;
    }

    ngx_link_func_write_resp(run->ctx, 200, NULL, NULL, run->say.text,
                             run->say.len);
}


void
contract_ops(ngx_link_func_ctx_t *ctx)
{
    char        *text, *comma;
    struct run  *run;

    run = calloc(1, sizeof(struct run));
    text = ngx_link_func_get_query_param(ctx, "do");

    if (text == NULL) {
        text = (char *) ngx_link_func_get_header(ctx, "X-Do", 4);
    }

    if (run == NULL || text == NULL) {
        ngx_link_func_write_resp(ctx, 500, NULL, NULL, "nothing to do", 13);
        free(run);
        return;
    }

    run->ctx = ctx;

    for ( ;; ) {
        comma = strchr(text, ',');

        if (comma != NULL) {
            *comma = '\0';
        }

        if (strcmp(text, "init") == 0) {
            say(&run->say, "%s", init.text);
        } else {
            run_op(run, text);
        }

        if (comma == NULL) {
            break;
        }

        text = comma + 1;
    }

    finish(run);
    free(run);
}


/* The body as it came, with its figures in headers. */
void
contract_echo(ngx_link_func_ctx_t *ctx)
{
    int   n;
    char  text[64];

    n = snprintf(text, sizeof(text), "%zu %08x %s", ctx->req_body_len,
                 contract_hash(ctx->req_body, ctx->req_body_len),
                 ctx->req_body == NULL ? "NULL"
                 : ctx->req_body[ctx->req_body_len] == '\0' ? "NUL" : "open");

    (void) ngx_link_func_add_header_out(ctx, "X-Body", 6, text, (size_t) n);
    ngx_link_func_write_resp(ctx, 200, NULL, "application/octet-stream",
                             (char *) ctx->req_body, ctx->req_body_len);
}


/* The body is the app's to write on, and to answer from. */
void
contract_upper(ngx_link_func_ctx_t *ctx)
{
    size_t  i;

    for (i = 0; i < ctx->req_body_len; i++) {
        if (ctx->req_body[i] >= 'a' && ctx->req_body[i] <= 'z') {
            ctx->req_body[i] = (u_char) (ctx->req_body[i] - 32);
        }
    }

    ngx_link_func_write_resp(ctx, 200, NULL, NULL, (char *) ctx->req_body,
                             ctx->req_body_len);
}


/* Returns with the lock held, and with no strings left that it gave. */
void
contract_kept(ngx_link_func_ctx_t *ctx)
{
    char  line[] = "201 Kept", type[] = "text/kept", body[] = "kept";

    ngx_link_func_shmtx_lock(ctx->shared_mem);
    ngx_link_func_write_resp(ctx, 201, line, type, body, 4);

    memset(line, 'x', sizeof(line));
    memset(type, 'x', sizeof(type));
    memset(body, 'x', sizeof(body));
}
