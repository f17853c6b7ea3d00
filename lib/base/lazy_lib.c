/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dlopen with RTLD_LOCAL, so that nothing of the library becomes visible to
 * the apps. Libraries are never closed: their tables stay in use.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/lazy_lib.h"

enum { LAZY_NEW, LAZY_OPEN, LAZY_FAILED };

static pthread_mutex_t  lock = PTHREAD_MUTEX_INITIALIZER;


static int
fill_table(struct lazy_lib *lib)
{
    void                      *address;
    const struct lazy_symbol  *symbol;

    for (symbol = lib->symbols; symbol->name != NULL; symbol++) {
        address = dlsym(lib->handle, symbol->name);
        if (address == NULL) {
            (void) snprintf(lib->error, sizeof(lib->error),
                            "%s has no function %s; install a newer package "
                            "%s (apt-get install %s)", lib->soname,
                            symbol->name, lib->package, lib->package);
            return LAZY_FAILED;
        }
        memcpy((char *) lib->table + symbol->offset, &address,
               sizeof(address));
    }

    return LAZY_OPEN;
}


static int
open_library(struct lazy_lib *lib)
{
    const char  *why;

    lib->handle = dlopen(lib->soname, RTLD_LOCAL | RTLD_NOW);

    if (lib->handle == NULL && lib->older != NULL) {
        lib->handle = dlopen(lib->older, RTLD_LOCAL | RTLD_NOW);
    }

    if (lib->handle == NULL) {
        why = dlerror();
        (void) snprintf(lib->error, sizeof(lib->error),
                        "cannot load %s; install the package %s "
                        "(apt-get install %s): %s", lib->soname, lib->package,
                        lib->package, why != NULL ? why : "unknown reason");
        return LAZY_FAILED;
    }

    return fill_table(lib);
}


const char *
lazy_lib_open(struct lazy_lib *lib)
{
    int  state;

    state = __atomic_load_n(&lib->state, __ATOMIC_ACQUIRE);
    if (state == LAZY_NEW) {
        (void) pthread_mutex_lock(&lock);
        state = lib->state;
        if (state == LAZY_NEW) {
            state = open_library(lib);
            __atomic_store_n(&lib->state, state, __ATOMIC_RELEASE);
        }
        (void) pthread_mutex_unlock(&lock);
    }

    return state == LAZY_OPEN ? NULL : lib->error;
}
