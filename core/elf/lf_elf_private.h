/* SPDX-License-Identifier: BSD-2-Clause */
/* What the lf_elf*.c files know of a file and nobody else does. */
#ifndef LF_ELF_PRIVATE_H
#define LF_ELF_PRIVATE_H

#include <link.h>

#include "core/elf/lf_elf.h"

#pragma GCC visibility push(hidden)

/* No table of a real library comes near; keeps absurd files cheap. */
#define LF_ELF_TABLE_MAX  ((uint64_t) 256 * 1024 * 1024)

/* An open file while it is read. */
struct lf_elf_source {
    const char  *path;
    char        *err;            /* LF_ERR_LEN bytes */
    int          fd;             /* -1 when it could not be opened */
    uint64_t     size;
};

struct lf_elf {
    ElfW(Phdr)  *segments;       /* program headers */
    size_t       segment_count;
    ElfW(Dyn)   *dynamic;
    size_t       dynamic_count;
    ElfW(Sym)   *symbols;
    size_t       symbol_count;
    char        *strings;        /* with one NUL more than the file has */
    size_t       strings_len;
    unsigned     has_path:1;     /* DT_RPATH or DT_RUNPATH */
};

/* Put a message into err; both return -1. */
int lf_elf_fail(const struct lf_elf_source *source, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
int lf_elf_damaged(const struct lf_elf_source *source, const char *what);

/* Open the path of the source: a regular file. 0, or -1 with a message. */
int lf_elf_source_open(struct lf_elf_source *source);
void lf_elf_source_close(struct lf_elf_source *source);

/* lf_elf_open that leaves the source open, also when it returns NULL. */
struct lf_elf *lf_elf_open_source(struct lf_elf_source *source);

/* Read exactly len bytes. 0, or -1 without a message. */
int lf_elf_read_at(const struct lf_elf_source *source, uint64_t offset,
                   void *to, size_t len);

/* The same in new memory, one byte longer and that byte 0; NULL: cannot. */
void *lf_elf_read_table(const struct lf_elf_source *source, uint64_t offset,
                        uint64_t len);

/* The value of a tag of the dynamic section: 1, or 0 if it has none. */
int lf_elf_tag(const struct lf_elf *elf, ElfW(Sxword) tag, uint64_t *value);

/* The same for a tag whose value is an address: its place in the file. */
int lf_elf_tag_offset(const struct lf_elf *elf, ElfW(Sxword) tag,
                      uint64_t *offset);

/* The name at an index; "" beyond the table, which ends with a NUL. */
const char *lf_elf_name(const struct lf_elf *elf, uint64_t index);

/* Fill symbols and strings. 0, or -1 with a message. */
int lf_elf_read_symbols(const struct lf_elf_source *source,
                        const ElfW(Ehdr) *head, struct lf_elf *elf);

#pragma GCC visibility pop

#endif /* LF_ELF_PRIVATE_H */
