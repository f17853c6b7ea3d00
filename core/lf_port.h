/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a host must provide: the only exit of core. Declared once here,
 * defined once per host. The functions are hidden, so a missing one fails the
 * link of that host, even where the host is a loadable module.
 */
#ifndef LF_PORT_H
#define LF_PORT_H

#include <sys/types.h>

#include "core/lf_core.h"

#pragma GCC visibility push(hidden)

/*
 * The request or cycle that an app means by its handle; NULL when the handle
 * is none of this host's, or its life is over: then the host has reported it.
 * site is the address that the ABI function returns to.
 */
struct lf_request *lf_port_request(const ngx_link_func_ctx_t *ctx,
                                   const void *site);
struct lf_cycle *lf_port_cycle(const ngx_link_func_cycle_t *cycle,
                               const void *site);

/*
 * Memory of the request, freed with it; NULL: none left. size 0 gives a
 * pointer that is not NULL. site is NULL for memory of core itself.
 */
void *lf_port_alloc(struct lf_request *request, size_t size, const void *site);

/*
 * One line that an app logged. request may be NULL: then it came from a hook.
 * Level filter, time stamp and tail are the host's. text has no end mark.
 */
void lf_port_log(struct lf_request *request, enum lf_level level,
                 const char *text, size_t len);

/*
 * An app broke a rule, or did what it will regret. The host writes the text to
 * its log with the level of the rule and may do more. request may be NULL.
 */
void lf_port_report(struct lf_request *request, const struct lf_rule *rule,
                    const void *site, const char *text);

/*
 * Walk the headers of the request in the order that an app sees them: *iter is
 * NULL to start. Returns 1 and a view of the next header, or 0 at the end.
 */
int lf_port_header_in_next(struct lf_request *request, void **iter,
                           lf_str_t *name, lf_str_t *value);

/*
 * Add a header that core has checked; name and value live as long as the
 * request and are NUL-terminated, lowcase is the name in lower case.
 * Returns 0, or -1: no memory.
 */
int lf_port_header_in_add(struct lf_request *request, const lf_str_t *name,
                          const lf_str_t *lowcase, const lf_str_t *value);
int lf_port_header_out_add(struct lf_request *request, const lf_str_t *name,
                           const lf_str_t *lowcase, const lf_str_t *value);

/*
 * The value of a variable of the server; name is in lower case. Returns 1 and
 * a view that is good until the next call, or 0: no such one, or not set.
 */
int lf_port_variable(struct lf_request *request, const lf_str_t *name,
                     lf_str_t *value);

/*
 * The zone. trylock: 1 taken, 0 not. unlock: 1 when this process held it.
 * held: 1 while this process holds it, by whichever thread. alloc, free and
 * reset are called with the lock held. alloc gives blocks of 64 bytes and more
 * on multiples of 64, smaller ones on multiples of their size, and says nothing
 * when there is no room; free returns 0, or -1 when ptr is no block of the zone
 * or is free already (the host says which in *why). reset makes the zone as
 * new, *zone->root included, and keeps the lock; core also calls it on a zone
 * whose *zone->root is NULL, before it allocates anything there.
 */
int   lf_port_zone_trylock(struct lf_zone *zone);
void  lf_port_zone_lock(struct lf_zone *zone);
int   lf_port_zone_unlock(struct lf_zone *zone);
int   lf_port_zone_held(struct lf_zone *zone);
void *lf_port_zone_alloc(struct lf_zone *zone, size_t size);
int   lf_port_zone_free(struct lf_zone *zone, void *ptr, const char **why);
void  lf_port_zone_reset(struct lf_zone *zone);

#pragma GCC visibility pop

#endif /* LF_PORT_H */
