/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages for people, on stderr, one problem each: what is wrong, where, what
 * to do. Each message is one write, so that those of several processes do not
 * mix.
 */
#ifndef MESSAGE_H
#define MESSAGE_H

/* What messages begin with; the name of the program unless set. Kept. */
void message_set_program(const char *name);

void message_error(const char *format, ...)
    __attribute__((format(printf, 1, 2)));
void message_warning(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* As it is, with nothing in front. */
void message_plain(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* Leave warnings out from now on. */
void message_set_silent(int silent);

/* Where messages go: 2 by default. */
void message_set_fd(int fd);

/* Did all that was printed on stdout arrive? 0, or -1 after a message. */
int message_flush_stdout(void);

#endif /* MESSAGE_H */
