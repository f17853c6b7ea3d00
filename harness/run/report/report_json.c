/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The JSON report: an array with an object a script, in Hurl's names as far as
 * Hurl has them. The schema is docs/report-json.md; it only grows.
 */
#include <string.h>

#include "harness/run/report/report.h"
#include "lib/json/json.h"


static void
add_field(struct strbuf *to, const char *name, const char *text)
{
    strbuf_printf(to, "\"%s\":", name);

    if (text != NULL) {
        json_write_string(to, text, strlen(text));
    } else {
        strbuf_addstr(to, "null");
    }
}


static void
add_time(struct strbuf *to, uint64_t us)
{
    strbuf_printf(to, "\"time\":%llu", (unsigned long long) (us / 1000));
}


static void
file_begin(const struct run_file *file, struct strbuf *piece)
{
    strbuf_addstr(piece, "{");
    add_field(piece, "filename", file->path);
    strbuf_addstr(piece, ",");
    add_field(piece, "host", file->host);
    strbuf_addstr(piece, ",\"entries\":[");
}


static void
add_check(struct strbuf *to, const struct run_check *c)
{
    strbuf_printf(to, "{\"success\":%s,\"line\":%u,\"column\":%u,",
                  c->verdict < RUN_FAILED ? "true" : "false", c->line,
                  c->column);
    if (c->verdict == RUN_NA) {
        strbuf_addstr(to, "\"skipped\":true,");
    }
    add_field(to, "assert", c->text);
    if (c->verdict != RUN_PASSED) {
        strbuf_addstr(to, ",");
        add_field(to, "message", c->message);
    }
    strbuf_addstr(to, "}");
}


static void
add_lists(struct strbuf *to, const struct run_entry *e)
{
    const struct run_line     *l;
    const struct run_check    *c;
    const struct run_capture  *v;

    strbuf_addstr(to, ",\"asserts\":[");
    for (c = e->checks; c != NULL; c = c->next) {
        strbuf_addstr(to, c == e->checks ? "" : ",");
        add_check(to, c);
    }

    strbuf_addstr(to, "],\"captures\":[");
    for (v = e->captures; v != NULL; v = v->next) {
        strbuf_addstr(to, v == e->captures ? "{" : ",{");
        add_field(to, "name", v->name);
        strbuf_printf(to, ",\"value\":%s}", v->value);
    }

    strbuf_addstr(to, "],\"log\":[");
    for (l = e->log; l != NULL; l = l->next) {
        strbuf_addstr(to, l == e->log ? "{" : ",{");
        add_field(to, "level", l->level);
        strbuf_addstr(to, ",");
        add_field(to, "text", l->text);
        strbuf_addstr(to, "}");
    }
    strbuf_addstr(to, "]");
}


static void
entry(const struct run_file *file, const struct run_entry *e,
      struct strbuf *piece)
{
    if (file->entries > 1) {
        strbuf_addstr(piece, ",");
    }

    strbuf_printf(piece, "{\"index\":%u,\"line\":%u,\"attempt\":%u,", e->index,
                  e->line, e->attempt);
    add_field(piece, "verdict", verdict_name(e->verdict));
    strbuf_addstr(piece, ",");
    add_field(piece, "host", e->host);
    strbuf_addstr(piece, ",\"calls\":[");

    if (e->curl_line != NULL) {
        strbuf_addstr(piece, "{\"request\":{");
        add_field(piece, "method", e->method);
        strbuf_addstr(piece, ",");
        add_field(piece, "url", e->url);
        strbuf_printf(piece, "},\"response\":{\"status\":%u}}", e->status);
    }

    strbuf_addstr(piece, "],");
    add_field(piece, "curl_cmd", e->curl_line);
    strbuf_addstr(piece, ",");
    add_field(piece, "linkfunc_cmd", e->call_line);
    strbuf_addstr(piece, ",");
    add_field(piece, "notes", e->notes);
    strbuf_addstr(piece, ",");
    add_time(piece, e->duration_us);
    add_lists(piece, e);
    strbuf_addstr(piece, "}");
}


static void
file_end(const struct run_file *file, unsigned number, struct strbuf *piece)
{
    const struct run_cookie  *c;

    (void) number;

    strbuf_addstr(piece, "],\"cookies\":[");
    for (c = file->cookies; c != NULL; c = c->next) {
        strbuf_addstr(piece, c == file->cookies ? "{" : ",{");
        add_field(piece, "name", c->name);
        strbuf_addstr(piece, ",");
        add_field(piece, "value", c->value);
        strbuf_addstr(piece, ",");
        add_field(piece, "domain", c->domain);
        strbuf_addstr(piece, ",");
        add_field(piece, "path", c->path);
        strbuf_printf(piece, ",\"https\":%s}", c->secure ? "true" : "false");
    }

    strbuf_printf(piece, "],\"success\":%s,\"not_applicable\":%u,",
                  file->verdict < RUN_FAILED ? "true" : "false", file->na);
    add_field(piece, "verdict", verdict_name(file->verdict));
    strbuf_addstr(piece, ",");
    add_field(piece, "problem", file->problem);
    strbuf_addstr(piece, ",");
    add_time(piece, file->duration_us);
    strbuf_addstr(piece, "}");
}


static void
begin(unsigned files, struct strbuf *report)
{
    (void) files;

    strbuf_addstr(report, "[\n");
}


static void
end(const struct run_total *total, struct strbuf *report)
{
    (void) total;

    strbuf_addstr(report, "\n]\n");
}


const struct reporter  report_json = {
    "json", ",\n", 1, file_begin, entry, file_end, begin, end
};
