/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the app apps/life.c notes of its life: which process opened it, called
 * its hooks and closed it, in the file "events" of the server's folder.
 */
#ifndef LF_TESTS_LIFE_EVENTS_H
#define LF_TESTS_LIFE_EVENTS_H

#include "tests/module/module_test.h"

#define LIFE_MAIN  "env LF_EVENTS;\n"
#define LIFE_PIDS  16                         /* workers seen at most */

/* As module_setup; the app finds its file. */
int life_setup(void **state);

/* The events of one process, "NAME EVENT WHO|" each; yours. */
char *life_events(struct nginx_server *server, pid_t pid);
void life_expect(struct nginx_server *server, pid_t pid, const char *want);

/* The first process that had the event, and the last; 0: none. */
pid_t life_who_had(struct nginx_server *server, const char *event);
pid_t life_last(struct nginx_server *server, const char *event);

#endif /* LF_TESTS_LIFE_EVENTS_H */
