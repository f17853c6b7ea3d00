/* SPDX-License-Identifier: BSD-2-Clause */
/* TAP 13: one test line a script; what failed stands in comments below it. */
#include <string.h>

#include "harness/run/report/report.h"


/* Every line of a text as a comment. */
static void
add_comment(struct strbuf *piece, const char *text)
{
    size_t  len;

    while (*text != '\0') {
        len = strcspn(text, "\n");
        strbuf_printf(piece, "# %.*s\n", (int) len, text);
        text += len + (text[len] == '\n');
    }
}


static void
nothing(const struct run_file *file, struct strbuf *piece)
{
    (void) file;
    (void) piece;
}


/* The test line comes first but is known last: file_end puts it in front. */
static void
entry(const struct run_file *file, const struct run_entry *e,
      struct strbuf *piece)
{
    const struct run_check  *c;

    for (c = e->checks; c != NULL; c = c->next) {
        if (c->verdict < RUN_NA) {
            continue;
        }

        strbuf_printf(piece, "# %s:%u:%u: %s\n", file->path, c->line,
                      c->column, verdict_name(c->verdict));
        add_comment(piece, c->message);
    }
}


static void
file_end(const struct run_file *file, unsigned number, struct strbuf *piece)
{
    int            ok = file->verdict < RUN_FAILED;
    struct strbuf  whole = { 0 };

    strbuf_printf(&whole, "%sok %u - %s", ok ? "" : "not ", number,
                  file->path);

    if (file->verdict == RUN_SKIPPED) {
        strbuf_addstr(&whole, " # SKIP");
    } else if (ok && file->na > 0) {
        strbuf_printf(&whole, " # SKIP %u of %u checks not applicable",
                      file->na, file->checks);
    }
    strbuf_addch(&whole, '\n');

    if (file->problem != NULL) {
        add_comment(&whole, file->problem);
    }
    if (piece->len > 0) {
        strbuf_add(&whole, piece->data, piece->len);
    }

    strbuf_free(piece);
    *piece = whole;
}


static void
begin(unsigned files, struct strbuf *report)
{
    strbuf_printf(report, "TAP version 13\n1..%u\n", files);
}


static void
end(const struct run_total *total, struct strbuf *report)
{
    (void) total;
    (void) report;
}


const struct reporter  report_tap = {
    "tap", "", 0, nothing, entry, file_end, begin, end
};
