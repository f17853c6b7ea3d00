/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the symbols of a library show: which functions it offers, what it
 * needs, and whether a host could serve it. Reads memory that lf_elf.c checked
 * for size only: names and addresses are still claims.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <gnu/libc-version.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/elf/lf_elf_private.h"

#define INIT_HOOK   "ngx_link_func_init_cycle"
#define ABI_PREFIX  "ngx_link_func_"

#if UINTPTR_MAX > UINT32_MAX
#define ST_TYPE(info)        ELF64_ST_TYPE(info)
#define ST_BIND(info)        ELF64_ST_BIND(info)
#define ST_VISIBILITY(other) ELF64_ST_VISIBILITY(other)
#else
#define ST_TYPE(info)        ELF32_ST_TYPE(info)
#define ST_BIND(info)        ELF32_ST_BIND(info)
#define ST_VISIBILITY(other) ELF32_ST_VISIBILITY(other)
#endif


const char *
lf_elf_name(const struct lf_elf *elf, uint64_t index)
{
    return index < elf->strings_len ? elf->strings + index : "";
}


/* Hand-written assembler leaves the type out: then the segment decides. */
static int
is_code(const struct lf_elf *elf, uint64_t address)
{
    size_t             i;
    const ElfW(Phdr)  *segment;

    for (i = 0; i < elf->segment_count; i++) {
        segment = &elf->segments[i];

        if (segment->p_type == PT_LOAD && address >= segment->p_vaddr
            && address - segment->p_vaddr < segment->p_memsz)
        {
            return (segment->p_flags & PF_X) != 0;
        }
    }

    return 0;
}


static int
is_function(const struct lf_elf *elf, const ElfW(Sym) *symbol)
{
    switch (ST_TYPE(symbol->st_info)) {
    case STT_FUNC:
    case STT_GNU_IFUNC:
        return 1;
    case STT_NOTYPE:
        return symbol->st_shndx != SHN_UNDEF
               && is_code(elf, symbol->st_value);
    default:
        return 0;
    }
}


static int
is_exported(const ElfW(Sym) *symbol)
{
    unsigned  visibility = ST_VISIBILITY(symbol->st_other);

    return symbol->st_shndx != SHN_UNDEF
           && (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}


int
lf_elf_next(const struct lf_elf *elf, size_t *iter,
            struct lf_elf_symbol *symbol)
{
    unsigned          bind;
    const ElfW(Sym)  *item;

    while (*iter < elf->symbol_count) {
        item = &elf->symbols[(*iter)++];
        bind = ST_BIND(item->st_info);
        symbol->name = lf_elf_name(elf, item->st_name);

        if (bind == STB_LOCAL || *symbol->name == '\0') {
            continue;
        }

        if (item->st_shndx != SHN_UNDEF && !is_exported(item)) {
            continue;
        }

        symbol->index = *iter - 1;
        symbol->defined = item->st_shndx != SHN_UNDEF;
        symbol->function = is_function(elf, item);
        symbol->weak = bind == STB_WEAK;
        symbol->strong = symbol->defined && bind == STB_GLOBAL
                         && ST_VISIBILITY(item->st_other) == STV_DEFAULT;

        return 1;
    }

    return 0;
}


enum lf_elf_kind
lf_elf_find(const struct lf_elf *elf, const char *name)
{
    size_t                iter;
    struct lf_elf_symbol  symbol;

    iter = 0;

    while (lf_elf_next(elf, &iter, &symbol)) {
        if (symbol.defined && strcmp(symbol.name, name) == 0) {
            return symbol.function ? LF_ELF_FUNCTION : LF_ELF_DATA;
        }
    }

    return LF_ELF_ABSENT;
}


const char *
lf_elf_needed(const struct lf_elf *elf, size_t *iter)
{
    const ElfW(Dyn)  *entry;

    while (*iter < elf->dynamic_count) {
        entry = &elf->dynamic[(*iter)++];

        if (entry->d_tag == DT_NEEDED) {
            return lf_elf_name(elf, entry->d_un.d_val);
        }
    }

    return NULL;
}


/* Is the library where the loader looks by default, next to libc say? */
static int
is_system_library(const char *name)
{
    static const char *const  folders[] = {
        "/lib", "/usr/lib", "/lib64", "/usr/lib64"
    };

    int      len;
    char     path[512];
    size_t   i;
    Dl_info  libc;
    char    *slash;

    if (strchr(name, '/') != NULL) {
        return 0;
    }

    for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        len = snprintf(path, sizeof(path), "%s/%s", folders[i], name);

        if (len < (int) sizeof(path) && access(path, F_OK) == 0) {
            return 1;
        }
    }

    if (dladdr((void *) (uintptr_t) gnu_get_libc_version, &libc) == 0
        || libc.dli_fname == NULL)
    {
        return 0;
    }

    slash = strrchr(libc.dli_fname, '/');
    len = slash == NULL ? -1
          : snprintf(path, sizeof(path), "%.*s/%s",
                     (int) (slash - libc.dli_fname), libc.dli_fname, name);

    return len > 0 && len < (int) sizeof(path) && access(path, F_OK) == 0;
}


