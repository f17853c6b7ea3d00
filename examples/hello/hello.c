/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hello: an app that reads arguments, headers and properties.
 *
 *     gcc -shared -fPIC -Wl,-Bsymbolic -I../../include -o libhello.so hello.c
 *
 *     linkfunc call ./libhello.so hello '/?name=Ada'
 */
#include <ngx_link_func_module.h>

/* "%s %s\n" with its two values, in memory of the request; NULL: none left. */
static char *
two_words(ngx_link_func_ctx_t *ctx, const char *first, const char *second)
{
    char    *text;
    size_t   size;

    size = strlen(first) + strlen(second) + sizeof(" \n");

    text = (char *) ngx_link_func_palloc(ctx, size);
    if (text != NULL) {
        (void) snprintf(text, size, "%s %s\n", first, second);
    }

    return text;
}


static void
answer(ngx_link_func_ctx_t *ctx, const char *text)
{
    if (text == NULL) {
        ngx_link_func_write_resp(ctx, 503, NULL, NULL, "no memory\n", 10);
        return;
    }

    ngx_link_func_write_resp(ctx, 200, NULL,
                             ngx_link_func_content_type_plaintext, text,
                             strlen(text));
}


void
ngx_link_func_init_cycle(ngx_link_func_cycle_t *cycle)
{
    const u_char  *greeting;

    greeting = ngx_link_func_cyc_get_prop(cycle, "greeting", 8);

    ngx_link_func_cyc_log(info, cycle, "hello starts, its greeting is \"%s\"",
                          greeting ? (const char *) greeting : "hello");
}


void
ngx_link_func_exit_cycle(ngx_link_func_cycle_t *cycle)
{
    ngx_link_func_cyc_log_info(cycle, "hello ends");
}


/* GET /hello?name=Ada: "hello Ada"; the property greeting says it otherwise. */
void
hello(ngx_link_func_ctx_t *ctx)
{
    const char  *name, *greeting;

    name = (const char *) ngx_link_func_get_query_param(ctx, "name");
    if (name == NULL || *name == '\0') {
        name = "world";
    }

    greeting = (const char *) ngx_link_func_get_prop(ctx, "greeting", 8);
    if (greeting == NULL) {
        greeting = "hello";
    }

    answer(ctx, two_words(ctx, greeting, name));
}


/* GET /whoami: tells a client what it calls itself. */
void
whoami(ngx_link_func_ctx_t *ctx)
{
    const char  *agent;

    agent = (const char *) ngx_link_func_get_header(ctx, "User-Agent");
    if (agent == NULL) {
        ngx_link_func_log(warn, ctx, "a client without a name");
        ngx_link_func_write_resp(ctx, 400, NULL, NULL, "who are you?\n", 13);
        return;
    }

    answer(ctx, two_words(ctx, "you are", agent));
}
