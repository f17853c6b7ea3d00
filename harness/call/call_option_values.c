/* SPDX-License-Identifier: BSD-2-Clause */
/* See call_options.h: values that are more than a text or a number. */
#include <stdlib.h>
#include <string.h>

#include "harness/call/call_options.h"
#include "lib/base/message.h"


int
call_set_method(void *to, const struct opt_row *row, const char *value)
{
    struct call_options  *options = to;

    if (value[0] == '\0' || strpbrk(value, " \t\r\n") != NULL) {
        message_error("--%s '%s': a method must be one word", row->name, value);
        return OPT_ERROR;
    }

    options->method = value;

    return OPT_OK;
}


static int
add_header_line(struct strlist *list, const struct opt_row *row,
    const char *line, size_t len)
{
    if (strlist_add(list, line, len) != 0) {
        return OPT_ERROR;
    }

    return call_header_check(row->name, list->items[list->count - 1]);
}


int
call_add_header(void *to, const struct opt_row *row, const char *value)
{
    int                   rc;
    char                 *line;
    size_t                len;
    struct strbuf         file;
    struct call_options  *options = to;

    if (value[0] != '@') {
        return add_header_line(&options->headers, row, value, strlen(value));
    }

    memset(&file, 0, sizeof(file));
    rc = call_read_text(row->name, value + 1, &file);

    for (line = file.data; rc == 0 && line != NULL && *line != '\0'; ) {
        len = strcspn(line, "\r\n");

        if (len != 0) {
            rc = add_header_line(&options->headers, row, line, len);
        }

        line += len + strspn(line + len, "\r\n");
    }

    strbuf_free(&file);

    return rc;
}


int
call_add_data(void *to, const struct opt_row *row, const char *value)
{
    struct call_options  *options = to;

    return call_data_add(&options->data, row->data, row->name, value);
}


int
call_add_cookie(void *to, const struct opt_row *row, const char *value)
{
    struct call_options  *options = to;

    if (strchr(value, '=') == NULL) {
        message_error("--%s %s: give NAME=VALUE; cookie files are not "
                      "supported", row->name, value);
        return OPT_ERROR;
    }

    if (options->cookie.len != 0) {
        strbuf_addch(&options->cookie, ';');
    }

    strbuf_addstr(&options->cookie, value);

    return OPT_OK;
}


int
call_set_user(void *to, const struct opt_row *row, const char *value)
{
    struct call_options  *options = to;

    if (strchr(value, ':') == NULL) {
        message_error("--%s %s: give NAME:PASS", row->name, value);
        return OPT_ERROR;
    }

    options->user = value;

    return OPT_OK;
}


int
call_set_write_out(void *to, const struct opt_row *row, const char *value)
{
    struct strbuf         file;
    struct call_options  *options = to;

    options->write_out = value;

    if (value[0] != '@') {
        return OPT_OK;
    }

    memset(&file, 0, sizeof(file));

    if (call_read_text(row->name, value + 1, &file) != 0) {
        strbuf_free(&file);
        return OPT_ERROR;
    }

    free(options->write_out_text);
    options->write_out_text = strbuf_steal(&file, NULL);
    options->write_out = options->write_out_text;

    return OPT_OK;
}


int
call_add_var(void *to, const struct opt_row *row, const char *value)
{
    size_t                len;
    struct call_options  *options = to;

    len = strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                        "0123456789_");

    if (len == 0 || value[len] != '=') {
        message_error("--%s '%s': write NAME=VALUE, the name without \"$\"",
                      row->name, value);
        return OPT_ERROR;
    }

    return strlist_add(&options->vars, value, strlen(value));
}


int
call_add_req_header(void *to, const struct opt_row *row, const char *line)
{
    lf_str_t              key;
    struct call_options  *options = to;

    if (add_header_line(&options->req_headers, row, line, strlen(line)) != 0) {
        return OPT_ERROR;
    }

    key.data = (u_char *) options->req_headers.items
                          [options->req_headers.count - 1];
    key.len = strcspn(line, ":;");

    if (lf_header_frames_request(&key)) {
        message_error("--%s '%s': %.*s frames the message and is set by "
                      "nginx", row->name, line, (int) key.len, line);
        return OPT_ERROR;
    }

    return OPT_OK;
}
