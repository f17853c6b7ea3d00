/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A keyed hash (SipHash-1-3): clients choose the keys of a cache, and must not
 * be able to choose them so that all fall into one bucket.
 */
#ifndef LF_HASH_H
#define LF_HASH_H

#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

uint64_t lf_hash(const uint64_t seed[2], const void *data, size_t len);

/* Fill a seed with what nobody can guess. */
void lf_hash_seed(uint64_t seed[2]);

#pragma GCC visibility pop

#endif /* LF_HASH_H */
