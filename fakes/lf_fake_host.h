/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inside of the mock host, shared by its files and by nobody else.
 */
#ifndef LF_FAKE_HOST_H
#define LF_FAKE_HOST_H

#include <pthread.h>
#include <stdatomic.h>

#include "fakes/lf_fake.h"
#include "core/lf_port.h"

#pragma GCC visibility push(hidden)

/* ---- memory ----------------------------------------------------------- */

/* nginx's way: small pieces cut from blocks, large ones by malloc. */
struct lf_fake_arena {
    struct lf_fake_block  *first, *current;
    struct lf_fake_large  *large;
};

void *lf_fake_arena_alloc(struct lf_fake_arena *arena, size_t size);
char *lf_fake_arena_copy(struct lf_fake_arena *arena, const void *data,
                         size_t len);
void lf_fake_arena_reset(struct lf_fake_arena *arena);   /* keeps one block */
void lf_fake_arena_free(struct lf_fake_arena *arena);

/* One guarded allocation of an app. raw is what malloc gave. */
struct lf_fake_chunk {
    u_char         *raw;
    size_t          size;
    const void     *site;
    unsigned long   request;
    unsigned        damaged:1;   /* and reported */
};

struct lf_fake_pool_state {
    struct lf_fake_chunk  *chunks;
    size_t                 count, room;
    size_t                 allocs, bytes;    /* of the app */
    unsigned long          fail_at;
};

/* Memory of requests that ended, watched for late writes: a ring. */
#define LF_FAKE_QUARANTINE  64

struct lf_fake_quarantine {
    pthread_mutex_t       lock;
    struct lf_fake_chunk  chunks[LF_FAKE_QUARANTINE];
    unsigned              next;
    size_t                bytes;
};

struct lf_fake;

void lf_fake_pool_check(struct lf_fake_request *request);
void lf_fake_pool_end(struct lf_fake_request *request);

/* Takes the memory over; free checks and forgets all of it. */
void lf_fake_quarantine_take(struct lf_fake_quarantine *quarantine,
                             struct lf_fake_chunk *chunks, size_t count);
void lf_fake_quarantine_free(struct lf_fake *host);

/* Red zones: in front as large as malloc's alignment wants it. */
#define LF_FAKE_FRONT  16

/* Overruns of large blocks tend to be large: they must not reach malloc's. */
static inline size_t
lf_fake_rear(size_t size)
{
    return size < 64 ? 32 : 256;
}


/* ---- request ---------------------------------------------------------- */

/* Refusals with 400 that differ only in their page, from and to. */
#define LF_FAKE_TOO_LARGE  494
#define LF_FAKE_PLAIN      497

struct lf_fake_header_list {
    struct lf_fake_header  *items;
    size_t                  count, room;
};

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
    struct lf_request           core;        /* first: see request_of */

    /* These stay with the slot; what follows headers_in is of one life. */
    struct lf_fake             *host;
    unsigned                    slot;
    _Atomic uint32_t            generation;  /* odd: a handler may use it */
    struct lf_fake_arena        arena;       /* of the host, not the app */
    struct lf_fake_arena        app_arena;   /* LF_FAKE_POOL_FAST */
    struct lf_fake_pool_state   pool;
    struct lf_fake_request     *next_free;

    struct lf_fake_header_list  headers_in, headers_out;
    struct lf_fake_header_list  location_headers;
    struct lf_fake_header_list  variables;   /* set by hand */
    struct lf_fake_header_list  kept;        /* asked for by the conf */
    struct lf_fake_applied     *applied;
    size_t                      applied_count, applied_room;
    unsigned                    pass;        /* of the one that is on */
    const struct lf_fake_server *server_conf;

    /* A request inside another: headers_in and applied are those of main. */
    struct lf_fake_request     *main;        /* itself, when it is none */
    struct lf_fake_request     *parent;      /* NULL: it is none */
    struct lf_fake_request     *subs, *next_sub; /* of main: freed with it */
    unsigned                    depth;
    struct lf_fake_response    *response;

    lf_str_t                    target;
    lf_str_t                    args;
    lf_str_t                    server;      /* name by URI or Host */
    u_char                     *body;
    size_t                      body_len;

    /* Values of headers that mean something; data NULL: not there. */
    lf_str_t                    host_header, content_length;
    lf_str_t                    transfer_encoding, user_agent, referer;

    int                         refused;     /* status, or LF_FAKE_TOO_LARGE */
    enum lf_fake_connection     connection;
    size_t                      header_lines;
    size_t                      buffer_used, buffer_size, large_buffers;
    size_t                      head_len;    /* as sent */
    char                        id[33];      /* $request_id, once asked for */
    lf_str_t                    length;      /* $content_length, as well */
    lf_str_t                    user;        /* $remote_user, as well */
    unsigned                    length_asked:1;
    unsigned                    user_asked:1;
    unsigned                    http_1_0:1;
    unsigned                    host_in_uri:1;
    unsigned                    by_location:1; /* refused, but well-formed */
    unsigned                    head_finished:1;
    unsigned                    headers_ready:1; /* of the location */
    unsigned                    no_body:1;   /* that of the outer is not its */
    unsigned                    ran:1;
    unsigned                    failed:1;    /* no memory before the handler */
};

