/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command line of `linkfunc call`, read but not acted on: what it says
 * about the request, the output and the host.
 */
#ifndef CALL_OPTIONS_H
#define CALL_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "harness/call/call_data.h"
#include "harness/call/call_header.h"
#include "fakes/lf_fake.h"
#include "lib/base/opt.h"
#include "lib/base/strlist.h"

/* Numbers of the options in the table. */
enum {
    O_REQUEST = 1, O_HEADER, O_DATA, O_DATA_RAW, O_DATA_BINARY,
    O_DATA_URLENCODE, O_JSON, O_GET, O_HEAD, O_UPLOAD, O_AGENT, O_COOKIE,
    O_REFERER, O_USER, O_PATH_AS_IS, O_HTTP_1_0,
    O_INCLUDE, O_OUTPUT, O_DUMP_HEADER, O_WRITE_OUT, O_SILENT, O_VERBOSE,
    O_FAIL,
    O_PROP, O_VAR, O_REQ_HEADER, O_SHM_SIZE, O_SHM, O_WORKERS, O_REPEAT,
    O_TIMEOUT, O_THREADS, O_FORMAT,
    O_LOG_LEVEL, O_POOL, O_NO_FORK, O_HELP
};

struct call_options {
    const char         *app, *symbol, *url;

    /* request */
    const char         *method, *agent, *referer, *user, *upload;
    struct strbuf       cookie;
    struct strlist      headers;           /* "Name: value", "Name;", ... */
    struct call_data    data;
    unsigned            json:1, get:1, head:1, path_as_is:1, http_1_0:1;

    /* output */
    const char         *output, *dump_header, *write_out;
    char               *write_out_text;      /* when it came from a file */
    unsigned            include:1, silent:1, verbose:1, fail:1;
    unsigned            json_format:1;       /* --format json */

    /* host */
    struct strlist      props;             /* "K=V" */
    struct strlist      vars;              /* "NAME=VALUE" */
    struct strlist      req_headers;       /* "K: V" */
    size_t              shm_size;            /* 0: the default */
    const char         *shm;                 /* --shm NAME, or NULL */
    unsigned long       workers, repeat;
    unsigned long       threads;             /* 0: none but the main one */
    uint64_t            timeout;             /* ns; 0: none */
    enum lf_level       log_level;
    enum lf_fake_pool   pool;
    unsigned            no_fork:1, help:1;
};

extern const struct opt_def  call_option_defs[];

/* argv stands behind "call". Returns 0, or -1 after a message. */
int call_options_parse(struct call_options *options, char **argv);
void call_options_free(struct call_options *options);

/* An option of the host. Returns 0, or -1 after a message. */
int call_options_set_host(struct call_options *options, int id,
                          const char *value);

/*
 * The options of the host that differ from the defaults, for a command line
 * that repeats a call.
 */
void call_options_print_host(const struct call_options *options,
                             struct strbuf *out);

#endif /* CALL_OPTIONS_H */
