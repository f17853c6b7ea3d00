/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line of `linkfunc run`, read into settings. */
#ifndef RUN_OPTIONS_H
#define RUN_OPTIONS_H

#include <stdbool.h>

#include "harness/run/run.h"
#include "lib/base/opt.h"
#include "lib/base/strlist.h"

struct run_options {
    struct run_settings  settings;
    struct strlist       inputs;             /* files, folders, "-" */
    struct strlist       globs;
    struct strlist       routes, props;
    const char          *conf, *app;
    size_t               shm_size;
    bool                 strict_conf;
};

extern const struct opt_row  run_option_rows[];

/* words stand behind "run". Returns OPT_OK, OPT_DONE or OPT_ERROR. */
int run_options_parse(struct run_options *options, char **words);
void run_options_free(struct run_options *options);

/* For the rows whose options do something of their own. */
opt_callback  run_set_on, run_set_retry, run_add_variable, run_read_variables,
              run_add_report;

/*
 * The configuration: of --conf, or made for --app. Fills settings.conf and
 * what belongs to it. Returns 0, or an exit status after a message.
 */
int run_conf_load(struct run_options *options);

/* Scripts that were meant, folders searched, sorted: yours to free. */
int run_list_scripts(const struct run_options *options,
                     struct strlist *scripts);

#endif /* RUN_OPTIONS_H */
