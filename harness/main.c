/* SPDX-License-Identifier: BSD-2-Clause */
/* The program; what it does is in commands.c. */
#include <fcntl.h>
#include <unistd.h>

#include "harness/commands.h"
#include "harness/worker/worker.h"
#include "lib/base/interrupt.h"
#include "lib/base/message.h"


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
    open_standard_descriptors();
    message_set_program("linkfunc");
    interrupt_also(worker_interrupted);

    return program_command.run(argv + (argc > 0));
}
