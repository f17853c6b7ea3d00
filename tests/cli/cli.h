/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs the linkfunc command as a user would, in a folder of its own, and keeps
 * what it printed. A command that does not end within a minute is killed.
 */
#ifndef CLI_H
#define CLI_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <cmocka.h>

struct cli {
    char    *out;                /* NUL-terminated */
    size_t   out_len;
    char    *err;
    int      status;             /* exit status, or 128 + signal */
};

/* The words behind "linkfunc", ended by NULL. Standard input is empty. */
#define cli_run(cli, ...)                                                     \
    cli_run_words(cli, NULL, (const char *const []) { __VA_ARGS__, NULL })
#define cli_run_input(cli, input, ...)                                        \
    cli_run_words(cli, input, (const char *const []) { __VA_ARGS__, NULL })

void cli_run_words(struct cli *cli, const char *input,
                   const char *const *words);

/* The same without waiting: out is a pipe; cli_wait collects the rest. */
pid_t cli_start(struct cli *cli, const char *const *words, int *out, int *err);

/* Reads from err until it has said a text so often; else the test fails. */
void cli_wait_for(struct cli *cli, pid_t pid, int err, const char *text,
                  size_t count);
void cli_wait(struct cli *cli, pid_t pid, int out, int err);

void cli_free(struct cli *cli);

/* Both show what was printed when they fail. */
void cli_expect(const struct cli *cli, int status, const char *out);
void cli_expect_message(const struct cli *cli, int status, const char *part);
void cli_expect_no_message(const struct cli *cli, const char *part);

/* cmocka group: a folder that is the current one, removed afterwards. */
int cli_setup(void **state);
int cli_teardown(void **state);

/* A file in that folder. */
void cli_write(const char *name, const void *data, size_t len);
char *cli_read(const char *name, size_t *len);

/* How often a part stands in a text. */
size_t cli_count(const char *text, const char *part);

/* 1 when a process of this test has this text in its command line. */
int cli_process_lives(const char *text);

/* Shared memory that has a name still, though who made it has ended. */
size_t cli_shm_left(void);

#define APP(name)  TEST_APPS "/lib" name ".so"

#endif /* CLI_H */
