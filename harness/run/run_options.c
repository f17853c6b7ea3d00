/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of `linkfunc run`, spelled as Hurl spells them where it has them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/message.h"
#include "lib/base/number.h"
#include "harness/run/run_options.h"

extern char  **environ;

enum {
    O_CONF = 1, O_APP, O_ROUTE, O_PROP, O_SHM_SIZE, O_LIB_DIR, O_STRICT,
    O_ON, O_NGINX, O_MODULE, O_TIMEOUT, O_LOG_LEVEL,
    O_TEST, O_CHECK, O_JOBS, O_GLOB, O_FROM, O_TO, O_CONTINUE, O_REPEAT,
    O_RETRY, O_RETRY_INTERVAL, O_DELAY, O_LOCATION, O_TRUSTED, O_MAX_REDIRS, O_MAX_TIME,
    O_USER, O_PATH_AS_IS, O_FILE_ROOT, O_NO_COOKIES, O_NO_ASSERT,
    O_VARIABLE, O_VARIABLES_FILE,
    O_TAP, O_JUNIT, O_JSON, O_NA, O_ERROR_FORMAT, O_VERY_VERBOSE, O_COLOR,
    O_NO_COLOR, O_HELP
};

const struct opt_def  run_option_defs[] = {
    { 0, 0, NULL, NULL, "The app:" },
    { O_CONF, 0, "conf", "FILE", "nginx.conf, or what stands in its http or server block" },
    { O_APP, 0, "app", "APP", "A library instead: /SYMBOL and /SYMBOL/... call SYMBOL" },
    { O_ROUTE, 0, "route", "LOCATION=SYMBOL", "With --app: one more location, as nginx writes it" },
    { O_PROP, 0, "prop", "KEY=VALUE", "With --app: ngx_link_func_add_prop" },
    { O_SHM_SIZE, 0, "shm-size", "SIZE", "With --app: shared memory; default 1m" },
    { O_LIB_DIR, 0, "lib-dir", "DIR", "Where libraries that the conf names are looked up" },
    { O_STRICT, 0, "strict-conf", NULL, "Directives that the mock does not simulate are errors" },

    { 0, 0, NULL, NULL, "The host:" },
    { O_ON, 0, "on", "mock|nginx|both|URL", "Where to play; both: and compare; default mock" },
    { O_NGINX, 0, "nginx", "FILE", "The nginx to start; default: found" },
    { O_MODULE, 0, "module", "FILE", "ngx_http_link_func_module.so; default: found" },
    { O_TIMEOUT, 0, "timeout", "TIME", "For each request and hook; default 10s, 0: none" },
    { O_LOG_LEVEL, 0, "log-level", "LEVEL", "Show log lines of the mock up to it; default: none" },

    { 0, 0, NULL, NULL, "The scripts:" },
    { O_TEST, 0, "test", NULL, "One line a file and a summary instead of the last answer" },
    { O_CHECK, 0, "check", NULL, "Parse only" },
    { O_JOBS, 'j', "jobs", "N", "Files side by side; default: processors with --test, else 1" },
    { O_GLOB, 0, "glob", "PATTERN", "Play what matches, too" },
    { O_FROM, 0, "from-entry", "N", "Start with entry N" },
    { O_TO, 0, "to-entry", "N", "End with entry N" },
    { O_CONTINUE, 0, "continue-on-error", NULL, "Play the entries behind one that failed" },
    { O_REPEAT, 0, "repeat", "N", "Play all files N times" },
    { O_RETRY, 0, "retry", "N", "Try a failed entry again, N times; -1: for ever" },
    { O_RETRY_INTERVAL, 0, "retry-interval", "MS", "Between two tries; default 1000" },
    { O_DELAY, 0, "delay", "MS", "Before each entry" },
    { O_LOCATION, 'L', "location", NULL, "Follow redirects" },
    { O_TRUSTED, 0, "location-trusted", NULL, "Follow, and give credentials to other hosts too" },
    { O_MAX_REDIRS, 0, "max-redirs", "N", "At most so many; default 50" },
    { O_MAX_TIME, 'm', "max-time", "SECONDS", "For each request" },
    { O_USER, 'u', "user", "NAME:PASS", "Authorization: Basic" },
    { O_PATH_AS_IS, 0, "path-as-is", NULL, "Leave '/../' and '/./' in paths" },
    { O_FILE_ROOT, 0, "file-root", "DIR", "Where file,NAME; starts; default: the script's folder" },
    { O_NO_COOKIES, 0, "no-cookie-store", NULL, "Keep no cookies between entries" },
    { O_NO_ASSERT, 0, "no-assert", NULL, "Play and capture, check nothing" },
    { O_VARIABLE, 0, "variable", "NAME=VALUE", "A variable of all scripts" },
    { O_VARIABLES_FILE, 0, "variables-file", "FILE", "NAME=VALUE lines" },

    { 0, 0, NULL, NULL, "The reports:" },
    { O_TAP, 0, "report-tap", "FILE", "TAP" },
    { O_JUNIT, 0, "report-junit", "FILE", "JUnit XML" },
    { O_JSON, 0, "report-json", "FILE", "JSON; see docs/report-json.md" },
    { O_NA, 0, "na", "ok|fail", "What is not applicable on the host; default ok" },
    { O_ERROR_FORMAT, 0, "error-format", "short|long", "How failures are shown; default long" },
    { O_VERY_VERBOSE, 0, "very-verbose", NULL, "Show each request" },
    { O_COLOR, 0, "color", NULL, "Colours, also where no terminal is" },
    { O_NO_COLOR, 0, "no-color", NULL, "No colours; so does NO_COLOR" },
    { O_HELP, 'h', "help", NULL, "This text" },
    { 0, 0, NULL, NULL, NULL }
};


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
        message_error("%s: \"%s\" is no NAME=VALUE; names are letters, "
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


static int
read_variables(struct run_options *o, const char *path)
{
    int            rc = 0;
    char           err[LF_ERR_LEN], *line, *next;
    struct strbuf  text = { 0 };

    if (run_read(path, &text, err) != 0) {
        message_error("--variables-file: %s: %s", path, err);
        strbuf_free(&text);
        return -1;
    }

    for (line = text.data; rc == 0 && line != NULL; line = next) {
        next = strchr(line, '\n');
        if (next != NULL) {
            *next++ = '\0';
        }
        line[strcspn(line, "\r")] = '\0';
        line += strspn(line, " \t");

        if (*line != '\0' && *line != '#') {
            rc = set_variable(o, path, line);
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


/* ---- single options ---------------------------------------------------- */

static int
set_count(const char *name, const char *text, unsigned long min,
          unsigned long max, unsigned long *to)
{
    if (number_parse_count(text, min, max, to) != 0) {
        message_error("--%s %s: give a number from %lu to %lu", name, text,
                      min, max);
        return -1;
    }

    return 0;
}


static int
set_signed(const char *name, const char *text, long *to)
{
    unsigned long  n;

    if (strcmp(text, "-1") == 0) {
        *to = -1;
        return 0;
    }

    if (number_parse_count(text, 0, INT32_MAX, &n) != 0) {
        message_error("--%s %s: give a number from 0 on, or -1: for ever",
                      name, text);
        return -1;
    }

    *to = (long) n;

    return 0;
}


static int
set_on(struct run_options *o, const char *text)
{
    struct run_settings  *s = &o->settings;

    if (strcmp(text, "mock") == 0) {
        s->on = RUN_ON_MOCK;
    } else if (strcmp(text, "nginx") == 0) {
        s->on = RUN_ON_NGINX;
    } else if (strcmp(text, "both") == 0) {
        s->on = RUN_ON_BOTH;
    } else if (strncmp(text, "http://", 7) == 0
               || strncmp(text, "https://", 8) == 0)
    {
        s->on = RUN_ON_URL;
        s->url = text;
    } else {
        message_error("--on %s: give mock, nginx, both, or a URL that begins "
                      "with http:// or https://", text);
        return -1;
    }

    return 0;
}


static int
set_log_level(struct run_options *o, const char *text)
{
    int  level;

    for (level = LF_EMERG; level <= LF_DEBUG; level++) {
        if (strcmp(text, lf_level_name(level)) == 0) {
            o->settings.log_level = level;
            return 0;
        }
    }

    message_error("--log-level %s: give debug, info, notice, warn, error, "
                  "crit, alert or emerg", text);

    return -1;
}


static int
add_report(struct run_options *o, const struct reporter *reporter,
           const char *path)
{
    size_t                i;
    struct run_settings  *s = &o->settings;

    if (s->report_count == RUN_REPORTS_MAX) {
        message_error("more than %d reports", RUN_REPORTS_MAX);
        return -1;
    }

    for (i = 0; i < s->report_count; i++) {
        if (strcmp(s->report_paths[i], path) == 0
            && strncmp(path, "/dev/", 5) != 0)
        {
            message_error("%s: two reports cannot share a file", path);
            return -1;
        }
    }

    s->reporters[s->report_count] = reporter;
    s->report_paths[s->report_count++] = path;

    return 0;
}


static int
set_choice(const char *name, const char *text, const char *no,
           const char *yes, int *to)
{
    if (strcmp(text, yes) == 0) {
        *to = 1;
    } else if (strcmp(text, no) == 0) {
        *to = 0;
    } else {
        message_error("--%s %s: give %s or %s", name, text, no, yes);
        return -1;
    }

    return 0;
}


static int
set_numbers(struct run_options *o, int id, const char *value)
{
    int                   rc;
    unsigned long         n = 0;
    struct run_settings  *s = &o->settings;

    switch (id) {
    case O_JOBS:
        rc = set_count("jobs", value, 1, 64, &n);
        s->jobs = (unsigned) n;
        return rc;
    case O_FROM:
        rc = set_count("from-entry", value, 1, UINT32_MAX, &n);
        s->play.from_entry = (unsigned) n;
        return rc;
    case O_TO:
        rc = set_count("to-entry", value, 1, UINT32_MAX, &n);
        s->play.to_entry = (unsigned) n;
        return rc;
    case O_RETRY_INTERVAL:
        rc = set_count("retry-interval", value, 0, 1000000000, &n);
        s->play.retry_interval_ms = n;
        return rc;
    case O_DELAY:
        rc = set_count("delay", value, 0, 1000000000, &n);
        s->play.delay_ms = n;
        return rc;
    case O_MAX_TIME:
        rc = set_count("max-time", value, 0, 1000000, &n);
        s->play.max_time_ms = n * 1000;
        return rc;
    case O_MAX_REDIRS:
        rc = set_count("max-redirs", value, 0, 1000000, &n);
        s->play.max_redirs = (unsigned) n;
        return rc;
    case O_REPEAT:
        rc = set_count("repeat", value, 0, 1000000, &n);
        s->play.repeat = (long) n;
        return rc;
    default:
        return set_signed("retry", value, &s->play.retry);
    }
}


static int
set_text(struct run_options *o, int id, const char *value)
{
    int                   rc, yes = 0;
    struct run_settings  *s = &o->settings;

    switch (id) {
    case O_ROUTE:
        return strlist_add(&o->routes, value, strlen(value));
    case O_PROP:
        return strlist_add(&o->props, value, strlen(value));
    case O_GLOB:
        return strlist_add(&o->globs, value, strlen(value));
    case O_ON:
        return set_on(o, value);
    case O_LOG_LEVEL:
        return set_log_level(o, value);
    case O_VARIABLE:
        return set_variable(o, "--variable", value);
    case O_VARIABLES_FILE:
        return read_variables(o, value);
    case O_TAP:
        return add_report(o, &report_tap, value);
    case O_JUNIT:
        return add_report(o, &report_junit, value);
    case O_JSON:
        return add_report(o, &report_json, value);

    case O_NA:
        rc = set_choice("na", value, "ok", "fail", &yes);
        s->na_fails = yes & 1;
        return rc;

    case O_ERROR_FORMAT:
        rc = set_choice("error-format", value, "long", "short", &yes);
        s->error_short = yes & 1;
        return rc;

    case O_SHM_SIZE:
        if (number_parse_size(value, &o->shm_size) != 0
            || o->shm_size < LF_ZONE_MIN)
        {
            message_error("--shm-size %s: give a size from 32k on", value);
            return -1;
        }
        return 0;

    case O_TIMEOUT:
        if (number_parse_duration(value, &s->timeout) != 0) {
            message_error("--timeout %s: give a time as in 10s or 500ms",
                          value);
            return -1;
        }
        return 0;

    default:
        return set_numbers(o, id, value);
    }
}


static int
take_option(struct run_options *o, int id, const char *value)
{
    struct run_settings  *s = &o->settings;

    switch (id) {
    case OPT_ARGUMENT:
        return strlist_add(&o->inputs, value, strlen(value));
    case O_CONF:
        o->conf = value;
        return 0;
    case O_APP:
        o->app = value;
        return 0;
    case O_LIB_DIR:
        s->lib_dir = value;
        return 0;
    case O_NGINX:
        s->program = value;
        return 0;
    case O_MODULE:
        s->module = value;
        return 0;
    case O_USER:
        s->play.user = value;
        return 0;
    case O_FILE_ROOT:
        s->play.file_root = value;
        return 0;
    case O_STRICT:
        o->strict_conf = 1;
        return 0;
    case O_TEST:
        s->test = 1;
        return 0;
    case O_CHECK:
        s->check = 1;
        return 0;
    case O_CONTINUE:
        s->play.continue_on_error = 1;
        return 0;
    case O_LOCATION:
        s->play.location = 1;
        return 0;
    case O_TRUSTED:
        s->play.location = s->play.trusted = 1;
        return 0;
    case O_PATH_AS_IS:
        s->play.path_as_is = 1;
        return 0;
    case O_NO_COOKIES:
        s->play.no_cookie_store = 1;
        return 0;
    case O_NO_ASSERT:
        s->play.no_assert = 1;
        return 0;
    case O_VERY_VERBOSE:
        s->very_verbose = 1;
        return 0;
    case O_COLOR:
    case O_NO_COLOR:
        s->colour = (id == O_COLOR);
        return 0;
    case O_HELP:
        o->help = 1;
        return 0;
    default:
        return set_text(o, id, value);
    }
}


/* What depends on several options. */
static int
check(struct run_options *o)
{
    struct run_settings  *s = &o->settings;

    if (o->conf != NULL && o->app != NULL) {
        message_error("--conf and --app: give one of them");
        return -1;
    }

    if (o->app == NULL && (o->routes.count > 0 || o->props.count > 0
                           || o->shm_size > 0))
    {
        message_error("--route, --prop and --shm-size go with --app; with "
                      "--conf they stand in the file");
        return -1;
    }

    if (o->conf == NULL && o->app == NULL && s->on != RUN_ON_URL
        && !s->check)
    {
        message_error("which app? give --conf FILE, --app APP or --on URL");
        return -1;
    }

    if (o->inputs.count == 0 && o->globs.count == 0) {
        message_error("which scripts? give files, folders or \"-\"");
        return -1;
    }

    if (s->play.to_entry > 0 && s->play.to_entry < s->play.from_entry) {
        message_error("--to-entry %u is before --from-entry %u",
                      s->play.to_entry, s->play.from_entry);
        return -1;
    }

    if (s->jobs == 0) {
        s->jobs = s->test ? (unsigned) sysconf(_SC_NPROCESSORS_ONLN) : 1;
    }

    return 0;
}


int
run_options_parse(struct run_options *o, char **argv)
{
    int                   id;
    struct opt_parser     parser;
    struct run_settings  *s = &o->settings;

    memset(o, 0, sizeof(*o));
    s->timeout = 10000000000u;
    s->play.retry_interval_ms = 1000;
    s->play.repeat = 1;
    s->play.max_redirs = 50;
    s->colour = isatty(STDERR_FILENO) && getenv("NO_COLOR") == NULL;
    s->progress = isatty(STDERR_FILENO) & 1;
    s->vars = vars_new();
    s->arena = arena_new();

    if (s->vars == NULL || s->arena == NULL) {
        return no_memory();
    }

    if (take_environment(o) != 0) {
        return -1;
    }

    opt_start(&parser, run_option_defs, "run", argv);

    while ((id = opt_next(&parser)) != OPT_END) {
        if (id == OPT_ERROR || take_option(o, id, parser.value) != 0) {
            return -1;
        }
    }

    return o->help ? 0 : check(o);
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
