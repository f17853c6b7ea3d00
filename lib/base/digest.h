/* SPDX-License-Identifier: BSD-2-Clause */
/* Digests of bytes, by OpenSSL, which is loaded when first needed. */
#ifndef DIGEST_H
#define DIGEST_H

#include <stddef.h>

#pragma GCC visibility push(hidden)

enum digest_kind { DIGEST_MD5, DIGEST_SHA256 };

#define DIGEST_MAX  32
#define DIGEST_HEX  (2 * DIGEST_MAX + 1)

/*
 * Writes the digest (16 or 32 bytes) to out. Returns its length; 0 with a
 * message in *error, borrowed for ever, when it cannot be had (no OpenSSL; a
 * machine that forbids MD5). Any thread.
 */
size_t digest_compute(enum digest_kind kind, const void *data, size_t len,
                      unsigned char out[DIGEST_MAX], const char **error);

/* That of a regular file as lower-case hex. 0, or -1 with the reason. */
int digest_file(enum digest_kind kind, const char *path, char hex[DIGEST_HEX],
                const char **error);

#pragma GCC visibility pop

#endif /* DIGEST_H */
