/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See message.h. A message that cannot be written is lost: there is nobody
 * left for a message.
 */
#include "lib/base/message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int          message_silent;
static int          message_fd = STDERR_FILENO;
static const char  *message_program;


static void
write_all(const char *text, size_t len)
{
    ssize_t  n;

    while (len != 0) {
        n = write(message_fd, text, len);

        if (n == -1 && errno == EINTR) {
            continue;
        }

        if (n <= 0) {
            return;
        }

        text += n;
        len -= (size_t) n;
    }
}


/* "PROGRAM: KIND: text"; kind NULL: the text alone. */
static void __attribute__((format(printf, 2, 0)))
say(const char *kind, const char *format, va_list args)
{
    int          len, head = 0;
    char        *text, label[128] = "";
    va_list      again;
    const char  *program = message_program;

    va_copy(again, args);
    len = vsnprintf(NULL, 0, format, again);
    va_end(again);

    if (kind != NULL) {
        head = snprintf(label, sizeof(label), "%.100s: %s: ", program != NULL
                        ? program : program_invocation_short_name, kind);
    }

    text = len < 0 ? NULL : malloc((size_t) (head + len) + 2);

    if (text == NULL) {
        write_all(label, (size_t) head);
        write_all("out of memory\n", 14);
        return;
    }

    memcpy(text, label, (size_t) head);
    (void) vsnprintf(text + head, (size_t) len + 1, format, args);
    text[head + len] = '\n';

    write_all(text, (size_t) (head + len) + 1);
    free(text);
}


void
message_error(const char *format, ...)
{
    va_list  args;

    va_start(args, format);
    say("error", format, args);
    va_end(args);
}


void
message_warning(const char *format, ...)
{
    va_list  args;

    if (message_silent) {
        return;
    }

    va_start(args, format);
    say("warning", format, args);
    va_end(args);
}


void
message_plain(const char *format, ...)
{
    va_list  args;

    va_start(args, format);
    say(NULL, format, args);
    va_end(args);
}


void
message_set_program(const char *name)
{
    message_program = name;
}


void
message_set_silent(int silent)
{
    message_silent = silent;
}


void
message_set_fd(int fd)
{
    message_fd = fd;
}


int
message_flush_stdout(void)
{
    if (fflush(stdout) == EOF) {
        message_error("cannot write: %s", strerror(errno));
        return -1;
    }

    return 0;
}
