/* SPDX-License-Identifier: BSD-2-Clause */
/* What lf_elf.c and lf_elf_check.c know of a file and nobody else does. */
#ifndef LF_ELF_H
#define LF_ELF_H

#include <link.h>

#include "lf_core.h"

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

#endif /* LF_ELF_H */