struct lf_fake_request *lf_fake_request_of(const struct lf_request *request);

/* A request of its own on a free slot, with nothing in it; NULL: none. */
struct lf_fake_request *lf_fake_request_blank(struct lf_fake *host);

/* From now on its ctx is dead. */
void lf_fake_request_end(struct lf_fake_request *request);

/* Refuse with a status, unless it is refused already. */
void lf_fake_refuse(struct lf_fake_request *request, int status,
                    const char *why);

/* Adds to a list; the strings are not copied. Returns 0, or -1: no memory. */
int lf_fake_header_push(struct lf_fake_request *request,
                        struct lf_fake_header_list *list,
                        const lf_str_t *name, const lf_str_t *value);

/* lf_fake_uri.c: fills uri, args and server from the target, or refuses. */
void lf_fake_uri_parse(struct lf_fake_request *request);

/* Room for the request line, and what is judged when all headers are there. */
void lf_fake_head_start(struct lf_fake_request *request);
void lf_fake_head_finish(struct lf_fake_request *request);

/* Place a line in nginx's buffers. 0, or -1: none takes it. */
int lf_fake_head_line(struct lf_fake_request *request, size_t len);

/* Note a header that nginx itself looks at. */
void lf_fake_head_known(struct lf_fake_request *request, const lf_str_t *name,
                        const lf_str_t *value);

/*
 * lf_fake_error_page.c: the page of a status, of no length when nginx has none for
 * it; two texts behind each other.
 */
#define LF_FAKE_SERVER  "nginx/1.22.1"

int lf_fake_page(struct lf_fake_request *request, int status, lf_str_t *body);
int lf_fake_concat(struct lf_fake_request *request, lf_str_t *to,
                   const char *a, const char *b);

/* 0 and the name to compare servers with (a view), or -1: malformed. */
int lf_fake_host_valid(const lf_str_t *value, lf_str_t *name);
void lf_fake_set_server(struct lf_fake_request *request, const lf_str_t *name);


/* ---- host ------------------------------------------------------------- */

/* Requests live in slots that are never given back: a stale ctx can be read. */
#define LF_FAKE_SLOTS_PER_CHUNK  64
#define LF_FAKE_SLOT_CHUNKS      64

struct lf_fake {
    struct lf_fake_options       options;
    struct lf_zone               zone;
    struct lf_props              props;
    struct lf_fake_header       *req_headers;
    size_t                       req_header_count;
    struct lf_fake_header       *variables;  /* set by hand */
    size_t                       variable_count;
    struct lf_cycle              cycle;
    int                          in_hook;
    atomic_ulong                 last_number;

    pthread_mutex_t              lock;       /* of slots, findings, log */
    struct lf_fake_request      *slots[LF_FAKE_SLOT_CHUNKS];
    _Atomic size_t               slot_count;
    struct lf_fake_request      *free_first, *free_last;

    struct lf_fake_quarantine    quarantine;

    struct lf_fake_finding      *findings, *last_finding;
    size_t                       finding_count;
    void                       (*seen)(void *data,
                                       const struct lf_fake_finding *finding);
    void                        *seen_data;

    struct lf_fake_log_line     *lines, *last_line;
    void                       (*shown)(void *data,
                                        const struct lf_fake_log_line *line);
    void                        *shown_data;
};

/* The host of this process, or NULL. */
extern struct lf_fake  *lf_fake_host;

/*
 * Addresses that nobody can read, one for each life of a slot: what apps find
 * in their private fields. 0 in *slot is the cycle.
 */
int lf_fake_private_open(char *err);
void *lf_fake_private_make(unsigned slot, uint32_t generation);
int lf_fake_private_read(const void *handle, unsigned *slot,
                         uint32_t *generation);

/* Do a generation and the part of it that a handle holds agree? */
int lf_fake_private_same(uint32_t generation, uint32_t part);

/* A word that points into memory nobody can read: what freed memory holds. */
uintptr_t lf_fake_private_poison(void);

/* One line of the log, of the app or of the host itself. */
void lf_fake_log_write(struct lf_fake_request *request, enum lf_level level,
                       int app, const char *text, size_t len);

/* Forget those of a request, or all: the lock of the host is held. */
void lf_fake_log_forget(struct lf_fake *host, unsigned long number, int all);

/* A finding that core does not know of: damage in the memory of an app. */
void lf_fake_finding_add(struct lf_fake_request *request, unsigned long number,
                         const struct lf_rule *rule, const void *site,
                         const void *alloc_site, const char *text);
void lf_fake_findings_forget(struct lf_fake *host, unsigned long number,
                             int all);

#pragma GCC visibility pop

#endif /* LF_FAKE_HOST_H */
