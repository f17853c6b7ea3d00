/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shared libraries that are opened when a command first needs them: most
 * invocations need none, and starting must stay cheap.
 */
#ifndef LAZY_LIB_H
#define LAZY_LIB_H

#include <stddef.h>

#pragma GCC visibility push(hidden)

struct lazy_symbol {
    const char  *name;
    size_t       offset;                 /* of the pointer in the table */
};

/* One static object per library; the last three fields start as zero. */
struct lazy_lib {
    const char                *soname;   /* "libpcre2-8.so.0" */
    const char                *older;    /* serves, too; or NULL */
    const char                *package;  /* what a person installs */
    const struct lazy_symbol  *symbols;  /* ends with a NULL name */
    void                      *table;    /* struct of function pointers */

    void                      *handle;
    int                        state;
    char                       error[256];
};

/*
 * Opens the library and fills the table, once per process; later calls are
 * cheap and give the first call's result. Any thread. Returns NULL when the
 * table is filled, else a message for people, borrowed from the object.
 */
const char *lazy_lib_open(struct lazy_lib *lib);

#pragma GCC visibility pop

#endif /* LAZY_LIB_H */
