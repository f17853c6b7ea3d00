/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A real nginx as a host of scripts: started for a file, with the user's
 * configuration moved into a private folder, and stopped after it.
 */
#ifndef PLAY_NGINX_H
#define PLAY_NGINX_H

#include "harness/conf/conf.h"
#include "harness/host/host.h"

struct play_nginx_settings {
    const struct conf_node  *root;       /* the configuration; kept */
    const struct conf       *conf;       /* what it means; kept */
    const char              *prefix;     /* its folder: nginx -p */
    const char              *lib_dir;    /* --lib-dir, or NULL */
    const char              *program;    /* as play_nginx_find gives them */
    const char              *module;     /* "": built into that nginx */
    uint64_t                 timeout;    /* ns; 0: 30 s */
};

struct play_nginx_paths {
    char  program[4096];
    char  module[4096];
};

/*
 * Where nginx and the module are. What the caller names (or NULL), else the
 * environment ($LINKFUNC_NGINX, $LINKFUNC_MODULE, empty for a module that is
 * built in), else the usual places. Returns 0, or -1 with a text in err.
 */
int play_nginx_find(const char *program, const char *module,
                    struct play_nginx_paths *paths, char *err);

/* NULL with a text in err. */
struct host *play_nginx_new(const struct play_nginx_settings *settings,
                                 char *err);

#endif /* PLAY_NGINX_H */
