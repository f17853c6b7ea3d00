/* SPDX-License-Identifier: BSD-2-Clause */
/* See call_json_parts.h. Whatever an app says, what comes out is JSON. */
#include "harness/call/call_json_parts.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "lib/base/arena.h"
#include "harness/worker/crash.h"
#include "harness/worker/crash_frames.h"
#include "lib/base/encode.h"
#include "lib/json/json.h"


void
call_json_name(struct strbuf *out, const char *name)
{
    strbuf_printf(out, "\"%s\":", name);
}


void
call_json_text(struct strbuf *out, const void *data, size_t len)
{
    if (data == NULL) {
        strbuf_addstr(out, "null");
    } else {
        json_write_string(out, data, len);
    }
}


void
call_json_field(struct strbuf *out, const char *name, const char *text)
{
    call_json_name(out, name);
    call_json_text(out, text, text == NULL ? 0 : strlen(text));
}


static void
add_header(struct strbuf *out, int first, const void *name, size_t name_len,
    const void *value, size_t value_len)
{
    strbuf_addstr(out, first ? "{\"name\":" : ",{\"name\":");
    call_json_text(out, name, name_len);
    strbuf_addstr(out, ",\"value\":");
    call_json_text(out, value != NULL ? value : "", value_len);
    strbuf_addch(out, '}');
}


void
call_json_request(struct strbuf *out, const struct request *request)
{
    size_t  i;

    strbuf_addch(out, '{');
    call_json_field(out, "method", request->method);
    strbuf_addch(out, ',');
    call_json_field(out, "url", request->url);
    strbuf_addch(out, ',');
    call_json_field(out, "http_version", request->http_1_0 ? "1.0" : "1.1");
    strbuf_addstr(out, ",\"headers\":[");

    for (i = 0; i < request->header_count; i++) {
        add_header(out, i == 0, request->headers[i].name,
                   strlen(request->headers[i].name),
                   request->headers[i].value,
                   strlen(request->headers[i].value));
    }

    strbuf_printf(out, "],\"body_size\":%zu}", request->body_len);
}


/* Text as it is; anything else would not survive: base64. */
static void
add_body(struct strbuf *out, const lf_str_t *body)
{
    char          *text;
    size_t         len;
    const char    *data;
    struct arena  *arena;

    data = body->len != 0 ? (const char *) body->data : "";
    strbuf_addstr(out, ",\"body\":");

    if (utf8_check(data, body->len) == ENCODE_OK) {
        json_write_string(out, data, body->len);
        strbuf_addstr(out, ",\"body_encoding\":\"utf-8\"");

    } else {
        arena = arena_new();
        text = arena == NULL ? NULL : base64_encode(arena, data, body->len,
                                                    BASE64_STANDARD, &len);
        if (text == NULL) {
            out->failed = 1;

        } else {
            json_write_string(out, text, len);
        }

        strbuf_addstr(out, ",\"body_encoding\":\"base64\"");
        arena_free(&arena);
    }

    strbuf_printf(out, ",\"body_size\":%zu", body->len);
}


void
call_json_response(struct strbuf *out, const struct worker_response *response)
{
    size_t                        i, skip;
    const lf_str_t               *line = &response->status_line;
    const struct lf_fake_header  *header;

    /* "404 Not Found": the reason is behind the number and a blank. */
    for (skip = 0; skip < line->len && line->data[skip] != ' '; skip++) {
        /* void */
    }

    skip += skip < line->len;

    strbuf_printf(out, "{\"status\":%d,\"reason\":", response->status);
    call_json_text(out, line->data + skip, line->len - skip);
    strbuf_addstr(out, ",\"status_line\":");
    call_json_text(out, line->data, line->len);
    strbuf_addstr(out, ",\"headers\":[");

    for (i = 0; i < response->header_count; i++) {
        header = &response->headers[i];
        add_header(out, i == 0, header->name.data, header->name.len,
                   header->value.data, header->value.len);
    }

    strbuf_addch(out, ']');
    add_body(out, &response->body);
    strbuf_printf(out, ",\"by_app\":%s,\"written\":%u}",
                  response->by_app ? "true" : "false", response->written);
}


