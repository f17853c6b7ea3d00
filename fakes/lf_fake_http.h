/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests to the mock host, made by hand, and what a client of nginx would
 * get. Part of lf_fake.h.
 */
#ifndef LF_FAKE_HTTP_H
#define LF_FAKE_HTTP_H

#include "core/lf_core.h"

#pragma GCC visibility push(hidden)

struct lf_fake;
struct lf_fake_request;


/* ---- request ---------------------------------------------------------- */

/*
 * A request as it comes from the wire. target is the request target
 * ("/path?args" or "http://host/path"); it is split, decoded and normalised as
 * nginx 1.22.1 does. NULL: no memory, or some 4,000 requests live already.
 * What nginx would refuse before any app sees it, lf_fake_refused reports: so
 * also HTTP/1.1 without a Host header, which is not added.
 */
struct lf_fake_request *lf_fake_request_new(struct lf_fake *host,
                                            const char *method,
                                            const char *target);
void lf_fake_request_free(struct lf_fake_request **request);

/*
 * What the configuration of a server sets for all its requests. A number of 0
 * is nginx's default.
 */
struct lf_fake_server {
    const struct lf_props  *props;           /* kept */
    lf_str_t                name;            /* the first server_name; kept */
    unsigned                port;            /* the request came to */
    unsigned                header_buffers;  /* large_client_header_buffers */
    size_t                  header_buffer_size;
    size_t                  first_buffer;    /* client_header_buffer_size */
    unsigned                underscores_in_headers:1;
    unsigned                keep_invalid_headers:1;
    unsigned                keep_slashes:1;  /* merge_slashes off */
};

/* As lf_fake_request_new, on a server of its own; server is kept. */
struct lf_fake_request *
    lf_fake_request_on(struct lf_fake *host,
                       const struct lf_fake_server *server,
                       const char *method, const char *target);

/* The port of the server that it is on; 0: none was given. */
unsigned lf_fake_port(const struct lf_fake_request *request);

/* "1.1" is the default; "1.0". */
void lf_fake_set_http_1_0(struct lf_fake_request *request);

/*
 * Add a header of the client, by nginx's rules: invalid names are dropped,
 * what nginx refuses, lf_fake_refused reports. Returns 0, or -1: no memory.
 */
int lf_fake_add_header(struct lf_fake_request *request, const char *name,
                       size_t name_len, const char *value, size_t value_len);

/*
 * What the location adds to the request before the app sees it: a header
 * (ngx_link_func_add_req_header), copied; a limit of the body (0: none), which
 * answers 413; an answer by nginx itself, such as 404 for an internal one.
 */
int lf_fake_add_location_header(struct lf_fake_request *request,
                                const char *name, const char *value);
void lf_fake_limit_body(struct lf_fake_request *request, size_t max);
void lf_fake_answer_itself(struct lf_fake_request *request, int status);

/*
 * Put those headers on the request now, not when its handler is run: others
 * run before it. Returns 0, or -1: no memory.
 */
int lf_fake_headers_apply(struct lf_fake_request *request);

/*
 * Variables. Those set by hand win over what nginx would have: on this request,
 * then those of all its host's. Names and values are copied; the last of a name
 * wins. Returns 0, or -1: no memory.
 */
int lf_fake_set_variable(struct lf_fake_request *request, const char *name,
                         const char *value);

enum lf_fake_variable {
    LF_FAKE_VAR_SET,
    LF_FAKE_VAR_UNSET,           /* nginx has it, this request has not */
    LF_FAKE_VAR_NOT_HERE,        /* nginx has it, the mock does not */
    LF_FAKE_VAR_UNKNOWN
};

/* The value is a view. request NULL: what kind of name is that? */
enum lf_fake_variable lf_fake_get_variable(struct lf_fake_request *request,
                                           const lf_str_t *name,
                                           lf_str_t *value);

/*
 * The same as a configuration sees it: nginx caches most values, once they are
 * computed, for the request and all inside it.
 */
enum lf_fake_variable lf_fake_conf_variable(struct lf_fake_request *request,
                                            const lf_str_t *name,
                                            lf_str_t *value);

/* Views of the parts of the request line, for variables; NULL: not wanted. */
void lf_fake_request_line(const struct lf_fake_request *request,
                          lf_str_t *target, lf_str_t *args, lf_str_t *host);

/* Copied. Returns 0, or -1: no memory. Sets no header. */
int lf_fake_set_body(struct lf_fake_request *request, const void *body,
                     size_t len);

/* The properties seen by this request, instead of the host's; kept. */
void lf_fake_set_props(struct lf_fake_request *request,
                       const struct lf_props *props);

/* Let the Nth allocation of the app in this request fail; 0: none. */
void lf_fake_fail_alloc(struct lf_fake_request *request, unsigned long nth);

/* The status with which nginx would refuse the request itself, or 0. */
int lf_fake_refused(const struct lf_fake_request *request);

/*
 * Run a handler, unless the request is refused; then check its memory. A
 * second call does nothing. handler NULL: as if no location had a function.
 */
void lf_fake_run(struct lf_fake_request *request, lf_handler_pt handler);

/* A line of nginx itself about this request, for what the mock does for it. */
void lf_fake_log_text(struct lf_fake_request *request, enum lf_level level,
                      const char *text);

/* core's view, for asserts: request->response, ctx, uri, ... */
struct lf_request *lf_fake_core(struct lf_fake_request *request);

/*
 * A request inside another, as ngx_link_func_subrequest makes it: method and
 * client's headers are those of the outer one, and a header that either adds
 * is seen in both. The uri is taken as it is. args and body: does it get those
 * of the outer one? It lives until the main request is freed. NULL: no memory.
 */
struct lf_fake_request *
    lf_fake_subrequest_new(struct lf_fake_request *outer, const lf_str_t *uri,
                           int args, int body);

/* The request that this one is a part of; NULL: none. */
struct lf_fake_request *
    lf_fake_outer(const struct lf_fake_request *request);

/* How many requests it is inside of. */
unsigned lf_fake_depth(const struct lf_fake_request *request);

/* Figures of the app's allocations in this request and those inside it. */
size_t lf_fake_alloc_count(const struct lf_fake_request *request);
size_t lf_fake_alloc_bytes(const struct lf_fake_request *request);


/* ---- response: what a client of nginx would get ----------------------- */

struct lf_fake_header {
    lf_str_t  name, value;
};

struct lf_fake_response {
    int                           status;
    lf_str_t                      status_line;   /* after "HTTP/1.1 " */
    const struct lf_fake_header  *headers;       /* in nginx's order */
    size_t                        header_count;
    lf_str_t                      body;          /* empty for HEAD */
    unsigned                      by_app:1;      /* 0: a page of nginx */
};

/*
 * The answer after lf_fake_run: the app's, or the page that nginx would send
 * (404 when no response was written, 4xx for a refused request, 500). Borrowed
 * until the request is freed. NULL: no memory.
 */
const struct lf_fake_response *
    lf_fake_get_response(struct lf_fake_request *request);

/* nginx's text for a status: "Not Found"; "" when it has none. */
const char *lf_fake_reason(int status);

#pragma GCC visibility pop

#endif /* LF_FAKE_HTTP_H */
