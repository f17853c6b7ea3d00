/* SPDX-License-Identifier: BSD-2-Clause */
/* ELF files, read without running them. Errors have LF_ERR_LEN bytes. */
#ifndef LF_ELF_H
#define LF_ELF_H

#include <stddef.h>
#include <stdint.h>

#include "core/lf_error.h"

#pragma GCC visibility push(hidden)

struct lf_elf;                   /* a mapped file */

enum lf_elf_kind { LF_ELF_ABSENT, LF_ELF_FUNCTION, LF_ELF_DATA };

/* Map and check a file: regular, ELF, shared, this machine. NULL: see err. */
struct lf_elf *lf_elf_open(const char *path, char *err);
void lf_elf_close(struct lf_elf **elf);

/* What the file itself defines and exports under that name. */
enum lf_elf_kind lf_elf_find(const struct lf_elf *elf, const char *name);

/* Walk the dynamic symbols: *iter 0 to start; returns the name or NULL. */
struct lf_elf_symbol {
    const char  *name;
    size_t       index;          /* in the table of the file */
    unsigned     defined:1, function:1, weak:1;
    unsigned     strong:1;       /* defined, global, and others may take it */
};
int lf_elf_next(const struct lf_elf *elf, size_t *iter,
                struct lf_elf_symbol *symbol);

/* The libraries it needs: *iter 0 to start; NULL at the end. */
const char *lf_elf_needed(const struct lf_elf *elf, size_t *iter);

/*
 * Check a library for the hooks and the functions named, without loading it.
 * Returns 0: all there; -1: refused, err says why; 1: it needs libraries
 * outside the system's own, so only loading it can show.
 */
int lf_elf_check(const char *path, const char *const *names, size_t count,
                 char *err);

/*
 * Functions of the library to which it refers through the loader: without
 * -Bsymbolic the loader prefers what the rest of the process has under the
 * name. version is NULL for a name without one. 0, or -1 with a text in err.
 */
int lf_elf_own(const char *path, char *err,
               void (*found)(void *data, const char *name,
                             const char *version),
               void *data);

/* The name of the version with that index, of those that a file defines. */
int lf_elf_version(const char *path, unsigned index, char *name, size_t size);

#pragma GCC visibility pop

#endif /* LF_ELF_H */
