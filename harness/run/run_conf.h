/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by the parts of run_conf.c. */
#ifndef RUN_CONF_H
#define RUN_CONF_H

#include "harness/conf/conf.h"
#include "harness/run/run_options.h"

/*
 * The library at path is what a download of this server would make: is it
 * there, and does the pin allow it? Returns 0, or an exit status after a
 * message.
 */
int run_check_download(const struct run_options *options,
                       const struct conf_server *server, const char *path);

#endif /* RUN_CONF_H */
