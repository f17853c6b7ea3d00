/* SPDX-License-Identifier: BSD-2-Clause */
/* What play_request.c and play_headers.c share, and nobody else. */
#ifndef PLAY_HEADERS_H
#define PLAY_HEADERS_H

#include "lib/http/url.h"
#include "harness/run/entry/play_entry.h"

int play_no_memory(struct eval *e, const struct script_entry *entry);

/* The section of a request, or NULL. */
const struct script_section *play_section(const struct script_entry *entry,
                                          enum script_section_kind kind);

/* 0, or -1 with the error in e. implied: not from the script. */
int play_header_add(struct eval *e, const struct script_entry *entry,
                    struct request *http, const char *name, const char *value,
                    int implied);

/* All headers but those of the body; redirect is NULL for a first request. */
int play_headers_add(struct eval *e, const struct play_session *session,
                     const struct script_entry *entry,
                     const struct play_options *options,
                     const struct play_redirect *redirect,
                     const struct url *url, struct request *http,
                     const struct host_request *request);

#endif /* PLAY_HEADERS_H */
