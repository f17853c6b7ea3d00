/* SPDX-License-Identifier: BSD-2-Clause */
/* URLs that answers name. */
#ifndef URL_H
#define URL_H

struct arena;

/*
 * The absolute form of a reference that stands in an answer to base (RFC 3986,
 * 5.2; dot segments are left to whoever sends it). NULL: no memory.
 */
char *url_resolve(struct arena *arena, const char *base,
                  const char *reference);

#endif /* URL_H */
