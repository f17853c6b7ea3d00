/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line of `linkfunc run`, read into settings. */
#ifndef RUN_OPTIONS_H
#define RUN_OPTIONS_H

#include "lib/base/strlist.h"
#include "lib/base/opt.h"
#include "harness/run/run.h"

struct run_options {
    struct run_settings  settings;
    struct strlist       inputs;             /* files, folders, "-" */
    struct strlist       globs;
    struct strlist       routes, props;
    const char          *conf, *app;
    size_t               shm_size;
    unsigned             strict_conf:1, help:1;
};

extern const struct opt_def  run_option_defs[];

/* argv stands behind "run". Returns 0, or -1 after a message. */
int run_options_parse(struct run_options *options, char **argv);
void run_options_free(struct run_options *options);

/*
 * The configuration: of --conf, or made for --app. Fills settings.conf and
 * what belongs to it. Returns 0, or an exit status after a message.
 */
int run_conf_load(struct run_options *options);

/* Scripts that were meant, folders searched, sorted: yours to free. */
int run_list_scripts(const struct run_options *options,
                     struct strlist *scripts);

#endif /* RUN_OPTIONS_H */
