/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Addresses to functions, files and lines, and stacks of stopped processes,
 * with libdw of elfutils. It is loaded when it is first needed: a call that
 * goes well must not pay for it.
 */
#ifndef SYMBOLIZE_H
#define SYMBOLIZE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct symbolize;

struct symbolize_frame {
    uintptr_t   address;
    char       *function;        /* NULL: unknown */
    char       *file;            /* of the source; NULL: unknown */
    int         line;
    char       *module;          /* path of the library; NULL: unknown */
};

void symbolize_frame_free(struct symbolize_frame *frame);

/* A process with what is mapped in it. NULL: see symbolize_missing. */
struct symbolize *symbolize_process(pid_t pid);

/* One file, mapped at base. NULL: see symbolize_missing. */
struct symbolize *symbolize_file(const char *path, uintptr_t base);

void symbolize_close(struct symbolize **symbolize);

/*
 * The stack of a thread, innermost first. Returns how many frames; 0: nobody
 * may look into the process.
 */
size_t symbolize_stack(struct symbolize *symbolize, pid_t thread,
                       struct symbolize_frame *frames, size_t max);

/* One address; for a return address give the byte before it. */
void symbolize_address(struct symbolize *symbolize, uintptr_t address,
                       struct symbolize_frame *frame);

/* Why there are no lines and what to install, or NULL: libdw is there. */
const char *symbolize_missing(void);

#endif /* SYMBOLIZE_H */
