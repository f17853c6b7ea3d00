/* SPDX-License-Identifier: BSD-2-Clause */
/* The SHA-256 of a file, for lf_fetch.c: it loads libcrypto, so call it in the
 * child only. */
#ifndef LF_FETCH_DIGEST_H
#define LF_FETCH_DIGEST_H

#pragma GCC visibility push(hidden)

#define LF_FETCH_HEX  65

/* 0 with lower-case hex; -1 with a text in err (LF_ERR_LEN bytes). */
int lf_fetch_digest(const char *path, char hex[LF_FETCH_HEX], char *err);

#pragma GCC visibility pop

#endif /* LF_FETCH_DIGEST_H */
