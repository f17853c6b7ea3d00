/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: the ELF reader must survive any bytes. Built with clang
 * -fsanitize=fuzzer.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/lf_core.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static void
note_own(void *data, const char *name, const char *version)
{
    size_t  *total = data;

    *total += strlen(name) + (version != NULL ? strlen(version) : 0);
}


static void
walk(const char *path)
{
    char                  err[LF_ERR_LEN];
    char                  version[64];
    size_t                iter, total;
    const char           *name;
    struct lf_elf        *elf;
    struct lf_elf_symbol  symbol;

    static const char *const  names[] = { "handler" };

    elf = lf_elf_open(path, err);

    if (elf == NULL) {
        return;
    }

    for (iter = 0; lf_elf_next(elf, &iter, &symbol); ) {
        (void) strlen(symbol.name);
    }

    for (iter = 0; (name = lf_elf_needed(elf, &iter)) != NULL; ) {
        (void) strlen(name);
    }

    lf_elf_close(&elf);
    total = 0;
    (void) lf_elf_check(path, names, 1, err);
    (void) lf_elf_own(path, err, note_own, &total);
    (void) lf_elf_version(path, 2, version, sizeof(version));
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int          fd;
    char         path[64];

    fd = memfd_create("fuzz", 0);

    if (fd < 0) {
        return 0;
    }

    if (write(fd, data, size) == (ssize_t) size) {
        (void) snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
        walk(path);
    }

    (void) close(fd);

    return 0;
}
