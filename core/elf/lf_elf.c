/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the dynamic symbols of a shared library without running it. Every
 * number in the file is a claim: nothing is read without comparing it with the
 * size of the file, and a file that shrinks meanwhile is an error, no crash.
 */
#include <stdlib.h>
#include <string.h>

#include "core/elf/lf_elf_private.h"

#if UINTPTR_MAX > UINT32_MAX
#define CLASS  ELFCLASS64
#define BITS   "64"
#else
#define CLASS  ELFCLASS32
#define BITS   "32"
#endif

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ENCODING  ELFDATA2LSB
#else
#define ENCODING  ELFDATA2MSB
#endif

#if defined(__x86_64__)
#define MACHINE  EM_X86_64
#elif defined(__aarch64__)
#define MACHINE  EM_AARCH64
#elif defined(__i386__)
#define MACHINE  EM_386
#elif defined(__arm__)
#define MACHINE  EM_ARM
#elif defined(__riscv)
#define MACHINE  EM_RISCV
#elif defined(__powerpc64__)
#define MACHINE  EM_PPC64
#elif defined(__s390__)
#define MACHINE  EM_S390
#else
#define MACHINE  EM_NONE         /* unknown: the loader decides */
#endif


static const char *
machine_name(unsigned machine)
{
    switch (machine) {
    case EM_386:     return "i386";
    case EM_X86_64:  return "x86-64";
    case EM_ARM:     return "ARM";
    case EM_AARCH64: return "AArch64";
    case EM_RISCV:   return "RISC-V";
    case EM_PPC64:   return "PowerPC 64";
    case EM_S390:    return "s390";
    case EM_MIPS:    return "MIPS";
    default:         return "another machine";
    }
}


static int
check_type(const struct lf_elf_source *source, const ElfW(Ehdr) *head)
{
    switch (head->e_type) {
    case ET_DYN:
        return 0;
    case ET_REL:
        return lf_elf_fail(source, "is an object file, not a shared library; "
                           "link it with -shared");
    case ET_EXEC:
        return lf_elf_fail(source, "is a program, not a shared library; "
                           "link it with -shared -fPIC");
    case ET_CORE:
        return lf_elf_fail(source, "is a core dump, not a shared library");
    default:
        return lf_elf_fail(source, "is an ELF file, but not a shared library");
    }
}


static int
check_head(const struct lf_elf_source *source, const ElfW(Ehdr) *head)
{
    const unsigned char  *ident = head->e_ident;

    if (memcmp(ident, ELFMAG, SELFMAG) != 0) {
        return lf_elf_fail(source, "is not an ELF file (not a shared library)");
    }

    if (ident[EI_CLASS] != CLASS) {
        return lf_elf_fail(source, "is built for %s-bit programs, this one has "
                           BITS " bits",
                           ident[EI_CLASS] == ELFCLASS32 ? "32"
                           : ident[EI_CLASS] == ELFCLASS64 ? "64" : "unknown");
    }

    if (ident[EI_DATA] != ENCODING) {
        return lf_elf_fail(source, "is built for machines of the other byte "
                           "order");
    }

    if (MACHINE != EM_NONE && head->e_machine != MACHINE) {
        return lf_elf_fail(source, "is built for %s (machine %u), this is %s",
                           machine_name(head->e_machine), head->e_machine,
                           machine_name(MACHINE));
    }

    return check_type(source, head);
}


static int
read_segments(const struct lf_elf_source *source, const ElfW(Ehdr) *head,
              struct lf_elf *elf)
{
    if (head->e_phnum == 0 || head->e_phentsize != sizeof(ElfW(Phdr))) {
        return lf_elf_damaged(source, "no program headers");
    }

    elf->segment_count = head->e_phnum;
    elf->segments = lf_elf_read_table(source, head->e_phoff,
                                      (uint64_t) head->e_phnum
                                      * sizeof(ElfW(Phdr)));

    return elf->segments != NULL ? 0
           : lf_elf_damaged(source, "its program headers are truncated");
}


static int
read_dynamic(const struct lf_elf_source *source, struct lf_elf *elf)
{
    size_t             i, count;
    const ElfW(Phdr)  *segment;

    segment = NULL;

    for (i = 0; i < elf->segment_count; i++) {
        if (elf->segments[i].p_type == PT_DYNAMIC) {
            segment = &elf->segments[i];
            break;
        }
    }

    if (segment == NULL) {
        return lf_elf_fail(source, "is an ELF file without a dynamic section, "
                           "not a shared library");
    }

    count = segment->p_filesz / sizeof(ElfW(Dyn));
    elf->dynamic = lf_elf_read_table(source, segment->p_offset,
                                     (uint64_t) count * sizeof(ElfW(Dyn)));

    if (elf->dynamic == NULL) {
        return lf_elf_damaged(source, "its dynamic section is truncated");
    }

    for (i = 0; i < count && elf->dynamic[i].d_tag != DT_NULL; i++) {
        if (elf->dynamic[i].d_tag == DT_RPATH
            || elf->dynamic[i].d_tag == DT_RUNPATH)
        {
            elf->has_path = 1;
        }
    }

    elf->dynamic_count = i;

    return 0;
}


static int
is_program(const struct lf_elf *elf)
{
    uint64_t  flags;

    return lf_elf_tag(elf, DT_FLAGS_1, &flags) && (flags & DF_1_PIE);
}


static int
read_file(const struct lf_elf_source *source, struct lf_elf *elf)
{
    ElfW(Ehdr)  head;

    memset(&head, 0, sizeof(head));

    if (source->size < sizeof(head)) {
        if (lf_elf_read_at(source, 0, &head, (size_t) source->size) != 0
                           || memcmp(head.e_ident, ELFMAG, SELFMAG) != 0)
        {
            return lf_elf_fail(source, source->size == 0 ? "is empty"
                               : "is not an ELF file (not a shared library)");
        }

        return lf_elf_damaged(source, "its header is truncated");
    }

    if (lf_elf_read_at(source, 0, &head, sizeof(head)) != 0) {
        return lf_elf_fail(source, "cannot be read");
    }

    if (check_head(source, &head) != 0
        || read_segments(source, &head, elf) != 0
        || read_dynamic(source, elf) != 0)
    {
        return -1;
    }

    if (is_program(elf)) {
        return lf_elf_fail(source, "is a program, not a shared library; "
                           "link it with -shared -fPIC");
    }

    return lf_elf_read_symbols(source, &head, elf);
}


struct lf_elf *
lf_elf_open_source(struct lf_elf_source *source)
{
    struct lf_elf  *elf;

    elf = calloc(1, sizeof(*elf));

    if (elf == NULL) {
        (void) lf_elf_fail(source, "out of memory");
        return NULL;
    }

    if (lf_elf_source_open(source) != 0 || read_file(source, elf) != 0) {
        lf_elf_close(&elf);
    }

    return elf;
}


struct lf_elf *
lf_elf_open(const char *path, char *err)
{
    struct lf_elf         *elf;
    struct lf_elf_source   source = { path, err, -1, 0 };

    elf = lf_elf_open_source(&source);
    lf_elf_source_close(&source);

    return elf;
}


void
lf_elf_close(struct lf_elf **elf)
{
    if (*elf == NULL) {
        return;
    }

    free((*elf)->segments);
    free((*elf)->dynamic);
    free((*elf)->symbols);
    free((*elf)->strings);
    free(*elf);
    *elf = NULL;
}
