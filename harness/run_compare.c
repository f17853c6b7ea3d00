/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers of two hosts as comparable texts; see the header. */
#include <string.h>
#include <strings.h>

#include "run_compare.h"


static int
is_own_header(const char *name)
{
    return strcasecmp(name, "Date") == 0 || strcasecmp(name, "Server") == 0
           || strcasecmp(name, "Connection") == 0
           || strcasecmp(name, "Keep-Alive") == 0;
}


void
run_compare_note(struct strbuf *to, const struct play_answer *a)
{
    size_t                       i;
    const struct play_log_line  *l;

    if (a->outcome == PLAY_CRASHED || a->outcome == PLAY_TIMED_OUT) {
        strbuf_printf(to, "no answer: %s\n", a->outcome == PLAY_CRASHED
                      ? "the app died" : "the app did not come back");
        return;
    }
    if (a->outcome != PLAY_ANSWERED) {
        return;
    }

    /* "205 " and "205" are one: clients drop the blank behind a number. */
    for (i = a->status_line.len; i > 0 && a->status_line.data[i - 1] == ' ';
         i--)
    {
        /* void */
    }
    strbuf_printf(to, "status: %.*s\n", (int) i,
                  (char *) a->status_line.data);

    for (i = 0; i < a->header_count; i++) {
        if (!is_own_header((char *) a->headers[i].name.data)) {
            strbuf_printf(to, "header: %s: %s\n",
                          (char *) a->headers[i].name.data,
                          (char *) a->headers[i].value.data);
        }
    }

    for (l = a->log; l != NULL; l = l->next) {
        strbuf_printf(to, "log: %s: ", lf_level_name(l->level));
        strbuf_add(to, l->text.data, l->text.len);
        strbuf_addch(to, '\n');
    }

    strbuf_printf(to, "body: %zu bytes\n", a->body.len);
    strbuf_add(to, a->body.data, a->body.len);
    strbuf_addch(to, '\n');
}


/* The first line in which two texts differ. */
void
run_compare_difference(struct strbuf *to, const struct strbuf *a,
                       const struct strbuf *b)
{
    size_t  i, start = 0, len_a, len_b;

    for (i = 0; i < a->len && i < b->len && a->data[i] == b->data[i]; i++) {
        start = a->data[i] == '\n' ? i + 1 : start;
    }

    len_a = a->len > start ? strcspn(a->data + start, "\n") : 0;
    len_b = b->len > start ? strcspn(b->data + start, "\n") : 0;

    strbuf_printf(to, "mock:     %.*s\nnginx:    %.*s",
                  (int) (len_a < 400 ? len_a : 400),
                  a->len > start ? a->data + start : "",
                  (int) (len_b < 400 ? len_b : 400),
                  b->len > start ? b->data + start : "");

    if (i < a->len && i < b->len) {
        strbuf_printf(to, "\n(first difference at byte %zu of the line)",
                      i - start + 1);
    }
}
