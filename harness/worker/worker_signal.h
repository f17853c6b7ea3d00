/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signals of the CLI while workers run: they become a readable descriptor, so
 * that one poll waits for workers, deadlines, children and the user.
 */
#ifndef WORKER_SIGNAL_H
#define WORKER_SIGNAL_H

/* Catch SIGCHLD, SIGINT, SIGTERM, SIGHUP. The descriptor, or -1. */
int worker_signal_catch(void);

/* As it was before. Also for a worker, right after the fork. */
void worker_signal_restore(void);

/* Forget what made the descriptor readable. */
void worker_signal_drain(void);

#endif /* WORKER_SIGNAL_H */
