/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the dynamic symbols of a shared library without running it. Every
 * number in the file is a claim: nothing is read without comparing it with the
 * size of the file, and a file that shrinks meanwhile is an error, no crash.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lf_elf.h"

/* No table of a real library comes near; keeps absurd files cheap. */
#define TABLE_MAX  ((uint64_t) 256 * 1024 * 1024)

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
#define MACHINE  EM_NONE         /* unknown: the loader will tell */
#endif

/* An open file while it is read. */
struct source {
    const char  *path;
    char        *err;
    int          fd;
    uint64_t     size;
};


__attribute__((format(printf, 2, 3))) static int
fail(const struct source *source, const char *format, ...)
{
    int      n;
    va_list  args;

    n = snprintf(source->err, LF_ERR_LEN, "%.256s: ", source->path);

    va_start(args, format);
    (void) vsnprintf(source->err + n, LF_ERR_LEN - (size_t) n, format, args);
    va_end(args);

    return -1;
}


static int
damaged(const struct source *source, const char *what)
{
    return fail(source, "damaged ELF file: %s", what);
}


/* Reads exactly len bytes; 0 or -1 without a message. */
static int
read_at(const struct source *source, uint64_t offset, void *to, size_t len)
{
    size_t   done;
    ssize_t  n;

    if (offset > source->size || len > source->size - offset) {
        return -1;
    }

    for (done = 0; done < len; done += (size_t) n) {
        n = pread(source->fd, (char *) to + done, len - done,
                  (off_t) (offset + done));

        if (n < 0 && errno == EINTR) {
            n = 0;
            continue;
        }

        if (n <= 0) {
            return -1;
        }
    }

    return 0;
}


/* A table in new memory, one byte longer and that byte 0; or NULL. */
static void *
read_table(const struct source *source, uint64_t offset, uint64_t len)
{
    char  *table;

    if (len > TABLE_MAX || offset > source->size
        || len > source->size - offset)
    {
        return NULL;
    }

    table = malloc((size_t) len + 1);

    if (table != NULL && read_at(source, offset, table, (size_t) len) != 0) {
        free(table);
        table = NULL;
    }

    if (table != NULL) {
        table[len] = '\0';
    }

    return table;
}


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
check_type(const struct source *source, const ElfW(Ehdr) *head)
{
    switch (head->e_type) {
    case ET_DYN:
        return 0;
    case ET_REL:
        return fail(source, "is an object file, not a shared library; link "
                    "it with -shared");
    case ET_EXEC:
        return fail(source, "is a program, not a shared library; link it "
                    "with -shared -fPIC");
    case ET_CORE:
        return fail(source, "is a core dump, not a shared library");
    default:
        return fail(source, "is an ELF file, but no shared library");
    }
}


static int
check_head(const struct source *source, const ElfW(Ehdr) *head)
{
    const unsigned char  *ident = head->e_ident;

    if (memcmp(ident, ELFMAG, SELFMAG) != 0) {
        return fail(source, "is not an ELF file (no shared library)");
    }

    if (ident[EI_CLASS] != CLASS) {
        return fail(source, "is built for %s-bit programs, this one has "
                    BITS " bits",
                    ident[EI_CLASS] == ELFCLASS32 ? "32"
                    : ident[EI_CLASS] == ELFCLASS64 ? "64" : "unknown");
    }

    if (ident[EI_DATA] != ENCODING) {
        return fail(source, "is built for machines of the other byte order");
    }

    if (MACHINE != EM_NONE && head->e_machine != MACHINE) {
        return fail(source, "is built for %s (machine %u), this is %s",
                    machine_name(head->e_machine), head->e_machine,
                    machine_name(MACHINE));
    }

    return check_type(source, head);
}


static int
read_segments(const struct source *source, const ElfW(Ehdr) *head,
              struct lf_elf *elf)
{
    if (head->e_phnum == 0 || head->e_phentsize != sizeof(ElfW(Phdr))) {
        return damaged(source, "no program headers");
    }

    elf->segment_count = head->e_phnum;
    elf->segments = read_table(source, head->e_phoff,
                               (uint64_t) head->e_phnum * sizeof(ElfW(Phdr)));

    return elf->segments != NULL ? 0
           : damaged(source, "its program headers are cut off");
}


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


