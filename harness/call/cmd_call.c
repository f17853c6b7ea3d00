/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * linkfunc call: one request to one function. Everything that can be said
 * against the command line or the file is said before any process is started.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/call/cmd_call.h"
#include "harness/call/call_options.h"
#include "harness/call/call_request.h"
#include "harness/call/call_run.h"
#include "harness/call/call_report.h"
#include "lib/base/exit_status.h"
#include "fakes/lf_fake.h"
#include "lib/base/message.h"
#include "lib/base/opt.h"
#include "lib/base/suggest.h"


/* Functions that were perhaps meant. */
static const char *
near_functions(const struct lf_elf *elf, const char *name, char *text)
{
    size_t                iter;
    struct suggest        near;
    struct lf_elf_symbol  symbol;

    suggest_start(&near, name);
    iter = 0;

    while (lf_elf_next(elf, &iter, &symbol)) {
        if (symbol.defined && symbol.function
            && strncmp(symbol.name, "ngx_link_func_", 14) != 0)
        {
            suggest_add(&near, symbol.name);
        }
    }

    return suggest_text(&near, "", text);
}


static const char *
swapped(const char *path, const char *name)
{
    return access(path, F_OK) != 0 && access(name, R_OK) == 0
           ? "; APP comes before SYMBOL" : "";
}


/* Ask the file, without running it. */
static int
check_app(struct call_report *report, const char *path, const char *name)
{
    char            err[LF_ERR_LEN], near[SUGGEST_TEXT];
    char            text[LF_ERR_LEN + SUGGEST_TEXT];
    struct lf_elf  *elf;

    elf = lf_elf_open(path, err);
    if (elf == NULL) {
        (void) snprintf(text, sizeof(text), "%s%s", err, swapped(path, name));
        call_report_trouble(report, EXIT_APP, "app", text);
        return -1;
    }

    near[0] = '\0';

    if (lf_elf_check(path, &name, 1, err) == -1) {
        if (lf_elf_find(elf, name) == LF_ELF_ABSENT) {
            (void) near_functions(elf, name, near);
        }

        (void) snprintf(text, sizeof(text), "%s%s", err, near);
        call_report_trouble(report, EXIT_APP, "app", text);
        lf_elf_close(&elf);
        return -1;
    }

    lf_elf_close(&elf);

    return 0;
}


/* A name without '/' means this folder; the loader would look elsewhere. */
static char *
app_path(const char *app)
{
    struct strbuf  path;

    memset(&path, 0, sizeof(path));

    if (strchr(app, '/') == NULL) {
        strbuf_addstr(&path, "./");
    }

    strbuf_addstr(&path, app);

    return strbuf_steal(&path, NULL);
}


/* "NAME=VALUE" each; the options were checked. */
static int
add_pairs(struct lf_fake *host, const struct strlist *list,
          int (*add)(struct lf_fake *, const char *, const char *))
{
    int     rc;
    char   *copy, *value;
    size_t  i;

    rc = 0;

    for (i = 0; i < list->count && rc == 0; i++) {
        copy = strdup(list->items[i]);
        value = copy == NULL ? NULL : strchr(copy, '=');

        if (value == NULL) {
            free(copy);
            return -1;
        }

        *value++ = '\0';
        rc = add(host, copy, value);
        free(copy);
    }

    return rc;
}


static int
add_settings(struct lf_fake *host, const struct call_options *options)
{
    int     rc;
    char   *copy, *name, *value;
    size_t  i;

    rc = add_pairs(host, &options->props, lf_fake_add_prop);

    if (rc == 0) {
        rc = add_pairs(host, &options->vars, lf_fake_add_variable);
    }

    for (i = 0; i < options->req_headers.count && rc == 0; i++) {
        copy = strdup(options->req_headers.items[i]);
        if (copy == NULL) {
            return -1;
        }

        (void) call_header_split(copy, &name, &value);
        rc = lf_fake_add_req_header(host, name, value ? value : "");
        free(copy);
    }

    return rc;
}


