/* SPDX-License-Identifier: BSD-2-Clause */
/* A request of the mock from inside, for the files that make and answer it. */
#ifndef LF_FAKE_REQUEST_H
#define LF_FAKE_REQUEST_H

#include "fakes/lf_fake_host.h"

#pragma GCC visibility push(hidden)

/* Refusals with 400 that differ only in their page, from and to. */
#define LF_FAKE_TOO_LARGE  494
#define LF_FAKE_PLAIN      497

/* What the client wants of its connection: the last header that says so. */
enum lf_fake_connection {
    CONNECTION_DEFAULT, CONNECTION_CLOSE, CONNECTION_KEEP
};

/* Which of headers_in the configuration added, and in which pass. */
struct lf_fake_applied {
    size_t    header;
    unsigned  pass;
};

struct lf_fake_request {
    struct lf_request             core;      /* first: see lf_fake_request_of */

    /* These stay with the slot; what follows headers_in is of one life. */
    struct lf_fake               *host;
    unsigned                      slot;
    _Atomic uint32_t              generation;  /* odd: a handler may use it */
    struct lf_fake_arena          arena;     /* of the host, not the app */
    struct lf_fake_pool_state     pool;
    struct lf_fake_request       *next_free;

    struct lf_fake_list           headers_in, headers_out;
    struct lf_fake_list           location_headers;
    struct lf_fake_list           variables;   /* set by hand */
    struct lf_fake_list           cached;    /* variables of the conf */
    struct lf_fake_applied       *applied;
    size_t                        applied_count, applied_room;
    unsigned                      pass;      /* of the one that is on */
    const struct lf_fake_server  *server_conf;

    /* A request inside another: headers_in and applied are those of main. */
    struct lf_fake_request       *main;      /* itself, when it is none */
    struct lf_fake_request       *parent;    /* NULL: it is none */
    struct lf_fake_request       *subs, *next_sub; /* of main: freed with it */
    unsigned                      depth;
    struct lf_fake_response      *response;

    lf_str_t                      target;
    lf_str_t                      args;
    lf_str_t                      server;    /* name by URI or Host */
    lf_str_t                      body;

    /* Values of headers that mean something; data NULL: not there. */
    lf_str_t                      host_header, content_length;
    lf_str_t                      transfer_encoding, user_agent, referer;

    int                           refused;   /* status, or LF_FAKE_TOO_LARGE */
    enum lf_fake_connection       connection;
    size_t                        header_lines;
    size_t                        buffer_used, buffer_size, large_buffers;
    size_t                        head_len;  /* as sent */
    char                          id[33];    /* $request_id, once computed */
    lf_str_t                      length;    /* $content_length, as well */
    lf_str_t                      user;      /* $remote_user, as well */
    unsigned                      length_known:1;
    unsigned                      user_known:1;
    unsigned                      http_1_0:1;
    unsigned                      host_in_uri:1;
    unsigned                      by_location:1; /* refused, but well-formed */
    unsigned                      head_finished:1;
    unsigned                      headers_ready:1; /* of the location */
    unsigned                      no_body:1; /* that of the outer is not its */
    unsigned                      ran:1;
    unsigned                      failed:1;  /* no memory before the handler */
};

static inline struct lf_fake_request *
lf_fake_request_of(const struct lf_request *request)
{
    return (struct lf_fake_request *) (uintptr_t) request;
}


/* ---- lf_fake_slot.c --------------------------------------------------- */

/* An empty request on a free slot; NULL: there is none. */
struct lf_fake_request *lf_fake_slot_take(struct lf_fake *host);

/* From now on its ctx is dead. */
void lf_fake_slot_end(struct lf_fake_request *request);

/* Frees what the request holds, and the slot for another. */
void lf_fake_slot_release(struct lf_fake_request *request);
void lf_fake_slots_free(struct lf_fake *host);


/* ---- lf_fake_head.c: the head as a whole ------------------------------ */

/* Refuse with a status, unless it is refused already. */
void lf_fake_refuse(struct lf_fake_request *request, int status,
                    const char *why);

/* Room for the request line, and the checks when all headers are there. */
void lf_fake_head_start(struct lf_fake_request *request);
void lf_fake_head_finish(struct lf_fake_request *request);

/* Put a line into nginx's buffers. 0, or -1: it fits into none. */
int lf_fake_head_line(struct lf_fake_request *request, size_t len);

/* Note a header that nginx itself looks at. */
void lf_fake_head_known(struct lf_fake_request *request, const lf_str_t *name,
                        const lf_str_t *value);

/* 0 and the name to compare servers with (a view), or -1: malformed. */
int lf_fake_host_valid(const lf_str_t *value, lf_str_t *name);
void lf_fake_set_server(struct lf_fake_request *request, const lf_str_t *name);

/* What nginx adds to a line of its log. */
size_t lf_fake_log_context(const struct lf_request *request, char *to,
                           size_t size);


/* ---- lf_fake_uri.c ---------------------------------------------------- */

/* Fills uri, args and server from the target, or refuses. */
void lf_fake_uri_parse(struct lf_fake_request *request);


/* ---- lf_fake_error_page.c --------------------------------------------- */

#define LF_FAKE_SERVER  "nginx/1.22.1"

/* The page of a status, of no length when nginx has none for it. */
int lf_fake_error_page(struct lf_fake_request *request, int status,
                       lf_str_t *body);

#pragma GCC visibility pop

#endif /* LF_FAKE_REQUEST_H */
