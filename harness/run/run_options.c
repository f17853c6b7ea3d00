/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of `linkfunc run`, spelled as Hurl spells them where it has them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "harness/run/cmd_run.h"
#include "lib/base/message.h"
#include "lib/base/number.h"
#include "harness/run/run_options.h"

extern char  **environ;


static int
no_memory(void)
{
    message_error("out of memory");

    return -1;
}


/* ---- variables --------------------------------------------------------- */

static int
set_variable(struct run_options *o, const char *from, const char *text)
{
    int            rc;
    size_t         len = strcspn(text, "=");
    struct value   value;
    struct arena  *arena;

    if (text[len] != '=' || !vars_is_name(text, len)) {
        message_error("%s: \"%s\" is not NAME=VALUE; names are letters, "
                      "digits, '_' and '-'", from, text);
        return -1;
    }

    if (vars_is_function(text, len)) {
        message_error("%s: the variable %.*s conflicts with the function of "
                      "that name; use a different name", from, (int) len,
                      text);
        return -1;
    }

    arena = arena_new();
    rc = arena == NULL
         || value_from_text(arena, text + len + 1, &value) != 0
         || vars_set(o->settings.vars, text, len, &value) != 0 ? no_memory()
                                                               : 0;
    arena_free(&arena);

    return rc;
}


int
run_read_variables(void *to, const struct opt_row *row, const char *path)
{
    int            rc = 0;
    char           err[LF_ERR_LEN], *line, *next;
    struct strbuf  text = { 0 };

    if (run_read(path, &text, err) != 0) {
        message_error("--%s: %s: %s", row->name, path, err);
        strbuf_free(&text);
        return OPT_ERROR;
    }

    for (line = text.data; rc == 0 && line != NULL; line = next) {
        next = strchr(line, '\n');
        if (next != NULL) {
            *next++ = '\0';
        }
        line[strcspn(line, "\r")] = '\0';
        line += strspn(line, " \t");

        if (*line != '\0' && *line != '#') {
            rc = set_variable(to, path, line);
        }
    }

    strbuf_free(&text);

    return rc;
}


static int
take_environment(struct run_options *o)
{
    char              **e;
    static const char   prefix[] = "HURL_VARIABLE_";

    for (e = environ; *e != NULL; e++) {
        if (strncmp(*e, prefix, sizeof(prefix) - 1) == 0
            && set_variable(o, "environment", *e + sizeof(prefix) - 1) != 0)
        {
            return -1;
        }
    }

    return 0;
}


int
run_add_variable(void *to, const struct opt_row *row, const char *value)
{
    (void) row;

    return set_variable(to, "--variable", value);
}


/* ---- single options ---------------------------------------------------- */

int
run_set_on(void *to, const struct opt_row *row, const char *value)
{
    struct run_options   *options = to;
    struct run_settings  *s = &options->settings;

    if (strcmp(value, "mock") == 0) {
        s->on = RUN_ON_MOCK;
    } else if (strcmp(value, "nginx") == 0) {
        s->on = RUN_ON_NGINX;
    } else if (strcmp(value, "both") == 0) {
        s->on = RUN_ON_BOTH;
    } else if (strncmp(value, "http://", 7) == 0
               || strncmp(value, "https://", 8) == 0)
    {
        s->on = RUN_ON_URL;
        s->url = value;
    } else {
        message_error("--%s %s: give mock, nginx, both, or a URL that begins "
                      "with http:// or https://", row->name, value);
        return OPT_ERROR;
    }

    return OPT_OK;
}


int
run_set_retry(void *to, const struct opt_row *row, const char *value)
{
    unsigned long        n;
    struct run_options  *options = to;

    if (strcmp(value, "-1") == 0) {
        options->settings.play.retry = -1;
        return OPT_OK;
    }

    if (number_parse_count(value, 0, INT32_MAX, &n) != 0) {
        message_error("--%s %s: give a number from 0 on, or -1 for no limit",
                      row->name, value);
        return OPT_ERROR;
    }

    options->settings.play.retry = (long) n;

    return OPT_OK;
}


int
run_add_report(void *to, const struct opt_row *row, const char *path)
{
    size_t                i;
    struct run_options   *options = to;
    struct run_settings  *s = &options->settings;

    if (s->report_count == RUN_REPORTS_MAX) {
        message_error("more than %d reports", RUN_REPORTS_MAX);
        return OPT_ERROR;
    }

    if (strcmp(path, "-") == 0) {
        message_error("--%s -: give a file; /dev/stdout is standard output",
                      row->name);
        return OPT_ERROR;
    }

    for (i = 0; i < s->report_count; i++) {
        if (strcmp(s->report_paths[i], path) == 0
            && strncmp(path, "/dev/", 5) != 0)
        {
            message_error("%s: two reports cannot share this file", path);
            return OPT_ERROR;
        }
    }

    s->reporters[s->report_count] = row->data;
    s->report_paths[s->report_count++] = path;

    return OPT_OK;
}


/* What depends on several options. */
static int
check(struct run_options *o)
{
    struct run_settings  *s = &o->settings;

    if (o->conf != NULL && o->app != NULL) {
        message_error("--conf and --app cannot be used together");
        return -1;
    }

    if (o->app == NULL && (o->routes.count > 0 || o->props.count > 0
                           || o->shm_size > 0))
    {
        message_error("--route, --prop and --shm-size go with --app; with "
                      "--conf, set them in the file");
        return -1;
    }

    if (o->conf == NULL && o->app == NULL && s->on != RUN_ON_URL
        && !s->check)
    {
        message_error("no app: give --conf FILE, --app APP or --on URL");
        return -1;
    }

    if (o->inputs.count == 0 && o->globs.count == 0) {
        message_error("no script: give files, directories or \"-\"");
        return -1;
    }

    if (s->play.to_entry > 0 && s->play.to_entry < s->play.from_entry) {
        message_error("--to-entry %lu is before --from-entry %lu",
                      s->play.to_entry, s->play.from_entry);
        return -1;
    }

    if (s->play.trusted) {
        s->play.location = true;
    }

    if (s->jobs == 0) {
        s->jobs = s->test ? (unsigned long) sysconf(_SC_NPROCESSORS_ONLN) : 1;
    }

    return 0;
}


int
run_options_parse(struct run_options *o, char **words)
{
    int                   rc;
    struct run_settings  *s = &o->settings;

    memset(o, 0, sizeof(*o));
    s->timeout = 10000000000u;
    s->play.retry_interval_ms = 1000;
    s->play.repeat = 1;
    s->play.max_redirs = 50;
    s->colour = isatty(STDERR_FILENO) && getenv("NO_COLOR") == NULL;
    s->progress = isatty(STDERR_FILENO);
    s->vars = vars_new();
    s->arena = arena_new();

    if (s->vars == NULL || s->arena == NULL) {
        return no_memory();
    }

    if (take_environment(o) != 0) {
        return OPT_ERROR;
    }

    rc = opt_parse(&run_command, words, o, NULL);

    return rc == OPT_OK ? check(o) : rc;
}


void
run_options_free(struct run_options *o)
{
    strlist_free(&o->inputs);
    strlist_free(&o->globs);
    strlist_free(&o->routes);
    strlist_free(&o->props);
    vars_free(&o->settings.vars);
    arena_free(&o->settings.arena);
}
