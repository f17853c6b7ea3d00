/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The dynamic symbols of a shared library and their names. Their number stands
 * nowhere: it is what one of three tables says, as far as the file goes.
 */
#include <stdlib.h>
#include <string.h>

#include "core/elf/lf_elf_private.h"


/* Where in the file the byte of an address lies; -1 if in no segment. */
static int
find_offset(const struct lf_elf *elf, uint64_t address, uint64_t *offset)
{
    size_t             i;
    const ElfW(Phdr)  *segment;

    for (i = 0; i < elf->segment_count; i++) {
        segment = &elf->segments[i];

        if (segment->p_type == PT_LOAD && address >= segment->p_vaddr
            && address - segment->p_vaddr < segment->p_filesz)
        {
            *offset = address - segment->p_vaddr + segment->p_offset;
            return *offset >= segment->p_offset ? 0 : -1;
        }
    }

    return -1;
}


int
lf_elf_tag(const struct lf_elf *elf, ElfW(Sxword) tag, uint64_t *value)
{
    size_t  i;

    for (i = 0; i < elf->dynamic_count; i++) {
        if (elf->dynamic[i].d_tag == tag) {
            *value = elf->dynamic[i].d_un.d_val;
            return 1;
        }
    }

    return 0;
}


int
lf_elf_tag_offset(const struct lf_elf *elf, ElfW(Sxword) tag,
                  uint64_t *offset)
{
    uint64_t  address;

    return lf_elf_tag(elf, tag, &address)
           && find_offset(elf, address, offset) == 0;
}


/* DT_HASH: the second word is the number of symbols. */
static int
count_by_hash(const struct lf_elf_source *source, const struct lf_elf *elf,
              uint64_t *count)
{
    uint32_t  words[2];
    uint64_t  offset;

    if (!lf_elf_tag_offset(elf, DT_HASH, &offset)
        || lf_elf_read_at(source, offset, words, sizeof(words)) != 0)
    {
        return 0;
    }

    *count = words[1];

    return 1;
}


/* The last symbol of the longest chain of DT_GNU_HASH is the last of all. */
static int
count_by_gnu_hash(const struct lf_elf_source *source, const struct lf_elf *elf,
                  uint64_t *count)
{
    uint32_t   head[4], *buckets, last, word;
    uint64_t   offset, i;

    if (!lf_elf_tag_offset(elf, DT_GNU_HASH, &offset)
        || lf_elf_read_at(source, offset, head, sizeof(head)) != 0)
    {
        return 0;
    }

    offset += sizeof(head) + (uint64_t) head[2] * sizeof(ElfW(Addr));
    buckets = lf_elf_read_table(source, offset, (uint64_t) head[0] * 4);

    if (buckets == NULL) {
        return 0;
    }

    for (last = 0, i = 0; i < head[0]; i++) {
        if (buckets[i] > last) {
            last = buckets[i];
        }
    }

    free(buckets);

    if (last == 0 || last < head[1]) {
        return 0;
    }

    offset += (uint64_t) head[0] * 4 + (uint64_t) (last - head[1]) * 4;

    do {
        if (lf_elf_read_at(source, offset, &word, 4) != 0) {
            return 0;
        }

        offset += 4;
        last++;
    } while (!(word & 1) && last != 0);

    *count = last;

    return 1;
}


/* The size of the section that holds the symbols, for odd linkers. */
static int
count_by_section(const struct lf_elf_source *source, const ElfW(Ehdr) *head,
                 uint64_t *count)
{
    int          found;
    size_t       i;
    ElfW(Shdr)  *sections;

    if (head->e_shentsize != sizeof(ElfW(Shdr))) {
        return 0;
    }

    sections = lf_elf_read_table(source, head->e_shoff,
                                 (uint64_t) head->e_shnum * sizeof(ElfW(Shdr)));

    if (sections == NULL) {
        return 0;
    }

    found = 0;

    for (i = 0; i < head->e_shnum && !found; i++) {
        if (sections[i].sh_type == SHT_DYNSYM) {
            *count = sections[i].sh_size / sizeof(ElfW(Sym));
            found = 1;
        }
    }

    free(sections);

    return found;
}


int
lf_elf_read_symbols(const struct lf_elf_source *source, const ElfW(Ehdr) *head,
                    struct lf_elf *elf)
{
    uint64_t  offset, count, len;

    if (!lf_elf_tag_offset(elf, DT_STRTAB, &offset)
        || !lf_elf_tag(elf, DT_STRSZ, &len))
    {
        return lf_elf_damaged(source, "no symbol names");
    }

    elf->strings = lf_elf_read_table(source, offset, len);

    if (elf->strings == NULL) {
        return lf_elf_damaged(source, "its symbol names are truncated");
    }

    elf->strings_len = (size_t) len;

    if (!lf_elf_tag_offset(elf, DT_SYMTAB, &offset)) {
        return lf_elf_damaged(source, "no symbols");
    }

    if (!count_by_hash(source, elf, &count)
        && !count_by_gnu_hash(source, elf, &count)
        && !count_by_section(source, head, &count))
    {
        count = 0;
    }

    if (count > LF_ELF_TABLE_MAX / sizeof(ElfW(Sym))) {
        return lf_elf_damaged(source, "too many symbols");
    }

    elf->symbols = lf_elf_read_table(source, offset, count * sizeof(ElfW(Sym)));
    elf->symbol_count = (size_t) count;

    return elf->symbols != NULL ? 0
           : lf_elf_damaged(source, "its symbols are truncated");
}
