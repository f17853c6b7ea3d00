/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See crash_frames.h. Frames of the host are left out: an author needs to see
 * where the app was, and which of the host's functions it had called.
 */
#include "harness/worker/crash_frames.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/symbolize/symbolize.h"

#define FRAMES_MAX    128
#define FRAMES_SHOWN  24


static const char *
base_name(const char *path)
{
    const char  *slash;

    slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}


/* Libraries whose frames say nothing about an app. */
static int
is_system(const char *module)
{
    size_t       i;
    const char  *name;

    static const char *const  prefixes[] = {
        "libc.so", "libc-", "libpthread", "ld-linux", "libstdc++",
        "libgcc_s", "libm.so", "[vdso]", "linux-vdso", "libasan", "libtsan"
    };

    name = base_name(module);

    for (i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0) {
            return 1;
        }
    }

    return 0;
}


static int
is_host(const char *module)
{
    char     self[4096];
    ssize_t  n;

    n = readlink("/proc/self/exe", self, sizeof(self) - 1);
    if (n <= 0) {
        return 0;
    }

    self[n] = '\0';

    return strcmp(base_name(self), base_name(module)) == 0;
}


static int
is_abi(const struct symbolize_frame *frame)
{
    return frame->function != NULL
           && strncmp(frame->function, "ngx_link_func_", 14) == 0;
}


static void
free_frames(struct symbolize_frame *frames, size_t count)
{
    size_t  i;

    for (i = 0; i < count; i++) {
        symbolize_frame_free(&frames[i]);
    }
}


static void
print_frame(const struct symbolize_frame *frame, struct strbuf *out)
{
    if (frame->function != NULL) {
        strbuf_addstr(out, frame->function);

    } else {
        strbuf_printf(out, "0x%lx", (unsigned long) frame->address);
    }

    if (frame->file != NULL && !is_system(frame->module)) {
        strbuf_printf(out, " at %s:%d", frame->file, frame->line);

    } else if (frame->module != NULL) {
        strbuf_printf(out, " in %s", base_name(frame->module));
    }
}


/* Endless recursion is one line, with a count. */
static size_t
run_length(const struct symbolize_frame *frames, size_t count)
{
    size_t  n;

    for (n = 1; n < count; n++) {
        if (frames[n].address != frames[0].address) {
            break;
        }
    }

    return n;
}


/*
 * Where the app's part begins: behind our handler, or behind exit(). count
 * when that is not there: then this is the stack of an emulator.
 */
static size_t
first_frame(const struct worker_death *death,
    const struct symbolize_frame *frames, size_t count)
{
    size_t  i;

    for (i = 0; i < count; i++) {
        if (death->kind == WORKER_CRASHED
            && (frames[i].address == death->ip
                || frames[i].address + 1 == death->ip))
        {
            return i;
        }

        if (death->kind == WORKER_CALLED_EXIT && frames[i].function != NULL
            && strcmp(frames[i].function, "exit") == 0)
        {
            return i + 1;
        }
    }

    return death->kind == WORKER_TIMED_OUT ? 0 : count;
}


static int
throws(const struct symbolize_frame *frame)
{
    return frame->function != NULL
           && (strcmp(frame->function, "__cxa_throw") == 0
               || strcmp(frame->function, "__cxa_rethrow") == 0
               || strncmp(frame->function, "std::terminate", 14) == 0);
}


/* Returns 1 when a C++ exception was being thrown. */
static int
print_frames(const struct symbolize_frame *frames, size_t first, size_t count,
    struct strbuf  *out)
{
    int     thrown, in_app, lines;
    size_t  i, shown, same;

    thrown = 0;
    in_app = 0;
    lines = 0;
    shown = 0;

    for (i = first; i < count && shown < FRAMES_SHOWN; i++) {
        if (frames[i].module == NULL) {
            /* Code without a file: a jump into nowhere, or made at run time. */

        } else if (is_host(frames[i].module)) {
            if (in_app && !is_abi(&frames[i])) {
                break;
            }

            if (!is_abi(&frames[i])) {
                continue;
            }

        } else if (!is_system(frames[i].module)) {
            in_app = 1;
            lines |= frames[i].file != NULL;
        }

        thrown |= throws(&frames[i]);
        same = run_length(&frames[i], count - i);

        strbuf_printf(out, "\n    #%zu ", shown++);
        print_frame(&frames[i], out);

        if (same > 1) {
            strbuf_printf(out, " (%zu times%s)", same,
                          i + same == FRAMES_MAX ? " and more" : "");
            i += same - 1;
        }
    }

    if (in_app && !lines && symbolize_missing() == NULL) {
        strbuf_addstr(out, "\n    build the app with -g to see files and "
                      "lines");
    }

    return thrown;
}


/* Where we may not look into the process, it looks itself. */
static size_t
own_frames(struct worker *worker, struct symbolize *symbolize,
    struct symbolize_frame *frames)
{
    size_t                  i, count;
    struct worker_location  places[WORKER_FRAMES_MAX];

    count = worker_frames(worker, places, WORKER_FRAMES_MAX);

    for (i = 0; i < count; i++) {
        if (symbolize != NULL) {
            symbolize_address(symbolize, places[i].address - 1, &frames[i]);
            continue;
        }

        memset(&frames[i], 0, sizeof(frames[i]));
        frames[i].address = places[i].address - 1;

        if (places[i].symbol[0] != '\0') {
            frames[i].function = strdup(places[i].symbol);
        }

        if (places[i].file[0] != '\0') {
            frames[i].module = strdup(places[i].file);
        }
    }

    return count;
}


int
crash_frames(const struct worker_death *death, struct worker *worker,
    struct strbuf  *out)
{
    int                      thrown;
    size_t                   first, count;
    struct symbolize        *symbolize;
    struct symbolize_frame   frames[FRAMES_MAX];

    if (death->kind == WORKER_VANISHED || death->kind == WORKER_NONSENSE) {
        return 0;
    }

    symbolize = symbolize_process(worker_pid(worker));
    count = symbolize == NULL ? 0
            : symbolize_stack(symbolize, death->thread, frames, FRAMES_MAX);

    first = first_frame(death, frames, count);

    if (first == count) {
        free_frames(frames, count);
        count = own_frames(worker, symbolize, frames);
        first = first_frame(death, frames, count);
    }

    thrown = print_frames(frames, first, count, out);

    if (symbolize_missing() != NULL) {
        strbuf_printf(out, "\n    no files and lines: %s", symbolize_missing());
    }

    free_frames(frames, count);
    symbolize_close(&symbolize);

    return thrown;
}


void
crash_location_frame(const struct worker_location *place,
    struct symbolize_frame *frame)
{
    struct symbolize  *symbolize;

    memset(frame, 0, sizeof(*frame));
    frame->address = place->address;
    symbolize = NULL;

    if (place->file[0] != '\0') {
        symbolize = symbolize_file(place->file, place->base);
    }

    if (symbolize != NULL) {
        /* A call returns behind itself. */
        symbolize_address(symbolize, place->address - 1, frame);

    } else if (place->symbol[0] != '\0') {
        frame->function = strdup(place->symbol);
    }

    if (frame->module == NULL && place->file[0] != '\0') {
        frame->module = strdup(place->file);
    }

    symbolize_close(&symbolize);
}


void
crash_location(const struct worker_location *place, struct strbuf *out)
{
    struct symbolize_frame  frame;

    crash_location_frame(place, &frame);
    print_frame(&frame, out);
    symbolize_frame_free(&frame);
}
