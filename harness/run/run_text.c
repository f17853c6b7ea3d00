/* SPDX-License-Identifier: BSD-2-Clause */
/* What people see of a run, on stderr. */
#include <string.h>

#include "harness/run/run.h"

#define RED     "\033[1;31m"
#define GREEN   "\033[1;32m"
#define YELLOW  "\033[1;33m"
#define PLAIN   "\033[0m"

#define LOG_LINE_MAX  2048               /* as in nginx */


static void
coloured(const struct run_settings *settings, const char *colour,
         const char *word, struct strbuf *to)
{
    strbuf_printf(to, "%s%s%s", settings->colour ? colour : "", word,
                  settings->colour ? PLAIN : "");
}


static void
add_indented(struct strbuf *to, const char *prefix, const char *text)
{
    size_t  len;

    while (*text != '\0') {
        len = strcspn(text, "\n");
        strbuf_printf(to, "%s%.*s\n", prefix, (int) len, text);
        text += len + (text[len] == '\n');
    }
}


/* The request and the app's words, once below the checks that failed. */
static void
add_context(const struct run_settings *settings, const struct run_entry *e,
            struct strbuf *to)
{
    const struct run_line  *l;

    if (settings->on == RUN_ON_BOTH) {
        strbuf_printf(to, "   host: %s\n", e->host);
    }

    for (l = e->log; l != NULL; l = l->next) {
        strbuf_printf(to, "   log [%s] %.*s\n", l->level, LOG_LINE_MAX,
                      l->text);
    }

    if (e->call_line != NULL) {
        strbuf_printf(to, "   to repeat: %s\n", e->call_line);
    }
    if (e->curl_line != NULL) {
        strbuf_printf(to, "   as curl:   %s\n", e->curl_line);
    }
}


void
run_text_entry(const struct run_settings *settings,
               const struct run_file *file, const struct run_entry *e,
               struct strbuf *to)
{
    unsigned                 bad = 0;
    const struct run_check  *c;

    for (c = e->checks; c != NULL; c = c->next) {
        if (c->verdict >= RUN_FAILED) {
            bad++;
            if (settings->error_short) {
                strbuf_printf(to, "%s:%u:%u: %s\n", file->path, c->line,
                              c->column, c->title);
                add_indented(to, "  ", c->message);
            } else {
                strbuf_addstr(to, c->shown);
                strbuf_addch(to, '\n');
            }

        } else if (c->verdict == RUN_NA) {
            strbuf_printf(to, "%s:%u:%u: ", file->path, c->line, c->column);
            coloured(settings, YELLOW, "note", to);
            strbuf_printf(to, ": %s\n", c->message);
        }
    }

    if (e->notes != NULL) {
        strbuf_printf(to, "%s:%u: ", file->path, e->line);
        coloured(settings, YELLOW, "warning", to);
        strbuf_printf(to, ": %s\n", e->notes);
    }

    if (bad > 0 && e->curl_line != NULL) {
        add_context(settings, e, to);

    } else if (settings->very_verbose) {
        strbuf_printf(to, "* entry %u: %s %s -> %u in %llu us\n", e->index,
                      e->method, e->url, e->status,
                      (unsigned long long) e->duration_us);
        add_context(settings, e, to);
    }
}


void
run_text_file(const struct run_settings *settings,
              const struct run_file *file, struct strbuf *to)
{
    if (!settings->test) {
        return;
    }

    strbuf_printf(to, "%s: ", file->path);

    if (file->verdict >= RUN_FAILED) {
        coloured(settings, RED, "Failure", to);
    } else if (file->verdict == RUN_SKIPPED) {
        coloured(settings, YELLOW, "Skipped", to);
    } else {
        coloured(settings, GREEN, "Success", to);
    }

    strbuf_printf(to, " (%u request%s in %llu ms", file->entries,
                  file->entries == 1 ? "" : "s",
                  (unsigned long long) (file->duration_us / 1000));
    if (file->na > 0) {
        strbuf_printf(to, ", %u check%s not applicable", file->na,
                      file->na == 1 ? "" : "s");
    }
    strbuf_addstr(to, ")\n");
}


void
run_text_total(const struct run_settings *settings,
               const struct run_total *total, struct strbuf *to)
{
    if (!settings->test) {
        return;
    }

    strbuf_addstr(to, "----------------------------------------\n");
    strbuf_printf(to, "Files:    %u\nPassed:   %u\nFailed:   %u\n",
                  total->files, total->passed, total->failed);
    if (total->skipped > 0) {
        strbuf_printf(to, "Skipped:  %u\n", total->skipped);
    }
    strbuf_printf(to, "Requests: %u\nChecks:   %u", total->entries,
                  total->checks);
    if (total->na > 0) {
        strbuf_printf(to, " (%u not applicable)", total->na);
    }
    strbuf_printf(to, "\nDuration: %llu ms\n",
                  (unsigned long long) (total->duration_us / 1000));
}