/* Where it belongs: number of the request, null for none, and phase. */
static void
add_origin(struct strbuf *out, const struct worker_event *event)
{
    strbuf_printf(out, ",\"worker\":%u,", worker_index(event->worker));
    call_json_field(out, "phase", crash_phase_name(event->phase));

    if (event->id != 0) {
        strbuf_printf(out, ",\"request\":%llu}",
                      (unsigned long long) event->id);
    } else {
        strbuf_addstr(out, ",\"request\":null}");
    }
}


void
call_json_log_line(struct strbuf *out, const struct worker_event *event)
{
    strbuf_addch(out, '{');
    call_json_field(out, "level", lf_level_name(event->log.level));
    strbuf_addstr(out, ",\"text\":");
    call_json_text(out, event->log.text.data, event->log.text.len);
    strbuf_addch(out, ',');
    call_json_field(out, "by", event->log.app ? "app" : "host");
    add_origin(out, event);
}


static void
add_location(struct strbuf *out, const char *name,
    const struct worker_location *place)
{
    struct symbolize_frame  frame;

    strbuf_addch(out, ',');
    call_json_name(out, name);

    if (place->address == 0) {
        strbuf_addstr(out, "null");
        return;
    }

    crash_location_frame(place, &frame);
    strbuf_addch(out, '{');
    call_json_field(out, "function", frame.function);
    strbuf_addch(out, ',');
    call_json_field(out, "file", frame.file);

    if (frame.file != NULL) {
        strbuf_printf(out, ",\"line\":%d,", frame.line);
    } else {
        strbuf_addstr(out, ",\"line\":null,");
    }

    call_json_field(out, "module", frame.module);
    strbuf_addch(out, '}');
    symbolize_frame_free(&frame);
}


void
call_json_found(struct strbuf *out, const struct worker_event *event)
{
    const struct worker_finding  *finding = &event->finding;

    strbuf_addch(out, '{');
    call_json_field(out, "rule", finding->rule->id);
    strbuf_addch(out, ',');
    call_json_field(out, "title", finding->rule->title);
    strbuf_addch(out, ',');
    call_json_field(out, "message", finding->text);
    strbuf_printf(out, ",\"breaks\":%s",
                  finding->rule->breaks ? "true" : "false");
    add_location(out, "place", &finding->site);
    add_location(out, "allocated", &finding->alloc_site);
    add_origin(out, event);
}


/* The lines behind the first: frames are those with a number. */
static void
add_lines(struct strbuf *out, const char *text, int frames)
{
    int          is_frame;
    size_t       len, blank, count;

    for (count = 0; (text = strchr(text, '\n')) != NULL; /* void */ ) {
        text++;
        text += strspn(text, " ");
        len = strcspn(text, "\n");
        is_frame = text[0] == '#';

        if (is_frame != frames || strncmp(text, "to repeat: ", 11) == 0) {
            continue;
        }

        blank = is_frame ? strcspn(text, " \n") : 0;
        blank += text[blank] == ' ';
        strbuf_addstr(out, count++ == 0 ? "" : ",");
        call_json_text(out, text + blank, len - blank);
    }
}


void
call_json_error(struct strbuf *out, const char *kind, const char *text,
    const struct worker_death *death)
{
    int          number;
    const char  *name;

    number = death == NULL ? 0
             : death->kind == WORKER_CRASHED ? death->signal
             : death->kind == WORKER_VANISHED && WIFSIGNALED(death->status)
               ? WTERMSIG(death->status) : 0;
    name = number == 0 ? NULL : sigabbrev_np(number);

    strbuf_addch(out, '{');
    call_json_field(out, "kind", kind);
    strbuf_addstr(out, ",\"message\":");
    call_json_text(out, text, strcspn(text, "\n"));
    strbuf_addch(out, ',');
    call_json_field(out, "phase",
                    death == NULL ? NULL : crash_phase_name(death->phase));
    strbuf_addstr(out, ",\"signal\":");

    if (number == 0) {
        strbuf_addstr(out, "null");
    } else if (name != NULL) {
        strbuf_printf(out, "\"SIG%s\"", name);
    } else {
        strbuf_printf(out, "\"%d\"", number);
    }

    strbuf_addstr(out, ",\"frames\":[");
    add_lines(out, text, 1);
    strbuf_addstr(out, "],\"details\":[");
    add_lines(out, text, 0);
    strbuf_addstr(out, "]}");
}
