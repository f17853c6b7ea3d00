/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of a URL as it is written: nothing is decoded, nothing refused. */
#ifndef URL_PARTS_H
#define URL_PARTS_H

#include <stddef.h>

#pragma GCC visibility push(hidden)

/* Each part ends where the next one begins; all point into the URL. */
struct url_parts {
    const char  *authority;      /* behind "://"; without one the URL itself */
    const char  *host;           /* behind the '@' of user and password */
    const char  *path;           /* "/path", or what follows an empty one */
    const char  *query;          /* "?args", likewise */
    const char  *fragment;       /* "#name", or the NUL */
};

void url_split(const char *url, struct url_parts *parts);

/* Does it begin with "scheme://"? Case is ignored. */
int url_has_scheme(const char *url, const char *scheme);

/*
 * For logs and messages: without what may be secret, which is user, password,
 * query and fragment. "***" stands for it. A password that holds '/', '?' or
 * '#' is masked, too.
 */
void url_redact(const char *url, char *out, size_t size);

#pragma GCC visibility pop

#endif /* URL_PARTS_H */
