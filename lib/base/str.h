/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A view of bytes that somebody else owns; may hold NULs. Where a NUL follows
 * the last byte, the function or field that hands the view out says so.
 */
#ifndef STR_H
#define STR_H

#include <stddef.h>

struct str {
    const char  *data;
    size_t       len;
};

#endif /* STR_H */
