/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names of an app that mean something else in this process. The loader looks
 * through the process before it looks into the app, also for what the app
 * itself defines: so a function "login" of an app is that of libc. The loader
 * is queried here for what it would take; nothing is called.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <gnu/libc-version.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/lf_core.h"

#define VERSION_LEN  64

/* What libc began with: a name that has no version may mean this one. */
#define FIRST_VERSION  2

struct search {
    const char  *app;            /* the file */
    char         first[VERSION_LEN];
    unsigned     first_known:1;
    size_t       count;
    void       (*found)(void *data, const char *name, const char *library);
    void        *data;
};


static int
begins(const char *name, const char *prefix)
{
    return strncmp(name, prefix, strlen(prefix)) == 0;
}


/*
 * A program may replace these, for all or for itself, and works either way;
 * names with two underscores belong to the compiler, and the ABI is ours.
 */
static int
is_replaceable(const char *name)
{
    size_t  i;

    static const char *const  names[] = {
        "malloc", "calloc", "realloc", "reallocarray", "free", "cfree",
        "memalign", "aligned_alloc", "posix_memalign", "valloc", "pvalloc",
        "malloc_usable_size"
    };
    static const char *const  prefixes[] = {
        "__", "_Znw", "_Zna", "_Zdl", "_Zda", "ngx_link_func_"
    };

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(name, names[i]) == 0) {
            return 1;
        }
    }

    for (i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        if (begins(name, prefixes[i])) {
            return 1;
        }
    }

    return 0;
}


/* Is the address in a library whose names have no versions? */
static int
is_unversioned(const void *address)
{
    Dl_info                 info;
    const ElfW(Dyn)        *entry;
    const struct link_map  *map;

    if (dladdr1(address, &info, (void **) &map, RTLD_DL_LINKMAP) == 0) {
        return 0;
    }

    for (entry = map->l_ld; entry != NULL && entry->d_tag != DT_NULL; entry++) {
        if (entry->d_tag == DT_VERDEF) {
            return 0;
        }
    }

    return 1;
}


/*
 * What dlsym does not report: a name without a version is also bound to the
 * oldest one of libc, which dlsym hides when it is out of use ("step").
 */
static void *
find_first(struct search *search, const char *name)
{
    Dl_info  libc;

    if (!search->first_known) {
        search->first_known = 1;

        if (dladdr((void *) (uintptr_t) gnu_get_libc_version, &libc) == 0
            || lf_elf_version(libc.dli_fname, FIRST_VERSION, search->first,
                              sizeof(search->first))
               != 0)
        {
            search->first[0] = '\0';
        }
    }

    return search->first[0] != '\0' ? dlvsym(RTLD_DEFAULT, name, search->first)
                                    : NULL;
}


/* What the loader takes in place of the app's own; NULL: nothing. */
static void *
find_other(struct search *search, const char *name, const char *version)
{
    void  *address;

    address = dlsym(RTLD_DEFAULT, name);

    if (version == NULL) {
        return address != NULL ? address : find_first(search, name);
    }

    if (address != NULL && is_unversioned(address)) {
        return address;
    }

    return dlvsym(RTLD_DEFAULT, name, version);
}


static void
check_symbol(void *data, const char *name, const char *version)
{
    void           *address;
    Dl_info         info;
    const char     *file;
    struct search  *search = data;

    if (is_replaceable(name)) {
        return;
    }

    address = find_other(search, name, version);

    if (address == NULL || dladdr(address, &info) == 0
        || strcmp(info.dli_fname, search->app) == 0)
    {
        return;
    }

    file = strrchr(info.dli_fname, '/');
    search->found(search->data, name, file != NULL ? file + 1
                                                   : info.dli_fname);
    search->count++;
}


size_t
lf_app_clashes(const struct lf_app *app, const char *path,
               void (*found)(void *data, const char *name,
                             const char *library),
               void *data)
{
    char           err[LF_ERR_LEN];
    struct search  search;

    memset(&search, 0, sizeof(search));
    search.app = lf_app_file(app, path);
    search.found = found;
    search.data = data;

    (void) lf_elf_own(search.app, err, check_symbol, &search);

    return search.count;
}
