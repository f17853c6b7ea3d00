/* SPDX-License-Identifier: BSD-2-Clause */
/* See symbolize.h. libdw's header is needed to build this, libdw is not. */
#include "lib/symbolize/symbolize.h"

#include <elfutils/libdwfl.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/lazy_lib.h"

struct symbolize {
    Dwfl            *dwfl;
    Dwfl_Callbacks   callbacks;
};

#define LIBDW_FUNCTIONS(X)                                                    \
    X(dwfl_begin) X(dwfl_end) X(dwfl_report_elf) X(dwfl_report_end)           \
    X(dwfl_linux_proc_report) X(dwfl_linux_proc_attach)                       \
    X(dwfl_linux_proc_find_elf) X(dwfl_standard_find_debuginfo)               \
    X(dwfl_offline_section_address) X(dwfl_build_id_find_elf)                 \
    X(dwfl_getthread_frames) X(dwfl_frame_pc) X(dwfl_addrmodule)              \
    X(dwfl_module_info) X(dwfl_module_addrname) X(dwfl_module_getsrc)         \
    X(dwfl_lineinfo) X(dwfl_module_nextcu) X(dwarf_haspc)                     \
    X(dwarf_getsrc_die) X(dwarf_linesrc) X(dwarf_lineno)

#define LIBDW_MEMBER(name)  __typeof__(name) *name;
static struct libdw { LIBDW_FUNCTIONS(LIBDW_MEMBER) }  libdw;
#undef LIBDW_MEMBER

#define LIBDW_SYMBOL(name)  { #name, offsetof(struct libdw, name) },
static const struct lazy_symbol  libdw_symbols[] = {
    LIBDW_FUNCTIONS(LIBDW_SYMBOL) { NULL, 0 }
};
#undef LIBDW_SYMBOL

static struct lazy_lib  libdw_lib = {
    .soname = "libdw.so.1",
    .package = "libdw1",
    .symbols = libdw_symbols,
    .table = &libdw
};

/* C++ names, for apps that bring the library anyway. */
static struct {
    char  *(*demangle)(const char *, char *, size_t *, int *);
}  cxx;

static const struct lazy_symbol  cxx_symbols[] = {
    { "__cxa_demangle", 0 }, { NULL, 0 }
};

static struct lazy_lib  cxx_lib = {
    .soname = "libstdc++.so.6",
    .package = "libstdc++6",
    .symbols = cxx_symbols,
    .table = &cxx
};

/* One walk over a stack. */
struct walk {
    struct symbolize        *symbolize;
    struct symbolize_frame  *frames;
    size_t                   count, max;
};


static const char *
load_libdw(void)
{
    /* Lines must not be waited for from the network. */
    (void) unsetenv("DEBUGINFOD_URLS");

    return lazy_lib_open(&libdw_lib);
}


const char *
symbolize_missing(void)
{
    return load_libdw();
}


void
symbolize_frame_free(struct symbolize_frame *frame)
{
    free(frame->function);
    free(frame->file);
    free(frame->module);
    memset(frame, 0, sizeof(*frame));
}


static struct symbolize *
open_any(pid_t pid, const char *path, uintptr_t base)
{
    int                rc;
    struct symbolize  *symbolize;

    symbolize = load_libdw() == NULL ? calloc(1, sizeof(*symbolize)) : NULL;
    if (symbolize == NULL) {
        return NULL;
    }

    symbolize->callbacks.find_debuginfo = libdw.dwfl_standard_find_debuginfo;
    symbolize->callbacks.find_elf = path ? libdw.dwfl_build_id_find_elf
                                         : libdw.dwfl_linux_proc_find_elf;
    symbolize->callbacks.section_address = libdw.dwfl_offline_section_address;

    symbolize->dwfl = libdw.dwfl_begin(&symbolize->callbacks);
    if (symbolize->dwfl == NULL) {
        free(symbolize);
        return NULL;
    }

    if (path != NULL) {
        rc = libdw.dwfl_report_elf(symbolize->dwfl, path, path, -1, base, 0)
             == NULL ? -1 : 0;

    } else {
        rc = libdw.dwfl_linux_proc_report(symbolize->dwfl, pid);
    }

    if (rc != 0
        || libdw.dwfl_report_end(symbolize->dwfl, NULL, NULL) != 0)
    {
        symbolize_close(&symbolize);
        return NULL;
    }

    if (path == NULL) {
        /* Without permission there are no stacks, but still lines. */
        (void) libdw.dwfl_linux_proc_attach(symbolize->dwfl, pid, 0);
    }

    return symbolize;
}


