/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * upload: an app that takes a body, checks its type and size, and answers with
 * headers of its own.
 *
 *     gcc -shared -fPIC -Wl,-Bsymbolic -I../../include -o libupload.so upload.c
 *
 *     linkfunc call ./libupload.so upload -H 'Content-Type: text/csv' -d 'a,b'
 */
#include <ngx_link_func_module.h>

/* nginx's client_max_body_size has had its say before: 1m, if not set. */
#define DEFAULT_MAX_BYTES  1000000

static void
answer_text(ngx_link_func_ctx_t *ctx, uintptr_t status, const char *text)
{
    ngx_link_func_write_resp(ctx, status, NULL,
                             ngx_link_func_content_type_plaintext, text,
                             strlen(text));
}


static void
add_header(ngx_link_func_ctx_t *ctx, const char *name, const char *value)
{
    if (ngx_link_func_add_header_out(ctx, name, strlen(name), value,
                                     strlen(value)) != 0)
    {
        ngx_link_func_log(err, ctx, "cannot add header %s", name);
    }
}


/* The property max_bytes, or the default. */
static size_t
max_bytes(ngx_link_func_ctx_t *ctx)
{
    const char  *prop;

    prop = (const char *) ngx_link_func_get_prop(ctx, "max_bytes", 9);

    return prop ? (size_t) strtoul(prop, NULL, 10) : DEFAULT_MAX_BYTES;
}


static int
is_text(const char *type)
{
    return strncmp(type, "text/", 5) == 0
           || strncmp(type, "application/json", 16) == 0;
}


/* The FNV-1a hash: the same body has the same name. */
static uint32_t
hash_of(const u_char *bytes, size_t len)
{
    size_t    i;
    uint32_t  hash;

    hash = 2166136261u;

    for (i = 0; i < len; i++) {
        hash = (hash ^ bytes[i]) * 16777619u;
    }

    return hash;
}


static void
answer_created(ngx_link_func_ctx_t *ctx)
{
    int       len;
    char      location[32], json[96];
    size_t    i, lines;

    lines = 0;
    for (i = 0; i < ctx->req_body_len; i++) {
        lines += ctx->req_body[i] == '\n';
    }

    (void) snprintf(location, sizeof(location), "/files/%08x",
                    (unsigned) hash_of(ctx->req_body, ctx->req_body_len));
    len = snprintf(json, sizeof(json), "{\"bytes\": %zu, \"lines\": %zu}\n",
                   ctx->req_body_len, lines);

    /* All three are copied: they may live on the stack. */
    add_header(ctx, "Location", location);
    ngx_link_func_write_resp(ctx, 201, NULL,
                             ngx_link_func_content_type_json, json,
                             (size_t) len);
}


void
ngx_link_func_init_cycle(ngx_link_func_cycle_t *cycle)
{
    (void) cycle;
}


void
ngx_link_func_exit_cycle(ngx_link_func_cycle_t *cycle)
{
    (void) cycle;
}


/* POST or PUT a text: 201, its Location and its figures. */
void
upload(ngx_link_func_ctx_t *ctx)
{
    const char  *type;

    if (ctx->req_body == NULL) {
        add_header(ctx, "Accept-Post", "text/*, application/json");
        answer_text(ctx, 400, "send a body with POST or PUT\n");
        return;
    }

    type = (const char *) ngx_link_func_get_header(ctx, "Content-Type");
    if (type == NULL || !is_text(type)) {
        ngx_link_func_log(info, ctx, "refused a body of type \"%s\"",
                          type ? type : "");
        answer_text(ctx, 415, "only text and JSON are taken\n");
        return;
    }

    if (ctx->req_body_len > max_bytes(ctx)) {
        answer_text(ctx, 413, "that is too much\n");
        return;
    }

    answer_created(ctx);
}


/* Gives the body back as it came, with its type: any bytes, any size. */
void
echo(ngx_link_func_ctx_t *ctx)
{
    const char  *type;

    type = (const char *) ngx_link_func_get_header(ctx, "Content-Type");

    ngx_link_func_write_resp(ctx, 200, NULL,
                             type ? type : "application/octet-stream",
                             (const char *) ctx->req_body, ctx->req_body_len);
}
