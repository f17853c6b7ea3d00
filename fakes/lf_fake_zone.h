/* SPDX-License-Identifier: BSD-2-Clause */
/* The shared memory of the mock, for a host or without one. */
#ifndef LF_FAKE_ZONE_H
#define LF_FAKE_ZONE_H

#include "core/lf_core.h"

#pragma GCC visibility push(hidden)

/*
 * Make a zone in POSIX shared memory: mode 0600, without a name, shared with
 * all children forked from now on. Returns 0, or -1 with a text in err.
 */
int lf_fake_zone_open(struct lf_zone *zone, size_t size, char *err);
void lf_fake_zone_close(struct lf_zone *zone);

/*
 * A named zone, which outlives all processes: made, or found again with all it
 * holds. size 0: as it is, or 1m; LF_FAKE_NAMED_ZONE_FIND: only if it exists.
 * It is always mapped at LF_FAKE_NAMED_ZONE_AT, so pointers in it stay valid;
 * one at a time, at most LF_FAKE_NAMED_ZONE_MAX bytes. Names are 1 to 64
 * letters, digits, '.', '_', '-', and each user has a set of them. Returns 0,
 * or -1 with a text in err.
 */
#define LF_FAKE_NAMED_ZONE_AT    ((uintptr_t) 0x10000000)
#define LF_FAKE_NAMED_ZONE_MAX   ((size_t) 1 << 30)
#define LF_FAKE_NAMED_ZONE_FIND  SIZE_MAX

int lf_fake_named_zone_open(struct lf_zone *zone, const char *name,
                            size_t size, char *err);

/* Returns 0, or -1 with a text in err: there is no such zone. */
int lf_fake_named_zone_remove(const char *name, char *err);

/*
 * The names of all zones of this user, one for each call of found. Returns 0,
 * or -1 with a text in err.
 */
int lf_fake_named_zone_list(void (*found)(void *data, const char *name),
                            void *data, char *err);

/*
 * The process that has the lock, or 0. *dead: it has ended; whoever wants the
 * lock next gets it.
 */
pid_t lf_fake_zone_owner(const struct lf_zone *zone, int *dead);

/*
 * Free the lock if a process that has ended held it, as nginx's master does.
 * Returns 1 if it did.
 */
int lf_fake_zone_force_unlock(struct lf_zone *zone, pid_t dead);

/* Let the Nth allocation in the zone from now on fail; 0: none. */
void lf_fake_zone_fail_alloc(struct lf_zone *zone, unsigned long nth);

/* Pages in all and free, for -v. */
void lf_fake_zone_figures(struct lf_zone *zone, size_t *pages, size_t *free);

#pragma GCC visibility pop

#endif /* LF_FAKE_ZONE_H */