static struct lf_fake *
make_host(const struct call_options *options, struct call_report *report)
{
    char                    err[LF_ERR_LEN];
    struct lf_fake         *host;
    struct lf_fake_options  host_options;

    memset(&host_options, 0, sizeof(host_options));
    host_options.shm_size = options->shm_size;
    host_options.shm_name = options->shm;
    host_options.pool = options->pool;
    host_options.log_level = options->log_level;

    /* Log lines go on when the app closes its stderr; or into the objects. */
    host_options.log_fd = options->json_format ? -1
                          : fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);

    lf_app_log_init();

    host = lf_fake_new(&host_options, err);
    if (host == NULL) {
        call_report_trouble(report, EXIT_USAGE, "host", err);
        return NULL;
    }

    if (add_settings(host, options) != 0) {
        call_report_trouble(report, EXIT_USAGE, "host", "out of memory");
        lf_fake_free(&host);
    }

    return host;
}


/* With --no-fork the app shares our stdout: then 1 becomes stderr. */
static int
real_stdout(const struct call_options *options)
{
    int  fd;

    if (!options->no_fork) {
        return STDOUT_FILENO;
    }

    fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);

    if (fd == -1 || dup2(STDERR_FILENO, STDOUT_FILENO) == -1) {
        message_error("no file descriptor left for the response: %s",
                      strerror(errno));
        return -1;
    }

    return fd;
}


static int
run(struct call_options *options, const struct request *request,
    struct call_report *report)
{
    int              raised;
    struct lf_fake  *host;

    report->output.stdout_fd = real_stdout(options);
    host = report->output.stdout_fd == -1 ? NULL : make_host(options, report);

    if (host == NULL) {
        call_report_status(report, EXIT_USAGE);
        return 0;
    }

    /* A reader that goes away is not an error; a full disk is. */
    (void) signal(SIGPIPE, SIG_IGN);

    raised = call_run(options, request, host, report);
    lf_fake_free(&host);

    return raised;
}


/* With the request built: check, run, report. */
static int
send_request(struct call_options *options, const struct request *request,
    int *raised)
{
    int                 status;
    struct call_report  report;

    if (call_report_start(&report, options, request, STDOUT_FILENO) == 0
        && check_app(&report, options->app, options->symbol) == 0)
    {
        *raised = run(options, request, &report);
    }

    status = call_report_end(&report);

    if (report.output.pipe_closed) {
        *raised = SIGPIPE;
    }

    return status;
}


/* With the options read. */
static int
call_app(struct call_options *options, int *raised)
{
    int              status;
    char            *path;
    struct request   request;

    message_set_silent(options->silent);

    if (call_request_build(&request, options) != 0) {
        return EXIT_USAGE;
    }

    path = app_path(options->app);

    if (path == NULL) {
        message_error("out of memory");
        status = EXIT_APP;

    } else {
        options->app = path;
        status = send_request(options, &request, raised);
    }

    request_free(&request);
    free(path);

    return status;
}


static int
cmd_call(char **words)
{
    int                  rc, status, raised;
    struct call_options  options;

    raised = 0;

    rc = call_options_parse(&options, words);
    status = rc == OPT_OK ? call_app(&options, &raised)
             : rc == OPT_DONE ? EXIT_OK : EXIT_USAGE;

    call_options_free(&options);

    if (raised) {
        (void) signal(raised, SIG_DFL);
        (void) raise(raised);
    }

    return status;
}


const struct opt_command  call_command = {
    .name = "linkfunc call",
    .summary = "one request to one function of an app",
    .run = cmd_call,
    .usage =
        "usage: linkfunc call [OPTIONS] APP SYMBOL [URL]\n"
        "\n"
        "Send one request to the function SYMBOL of the library APP, and "
        "print\n"
        "what a client of nginx would get. URL is a path or absolute; default "
        "/.\n",
    .examples =
        "\nexamples:\n"
        "  linkfunc call ./libhello.so hello '/?name=Ada'\n"
        "  linkfunc call -i -d @order.json -H 'Content-Type: application/json' "
        "\\\n"
        "      --prop limit=10 ./libshop.so order\n",
    .rows = call_option_rows,
    .argument = call_options_argument
};
