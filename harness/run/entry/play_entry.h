/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One entry of a script: its options, the request it makes, and what its
 * answer is held against. What is common to all entries of a file is the
 * session.
 */
#ifndef PLAY_ENTRY_H
#define PLAY_ENTRY_H

#include <stdbool.h>

#include "lib/http/cookie.h"
#include "harness/hurl/eval/eval.h"
#include "harness/host/host.h"
#include "harness/run/report/report.h"
#include "lib/http/request.h"
#include "harness/hurl/syntax/script.h"

/* What the command line sets for all entries. */
struct play_settings {
    const char    *file_root;        /* NULL: the folder of the script */
    long           retry;            /* -1: without end */
    unsigned long  retry_interval_ms;
    unsigned long  delay_ms;
    unsigned long  repeat;           /* of the whole file */
    unsigned long  max_redirs;
    unsigned long  max_time;         /* seconds; 0: the host's timeout */
    unsigned long  from_entry, to_entry;     /* 0: all */
    bool           location, trusted, continue_on_error, no_cookie_store;
    bool           no_assert, path_as_is;
    const char    *user;             /* -u, or NULL */
    int            na_fails;         /* what is not applicable has failed */
};

/* A file that is being played on one host. */
struct play_session {
    const struct play_settings  *settings;
    const struct script         *script;
    const size_t                *lines;          /* where each starts */
    size_t                       line_count;
    struct host                 *host;
    struct vars                 *vars;
    struct cookie_jar           *jar;
    const char                  *file_root;
    unsigned                     in_process:1;   /* the mock */
    unsigned                     own_server:1;   /* the mock, our nginx */
};

/* The options of one entry, after the command line's. */
struct play_options {
    bool           skip, location, trusted, path_as_is, http_1_0;
    long long      repeat, retry, max_redirs;
    uint64_t       delay_ms, retry_interval_ms, max_time_ms;
    const char    *user;
    const char    *output;
    const char    *ignored;          /* a netrc option: none is read; or NULL */
    const struct script_option  *headers;        /* walk: those of that kind */
};

/* 0, or -1 with the error in e. Sets variables of the entry, too. */
int play_options_read(struct eval *e, const struct play_settings *settings,
                      const struct script_entry *entry,
                      struct play_options *options);

/*
 * The request of an entry. http is filled with memory of its own: free it
 * with request_free. 0, or -1 with the error in e.
 */
int play_request_build(struct eval *e, const struct play_session *session,
                       const struct script_entry *entry,
                       const struct play_options *options,
                       struct request *http, struct host_request *request);

/* From one request to the next: the redirect, and what it dropped. */
struct play_redirect {
    const char  *url;                /* where to */
    unsigned     status;             /* of the answer that says so */
    const char  *method, *host;      /* of the request before */
    unsigned     port;
    unsigned     tls:1;
    unsigned     no_body:1;
    unsigned     moved:1;            /* to another server than the first */
    unsigned     foreign:1;          /* and that one is not trusted */
};

/* Takes down the request that was sent. 0, or -1: no memory. */
int play_redirect_from(struct eval *e, struct play_redirect *redirect,
                       const struct host_request *request);

/*
 * The request that follows a redirect: 301, 302 and 303 make it a GET without
 * a body, others repeat the request before. What names the user stays with
 * the first server unless the option says that others are trusted; once lost,
 * it does not come back. 0, or -1 with the error in e.
 */
int play_request_redirect(struct eval *e, const struct play_session *session,
                          const struct script_entry *entry,
                          const struct play_options *options,
                          struct play_redirect *redirect,
                          struct request *http, struct host_request *request);

/* Version, status, captures, headers, body, asserts: adds to result. */
void play_check_answer(struct eval *e, const struct play_session *session,
                       const struct script_entry *entry,
                       struct run_entry *result);

/* The #@ assertions of an entry. */
void play_check_directives(struct eval *e, struct play_session *session,
                           const struct host_answer *answer,
                           const struct script_entry *entry,
                           struct run_entry *result);

/* Adds a check that passed, failed, erred or was not applicable. */
void play_add_check(struct eval *e, const struct play_session *session,
                    struct run_entry *result, enum run_verdict verdict,
                    const struct script_span *where, const char *title,
                    const char *message);

/*
 * Play one entry, repeats and retries included; seen is called for each
 * attempt that counts. Returns the verdict.
 */
enum run_verdict play_entry(struct play_session *session,
                            const struct script_entry *entry,
                            void (*seen)(void *data,
                                         const struct run_entry *result,
                                         const struct host_answer *answer),
                            void *data);

#endif /* PLAY_ENTRY_H */