struct symbolize *
symbolize_process(pid_t pid)
{
    return open_any(pid, NULL, 0);
}


struct symbolize *
symbolize_file(const char *path, uintptr_t base)
{
    return open_any(0, path, base);
}


void
symbolize_close(struct symbolize **symbolize)
{
    if (*symbolize != NULL) {
        libdw.dwfl_end((*symbolize)->dwfl);
        free(*symbolize);
        *symbolize = NULL;
    }
}


static char *
copy(const char *text)
{
    return text == NULL ? NULL : strdup(text);
}


static char *
copy_function(const char *name)
{
    int    status;
    char  *plain;

    if (name == NULL || strncmp(name, "_Z", 2) != 0
        || lazy_lib_open(&cxx_lib) != NULL)
    {
        return copy(name);
    }

    plain = cxx.demangle(name, NULL, NULL, &status);

    return plain == NULL ? copy(name) : plain;
}


/*
 * File and line by looking through the compilation units: the index that
 * dwfl_module_getsrc relies on is written by gcc, and not by clang or rustc.
 */
static void
find_line_without_index(Dwfl_Module *module, uintptr_t address,
    struct symbolize_frame *frame)
{
    Dwarf_Die   *unit;
    Dwarf_Addr   bias;
    Dwarf_Line  *line;

    unit = NULL;

    while ((unit = libdw.dwfl_module_nextcu(module, unit, &bias)) != NULL) {
        if (libdw.dwarf_haspc(unit, address - bias) != 1) {
            continue;
        }

        line = libdw.dwarf_getsrc_die(unit, address - bias);

        if (line != NULL && libdw.dwarf_lineno(line, &frame->line) == 0) {
            frame->file = copy(libdw.dwarf_linesrc(line, NULL, NULL));
        }

        return;
    }
}


void
symbolize_address(struct symbolize *symbolize, uintptr_t address,
    struct symbolize_frame *frame)
{
    Dwfl_Line    *line;
    Dwfl_Module  *module;

    memset(frame, 0, sizeof(*frame));
    frame->address = address;

    module = libdw.dwfl_addrmodule(symbolize->dwfl, address);
    if (module == NULL) {
        return;
    }

    frame->module = copy(libdw.dwfl_module_info(module, NULL, NULL, NULL, NULL,
                                                NULL, NULL, NULL));
    frame->function = copy_function(libdw.dwfl_module_addrname(module,
                                                               address));

    line = libdw.dwfl_module_getsrc(module, address);
    if (line != NULL) {
        frame->file = copy(libdw.dwfl_lineinfo(line, NULL, &frame->line, NULL,
                                               NULL, NULL));

    } else {
        find_line_without_index(module, address, frame);
    }
}


static int
on_frame(Dwfl_Frame *state, void *data)
{
    bool          exact;
    Dwarf_Addr    pc;
    struct walk  *walk;

    walk = data;

    if (walk->count == walk->max
        || !libdw.dwfl_frame_pc(state, &pc, &exact))
    {
        return DWARF_CB_ABORT;
    }

    symbolize_address(walk->symbolize, (uintptr_t) (exact ? pc : pc - 1),
                      &walk->frames[walk->count++]);

    return DWARF_CB_OK;
}


size_t
symbolize_stack(struct symbolize *symbolize, pid_t thread,
    struct symbolize_frame *frames, size_t max)
{
    struct walk  walk;

    walk.symbolize = symbolize;
    walk.frames = frames;
    walk.count = 0;
    walk.max = max;

    (void) libdw.dwfl_getthread_frames(symbolize->dwfl, thread, on_frame,
                                       &walk);

    return walk.count;
}
