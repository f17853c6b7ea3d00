/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A zone to test with, on a mock host, and what was reported about it.
 */
#ifndef ZONE_SETUP_H
#define ZONE_SETUP_H

#include "fakes/lf_fake.h"
#include "fakes/lf_fake_zone.h"

/* The zone of a new host; size 0: 1m. Fails the test when there is none. */
struct lf_zone *zone_open(size_t size);
void zone_close(void);

/* How often a rule was reported, and its last text; "" for none. */
unsigned zone_reports(enum lf_rule_name rule);
const char *zone_report_text(enum lf_rule_name rule);

/* Runs fn in a child, which ends with 0 when it returns: the wait status. */
int zone_child(void (*fn)(void *data), void *data);

/* Pages that are free now. */
size_t zone_free_pages(struct lf_zone *zone);

/* The name of the nth key: "k0000007"; good until the thread asks again. */
const char *zone_key(unsigned n);

/* Removes the first count of them, and their values. */
void zone_remove_keys(struct lf_zone *zone, unsigned count);

#endif /* ZONE_SETUP_H */
