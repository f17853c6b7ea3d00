/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ELF reader must survive any bytes. Built with clang's libFuzzer, or with
 * FUZZ_FILES as a program that plays the files it is given.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lf_core.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static void
walk(const char *path)
{
    char                  err[LF_ERR_LEN];
    size_t                iter;
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
    (void) lf_elf_check(path, names, 1, err);
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


#ifdef FUZZ_FILES

int
main(int argc, char **argv)
{
    int  i;

    for (i = 1; i < argc; i++) {
        walk(argv[i]);
    }

    return 0;
}

#endif
