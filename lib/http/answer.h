/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An answer as it came over the wire, or what became of it. Everything that it
 * points to lives in the arena of the caller.
 */
#ifndef HTTP_ANSWER_H
#define HTTP_ANSWER_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/str.h"

struct http_header {
    struct str  name, value;                 /* a NUL follows the last byte */
};

enum http_outcome {
    HTTP_ANSWERED,
    HTTP_FAILED,                             /* no whole answer: see text */
    HTTP_TIMED_OUT
};

struct http_answer {
    enum http_outcome    outcome;
    const char          *text;               /* why; NULL when answered */
    unsigned             status;
    const char          *version;            /* "1.0", "1.1", "2" */
    struct str           status_line;        /* what follows the version */
    struct http_header  *headers;
    size_t               header_count;
    struct str           body;               /* as received */
    uint64_t             duration_us;
};

#endif /* HTTP_ANSWER_H */
