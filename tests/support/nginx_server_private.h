/* SPDX-License-Identifier: BSD-2-Clause */
/* What the two files of nginx_server.h share, and nobody else. */
#ifndef LF_TESTS_NGINX_SERVER_PRIVATE_H
#define LF_TESTS_NGINX_SERVER_PRIVATE_H

#include "tests/support/nginx_server.h"

#define ENV_MAX  16
#define WAIT_MS  60000     /* for a slow machine, and Valgrind */

struct nginx_server {
    char                prefix[128];
    char                socket[160];
    char                error[1024];
    const char         *module;
    const char         *log_level;
    const char         *user;                 /* used by root alone */
    const char         *env[ENV_MAX];
    size_t              env_count;
    const char *const  *wrapper;
    unsigned            workers;
    unsigned            single:1;
    pid_t               pid;
    int                 pidfd;
    int                 app_log;
};

/* Keeps the text for nginx_server_error; returns -1. */
int nginx_server_fail(struct nginx_server *server, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* How often a text stands in a file of the prefix folder. */
unsigned nginx_server_count(struct nginx_server *server, const char *file,
                            const char *text);

#endif /* LF_TESTS_NGINX_SERVER_PRIVATE_H */
