/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Opens the library of an app as a loader does and finds its functions. Must
 * never run in a master process: opening runs constructors, and some runtimes
 * start threads that no fork survives.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <gnu/libc-version.h>
#include <link.h>

#include "core/lf_core.h"

#define INIT_HOOK  "ngx_link_func_init_cycle"
#define EXIT_HOOK  "ngx_link_func_exit_cycle"

/* What lies at an address that the loader found for a name. */
enum origin { IN_APP, IN_SYSTEM, NO_FUNCTION };


__attribute__((format(printf, 3, 4))) static int
fail(char *err, const char *path, const char *format, ...)
{
    int      n;
    va_list  args;

    n = path != NULL ? snprintf(err, LF_ERR_LEN, "%.200s: ", path) : 0;

    va_start(args, format);
    (void) vsnprintf(err + n, LF_ERR_LEN - (size_t) n, format, args);
    va_end(args);

    return -1;
}


static const struct link_map *
map_of(const struct lf_app *app)
{
    struct link_map  *map;

    return dlinfo(app->handle, RTLD_DI_LINKMAP, &map) == 0 ? map : NULL;
}


static const char *
path_of(const struct lf_app *app)
{
    const struct link_map  *map;

    map = map_of(app);

    return map != NULL ? map->l_name : "the app";
}


const char *
lf_app_file(const struct lf_app *app, const char *path)
{
    return strchr(path, '/') != NULL ? path : path_of(app);
}


/* The symbol table of the file has what the loader does not report. */
static int
file_says_function(const char *path, const char *name)
{
    char              err[LF_ERR_LEN];
    struct lf_elf    *elf;
    enum lf_elf_kind  kind;

    elf = lf_elf_open(path, err);

    if (elf == NULL) {
        return 0;
    }

    kind = lf_elf_find(elf, name);
    lf_elf_close(&elf);

    return kind == LF_ELF_FUNCTION;
}


/*
 * A function of the app, or of a library that it brought along, may be called;
 * what libc happens to offer under that name may not. libc is found by a
 * function that no sanitizer replaces.
 */
static enum origin
origin_of(const struct lf_app *app, void *address, const char *name)
{
    Dl_info                 info;
    Dl_info                 libc;
    ElfW(Sym)              *symbol;
    const struct link_map  *map;

    map = map_of(app);

    if (map == NULL
        || dladdr1(address, &info, (void **) &symbol, RTLD_DL_SYMENT) == 0)
    {
        return NO_FUNCTION;
    }

    if (strcmp(info.dli_fname, map->l_name) != 0
        && dladdr((void *) (uintptr_t) gnu_get_libc_version, &libc) != 0)
    {
        const char  *slash = strrchr(libc.dli_fname, '/');
        size_t       len = slash == NULL ? 0
                           : (size_t) (slash - libc.dli_fname) + 1;

        if (len > 0 && strncmp(info.dli_fname, libc.dli_fname, len) == 0
            && strchr(info.dli_fname + len, '/') == NULL)
        {
            return IN_SYSTEM;
        }
    }

    /* 64-bit and 32-bit symbols have the same type field. */
    if (symbol != NULL && info.dli_saddr == address && info.dli_sname != NULL
        && strcmp(info.dli_sname, name) == 0
        && ELF64_ST_TYPE(symbol->st_info) == STT_FUNC)
    {
        return IN_APP;
    }

    return file_says_function(info.dli_fname, name)
           || (strcmp(info.dli_fname, map->l_name) != 0
               && file_says_function(map->l_name, name))
           ? IN_APP : NO_FUNCTION;
}


static void *
find_function(const struct lf_app *app, const char *name, char *err)
{
    void  *address;

    address = dlsym(app->handle, name);

    if (address == NULL) {
        (void) fail(err, path_of(app), "no function \"%.200s\"", name);
        return NULL;
    }

    switch (origin_of(app, address, name)) {
    case IN_APP:
        return address;

    case IN_SYSTEM:
        (void) fail(err, path_of(app), "no function \"%.200s\" (only a "
                    "system library has one)", name);
        return NULL;

    default:
        (void) fail(err, path_of(app), "\"%.200s\" is data, not a function",
                    name);
        return NULL;
    }
}


static lf_hook_pt
find_hook(const struct lf_app *app, const char *name, char *err)
{
    return (lf_hook_pt) (uintptr_t) find_function(app, name, err);
}


int
lf_app_open(struct lf_app *app, const char *path, char *err)
{
    char  ignored[LF_ERR_LEN];

    memset(app, 0, sizeof(*app));
    app->handle = dlopen(path, RTLD_LAZY | RTLD_LOCAL);

    if (app->handle == NULL) {
        return fail(err, NULL, "%s", dlerror());
    }

    app->init = find_hook(app, INIT_HOOK, ignored);
    app->exit = find_hook(app, EXIT_HOOK, ignored);

    if (app->init == NULL) {
        (void) fail(err, path, "no function \"" INIT_HOOK "\"; every app "
                    "must have it");
        lf_app_close(app);
        return -1;
    }

    return 0;
}


void
lf_app_close(struct lf_app *app)
{
    if (app->handle != NULL) {
        (void) dlclose(app->handle);
    }

    memset(app, 0, sizeof(*app));
}


lf_handler_pt
lf_app_handler(struct lf_app *app, const char *name, char *err)
{
    if (strcmp(name, INIT_HOOK) == 0 || strcmp(name, EXIT_HOOK) == 0) {
        (void) fail(err, path_of(app), "\"%s\" is a hook, not a handler", name);
        return NULL;
    }

    return (lf_handler_pt) (uintptr_t) find_function(app, name, err);
}


size_t
lf_app_unresolved(const struct lf_app *app, const char *path,
                  void (*found)(void *data, const char *name), void *data)
{
    char                  err[LF_ERR_LEN];
    size_t                iter, count;
    struct lf_elf        *elf;
    struct lf_elf_symbol  symbol;

    elf = lf_elf_open(lf_app_file(app, path), err);

    if (elf == NULL) {
        return 0;
    }

    iter = 0;
    count = 0;

    while (lf_elf_next(elf, &iter, &symbol)) {
        if (!symbol.defined && !symbol.weak
            && dlsym(app->handle, symbol.name) == NULL
            && dlsym(RTLD_DEFAULT, symbol.name) == NULL)
        {
            found(data, symbol.name);
            count++;
        }
    }

    lf_elf_close(&elf);

    return count;
}
