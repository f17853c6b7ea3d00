/* SPDX-License-Identifier: BSD-2-Clause */
/* See call_output.h. An answer is one buffer and, if it can be, one write. */
#include "harness/call/call_output.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib/base/message.h"


void
call_output_start(struct call_output *output,
    const struct call_options *options, const struct request *request,
    int stdout_fd)
{
    memset(output, 0, sizeof(*output));
    output->options = options;
    output->request = request;
    output->stdout_fd = stdout_fd;
    output->body_fd = -1;
    output->header_fd = -1;
    output->folder = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
}


/* One file for both: opened twice, the second would hide the first. */
static int
is_one_file(const struct call_options *options)
{
    return options->output != NULL && options->dump_header != NULL
           && strcmp(options->output, options->dump_header) == 0;
}


/* The descriptor for a file of the options; -1 after a message. */
static int
open_file(struct call_output *output, const char *option, const char *path,
    int *fd)
{
    if (*fd != -1) {
        return *fd;
    }

    if (path == NULL || strcmp(path, "-") == 0) {
        *fd = output->stdout_fd;
        return *fd;
    }

    if (is_one_file(output->options)
        && (output->body_fd != -1 || output->header_fd != -1))
    {
        *fd = output->body_fd != -1 ? output->body_fd : output->header_fd;
        return *fd;
    }

    *fd = openat(output->folder == -1 ? AT_FDCWD : output->folder, path,
                 O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

    if (*fd == -1) {
        message_error("%s: cannot write \"%s\": %s", option, path,
                      strerror(errno));
    }

    return *fd;
}


static int
write_failed(struct call_output *output, const char *option, const char *path)
{
    if (errno == EPIPE && (path == NULL || strcmp(path, "-") == 0)) {
        output->pipe_closed = 1;
        return -1;
    }

    if (path == NULL) {
        message_error("cannot write the response: %s", strerror(errno));

    } else {
        message_error("%s: cannot write %s: %s", option, path,
                      strerror(errno));
    }

    return -1;
}


static int
write_parts(struct call_output *output, int fd, struct iovec *part,
    const char *option, const char *path)
{
    int      count;
    ssize_t  n;

    for (count = 2; count != 0; ) {
        if (part->iov_len == 0) {
            part++;
            count--;
            continue;
        }

        n = writev(fd, part, count);

        if (n == -1 && errno == EINTR) {
            if (worker_interrupted()) {
                return -1;
            }

            continue;
        }

        if (n == -1) {
            return write_failed(output, option, path);
        }

        for ( /* void */ ; count != 0 && (size_t) n >= part->iov_len;
             part++, count--)
        {
            n -= (ssize_t) part->iov_len;
        }

        if (count != 0) {
            part->iov_base = (char *) part->iov_base + n;
            part->iov_len -= (size_t) n;
        }
    }

    return 0;
}


void
call_output_head(const struct worker_response *response, const char *prefix,
    const char *line_end, struct strbuf *out)
{
    size_t                        i;
    const struct lf_fake_header  *header;

    strbuf_printf(out, "%sHTTP/1.1 ", prefix);
    strbuf_add(out, response->status_line.data, response->status_line.len);
    strbuf_addstr(out, line_end);

    for (i = 0; i < response->header_count; i++) {
        header = &response->headers[i];

        strbuf_addstr(out, prefix);
        strbuf_add(out, header->name.data, header->name.len);
        strbuf_addstr(out, ": ");
        strbuf_add(out, header->value.data, header->value.len);
        strbuf_addstr(out, line_end);
    }

    strbuf_addstr(out, prefix);
    strbuf_addstr(out, line_end);
}


static int
write_head(struct call_output *output, const struct strbuf *head)
{
    int           fd;
    struct iovec  parts[2];

    if (output->options->dump_header == NULL) {
        return 0;
    }

    fd = open_file(output, "--dump-header", output->options->dump_header,
                   &output->header_fd);
    if (fd == -1) {
        return -1;
    }

    parts[0].iov_base = head->data;
    parts[0].iov_len = head->len;
    parts[1].iov_base = NULL;
    parts[1].iov_len = 0;

    return write_parts(output, fd, parts, "--dump-header",
                       output->options->dump_header);
}


static int
write_after(struct call_output *output, const struct worker_response *response)
{
    int            rc;
    struct strbuf  text, diverted;
    struct iovec   parts[2];

    if (output->options->write_out == NULL) {
        return 0;
    }

    memset(&text, 0, sizeof(text));
    memset(&diverted, 0, sizeof(diverted));

    call_write_out(output->options->write_out, output->options,
                   output->request, response, &text, &diverted);

    parts[0].iov_base = text.data;
    parts[0].iov_len = text.len;
    parts[1].iov_base = NULL;
    parts[1].iov_len = 0;
    rc = write_parts(output, output->stdout_fd, parts, "--write-out", NULL);

    if (rc == 0) {
        parts[0].iov_base = diverted.data;
        parts[0].iov_len = diverted.len;
        parts[1].iov_base = NULL;
        parts[1].iov_len = 0;
        rc = write_parts(output, STDERR_FILENO, parts, "--write-out", NULL);
    }

    strbuf_free(&text);
    strbuf_free(&diverted);

    return rc;
}


int
call_output_response(struct call_output *output,
    const struct worker_response *response)
{
    int                         fd, rc, failed;
    struct strbuf               head;
    struct iovec                parts[2];
    const struct call_options  *options;

    options = output->options;
    memset(&head, 0, sizeof(head));
    call_output_head(response, "", "\r\n", &head);

    if (head.failed) {
        message_error("out of memory");
        strbuf_free(&head);
        return -1;
    }

    failed = options->fail && response->status >= 400;
    parts[0].iov_base = head.data;
    parts[0].iov_len = options->include || options->head ? head.len : 0;
    parts[1].iov_base = response->body.data;
    parts[1].iov_len = failed ? 0 : response->body.len;

    rc = write_head(output, &head);

    if (rc == 0) {
        fd = open_file(output, "--output", options->output,
                       &output->body_fd);
        rc = fd == -1 ? -1 : write_parts(output, fd, parts, "--output",
                                         options->output);
    }

    if (rc == 0) {
        rc = write_after(output, response);
    }

    strbuf_free(&head);

    return rc;
}


int
call_output_dump(struct call_output *output,
    const struct worker_response *response)
{
    int            rc;
    struct strbuf  head;

    memset(&head, 0, sizeof(head));
    call_output_head(response, "", "\r\n", &head);

    if (head.failed) {
        message_error("out of memory");
        rc = -1;

    } else {
        rc = write_head(output, &head);
    }

    strbuf_free(&head);

    return rc;
}


int
call_output_text(struct call_output *output, const struct strbuf *text)
{
    int           fd;
    struct iovec  parts[2];

    fd = open_file(output, "--output", output->options->output,
                   &output->body_fd);
    if (fd == -1) {
        return -1;
    }

    parts[0].iov_base = text->data;
    parts[0].iov_len = text->len;
    parts[1].iov_base = NULL;
    parts[1].iov_len = 0;

    return write_parts(output, fd, parts, "--output",
                       output->options->output);
}


int
call_output_end(struct call_output *output)
{
    int  rc;

    rc = 0;

    if (output->body_fd != -1 && output->body_fd != output->stdout_fd
        && close(output->body_fd) == -1)
    {
        message_error("--output: cannot write %s: %s",
                      output->options->output, strerror(errno));
        rc = -1;
    }

    if (output->header_fd != -1 && output->header_fd != output->stdout_fd
        && output->header_fd != output->body_fd
        && close(output->header_fd) == -1)
    {
        message_error("--dump-header: cannot write %s: %s",
                      output->options->dump_header, strerror(errno));
        rc = -1;
    }

    if (output->folder != -1) {
        (void) close(output->folder);
    }

    return rc;
}
