/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The contract suite: one list of requests, two hosts that play it, and what
 * is compared. The list is data: who adds a case adds rows, not code; and a
 * case that a script can state goes to scripts/ or directives/, not here.
 */
#ifndef LF_CONTRACT_H
#define LF_CONTRACT_H

#include <stddef.h>

#define CONTRACT_WANTS  5

/* How the bytes of a request reach nginx; the mock has the body at once. */
enum contract_sending {
    CONTRACT_AT_ONCE,            /* head and body in one piece */
    CONTRACT_CHUNKED,            /* Transfer-Encoding: chunked */
    CONTRACT_LATE                /* the body after nginx said 100 Continue */
};

struct contract_request {
    const char             *name;      /* what should hold */
    const char             *target;
    const char             *method;    /* NULL: GET */
    const char             *headers;   /* "Name: value\r\n" ..., or NULL */
    const char             *body;      /* or NULL, then */
    size_t                  size;      /* of a body made of all bytes */
    enum contract_sending   sending;
    unsigned                http_1_0:1;
    unsigned                no_host:1; /* send no Host header */
    unsigned                own_length:1; /* headers tell of the body */

    /* Must stand in head, body or app log, on both hosts. */
    const char             *want[CONTRACT_WANTS];
    const char             *never;     /* must not */
};

struct contract_list {
    const struct contract_request  *items;
    size_t                          count;
};

extern const struct contract_list  contract_requests_in;
extern const struct contract_list  contract_requests_body;
extern const struct contract_list  contract_requests_out;
extern const struct contract_list  contract_requests_zone;

/* Which handler serves a path, the longest prefix wins; conf is for nginx. */
struct contract_place {
    const char  *prefix, *handler, *conf;
};

/* What both hosts are made of; lists of texts are name, value, ..., NULL. */
struct contract_setup {
    const char                   *app;          /* the library */
    const char                   *module;       /* of nginx */
    const char                   *shm_size;     /* "64k", "1m" */
    unsigned                      workers;
    const struct contract_place  *places;       /* a NULL prefix ends them */
    const char *const            *props;
    const char *const            *req_headers;
    const char                   *more;         /* of the server, or NULL */

    /* What stands in the app's log when a worker is ready, or NULL. */
    const char                   *ready;
};

/* That of the app of this suite; app, module and workers are to be set. */
extern const struct contract_setup  contract_setup_app;

/* The handler of the place that serves a request target. */
const char *contract_handler(const struct contract_setup *setup,
                             const char *target);


/* ---- what came back --------------------------------------------------- */

struct contract_answer {
    int            status;
    char          *head;         /* without the Server and Date of the host */
    unsigned char *body;
    size_t         body_len;
    char          *log;          /* "level: text" of each app log call */
    char          *reports;      /* what the host said to the app's author */
};

void contract_answer_free(struct contract_answer *answer);

/* Frees what was there, keeps a copy; 0, or -1: no memory. */
int contract_keep(char **to, const char *data, size_t len);

/* The body of a request: yours, NULL when it has none. */
unsigned char *contract_body(const struct contract_request *request,
                             size_t *len);

/* Add "Name: value" to a head, unless it is the host's own Server or Date. */
int contract_head_add(char **head, const char *name, size_t name_len,
                      const char *value, size_t value_len);

/* Records of LINKFUNC_APP_LOG as lines without their request number. */
char *contract_log_lines(const char *data, size_t len);


/* Compare, and say on stderr what differs: 0 when nothing does. */
int contract_answers_differ(const struct contract_answer *mock,
                            const struct contract_answer *real);
int contract_reports_differ(const char *told, const char *error_log);

void contract_show(const char *host, const struct contract_answer *answer);


/* ---- hosts: one of each in a process; 0, or -1 with a text in err ------ */

#define CONTRACT_ERR  1024

struct contract_mock;
struct contract_real;

/* Only log and reports: what came since the last answer, of hooks at first. */
int contract_mock_hooks(struct contract_mock *mock,
                        struct contract_answer *answer);
int contract_real_hooks(struct contract_real *real,
                        struct contract_answer *answer);

struct contract_mock *contract_mock_new(const struct contract_setup *setup,
                                        char *err);
int contract_mock_play(struct contract_mock *mock,
                       const struct contract_request *request,
                       struct contract_answer *answer, char *err);
void contract_mock_free(struct contract_mock **mock);

struct contract_real *contract_real_new(const struct contract_setup *setup,
                                        char *err);
int contract_real_play(struct contract_real *real,
                       const struct contract_request *request,
                       struct contract_answer *answer, char *err);
const char *contract_real_socket(const struct contract_real *real);

/* Stop it in order: the text of what went wrong in its life, or NULL. */
char *contract_real_free(struct contract_real **real);

/* Why no nginx can be asked, or NULL. */
const char *contract_real_missing(const char *module);

#endif /* LF_CONTRACT_H */
