/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A server that runs already as a host of scripts: requests go to its address,
 * whatever host their own URL names; nothing is known about it but its answers.
 */
#ifndef PLAY_URL_H
#define PLAY_URL_H

#include "harness/host/host.h"

struct play_url_settings {
    const char  *url;            /* "http://host:port", https, too */
    uint64_t     timeout;        /* ns; 0: 30 s */
};

/* NULL with a text in err. */
struct host *play_url_new(const struct play_url_settings *settings,
                               char *err);

#endif /* PLAY_URL_H */
