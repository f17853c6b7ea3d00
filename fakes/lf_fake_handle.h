/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What apps find in their private fields: addresses that nobody can read, one
 * for each life of a slot. Slot 0 is the cycle.
 */
#ifndef LF_FAKE_HANDLE_H
#define LF_FAKE_HANDLE_H

#include <stdint.h>

#pragma GCC visibility push(hidden)

int lf_fake_handle_open(char *err);
void *lf_fake_handle_make(unsigned slot, uint32_t generation);
int lf_fake_handle_read(const void *handle, unsigned *slot,
                        uint32_t *generation);

/* Do a generation and the part of it that a handle holds agree? */
int lf_fake_handle_same(uint32_t generation, uint32_t part);

/* A word that points into memory nobody can read: what freed memory holds. */
uintptr_t lf_fake_handle_poison(void);

#pragma GCC visibility pop

#endif /* LF_FAKE_HANDLE_H */
