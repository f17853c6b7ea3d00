/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers as people write them in options: counts, sizes, durations. Each
 * function takes the whole text or refuses it: 0, or -1.
 */
#ifndef NUMBER_H
#define NUMBER_H

#include <stddef.h>
#include <stdint.h>

/* Digits only, within the limits. */
int number_parse_count(const char *text, unsigned long min, unsigned long max,
                       unsigned long *value);

/* Bytes as nginx takes them: 65536, 64k, 1m, 1g, any case. */
int number_parse_size(const char *text, size_t *size);

/* 10s, 500ms, 2m, 1.5s; a bare number is seconds. In nanoseconds. */
int number_parse_duration(const char *text, uint64_t *ns);

/* "10s", "1.5s", "250ms" for a message; buf has NUMBER_TEXT bytes. */
#define NUMBER_TEXT  32
const char *number_duration_text(uint64_t ns, char *buf);

#endif /* NUMBER_H */
