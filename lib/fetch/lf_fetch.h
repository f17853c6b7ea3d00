/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fetches a file by http or https into a file, and verifies it. All of it
 * happens in a child process, so that the caller maps neither libcurl nor
 * libcrypto and outlives whatever they do.
 */
#ifndef LF_FETCH_H
#define LF_FETCH_H

#include <stddef.h>

#include "lib/base/error.h"

#pragma GCC visibility push(hidden)

#define LF_FETCH_CONNECT_MS  10000
#define LF_FETCH_TOTAL_MS    60000
#define LF_FETCH_SIZE        (64 * 1024 * 1024)
#define LF_FETCH_REDIRECTS   5

/* Optional texts may be NULL; a limit of 0 is the one above. */
struct lf_fetch {
    const char  *url;
    const char  *agent;          /* the User-Agent; NULL: none */
    const char  *headers;        /* "A: b\r\nC: d", for the host of url only */
    const char  *ca_file;        /* instead of the certificates of the system */
    const char  *sha256;         /* hex: what the file must be */
    const char  *old;            /* the file of last time */
    const char  *etag;           /* of the old file */
    const char  *modified;
    const char  *path;           /* exists and is empty: what comes is here */
    long         connect_ms, total_ms;
    size_t       size_max;
};

enum lf_fetch_outcome {
    LF_FETCH_FAILED = 1,         /* err says why */
    LF_FETCH_NEW,                /* path holds all of it */
    LF_FETCH_UNCHANGED           /* old is what would come */
};

struct lf_fetch_result {
    enum lf_fetch_outcome  outcome;
    int                    old_fits;     /* old is what sha256 demands */
    char                   etag[256];
    char                   modified[64];
    char                   err[ERROR_LEN];
};

void lf_fetch_run(const struct lf_fetch *fetch, struct lf_fetch_result *result);

#pragma GCC visibility pop

#endif /* LF_FETCH_H */
