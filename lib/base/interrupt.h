/* SPDX-License-Identifier: BSD-2-Clause */
/* Ctrl-C and its like: they end a run early, but reports are still written. */
#ifndef INTERRUPT_H
#define INTERRUPT_H

/* Catch SIGINT, SIGTERM and SIGHUP from now on, in this process. */
void interrupt_catch(void);

/*
 * Another part of the program that catches these signals: its function returns
 * the signal that came, or 0.
 */
void interrupt_also(int (*other)(void));

/* The signal that came, or 0. */
int interrupt_caught(void);

#endif /* INTERRUPT_H */
