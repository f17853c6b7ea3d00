/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See call_options.h. Each option is checked when it is read, so a message can
 * name it; what depends on several comes last.
 */
#include "call_options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "number.h"
#include "suggest.h"

static int
check_header(const char *option, const char *line)
{
    char        *copy, *name, *value;
    const char  *why;

    copy = strdup(line);
    why = copy == NULL ? "out of memory"
                       : call_header_split(copy, &name, &value);

    if (why != NULL) {
        message_error("%s '%s': %s", option, line, why);
    }

    free(copy);

    return why == NULL ? 0 : -1;
}


static int
add_header(struct call_options *options, const char *line, size_t len)
{
    if (call_list_add(&options->headers, line, len) != 0) {
        return -1;
    }

    return check_header("--header",
                        options->headers.items[options->headers.count - 1]);
}


static int
add_header_file(struct call_options *options, const char *path)
{
    int         rc;
    char       *line;
    size_t      len;
    struct buf  file;

    memset(&file, 0, sizeof(file));
    rc = call_read_file("--header", path, &file);

    for (line = file.data; rc == 0 && line != NULL && *line != '\0'; ) {
        len = strcspn(line, "\r\n");

        if (len != 0) {
            rc = add_header(options, line, len);
        }

        line += len + strspn(line + len, "\r\n");
    }

    buf_free(&file);

    return rc;
}


static int
add_prop(struct call_options *options, const char *value)
{
    if (value[0] == '=' || strchr(value, '=') == NULL) {
        message_error("--prop '%s': write KEY=VALUE", value);
        return -1;
    }

    return call_list_add(&options->props, value, strlen(value));
}


static int
add_req_header(struct call_options *options, const char *line)
{
    char       *text, *name, *value;
    lf_str_t    key;

    if (check_header("--req-header", line) != 0
        || call_list_add(&options->req_headers, line, strlen(line)) != 0)
    {
        return -1;
    }

    text = strdup(line);
    if (text == NULL) {
        message_error("out of memory");
        return -1;
    }

    (void) call_header_split(text, &name, &value);
    key.data = (u_char *) name;
    key.len = strlen(name);

    if (lf_header_frames_request(&key)) {
        message_error("--req-header '%s': %s frames the message and is "
                      "nginx's own business", line, name);
        free(text);
        return -1;
    }

    free(text);

    return 0;
}


static int
set_log_level(struct call_options *options, const char *value)
{
    int             level;
    char            near_text[SUGGEST_TEXT];
    struct suggest  near;

    suggest_start(&near, value);

    for (level = LF_EMERG; level <= LF_DEBUG; level++) {
        if (strcmp(value, lf_level_name((enum lf_level) level)) == 0) {
            options->log_level = (enum lf_level) level;
            return 0;
        }

        suggest_add(&near, lf_level_name((enum lf_level) level));
    }

    message_error("--log-level %s: no such level%s", value,
                  suggest_text(&near, "", near_text));

    return -1;
}


static int
set_number(struct call_options *options, int id, const char *value)
{
    switch (id) {

    case O_WORKERS:
        if (number_parse_count(value, 1, 256, &options->workers) == 0) {
            return 0;
        }

        message_error("--workers %s: give a number from 1 to 256", value);
        return -1;

    case O_REPEAT:
        if (number_parse_count(value, 1, 1000000000, &options->repeat) == 0) {
            return 0;
        }

        message_error("--repeat %s: give a number from 1 to 1000000000",
                      value);
        return -1;

    case O_TIMEOUT:
        if (number_parse_duration(value, &options->timeout) == 0) {
            return 0;
        }

        message_error("--timeout %s: give a time such as 10s, 500ms or 2m",
                      value);
        return -1;

    default: /* O_SHM_SIZE */
        if (number_parse_size(value, &options->shm_size) != 0) {
            message_error("--shm-size %s: give a size such as 64k, 1m or 1g",
                          value);
            return -1;
        }

        if (options->shm_size < LF_ZONE_MIN) {
            message_error("--shm-size %s: too small, nginx wants at least %zuk",
                          value, LF_ZONE_MIN / 1024);
            return -1;
        }

        return 0;
    }
}


static int
set_pool(struct call_options *options, const char *value)
{
    if (strcmp(value, "guard") == 0) {
        options->pool = LF_FAKE_POOL_GUARD;

    } else if (strcmp(value, "fast") == 0) {
        options->pool = LF_FAKE_POOL_FAST;

    } else {
        message_error("--pool %s: choose guard or fast", value);
        return -1;
    }

    return 0;
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
        buf_putc(&options->cookie, ';');
    }

    buf_puts(&options->cookie, value);

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
    struct buf  file;

    options->write_out = value;

    if (value[0] != '@') {
        return 0;
    }

    memset(&file, 0, sizeof(file));

    if (call_read_file("--write-out", value + 1, &file) != 0) {
        buf_free(&file);
        return -1;
    }

    free(options->write_out_text);
    options->write_out_text = buf_take(&file);
    options->write_out = options->write_out_text;

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
    case O_PROP:        return add_prop(options, value);
    case O_REQ_HEADER:  return add_req_header(options, value);
    case O_LOG_LEVEL:   return set_log_level(options, value);
    case O_POOL:        return set_pool(options, value);
    case O_WORKERS: case O_REPEAT: case O_TIMEOUT: case O_SHM_SIZE:
        return set_number(options, id, value);
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


/* What single options cannot know. */
static int
check_together(const struct call_options *options)
{
    if (options->symbol == NULL) {
        message_error("%s is missing: linkfunc call [OPTIONS] APP SYMBOL "
                      "[URL]", options->app == NULL ? "APP" : "SYMBOL");
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

    if (options->no_fork && options->workers > 1) {
        message_error("--no-fork and --workers %lu exclude each other",
                      options->workers);
        return -1;
    }

    return 0;
}


int
call_options_parse(struct call_options *options, char **argv)
{
    int                rc, id;
    struct opt_parser  parser;

    memset(options, 0, sizeof(*options));
    options->workers = 1;
    options->repeat = 1;
    options->shm_size = 1 << 20;
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
    buf_free(&options->cookie);
    buf_free(&options->data.bytes);
    call_list_free(&options->headers);
    call_list_free(&options->props);
    call_list_free(&options->req_headers);
    free(options->write_out_text);
}


void
call_options_print_host(const struct call_options *options, struct buf *out)
{
    size_t  i;

    for (i = 0; i < options->props.count; i++) {
        buf_puts(out, " --prop ");
        buf_shell(out, options->props.items[i],
                  strlen(options->props.items[i]));
    }

    for (i = 0; i < options->req_headers.count; i++) {
        buf_puts(out, " --req-header ");
        buf_shell(out, options->req_headers.items[i],
                  strlen(options->req_headers.items[i]));
    }

    if (options->shm_size != 1 << 20) {
        buf_printf(out, " --shm-size %zu", options->shm_size);
    }

    if (options->pool == LF_FAKE_POOL_FAST) {
        buf_puts(out, " --pool=fast");
    }
}
