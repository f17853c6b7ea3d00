/* SPDX-License-Identifier: BSD-2-Clause */
/* Signals that end a run; the second one ends it at once. */
#include <signal.h>
#include <string.h>

#include "lib/base/interrupt.h"

static volatile sig_atomic_t  caught;
static int                    (*also)(void);


static void
on_signal(int number)
{
    caught = number;
}


void
interrupt_catch(void)
{
    size_t            i;
    struct sigaction  action;
    static const int  signals[] = { SIGINT, SIGTERM, SIGHUP };

    memset(&action, 0, sizeof(action));
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESETHAND;

    for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        (void) sigaction(signals[i], &action, NULL);
    }
}


void
interrupt_also(int (*other)(void))
{
    also = other;
}


int
interrupt_caught(void)
{
    if (caught || also == NULL) {
        return caught;
    }

    return also();
}
