/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by the parts of play_nginx. Functions return 0, or -1 with err. */
#ifndef PLAY_NGINX_PRIVATE_H
#define PLAY_NGINX_PRIVATE_H

#include "harness/host/nginx/nginx_conf.h"
#include "harness/host/nginx/nginx_log.h"
#include "harness/host/nginx/nginx_process.h"
#include "harness/host/nginx/play_nginx.h"
#include "lib/base/private_dir.h"

struct http_client;

struct play_nginx {
    struct host                 base;
    struct play_nginx_settings  settings;
    struct arena               *arena;       /* lives as long as the host */
    struct private_dir          folder;
    struct nginx_conf           conf;
    struct nginx_process        process;
    struct nginx_log            log;
    struct http_client         *client;
    int                         app_log;
    off_t                       app_log_offset, app_log_freed;
    unsigned                    reloaded:1;  /* since the last answer */
};

int play_nginx_start(struct play_nginx *nginx, char *err);

/* The exit status of nginx, or minus the signal that ended it. */
int play_nginx_end(struct play_nginx *nginx);

/* New lines of error.log; excuse: ends of workers are no findings. */
int play_nginx_read_log(struct play_nginx *nginx, struct arena *arena,
                        int excuse, struct host_answer *answer, char *err);

/*
 * The connection broke: because the worker died? Then the answer says so.
 * before is the worker whose end was known before the request.
 */
int play_nginx_find_crash(struct play_nginx *nginx, struct arena *arena,
                          pid_t before, struct host_answer *answer,
                          char *err);

/* End the worker that does not answer: nginx starts another one. */
int play_nginx_end_worker(struct play_nginx *nginx, struct arena *arena,
                          pid_t before, struct host_answer *answer,
                          char *err);

#endif /* PLAY_NGINX_PRIVATE_H */
