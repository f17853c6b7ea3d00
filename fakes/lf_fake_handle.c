/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Private handles: addresses inside a region that cannot be read or written.
 * A handle names a slot and a generation, so a copied or outlived ctx is
 * recognised without touching memory, and an app that looks inside is stopped
 * at an address that a crash report can explain.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "fakes/lf_fake.h"
#include "fakes/lf_fake_handle.h"

/* A handle is 8 bytes wide: 12 bits of slot, 17 bits of generation. */
#define SLOT_BITS        12
#define GENERATION_BITS  17
#define HANDLE_SHIFT     3
#define HANDLES_SIZE                                                          \
    ((size_t) 1 << (SLOT_BITS + GENERATION_BITS + HANDLE_SHIFT))

/* Fields of the structure that an app takes the handle for. */
#define MARGIN           ((size_t) 1 << 20)

/* Where words of freed memory point to, with room on both sides. */
#define POISON_SIZE      ((size_t) 1 << 24)
#define REGION_SIZE      (HANDLES_SIZE + MARGIN + POISON_SIZE)

static char  *region;


int
lf_fake_handle_open(char *err)
{
    void  *memory;

    if (region != NULL) {
        return 0;
    }

    memory = mmap(NULL, REGION_SIZE, PROT_NONE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (memory == MAP_FAILED) {
        (void) snprintf(err, LF_ERR_LEN, "cannot reserve %zu MiB of address "
                        "space: %s (see ulimit -v)", REGION_SIZE >> 20,
                        strerror(errno));
        return -1;
    }

    region = memory;

    return 0;
}


void *
lf_fake_handle_make(unsigned slot, uint32_t generation)
{
    size_t  code;

    code = (generation & (((size_t) 1 << GENERATION_BITS) - 1)) << SLOT_BITS;
    code |= slot;

    return region + (code << HANDLE_SHIFT);
}


int
lf_fake_handle_read(const void *handle, unsigned *slot, uint32_t *generation)
{
    uintptr_t  offset;

    offset = (uintptr_t) handle - (uintptr_t) region;

    if (offset >= HANDLES_SIZE
        || (offset & (((uintptr_t) 1 << HANDLE_SHIFT) - 1)) != 0)
    {
        return -1;
    }

    offset >>= HANDLE_SHIFT;
    *slot = offset & (((unsigned) 1 << SLOT_BITS) - 1);
    *generation = (uint32_t) (offset >> SLOT_BITS);

    return 0;
}


int
lf_fake_handle_same(uint32_t generation, uint32_t part)
{
    return (generation & (((uint32_t) 1 << GENERATION_BITS) - 1)) == part;
}


uintptr_t
lf_fake_handle_poison(void)
{
    return (uintptr_t) region + HANDLES_SIZE + MARGIN + POISON_SIZE / 2;
}


const struct lf_rule *
lf_fake_address_rule(const void *address)
{
    uintptr_t  offset;

    offset = (uintptr_t) address - (uintptr_t) region;

    if (region == NULL || offset >= REGION_SIZE) {
        return NULL;
    }

    return &lf_rules[offset < HANDLES_SIZE + MARGIN ? LF_RULE_PRIVATE
                                                    : LF_RULE_POOL_LATE];
}