static int
read_dynamic(const struct source *source, struct lf_elf *elf)
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
        return fail(source, "is an ELF file without a dynamic section, no "
                    "shared library");
    }

    count = segment->p_filesz / sizeof(ElfW(Dyn));
    elf->dynamic = read_table(source, segment->p_offset,
                              (uint64_t) count * sizeof(ElfW(Dyn)));

    if (elf->dynamic == NULL) {
        return damaged(source, "its dynamic section is cut off");
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


/* The value of a tag of the dynamic section: 1, or 0 if it has none. */
static int
find_tag(const struct lf_elf *elf, ElfW(Sxword) tag, uint64_t *value)
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


/* The same for a tag whose value is an address: its place in the file. */
static int
find_tag_offset(const struct lf_elf *elf, ElfW(Sxword) tag, uint64_t *offset)
{
    uint64_t  address;

    return find_tag(elf, tag, &address)
           && find_offset(elf, address, offset) == 0;
}


static int
is_program(const struct lf_elf *elf)
{
    uint64_t  flags;

    return find_tag(elf, DT_FLAGS_1, &flags) && (flags & DF_1_PIE);
}


/* DT_HASH: the second word is the number of symbols. */
static int
count_by_hash(const struct source *source, const struct lf_elf *elf,
              uint64_t *count)
{
    uint32_t  words[2];
    uint64_t  offset;

    if (!find_tag_offset(elf, DT_HASH, &offset)
        || read_at(source, offset, words, sizeof(words)) != 0)
    {
        return 0;
    }

    *count = words[1];

    return 1;
}


/* The last symbol of the longest chain of DT_GNU_HASH is the last of all. */
static int
count_by_gnu_hash(const struct source *source, const struct lf_elf *elf,
                  uint64_t *count)
{
    uint32_t   head[4], *buckets, last, word;
    uint64_t   offset, i;

    if (!find_tag_offset(elf, DT_GNU_HASH, &offset)
        || read_at(source, offset, head, sizeof(head)) != 0)
    {
        return 0;
    }

    offset += sizeof(head) + (uint64_t) head[2] * sizeof(ElfW(Addr));
    buckets = read_table(source, offset, (uint64_t) head[0] * 4);

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
        if (read_at(source, offset, &word, 4) != 0) {
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
count_by_section(const struct source *source, const ElfW(Ehdr) *head,
                 uint64_t *count)
{
    int          found;
    size_t       i;
    ElfW(Shdr)  *sections;

    if (head->e_shentsize != sizeof(ElfW(Shdr))) {
        return 0;
    }

    sections = read_table(source, head->e_shoff,
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


static int
read_symbols(const struct source *source, const ElfW(Ehdr) *head,
             struct lf_elf *elf)
{
    uint64_t  offset, count, len;

    if (!find_tag_offset(elf, DT_STRTAB, &offset)
        || !find_tag(elf, DT_STRSZ, &len))
    {
        return damaged(source, "no names of symbols");
    }

    elf->strings = read_table(source, offset, len);

    if (elf->strings == NULL) {
        return damaged(source, "the names of its symbols are cut off");
    }

    elf->strings_len = (size_t) len;

    if (!find_tag_offset(elf, DT_SYMTAB, &offset)) {
        return damaged(source, "no symbols");
    }

    if (!count_by_hash(source, elf, &count)
        && !count_by_gnu_hash(source, elf, &count)
        && !count_by_section(source, head, &count))
    {
        count = 0;
    }

    if (count > TABLE_MAX / sizeof(ElfW(Sym))) {
        return damaged(source, "too many symbols");
    }

    elf->symbols = read_table(source, offset, count * sizeof(ElfW(Sym)));
    elf->symbol_count = (size_t) count;

    return elf->symbols != NULL ? 0
           : damaged(source, "its symbols are cut off");
}


static int
read_file(const struct source *source, struct lf_elf *elf)
{
    ElfW(Ehdr)  head;

    memset(&head, 0, sizeof(head));

    if (source->size < sizeof(head)) {
        if (read_at(source, 0, &head, (size_t) source->size) != 0
            || memcmp(head.e_ident, ELFMAG, SELFMAG) != 0)
        {
            return fail(source, source->size == 0 ? "is empty"
                        : "is not an ELF file (no shared library)");
        }

        return damaged(source, "it ends in its header");
    }

    if (read_at(source, 0, &head, sizeof(head)) != 0) {
        return fail(source, "cannot be read");
    }

    if (check_head(source, &head) != 0
        || read_segments(source, &head, elf) != 0
        || read_dynamic(source, elf) != 0)
    {
        return -1;
    }

    if (is_program(elf)) {
        return fail(source, "is a program, not a shared library; link it "
                    "with -shared -fPIC");
    }

    return read_symbols(source, &head, elf);
}


static int
open_file(struct source *source)
{
    struct stat  info;

    source->fd = open(source->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (source->fd < 0) {
        return fail(source, "%s", errno == ENOENT ? "no such file"
                                                  : strerror(errno));
    }

    if (fstat(source->fd, &info) != 0) {
        return fail(source, "%s", strerror(errno));
    }

    if (S_ISDIR(info.st_mode)) {
        return fail(source, "is a directory, not a shared library");
    }

    if (!S_ISREG(info.st_mode)) {
        return fail(source, "is not a regular file");
    }

    source->size = (uint64_t) info.st_size;

    return 0;
}


struct lf_elf *
lf_elf_open(const char *path, char *err)
{
    struct lf_elf  *elf;
    struct source   source = { path, err, -1, 0 };

    elf = calloc(1, sizeof(*elf));

    if (elf == NULL) {
        (void) fail(&source, "no memory");
        return NULL;
    }

    if (open_file(&source) != 0 || read_file(&source, elf) != 0) {
        lf_elf_close(&elf);
    }

    if (source.fd >= 0) {
        (void) close(source.fd);
    }

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
