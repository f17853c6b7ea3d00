/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a call prints, as curl does: bodies on stdout or in a file, headers
 * where they are wanted, and -w. Files are opened when the first answer is
 * there, in the folder where the command began.
 */
#ifndef CALL_OUTPUT_H
#define CALL_OUTPUT_H

#include "lib/base/strbuf.h"
#include "harness/call/call_options.h"
#include "lib/http/request.h"
#include "harness/worker/worker.h"

struct call_output {
    const struct call_options  *options;
    const struct request       *request;
    int                         folder;      /* where the command began */
    int                         stdout_fd;
    int                         body_fd, header_fd;  /* -1: not open yet */
    unsigned                    pipe_closed:1;
};

/* stdout_fd is the real one: with --no-fork 1 is stderr. */
void call_output_start(struct call_output *output,
                       const struct call_options *options,
                       const struct request *request, int stdout_fd);

/* Print one answer. Returns 0, or -1 after a message or a closed pipe. */
int call_output_response(struct call_output *output,
                         const struct worker_response *response);

/* The part of it that goes to a file of headers, and nothing else. */
int call_output_dump(struct call_output *output,
                     const struct worker_response *response);

/* Print text where the answers go. */
int call_output_text(struct call_output *output, const struct strbuf *text);

/* Close the files. Returns 0, or -1 after a message. */
int call_output_end(struct call_output *output);

/* The status line and headers as they stand on the wire. */
void call_output_head(const struct worker_response *response,
                      const char *prefix, const char *line_end,
                      struct strbuf *out);

/* Append the text of -w for an answer; to_stderr is what %{stderr} diverts. */
void call_write_out(const char *format, const struct call_options *options,
                    const struct request *request,
                    const struct worker_response *response, struct strbuf *out,
                    struct strbuf *to_stderr);

#endif /* CALL_OUTPUT_H */
