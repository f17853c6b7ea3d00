/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See call_options.h. Each option is checked when it is read, so a message can
 * name it; what depends on several comes last.
 */
#include "harness/call/call_options.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/message.h"

static int
add_header(struct call_options *options, const char *line, size_t len)
{
    if (strlist_add(&options->headers, line, len) != 0) {
        return -1;
    }

    return call_header_check("--header",
                        options->headers.items[options->headers.count - 1]);
}


static int
add_header_file(struct call_options *options, const char *path)
{
    int            rc;
    char          *line;
    size_t         len;
    struct strbuf  file;

    memset(&file, 0, sizeof(file));
    rc = call_read_text("--header", path, &file);

    for (line = file.data; rc == 0 && line != NULL && *line != '\0'; ) {
        len = strcspn(line, "\r\n");

        if (len != 0) {
            rc = add_header(options, line, len);
        }

        line += len + strspn(line + len, "\r\n");
    }

    strbuf_free(&file);

    return rc;
}


static int
add_cookie(struct call_options *options, const char *value)
{
    if (strchr(value, '=') == NULL) {
        message_error("--cookie %s: give NAME=VALUE; files of cookies are "
                      "not read", value);
        return -1;
    }

    if (options->cookie.len != 0) {
        strbuf_addch(&options->cookie, ';');
    }

    strbuf_addstr(&options->cookie, value);

    return 0;
}


static int
set_user(struct call_options *options, const char *value)
{
    if (strchr(value, ':') == NULL) {
        message_error("--user %s: give NAME:PASS", value);
        return -1;
    }

    options->user = value;

    return 0;
}


static int
set_write_out(struct call_options *options, const char *value)
{
    struct strbuf  file;

    options->write_out = value;

    if (value[0] != '@') {
        return 0;
    }

    memset(&file, 0, sizeof(file));

    if (call_read_text("--write-out", value + 1, &file) != 0) {
        strbuf_free(&file);
        return -1;
    }

    free(options->write_out_text);
    options->write_out_text = strbuf_steal(&file, NULL);
    options->write_out = options->write_out_text;

    return 0;
}


static int
set_format(struct call_options *options, const char *value)
{
    if (strcmp(value, "json") != 0 && strcmp(value, "text") != 0) {
        message_error("--format %s: choose text or json", value);
        return -1;
    }

    options->json_format = value[0] == 'j';

    return 0;
}


static int
set_method(struct call_options *options, const char *value)
{
    if (value[0] == '\0' || strpbrk(value, " \t\r\n") != NULL) {
        message_error("--request '%s': a method is one word", value);
        return -1;
    }

    options->method = value;

    return 0;
}


static int
add_word(struct call_options *options, const char *value)
{
    const char  **place;

    place = options->app == NULL ? &options->app
            : options->symbol == NULL ? &options->symbol : &options->url;

    if (*place != NULL) {
        message_error("\"%s\" is one word too many: linkfunc call [OPTIONS] "
                      "APP SYMBOL [URL]", value);
        return -1;
    }

    *place = value;

    return 0;
}


static int
apply_data(struct call_options *options, int id, const char *value)
{
    switch (id) {
    case O_DATA:
        return call_data_add(&options->data, CALL_DATA, "--data", value);

    case O_DATA_RAW:
        return call_data_add(&options->data, CALL_DATA_RAW, "--data-raw",
                             value);
    case O_DATA_BINARY:
        return call_data_add(&options->data, CALL_DATA_BINARY,
                             "--data-binary", value);
    case O_DATA_URLENCODE:
        return call_data_add(&options->data, CALL_DATA_URLENCODE,
                             "--data-urlencode", value);
    default: /* O_JSON */
        options->json = 1;
        return call_data_add(&options->data, CALL_DATA_JSON, "--json", value);
    }
}


