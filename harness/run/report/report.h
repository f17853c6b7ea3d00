/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What came of playing a script, and the reports about it. A file is played in
 * a process of its own, where each reporter writes its piece about the entries
 * as they end; the pieces go to the parent, which puts them together. So no
 * report keeps more than one entry in memory.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stddef.h>
#include <stdint.h>

#include "harness/run/report/verdict.h"
#include "lib/base/strbuf.h"

struct run_check {
    enum run_verdict    verdict;
    unsigned            line, column;
    const char         *title;       /* "Assert failure" */
    const char         *text;        /* "header "X" == "y"", as in the script */
    const char         *message;     /* why not passed; several lines */
    const char         *shown;       /* the same for people, with the source */
    struct run_check   *next;
};

struct run_capture {
    const char          *name;
    const char          *value;      /* as JSON */
    struct run_capture  *next;
};

struct run_line {                    /* what the app logged */
    const char          *level;
    const char          *text;
    struct run_line     *next;
};

struct run_entry {
    unsigned             index;      /* from 1 */
    unsigned             line;
    unsigned             attempt;    /* from 1; of retry and repeat */
    enum run_verdict     verdict;
    const char          *method, *url;
    const char          *host;       /* "mock", "nginx", "url" */
    unsigned             status;     /* 0: no answer */
    uint64_t             duration_us;
    const char          *curl_line;  /* to repeat it; NULL: not sent */
    const char          *call_line;  /* the same with linkfunc; or NULL */
    const char          *notes;      /* warnings about the app; or NULL */
    struct run_check    *checks;
    struct run_capture  *captures;
    struct run_line     *log;
};

struct run_cookie {
    const char         *name, *value, *domain, *path;
    int64_t             expires;     /* INT64_MIN: session */
    unsigned            secure:1;
    struct run_cookie  *next;
};

struct run_file {
    const char         *path;
    const char         *host;        /* what --on said */
    enum run_verdict    verdict;
    unsigned            entries;     /* so far, the one at hand included */
    unsigned            checks, failed, na;
    uint64_t            duration_us;
    struct run_cookie  *cookies;
    const char         *problem;     /* of the file itself; or NULL */
};

/* What all files came to. */
struct run_total {
    unsigned   files, passed, failed, skipped;
    unsigned   entries, checks, na;
    uint64_t   duration_us;
};

/*
 * A reporter. The first three run where the file is played and add to piece;
 * the last two run in the parent and add to the report. Pieces are joined in
 * the order of the files, with `between` between them.
 */
struct reporter {
    const char  *name;
    const char  *between;
    unsigned     streams:1;          /* a piece may go away after each call */
    void       (*file_begin)(const struct run_file *file, struct strbuf *piece);
    void       (*entry)(const struct run_file *file,
                        const struct run_entry *entry, struct strbuf *piece);
    void       (*file_end)(const struct run_file *file, unsigned number,
                           struct strbuf *piece);
    void       (*begin)(unsigned files, struct strbuf *report);
    void       (*end)(const struct run_total *total, struct strbuf *report);
};

extern const struct reporter  report_tap, report_junit, report_json;

/* XML text of a C string that may hold any bytes. */
void report_add_xml(struct strbuf *to, const char *text);

#endif /* REPORT_H */
