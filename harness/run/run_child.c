/* SPDX-License-Identifier: BSD-2-Clause */
/* The process that plays one file: all it has to say goes into a socket. */
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "harness/run/run_child.h"

struct child_sink {
    struct run_sink  base;
    int              fd;
    struct strbuf    out;
};


static void
send_frame(struct child_sink *sink, size_t start)
{
    size_t  sent = 0;

    wire_end(&sink->out, start);

    if (wire_send(sink->fd, &sink->out, &sent, 0) != 1) {
        _exit(3);                            /* the parent is gone */
    }
}


static void
send_part(struct run_sink *base, uint32_t part, const void *data, size_t len)
{
    size_t              start;
    struct child_sink  *sink = (void *) base;

    start = wire_begin(&sink->out, part);
    strbuf_add(&sink->out, data, len);
    send_frame(sink, start);
}


static void
send_outcome(struct child_sink *sink, const struct outcome *outcome)
{
    size_t  start = wire_begin(&sink->out, PART_RESULT);

    wire_put_number(&sink->out, outcome->verdict);
    wire_put_number(&sink->out, outcome->entries);
    wire_put_number(&sink->out, outcome->checks);
    wire_put_number(&sink->out, outcome->na);
    wire_put_number(&sink->out, (uint64_t) outcome->status);
    send_frame(sink, start);
}


static void
sink_text(struct run_sink *sink, const char *text, size_t len)
{
    send_part(sink, PART_TEXT, text, len);
}


static void
sink_output(struct run_sink *sink, const void *data, size_t len)
{
    send_part(sink, PART_OUTPUT, data, len);
}


static void
sink_piece(struct run_sink *sink, size_t reporter, struct strbuf *piece)
{
    if (piece->len > 0) {
        send_part(sink, PART_PIECE + (uint32_t) reporter, piece->data,
                  piece->len);
        piece->len = 0;
    }
}


void
run_child(const struct run_settings *settings, const char *path,
          unsigned number, int fd, pid_t parent)
{
    struct outcome     outcome;
    struct run_file    file;
    struct child_sink  sink = { { sink_text, sink_output, sink_piece }, fd,
                                { 0 } };

    (void) prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) {
        _exit(3);
    }

    (void) signal(SIGPIPE, SIG_IGN);
    memset(&outcome, 0, sizeof(outcome));
    outcome.status = run_play_file(settings, path, number, &sink.base, &file);
    outcome.verdict = file.verdict;
    outcome.entries = file.entries;
    outcome.checks = file.checks;
    outcome.na = file.na;
    send_outcome(&sink, &outcome);
    strbuf_free(&sink.out);
}
