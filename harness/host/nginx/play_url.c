/* SPDX-License-Identifier: BSD-2-Clause */
/* See play_url.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/url_parts.h"
#include "lib/http/url.h"
#include "harness/host/nginx/server_exchange.h"
#include "harness/host/nginx/play_url.h"

struct play_url {
    struct host          base;
    struct arena        *arena;
    char                *text;           /* as given, without last slashes */
    struct url           url;
    uint64_t             timeout;
    struct http_client  *client;
};


static struct play_url *
url_of(struct host *host)
{
    return (struct play_url *) (void *) host;
}


static int
url_start(struct host *host, char *base, size_t size, char *err)
{
    struct play_url  *u = url_of(host);

    if (snprintf(base, size, "%s", u->text) >= (int) size) {
        (void) snprintf(err, LF_ERR_LEN, "the URL of --on is too long");
        return -1;
    }

    return 0;
}


static int
url_exchange(struct host *host, struct arena *arena,
             const struct host_request *request, struct host_answer *answer,
             char *err)
{
    uint64_t           ms;
    struct play_url   *u = url_of(host);
    struct http_target  target = { u->url.text, NULL };

    memset(answer, 0, sizeof(*answer));

    if (request->function != NULL) {
        answer->outcome = HOST_NOT_APPLICABLE;
        answer->text = "the server calls the function that its configuration "
                       "names for the URL; only the mock calls another one";
        return 0;
    }

    ms = request->timeout_ms > 0 ? request->timeout_ms : u->timeout / 1000000;
    if (ms > 0x7fffffff) {
        ms = 0x7fffffff;
    }

    return server_exchange(u->client, arena, &target, request->http,
                           (unsigned) ms, answer, err);
}


static int
url_cycle(struct host *host, enum host_cycle what, const char **na,
          char *err)
{
    (void) host;
    (void) what;
    (void) err;

    *na = "linkfunc does not start, reload or stop this server";

    return 0;
}


static int
url_stop(struct host *host, struct arena *arena,
         struct host_answer *last, char *err)
{
    (void) host;
    (void) arena;
    (void) err;

    memset(last, 0, sizeof(*last));

    return 0;
}


static void
url_free(struct host *host)
{
    struct play_url  *u = url_of(host);

    http_client_free(&u->client);
    arena_free(&u->arena);
    free(u);
}


static const struct host_ops  url_ops = {
    "url", url_start, url_exchange, url_cycle, NULL, url_stop, url_free
};


/* 0, or -1 with a text in err. */
static int
parse(struct play_url *u, const char *text, char *err)
{
    char         shown[400];
    const char  *why;

    if (url_parse(&u->url, u->arena, text, 0, NULL, &why) == 0
        && !u->url.local && u->url.user == NULL)
    {
        return 0;
    }

    url_redact(text, shown, sizeof(shown));
    (void) snprintf(err, LF_ERR_LEN, "\"%s\" is not the URL of a server; write "
                    "http://HOST[:PORT] or https://HOST[:PORT]", shown);

    return -1;
}


struct host *
play_url_new(const struct play_url_settings *settings, char *err)
{
    size_t            len = strlen(settings->url);
    struct play_url  *u = calloc(1, sizeof(*u));

    if (u == NULL) {
        (void) snprintf(err, LF_ERR_LEN, "out of memory");
        return NULL;
    }

    while (len > 0 && settings->url[len - 1] == '/') {
        len--;
    }

    u->base.ops = &url_ops;
    u->timeout = settings->timeout;
    u->arena = arena_new();
    u->text = u->arena != NULL ? arena_memdup(u->arena, settings->url, len)
                               : NULL;

    if (u->text == NULL) {
        (void) snprintf(err, LF_ERR_LEN, "out of memory");

    } else if (parse(u, settings->url, err) == 0) {
        u->client = http_client_new(1, err);
    }

    if (u->client == NULL) {
        url_free(&u->base);
        return NULL;
    }

    return &u->base;
}
