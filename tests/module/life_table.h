/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * golden/lifecycle.tsv, the server that it was measured with, and which of its
 * rows were compared.
 */
#ifndef LF_TESTS_LIFE_TABLE_H
#define LF_TESTS_LIFE_TABLE_H

#include "tests/module/life_events.h"

#define LIFE_WORKERS  2

/* Set-up and teardown of the group: a row not looked at is a test missing. */
int life_read_table(void **state);
int life_all_rows_seen(void **state);

/* What the table says of a process, in one string that lives for the test. */
const char *life_row(const char *scenario, const char *process);

/* All that a process has had: as it came up, then as it ended (NULL: lives). */
void life_has(struct nginx_server *server, pid_t pid, const char *born,
              const char *ended);

/* config-check: the master has no event at all. */
void life_unchecked(struct nginx_server *server, const char *scenario);

/* As mv does: a new file under the old name. */
void life_put(struct nginx_server *server, const char *from,
              const char *name);

/* refuse: the server whose init hook sets has_error, 0: none. */
const char *life_conf(const char *head, int refuse);

/* So many workers have come to the third server; or have closed all. */
void life_wait_inits(struct nginx_server *server, unsigned count);
void life_wait_exits(struct nginx_server *server, unsigned count);

/* Start it; the workers that are up. */
void life_start(struct nginx_server *server, unsigned workers, pid_t *pids);

/* The workers that are up: two. */
void life_two_workers(struct nginx_server *server, pid_t *pids);

/* The worker that is in now and not in before; only one more is allowed. */
pid_t life_new_one(struct nginx_server *server, const pid_t *before,
                   size_t count);

#endif /* LF_TESTS_LIFE_TABLE_H */
