/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * linkfunc run: cmd_run.c reads the command line, run_scripts.c finds the
 * files, run_jobs.c plays each in a process of its own (run_child.c) and joins
 * the reports, run_file.c plays one file on the hosts that run_sides.c makes.
 */
#ifndef RUN_H
#define RUN_H

#include <stdbool.h>

#include "harness/conf/conf.h"
#include "harness/run/entry/play_entry.h"
#include "harness/host/nginx/play_nginx.h"
#include "harness/run/report/report.h"

enum run_on { RUN_ON_MOCK, RUN_ON_NGINX, RUN_ON_BOTH, RUN_ON_URL };

#define RUN_REPORTS_MAX  8

struct run_settings {
    struct play_settings         play;
    enum run_on                  on;
    const char                  *url;        /* --on URL */
    const char                  *program;    /* --nginx, or NULL */
    const char                  *module;     /* --module, or NULL */
    struct play_nginx_paths      paths;      /* of both, once found */

    struct arena                *arena;      /* of the configuration */
    const struct conf_node      *conf_root;  /* NULL with --on URL alone */
    const struct conf           *conf;
    const char                  *prefix;
    const char                  *lib_dir;

    struct vars                 *vars;
    uint64_t                     timeout;    /* ns */
    enum lf_level                log_level;  /* 0: app logs are not shown */
    unsigned long                jobs;
    bool                         test, check, colour, very_verbose, progress;
    int                          error_short;    /* --error-format */

    const struct reporter       *reporters[RUN_REPORTS_MAX];
    const char                  *report_paths[RUN_REPORTS_MAX];
    size_t                       report_count;
};

/*
 * Where a file that is being played says what happens. All are called in the
 * process that plays it.
 */
struct run_sink {
    void  (*text)(struct run_sink *sink, const char *text, size_t len);
    void  (*output)(struct run_sink *sink, const void *data, size_t len);
    void  (*piece)(struct run_sink *sink, size_t reporter,
                   struct strbuf *piece);
};

/*
 * Play one file. Fills what came of it; returns the exit status of the file
 * alone: 0, 2, 3 or 4. number counts files from 1.
 */
int run_play_file(const struct run_settings *settings, const char *path,
             unsigned number, struct run_sink *sink, struct run_file *file);

/* What --on said, as reports call it. */
const char *run_host_name(enum run_on on);

/* Play all files: the exit status. */
int run_jobs(const struct run_settings *settings, char **paths,
             unsigned count);

/* Parse only, with --check. */
int run_parse_only(const struct run_settings *settings, char **paths,
                   unsigned count);

/* A whole file, or standard input for "-": 0, or -1 with why in err. */
int run_read(const char *path, struct strbuf *to, char *err);

/* What people see of an entry that failed, of a file, of all files. */
void run_text_entry(const struct run_settings *settings,
                    const struct run_file *file, const struct run_entry *entry,
                    struct strbuf *to);
void run_text_file(const struct run_settings *settings,
                   const struct run_file *file, struct strbuf *to);
void run_text_total(const struct run_settings *settings,
                    const struct run_total *total, struct strbuf *to);

#endif /* RUN_H */
