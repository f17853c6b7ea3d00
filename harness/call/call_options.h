/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command line of `linkfunc call`, read but not acted on: what it says
 * about the request, the output and the host.
 */
#ifndef CALL_OPTIONS_H
#define CALL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fakes/lf_fake.h"
#include "harness/call/call_data.h"
#include "harness/call/call_header.h"
#include "lib/base/opt.h"
#include "lib/base/strbuf.h"
#include "lib/base/strlist.h"

struct call_options {
    const char         *app, *symbol, *url;

    /* request */
    const char         *method, *agent, *referer, *user, *upload;
    struct strbuf       cookie;
    struct strlist      headers;             /* "Name: value", "Name;", ... */
    struct call_data    data;
    bool                get, head, path_as_is, http_1_0;

    /* output */
    const char         *output, *dump_header, *write_out;
    char               *write_out_text;      /* when it came from a file */
    bool                include, silent, verbose, fail;
    int                 json_format;         /* --format: 0 text, 1 json */

    /* host */
    struct strlist      props;               /* "K=V" */
    struct strlist      vars;                /* "NAME=VALUE" */
    struct strlist      req_headers;         /* "K: V" */
    size_t              shm_size;            /* 0: the default */
    const char         *shm;                 /* --shm NAME, or NULL */
    unsigned long       workers, repeat;
    unsigned long       threads;             /* 0: none but the main one */
    uint64_t            timeout;             /* ns; 0: none */
    enum lf_level       log_level;
    enum lf_fake_pool   pool;
    bool                no_fork;

    struct strbuf       rerun;               /* " --prop a=b", to do it again */
};

extern const struct opt_row  call_option_rows[];

/* words stand behind "call". Returns OPT_OK, OPT_DONE or OPT_ERROR. */
int call_options_parse(struct call_options *options, char **words);
int call_options_argument(void *options, char **words);
void call_options_free(struct call_options *options);

/* For the rows whose options do something of their own. */
opt_callback  call_set_method, call_add_header, call_add_data, call_add_cookie,
              call_set_user, call_set_write_out, call_add_var,
              call_add_req_header;

#endif /* CALL_OPTIONS_H */
