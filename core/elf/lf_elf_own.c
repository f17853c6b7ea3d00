/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which of its own functions a library reaches through the loader: those that
 * a relocation names. Reads what lf_elf.c made of the file, and more tables of
 * the same file: names, indexes and lengths are claims here too.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/elf/lf_elf_private.h"

#if UINTPTR_MAX > UINT32_MAX
#define R_SYM(info)  ELF64_R_SYM(info)
#else
#define R_SYM(info)  ELF32_R_SYM(info)
#endif

/* Of a version: a higher bit hides the symbol, 0 and 1 are no version. */
#define VERSION_MASK  0x7fff
#define VERSION_MIN   2

/* More definitions of versions than any library has. */
#define VERSIONS_MAX  4096

struct relocations {
    ElfW(Sxword)  table, size;   /* tags */
    size_t        entry;
};


/* -Bsymbolic: the loader searches the library itself first. */
static int
is_symbolic(const struct lf_elf *elf)
{
    uint64_t  value;

    return lf_elf_tag(elf, DT_SYMBOLIC, &value)
           || (lf_elf_tag(elf, DT_FLAGS, &value) && (value & DF_SYMBOLIC));
}


/* REL and RELA begin with the same two fields. */
static int
mark_table(const struct lf_elf_source *source, const struct lf_elf *elf,
           const struct relocations *relocations, char *marks)
{
    char      *table;
    size_t     i, count, symbol;
    uint64_t   offset, size;
    ElfW(Rel)  item;

    if (!lf_elf_tag(elf, relocations->size, &size) || size == 0
        || !lf_elf_tag_offset(elf, relocations->table, &offset))
    {
        return 0;
    }

    table = lf_elf_read_table(source, offset, size);

    if (table == NULL) {
        return lf_elf_damaged(source, "its relocations are truncated");
    }

    count = (size_t) size / relocations->entry;

    for (i = 0; i < count; i++) {
        memcpy(&item, table + i * relocations->entry, sizeof(item));
        symbol = R_SYM(item.r_info);

        if (symbol < elf->symbol_count) {
            marks[symbol] = 1;
        }
    }

    free(table);

    return 0;
}


/* One byte for each symbol: does a relocation name it? NULL: a message. */
static char *
mark_symbols(const struct lf_elf_source *source, const struct lf_elf *elf)
{
    char                *marks;
    size_t               i;
    uint64_t             kind;
    struct relocations   tables[] = {
        { DT_RELA, DT_RELASZ, sizeof(ElfW(Rela)) },
        { DT_REL, DT_RELSZ, sizeof(ElfW(Rel)) },
        { DT_JMPREL, DT_PLTRELSZ, sizeof(ElfW(Rela)) }
    };

    if (lf_elf_tag(elf, DT_PLTREL, &kind) && kind == DT_REL) {
        tables[2].entry = sizeof(ElfW(Rel));
    }

    marks = calloc(elf->symbol_count + 1, 1);

    if (marks == NULL) {
        (void) lf_elf_fail(source, "out of memory");
        return NULL;
    }

    for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        if (mark_table(source, elf, &tables[i], marks) != 0) {
            free(marks);
            return NULL;
        }
    }

    return marks;
}


/* The version of a symbol; 0: none. */
static unsigned
version_of(const struct lf_elf_source *source, const struct lf_elf *elf,
           size_t symbol)
{
    uint16_t  word;
    uint64_t  offset;

    if (!lf_elf_tag_offset(elf, DT_VERSYM, &offset)
        || lf_elf_read_at(source, offset + symbol * sizeof(word), &word,
                          sizeof(word))
           != 0)
    {
        return 0;
    }

    word &= VERSION_MASK;

    return word >= VERSION_MIN ? word : 0;
}


/* NULL: the file defines no version with that index. */
static const char *
version_name(const struct lf_elf_source *source, const struct lf_elf *elf,
             unsigned index)
{
    int              i;
    uint64_t         offset;
    ElfW(Verdef)     item;
    ElfW(Verdaux)    name;

    if (!lf_elf_tag_offset(elf, DT_VERDEF, &offset)) {
        return NULL;
    }

    for (i = 0; i < VERSIONS_MAX; i++) {
        if (lf_elf_read_at(source, offset, &item, sizeof(item)) != 0) {
            return NULL;
        }

        if ((item.vd_ndx & VERSION_MASK) == index) {
            return lf_elf_read_at(source, offset + item.vd_aux, &name,
                                  sizeof(name)) == 0
                   ? lf_elf_name(elf, name.vda_name) : NULL;
        }

        if (item.vd_next == 0) {
            return NULL;
        }

        offset += item.vd_next;
    }

    return NULL;
}


static int
each_function(const struct lf_elf_source *source, const struct lf_elf *elf,
    void (*found)(void *data, const char *name, const char *version),
    void *data)
{
    char                  *marks;
    size_t                 iter;
    unsigned               version;
    struct lf_elf_symbol   symbol;

    marks = mark_symbols(source, elf);

    if (marks == NULL) {
        return -1;
    }

    for (iter = 0; lf_elf_next(elf, &iter, &symbol); ) {
        if (symbol.strong && symbol.function && marks[symbol.index]) {
            version = version_of(source, elf, symbol.index);
            found(data, symbol.name,
                  version ? version_name(source, elf, version) : NULL);
        }
    }

    free(marks);

    return 0;
}


int
lf_elf_own(const char *path, char *err,
           void (*found)(void *data, const char *name, const char *version),
           void *data)
{
    int                    rc;
    struct lf_elf         *elf;
    struct lf_elf_source   source = { path, err, -1, 0 };

    elf = lf_elf_open_source(&source);
    rc = elf == NULL ? -1
         : is_symbolic(elf) ? 0 : each_function(&source, elf, found, data);
    lf_elf_close(&elf);
    lf_elf_source_close(&source);

    return rc;
}


int
lf_elf_version(const char *path, unsigned index, char *name, size_t size)
{
    int                    rc;
    char                   err[LF_ERR_LEN];
    const char            *text;
    struct lf_elf         *elf;
    struct lf_elf_source   source = { path, err, -1, 0 };

    elf = lf_elf_open_source(&source);
    text = elf != NULL ? version_name(&source, elf, index) : NULL;
    rc = text != NULL && snprintf(name, size, "%s", text) < (int) size ? 0
                                                                        : -1;
    lf_elf_close(&elf);
    lf_elf_source_close(&source);

    return rc;
}
