/* SPDX-License-Identifier: BSD-2-Clause */
/* Digests of bytes, by OpenSSL, which is loaded when first needed. */
#ifndef DIGEST_H
#define DIGEST_H

#include <stddef.h>

enum digest_kind { DIGEST_MD5, DIGEST_SHA256 };

#define DIGEST_MAX  32

/*
 * Writes the digest (16 or 32 bytes) to out. Returns its length; 0 with a
 * message in *error, borrowed for ever, when it cannot be had (no OpenSSL; a
 * machine that forbids MD5). Any thread.
 */
size_t digest_compute(enum digest_kind kind, const void *data, size_t len,
                      unsigned char out[DIGEST_MAX], const char **error);

#endif /* DIGEST_H */