/* Options that take a value. */
static int
apply_value(struct call_options *options, int id, const char *value)
{
    switch (id) {
    case OPT_ARGUMENT:  return add_word(options, value);
    case O_REQUEST:     return set_method(options, value);
    case O_HEADER:
        return value[0] == '@' ? add_header_file(options, value + 1)
                               : add_header(options, value, strlen(value));
    case O_UPLOAD:      options->upload = value; return 0;
    case O_AGENT:       options->agent = value; return 0;
    case O_COOKIE:      return add_cookie(options, value);
    case O_REFERER:     options->referer = value; return 0;
    case O_USER:        return set_user(options, value);
    case O_OUTPUT:      options->output = value; return 0;
    case O_DUMP_HEADER: options->dump_header = value; return 0;
    case O_WRITE_OUT:   return set_write_out(options, value);
    case O_SHM:         options->shm = value; return 0;
    case O_FORMAT:      return set_format(options, value);
    case O_PROP: case O_VAR: case O_REQ_HEADER: case O_LOG_LEVEL:
    case O_POOL: case O_WORKERS: case O_THREADS: case O_REPEAT:
    case O_TIMEOUT: case O_SHM_SIZE:
        return call_options_set_host(options, id, value);
    default:
        return apply_data(options, id, value);
    }
}


static void
apply_flag(struct call_options *options, int id)
{
    switch (id) {
    case O_GET:         options->get = 1; break;
    case O_HEAD:        options->head = 1; break;
    case O_PATH_AS_IS:  options->path_as_is = 1; break;
    case O_HTTP_1_0:    options->http_1_0 = 1; break;
    case O_INCLUDE:     options->include = 1; break;
    case O_SILENT:      options->silent = 1; break;
    case O_VERBOSE:     options->verbose = 1; break;
    case O_FAIL:        options->fail = 1; break;
    case O_NO_FORK:     options->no_fork = 1; break;
    default:            options->help = 1; break;
    }
}


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

    message_error("--format json and %s exclude each other: %s", with, why);

    return -1;
}


/* What single options cannot know. */
static int
check_together(const struct call_options *options)
{
    if (options->symbol == NULL) {
        message_error("%s is missing: linkfunc call [OPTIONS] APP SYMBOL "
                      "[URL]; see \"linkfunc call --help\"",
                      options->app == NULL ? "APP" : "SYMBOL");
        return -1;
    }

    if (options->app[0] == '\0' || options->symbol[0] == '\0') {
        message_error("%s is an empty word: linkfunc call [OPTIONS] APP "
                      "SYMBOL [URL]",
                      options->app[0] == '\0' ? "APP" : "SYMBOL");
        return -1;
    }

    if (options->upload != NULL && options->data.pieces != 0
        && !options->get)
    {
        message_error("--upload-file and data options exclude each other: "
                      "a request has one body");
        return -1;
    }

    if (options->head && !options->get
        && (options->upload != NULL || options->data.pieces != 0))
    {
        message_error("--head has no body: leave it out, or put the data "
                      "behind the URL with --get");
        return -1;
    }

    if (options->no_fork && (options->workers > 1 || options->threads != 0)) {
        message_error("--no-fork and --%s %lu exclude each other",
                      options->threads != 0 ? "threads" : "workers",
                      options->threads != 0 ? options->threads
                                            : options->workers);
        return -1;
    }

    return options->json_format ? check_format(options) : 0;
}


int
call_options_parse(struct call_options *options, char **argv)
{
    int                rc, id;
    struct opt_parser  parser;

    memset(options, 0, sizeof(*options));
    options->workers = 1;
    options->repeat = 1;
    options->timeout = 10000000000ull;
    options->log_level = LF_INFO;

    opt_start(&parser, call_option_defs, "call", argv);

    for ( ;; ) {
        id = opt_next(&parser);

        if (id == OPT_END) {
            return check_together(options);
        }

        if (id == OPT_ERROR) {
            return -1;
        }

        if (parser.value != NULL) {
            rc = apply_value(options, id, parser.value);
            if (rc != 0) {
                return rc;
            }

        } else {
            apply_flag(options, id);
        }

        if (options->help) {
            return 0;
        }
    }
}


void
call_options_free(struct call_options *options)
{
    strbuf_free(&options->cookie);
    strbuf_free(&options->data.bytes);
    strlist_free(&options->headers);
    strlist_free(&options->props);
    strlist_free(&options->vars);
    strlist_free(&options->req_headers);
    free(options->write_out_text);
}
