/* SPDX-License-Identifier: BSD-2-Clause */
/* See worker_signal.h. The handler writes one byte to a pipe, no more. */
#include "harness/worker/worker_signal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "harness/worker/worker.h"

#define SIGNAL_COUNT  4

static const int  signal_numbers[SIGNAL_COUNT] = {
    SIGCHLD, SIGINT, SIGTERM, SIGHUP
};

static struct sigaction       signal_old[SIGNAL_COUNT];
static int                    signal_pipe[2] = { -1, -1 };
static volatile sig_atomic_t  signal_seen;


static void
on_signal(int number)
{
    int   saved;
    char  byte;

    saved = errno;
    byte = 0;

    if (number != SIGCHLD) {
        signal_seen = number;
    }

    /* A full pipe is readable, which is all that matters. */
    if (write(signal_pipe[1], &byte, 1) == -1) {
        errno = saved;
    }

    errno = saved;
}


int
worker_signal_catch(void)
{
    size_t            i;
    struct sigaction  action;

    if (pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK) == -1) {
        return -1;
    }

    signal_seen = 0;
    memset(&action, 0, sizeof(action));
    action.sa_handler = on_signal;

    for (i = 0; i < SIGNAL_COUNT; i++) {
        (void) sigaction(signal_numbers[i], NULL, &signal_old[i]);

        /* nohup stays nohup. */
        if (signal_old[i].sa_handler != SIG_IGN
            || signal_numbers[i] == SIGCHLD)
        {
            (void) sigaction(signal_numbers[i], &action, NULL);
        }
    }

    return signal_pipe[0];
}


void
worker_signal_restore(void)
{
    size_t  i;

    if (signal_pipe[0] == -1) {
        return;
    }

    for (i = 0; i < SIGNAL_COUNT; i++) {
        (void) sigaction(signal_numbers[i], &signal_old[i], NULL);
    }

    (void) close(signal_pipe[0]);
    (void) close(signal_pipe[1]);
    signal_pipe[0] = -1;
    signal_pipe[1] = -1;
}


void
worker_signal_drain(void)
{
    char  bytes[64];

    while (read(signal_pipe[0], bytes, sizeof(bytes)) > 0) {
        /* all of them */
    }
}


int
worker_interrupted(void)
{
    return signal_seen;
}
