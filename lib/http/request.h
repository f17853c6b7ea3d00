/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A request as it would stand on the wire, in the CLI's own words: made from
 * options or from a script, sent to a worker, shown by -v, and written down as
 * the command line that repeats it.
 */
#ifndef REQUEST_H
#define REQUEST_H

#include <stddef.h>

#include "lib/base/strbuf.h"

struct request_header {
    char      *name;
    char      *value;
    unsigned   implied:1;        /* not requested: curl would send it */
};

struct request {
    char                   *method;
    char                   *target;      /* "/path?args" */
    char                   *url;         /* absolute */
    struct request_header  *headers;     /* in the order of the wire */
    size_t                  header_count;
    char                   *body;        /* NULL: none */
    size_t                  body_len;
    char                   *body_from;   /* name of the file it came from */
    unsigned                http_1_0:1;
    unsigned                wants_head:1;  /* -I */
    unsigned                local:1;       /* no host was named */
};

void request_free(struct request *request);

/* Append a header; copied. Returns 0, or -1: no memory. */
int request_add_header(struct request *request, const char *name,
                       const char *value, int implied);

/* The value of a header by name, case ignored, or NULL. */
const char *request_get_header(const struct request *request,
                               const char *name);

/* The head as it stands on the wire, each line after prefix. */
void request_print_head(const struct request *request, const char *prefix,
                        const char *line_end, struct strbuf *out);

/*
 * The options and the URL that make this request again, each as one word for
 * a shell, beginning with a blank.
 */
void request_print_options(const struct request *request, struct strbuf *out);

#endif /* REQUEST_H */
