/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds the command and runs it; nothing else. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/exit_status.h"
#include "harness/call/cmd_call.h"
#include "harness/cmd_shm.h"
#include "harness/run/cmd_run.h"
#include "harness/worker/worker.h"
#include "lib/base/interrupt.h"
#include "lib/base/message.h"
#include "lib/base/suggest.h"

struct cmd {
    const char  *name;
    int        (*run)(char **argv);
    const char  *help;
};

static const struct cmd  cmds[] = {
    { "call", cmd_call, "one request to one function of an app" },
    { "run", cmd_run, "play scripts on the mock, on nginx, or on both" },
    { "shm", cmd_shm, "shared memories that calls have kept" }
};

#define CMD_COUNT  (sizeof(cmds) / sizeof(cmds[0]))


/* A message that was for stdout: did it arrive? */
static int
printed(void)
{
    if (fflush(stdout) == EOF) {
        message_error("cannot write: %s", strerror(errno));
        return EXIT_USAGE;
    }

    return EXIT_OK;
}


static int
print_help(void)
{
    size_t  i;

    (void) printf("linkfunc calls, tests and serves link functions of nginx.\n"
                  "\nusage: linkfunc COMMAND [OPTIONS] ...\n\ncommands:\n");

    for (i = 0; i < CMD_COUNT; i++) {
        (void) printf("  %-10s %s\n", cmds[i].name, cmds[i].help);
    }

    (void) printf("\n\"linkfunc COMMAND --help\" tells more; so do the "
                  "manual pages linkfunc(1) and\nlinkfunc-COMMAND(1).\n");

    return printed();
}


static int
unknown_command(const char *name)
{
    char            text[SUGGEST_TEXT];
    size_t          i;
    struct suggest  near;

    suggest_start(&near, name);

    for (i = 0; i < CMD_COUNT; i++) {
        suggest_add(&near, cmds[i].name);
    }

    message_error("no command \"%s\"%s", name,
                  near.count ? suggest_text(&near, "", text)
                             : "; \"linkfunc --help\" lists them");

    return EXIT_USAGE;
}


/*
 * Later descriptors must not become the standard ones. What was closed fails
 * when it is used: an answer must not vanish.
 */
static void
open_standard_descriptors(void)
{
    int  fd;

    for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) == -1) {
            (void) open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        }
    }
}


int
main(int argc, char **argv)
{
    size_t  i;

    open_standard_descriptors();
    interrupt_also(worker_interrupted);

    if (argc < 2) {
        message_error("which command? \"linkfunc --help\" lists them");
        return EXIT_USAGE;
    }

    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0
        || strcmp(argv[1], "help") == 0)
    {
        return print_help();
    }

    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
        (void) printf("linkfunc %s\n", LINKFUNC_VERSION);
        return printed();
    }

    for (i = 0; i < CMD_COUNT; i++) {
        if (strcmp(argv[1], cmds[i].name) == 0) {
            return cmds[i].run(argv + 2);
        }
    }

    return unknown_command(argv[1]);
}