static int
needs_foreign_library(const struct lf_elf *elf)
{
    size_t       iter;
    const char  *name;

    if (elf->has_path) {
        return 1;
    }

    iter = 0;

    while ((name = lf_elf_needed(elf, &iter)) != NULL) {
        if (!is_system_library(name)) {
            return 1;
        }
    }

    return 0;
}


/* An import of the ABI that this host is too old for, or a typing error. */
static const char *
find_missing_import(const struct lf_elf *elf)
{
    size_t                iter;
    struct lf_elf_symbol  symbol;

    iter = 0;

    while (lf_elf_next(elf, &iter, &symbol)) {
        if (!symbol.defined && !symbol.weak
            && strncmp(symbol.name, ABI_PREFIX, sizeof(ABI_PREFIX) - 1) == 0
            && dlsym(RTLD_DEFAULT, symbol.name) == NULL)
        {
            return symbol.name;
        }
    }

    return NULL;
}


static int
check_name(const struct lf_elf *elf, const char *path, const char *name,
           char *err)
{
    switch (lf_elf_find(elf, name)) {
    case LF_ELF_FUNCTION:
        return 0;

    case LF_ELF_DATA:
        (void) snprintf(err, LF_ERR_LEN, "%.200s: \"%.200s\" is data, not a "
                        "function", path, name);
        return -1;

    default:
        (void) snprintf(err, LF_ERR_LEN, "%.200s: no function \"%.200s\"",
                        path, name);
        return -1;
    }
}


static int
check(const struct lf_elf *elf, const char *path, const char *const *names,
      size_t count, char *err)
{
    size_t       i;
    const char  *missing;

    missing = find_missing_import(elf);

    if (missing != NULL) {
        (void) snprintf(err, LF_ERR_LEN, "%.200s: calls \"%.200s\", which "
                        "this host does not provide", path, missing);
        return -1;
    }

    if (lf_elf_find(elf, INIT_HOOK) != LF_ELF_FUNCTION) {
        (void) snprintf(err, LF_ERR_LEN, "%.200s: no function \"" INIT_HOOK
                        "\"; every app must have it", path);
        return -1;
    }

    for (i = 0; i < count; i++) {
        if (check_name(elf, path, names[i], err) != 0) {
            return -1;
        }
    }

    return 0;
}


int
lf_elf_check(const char *path, const char *const *names, size_t count,
             char *err)
{
    int             rc;
    struct lf_elf  *elf;

    elf = lf_elf_open(path, err);

    if (elf == NULL) {
        return -1;
    }

    rc = check(elf, path, names, count, err);

    if (rc != 0 && needs_foreign_library(elf)) {
        rc = 1;
    }

    lf_elf_close(&elf);

    return rc;
}
