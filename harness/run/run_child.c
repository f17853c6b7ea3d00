/* SPDX-License-Identifier: BSD-2-Clause */
/* The process that plays one file: all it has to say goes into a pipe. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "harness/run/run_child.h"

struct child_sink {
    struct run_sink  base;
    int              fd;
};


static void
send_part(int fd, uint32_t part, const void *data, size_t len)
{
    size_t       sent;
    ssize_t      n;
    struct head  head;

    memset(&head, 0, sizeof(head));
    head.part = part;
    head.len = len;

    if (write(fd, &head, sizeof(head)) != sizeof(head)) {
        _exit(3);                            /* the parent is gone */
    }

    for (sent = 0; sent < len; sent += (size_t) n) {
        n = write(fd, (const char *) data + sent, len - sent);
        if (n < 0 && errno == EINTR) {
            n = 0;
        } else if (n <= 0) {
            _exit(3);
        }
    }
}


static void
sink_text(struct run_sink *sink, const char *text, size_t len)
{
    send_part(((struct child_sink *) (void *) sink)->fd, PART_TEXT, text, len);
}


static void
sink_output(struct run_sink *sink, const void *data, size_t len)
{
    send_part(((struct child_sink *) (void *) sink)->fd, PART_OUTPUT, data,
              len);
}


static void
sink_piece(struct run_sink *sink, size_t reporter, struct strbuf *piece)
{
    if (piece->len > 0) {
        send_part(((struct child_sink *) (void *) sink)->fd,
                  PART_PIECE + (uint32_t) reporter, piece->data, piece->len);
        piece->len = 0;
    }
}


void
run_child(const struct run_settings *settings, const char *path,
          unsigned number, int fd, pid_t parent)
{
    struct outcome     outcome;
    struct run_file    file;
    struct child_sink  sink = { { sink_text, sink_output, sink_piece }, fd };

    (void) prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) {
        _exit(3);
    }

    (void) signal(SIGPIPE, SIG_IGN);
    memset(&outcome, 0, sizeof(outcome));
    outcome.status = run_file(settings, path, number, &sink.base, &file);
    outcome.verdict = file.verdict;
    outcome.entries = file.entries;
    outcome.checks = file.checks;
    outcome.na = file.na;
    send_part(fd, PART_RESULT, &outcome, sizeof(outcome));
}
