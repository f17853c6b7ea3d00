/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The format of -w, as curl reads it: %{name}, %header{name}, %%, and \n, \r,
 * \t. Only variables that mean something without a network are known.
 */
#include <string.h>
#include <strings.h>

#include "harness/call/call_output.h"
#include "lib/base/message.h"

struct write_out {
    const struct call_options     *options;
    const struct request          *request;
    const struct worker_response  *response;
};


static const struct lf_fake_header *
find_header(const struct worker_response *response, const char *name,
    size_t len)
{
    size_t  i;

    for (i = 0; i < response->header_count; i++) {
        if (response->headers[i].name.len == len
            && strncasecmp((const char *) response->headers[i].name.data,
                           name, len) == 0)
        {
            return &response->headers[i];
        }
    }

    return NULL;
}


static void
add_header(const struct write_out *vars, const char *name, size_t len,
    struct strbuf  *out)
{
    const struct lf_fake_header  *header;

    header = find_header(vars->response, name, len);
    if (header != NULL) {
        strbuf_add(out, header->value.data, header->value.len);
    }
}


static void
http_code(const struct write_out *vars, struct strbuf *out)
{
    strbuf_printf(out, "%03d", vars->response->status);
}


static void
content_type(const struct write_out *vars, struct strbuf *out)
{
    add_header(vars, "Content-Type", 12, out);
}


static void
size_download(const struct write_out *vars, struct strbuf *out)
{
    strbuf_printf(out, "%zu", vars->response->body.len);
}


static void
size_upload(const struct write_out *vars, struct strbuf *out)
{
    strbuf_printf(out, "%zu", vars->request->body_len);
}


static void
size_header(const struct write_out *vars, struct strbuf *out)
{
    struct strbuf  head;

    memset(&head, 0, sizeof(head));
    call_output_head(vars->response, "", "\r\n", &head);
    strbuf_printf(out, "%zu", head.len);
    strbuf_free(&head);
}


static void
size_request(const struct write_out *vars, struct strbuf *out)
{
    struct strbuf  head;

    memset(&head, 0, sizeof(head));
    request_print_head(vars->request, "", "\r\n", &head);
    strbuf_printf(out, "%zu", head.len);
    strbuf_free(&head);
}


static void
num_headers(const struct write_out *vars, struct strbuf *out)
{
    strbuf_printf(out, "%zu", vars->response->header_count);
}


/* The time in the app's function. */
static void
time_total(const struct write_out *vars, struct strbuf *out)
{
    uint64_t  us;

    us = vars->response->ns / 1000;
    strbuf_printf(out, "%llu.%06llu", (unsigned long long) (us / 1000000),
                  (unsigned long long) (us % 1000000));
}


static void
method(const struct write_out *vars, struct strbuf *out)
{
    strbuf_addstr(out, vars->request->method);
}


static void
url_given(const struct write_out *vars, struct strbuf *out)
{
    strbuf_addstr(out, vars->options->url ? vars->options->url : "/");
}


static void
url_effective(const struct write_out *vars, struct strbuf *out)
{
    strbuf_addstr(out, vars->request->url);
}


static void
http_version(const struct write_out *vars, struct strbuf *out)
{
    (void) vars;
    strbuf_addstr(out, "1.1");
}


static void
filename_effective(const struct write_out *vars, struct strbuf *out)
{
    strbuf_addstr(out, vars->options->output ? vars->options->output : "");
}


static void
alloc_count(const struct write_out *vars, struct strbuf *out)
{
    strbuf_printf(out, "%zu", vars->response->alloc_count);
}


static void
alloc_bytes(const struct write_out *vars, struct strbuf *out)
{
    strbuf_printf(out, "%zu", vars->response->alloc_bytes);
}


static const struct {
    const char  *name;
    void       (*print)(const struct write_out *vars, struct strbuf *out);
} variables[] = {
    { "alloc_bytes", alloc_bytes },
    { "alloc_count", alloc_count },
    { "content_type", content_type },
    { "filename_effective", filename_effective },
    { "http_code", http_code },
    { "http_version", http_version },
    { "method", method },
    { "num_headers", num_headers },
    { "response_code", http_code },
    { "size_download", size_download },
    { "size_header", size_header },
    { "size_request", size_request },
    { "size_upload", size_upload },
    { "time_starttransfer", time_total },
    { "time_total", time_total },
    { "url", url_given },
    { "url_effective", url_effective }
};


static void
add_variable(const struct write_out *vars, const char *name, size_t len,
    struct strbuf  *out)
{
    size_t  i;

    for (i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
        if (strlen(variables[i].name) == len
            && memcmp(variables[i].name, name, len) == 0)
        {
            variables[i].print(vars, out);
            return;
        }
    }

    message_warning("--write-out: unknown variable \"%.*s\"", (int) len, name);
}


/* Behind '%'; returns what follows. */
static const char *
add_percent(const struct write_out *vars, const char *text, struct strbuf **out,
    struct strbuf  *outs[2])
{
    size_t       len;
    const char  *end;

    if (*text == '%') {
        strbuf_addch(*out, '%');
        return text + 1;
    }

    len = *text == '{' ? 1 : strncmp(text, "header{", 7) == 0 ? 7 : 0;
    end = len == 0 ? NULL : strchr(text, '}');

    if (end == NULL) {
        strbuf_addch(*out, '%');
        return text;
    }

    text += len;

    if (len == 7) {
        add_header(vars, text, (size_t) (end - text), *out);

    } else if (strncmp(text, "stderr}", 7) == 0) {
        *out = outs[1];

    } else if (strncmp(text, "stdout}", 7) == 0) {
        *out = outs[0];

    } else {
        add_variable(vars, text, (size_t) (end - text), *out);
    }

    return end + 1;
}


void
call_write_out(const char *format, const struct call_options *options,
    const struct request *request, const struct worker_response *response,
    struct strbuf *out, struct strbuf *to_stderr)
{
    struct strbuf     *outs[2];
    const char        *escape;
    struct write_out   vars;

    static const char  escapes[] = "n\nr\rt\t";

    vars.options = options;
    vars.request = request;
    vars.response = response;
    outs[0] = out;
    outs[1] = to_stderr;

    while (*format != '\0') {
        if (*format == '%') {
            format = add_percent(&vars, format + 1, &out, outs);
            continue;
        }

        if (*format == '\\' && format[1] != '\0') {
            escape = strchr("nrt", format[1]) == NULL ? NULL
                     : strchr(escapes, format[1]);

            if (escape == NULL) {
                strbuf_add(out, format, 2);

            } else {
                strbuf_addch(out, escape[1]);
            }

            format += 2;
            continue;
        }

        strbuf_addch(out, *format++);
    }
}
