/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See call_options.h. Each option is checked when it is read, so a message can
 * name it; what depends on several comes last.
 */
#include "harness/call/call_options.h"

#include <stdlib.h>
#include <string.h>

#include "harness/call/cmd_call.h"
#include "lib/base/message.h"


/* Objects on stdout are all that a program reads there. */
static int
check_format(const struct call_options *options)
{
    const char  *with, *why;

    with = NULL;
    why = NULL;

    if (options->include) {
        with = "--include";
        why = "the objects have the headers";

    } else if (options->write_out != NULL) {
        with = "--write-out";
        why = "the objects have all its variables";

    } else if (options->dump_header != NULL
               && strcmp(options->dump_header, "-") == 0)
    {
        with = "--dump-header -";
        why = "the objects have the headers; give a file, or leave it out";

    } else if (options->no_fork) {
        with = "--no-fork";
        why = "a crash would end the command before its object is written";
    }

    if (with == NULL) {
        return 0;
    }

    message_error("--format json and %s cannot be used together: %s", with,
                  why);

    return -1;
}


/* What single options cannot know. */
static int
check_together(const struct call_options *options)
{
    if (options->symbol == NULL) {
        message_error("%s is missing; usage: linkfunc call [OPTIONS] APP "
                      "SYMBOL [URL]; see \"linkfunc call --help\"",
                      options->app == NULL ? "APP" : "SYMBOL");
        return -1;
    }

    if (options->app[0] == '\0' || options->symbol[0] == '\0') {
        message_error("%s is empty; usage: linkfunc call [OPTIONS] APP "
                      "SYMBOL [URL]",
                      options->app[0] == '\0' ? "APP" : "SYMBOL");
        return -1;
    }

    if (options->upload != NULL && options->data.pieces != 0
        && !options->get)
    {
        message_error("--upload-file and data options cannot be used together: "
                      "a request has one body");
        return -1;
    }

    if (options->head && !options->get
        && (options->upload != NULL || options->data.pieces != 0))
    {
        message_error("--head has no body: leave it out, or put the data "
                      "into the URL with --get");
        return -1;
    }

    if (options->no_fork && (options->workers > 1 || options->threads != 0)) {
        message_error("--no-fork and --%s %lu cannot be used together",
                      options->threads != 0 ? "threads" : "workers",
                      options->threads != 0 ? options->threads
                                            : options->workers);
        return -1;
    }

    return options->json_format ? check_format(options) : 0;
}


int
call_options_argument(void *to, char **words)
{
    const char          **member;
    struct call_options  *options = to;

    member = options->app == NULL ? &options->app
             : options->symbol == NULL ? &options->symbol : &options->url;

    if (*member != NULL) {
        message_error("extra argument \"%s\"; usage: linkfunc call [OPTIONS] "
                      "APP SYMBOL [URL]", words[0]);
        return OPT_ERROR;
    }

    *member = words[0];

    return OPT_OK;
}


int
call_options_parse(struct call_options *options, char **words)
{
    int  rc;

    memset(options, 0, sizeof(*options));
    options->workers = 1;
    options->repeat = 1;
    options->timeout = 10000000000ull;
    options->log_level = LF_INFO;

    rc = opt_parse(&call_command, words, options, &options->rerun);

    return rc == OPT_OK ? check_together(options) : rc;
}


void
call_options_free(struct call_options *options)
{
    strbuf_free(&options->cookie);
    strbuf_free(&options->data.bytes);
    strbuf_free(&options->rerun);
    strlist_free(&options->headers);
    strlist_free(&options->props);
    strlist_free(&options->vars);
    strlist_free(&options->req_headers);
    free(options->write_out_text);
}
