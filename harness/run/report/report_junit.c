/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JUnit XML: one test suite a run, one test case a script. Pieces are written
 * as they come, so the suite's element says only what is known at the start.
 */
#include "harness/run/report/report.h"


static void
add_seconds(struct strbuf *to, uint64_t us)
{
    strbuf_printf(to, "%llu.%03llu", (unsigned long long) (us / 1000000),
                  (unsigned long long) (us / 1000 % 1000));
}


static void
file_begin(const struct run_file *file, struct strbuf *piece)
{
    (void) file;
    (void) piece;
}


static void
entry(const struct run_file *file, const struct run_entry *e,
      struct strbuf *piece)
{
    const struct run_check  *c;

    for (c = e->checks; c != NULL; c = c->next) {
        if (c->verdict < RUN_FAILED) {
            continue;
        }

        strbuf_printf(piece, "    <%s message=\"",
                      c->verdict == RUN_ERROR ? "error" : "failure");
        report_add_xml(piece, c->title);
        strbuf_addstr(piece, "\">");
        report_add_xml(piece, file->path);
        strbuf_printf(piece, ":%u:%u: ", c->line, c->column);
        report_add_xml(piece, c->message);
        strbuf_printf(piece, "</%s>\n",
                      c->verdict == RUN_ERROR ? "error" : "failure");
    }
}


static void
file_end(const struct run_file *file, unsigned number, struct strbuf *piece)
{
    struct strbuf  whole = { 0 };

    strbuf_printf(&whole, "  <testcase id=\"%u\" name=\"", number);
    report_add_xml(&whole, file->path);
    strbuf_addstr(&whole, "\" classname=\"");
    report_add_xml(&whole, file->host);
    strbuf_printf(&whole, "\" assertions=\"%u\" time=\"", file->checks);
    add_seconds(&whole, file->duration_us);
    strbuf_addstr(&whole, "\">\n");

    if (file->problem != NULL && file->verdict >= RUN_FAILED) {
        strbuf_addstr(&whole, "    <error message=\"");
        report_add_xml(&whole, file->problem);
        strbuf_addstr(&whole, "\"/>\n");

    } else if (file->verdict == RUN_SKIPPED) {
        strbuf_addstr(&whole, "    <skipped message=\"");
        report_add_xml(&whole, file->problem != NULL ? file->problem
                                                     : "all entries");
        strbuf_addstr(&whole, "\"/>\n");

    } else if (file->verdict < RUN_FAILED && file->na > 0) {
        strbuf_printf(&whole, "    <skipped message=\"%u of %u checks not "
                      "applicable\"/>\n", file->na, file->checks);
    }

    if (piece->len > 0) {
        strbuf_add(&whole, piece->data, piece->len);
    }
    strbuf_addstr(&whole, "  </testcase>\n");

    strbuf_free(piece);
    *piece = whole;
}


static void
begin(unsigned files, struct strbuf *report)
{
    strbuf_printf(report, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                  "<testsuites>\n<testsuite name=\"linkfunc\" tests=\"%u\">\n",
                  files);
}


static void
end(const struct run_total *total, struct strbuf *report)
{
    strbuf_printf(report, "  <system-out>%u passed, %u failed, %u skipped"
                  "</system-out>\n</testsuite>\n</testsuites>\n",
                  total->passed, total->failed, total->skipped);
}


const struct reporter  report_junit = {
    "junit", "", 0, file_begin, entry, file_end, begin, end
};
