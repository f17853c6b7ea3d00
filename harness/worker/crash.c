/* SPDX-License-Identifier: BSD-2-Clause */
/* See crash.h. One message each: those of several workers stay whole. */
#include "harness/worker/crash.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "harness/worker/crash_frames.h"
#include "lib/base/message.h"
#include "lib/base/number.h"

/* A fault that near to the stack pointer is the end of the stack. */
#define STACK_NEAR  (256 * 1024)

/* The loader's exit status when it finds no definition. */
#define LOADER_STATUS  127

#define PHASE_TEXT     64


const char *
crash_phase_name(enum worker_phase phase)
{
    switch (phase) {
    case WORKER_LOADING:    return "loading";
    case WORKER_INIT:       return "init hook";
    case WORKER_IDLE:       return "between requests";
    case WORKER_EXIT_HOOK:  return "exit hook";
    case WORKER_ENDING:     return "ending";
    default:                return "request";
    }
}


/* "in request 3 of 8" when there are several that look alike. */
static const char *
phase_text(const struct crash_context *context, enum worker_phase phase,
    char *text)
{
    switch (phase) {
    case WORKER_LOADING:    return "while it was loaded";
    case WORKER_INIT:       return "in its init hook";
    case WORKER_IDLE:       return "between requests";
    case WORKER_EXIT_HOOK:  return "in its exit hook";
    case WORKER_ENDING:     return "while its process ended";
    default:                break;
    }

    if (context->request == 0 || context->total < 2) {
        return "in a request";
    }

    (void) snprintf(text, PHASE_TEXT, "in request %" PRIu64 " of %" PRIu64,
                    context->request, context->total);

    return text;
}


static const char *
signal_text(int number, int code)
{
    switch (number) {
    case SIGSEGV:
        return "invalid memory access";
    case SIGBUS:
        return "invalid memory access: misaligned, or beyond the end of a "
               "mapped file";
    case SIGFPE:
        return code == FPE_INTDIV ? "division by zero" : "arithmetic error";
    case SIGILL:
        return "invalid instruction: often __builtin_trap or a function "
               "without return";
    case SIGABRT:
        return "abort() was called";
    case SIGKILL:
        return "killed by another process or by the OOM killer";
    case SIGTRAP:
        return "trap";
    default:
        return strsignal(number);
    }
}


static void
add_signal_name(int number, struct strbuf *out)
{
    const char  *name;

    name = sigabbrev_np(number);

    if (name != NULL) {
        strbuf_printf(out, "SIG%s", name);

    } else {
        strbuf_printf(out, "signal %d", number);
    }
}


static void
add_address(const struct worker_death *death, struct strbuf *out)
{
    if (death->signal != SIGSEGV && death->signal != SIGBUS) {
        return;
    }

    if (death->rule != NULL) {
        strbuf_printf(out, "; 0x%" PRIxPTR " is out of bounds: %s (%s)",
                      death->address, death->rule->title, death->rule->id);

    } else if (death->code == SI_KERNEL) {
        strbuf_addstr(out, "; the address is not a valid one");

    } else if (death->address < 4096) {
        strbuf_printf(out, "; address 0x%" PRIxPTR ": a NULL pointer was used",
                      death->address);

    } else if (death->address == death->ip) {
        strbuf_printf(out, "; jump to 0x%" PRIxPTR ", where there is no code",
                      death->address);

    } else if (death->address > death->sp - STACK_NEAR
               && death->address < death->sp + STACK_NEAR)
    {
        strbuf_addstr(out, "; stack overflow: infinite recursion, or local "
                           "variables that are too large");

    } else {
        strbuf_printf(out, "; 0x%" PRIxPTR " %s", death->address,
                      death->code == SEGV_ACCERR ? "is protected memory"
                                                 : "is not mapped");
    }
}


static void
add_status(const struct crash_context *context,
    const struct worker_death *death, const char *phase, struct strbuf *out)
{
    int  code;

    if (WIFSIGNALED(death->status)) {
        strbuf_printf(out, "was killed %s by ", phase);
        add_signal_name(WTERMSIG(death->status), out);
        strbuf_printf(out, " (%s)", signal_text(WTERMSIG(death->status), 0));
        return;
    }

    code = WEXITSTATUS(death->status);

    if (code == LOADER_STATUS && context->unresolved != NULL) {
        strbuf_printf(out, "called an undefined function %s: %s%s",
                      phase, context->unresolved,
                      strchr(context->unresolved, ',') == NULL ? ""
                      : " (the \"symbol lookup error\" above says which)");
        return;
    }

    strbuf_printf(out, "ended its process %s, with status %d and without "
               "exit(): by _exit(), or by a sanitizer or the runtime of its "
               "language, which reports the reason above",
               phase, code);
}


void
crash_sentence(const struct crash_context *context,
    const struct worker_death *death, struct strbuf *out)
{
    char         time[NUMBER_TEXT], text[PHASE_TEXT];
    const char  *phase;

    phase = phase_text(context, death->phase, text);
    strbuf_printf(out, "%s: the app ", context->app);

    switch (death->kind) {

    case WORKER_CRASHED:
        strbuf_printf(out, "crashed %s: ", phase);
        add_signal_name(death->signal, out);
        strbuf_printf(out, " (%s", signal_text(death->signal, death->code));
        add_address(death, out);
        strbuf_addch(out, ')');
        break;

    case WORKER_CALLED_EXIT:
        strbuf_printf(out, "called exit(%d) %s; that would end a worker of "
                      "nginx with all its requests", death->status,
                      phase);
        break;

    case WORKER_TIMED_OUT:
        strbuf_printf(out, "did not return %s within %s (--timeout)",
                      phase,
                      number_duration_text(context->timeout, time));
        break;

    case WORKER_NONSENSE:
        strbuf_printf(out, "wrote %s to a descriptor that it did not open, and "
                      "was killed", phase);
        break;

    default:
        add_status(context, death, phase, out);
        break;
    }
}


void
crash_text(const struct crash_context *context, struct worker_death *death,
    struct worker *worker, struct strbuf *out)
{
    struct strbuf  frames;

    memset(&frames, 0, sizeof(frames));
    crash_sentence(context, death, out);

    if (crash_frames(death, worker, &frames) && death->signal == SIGABRT) {
        strbuf_addstr(out, "; uncaught C++ exception: catch it before "
                           "the function returns to C");
    }

    death->held_lock = worker_kill(worker) != 0;

    if (frames.len != 0) {
        strbuf_addstr(out, frames.data);
    }

    if (death->held_lock) {
        strbuf_addstr(out, "\n    it held the lock of the shared memory; the "
                           "lock is released");
    }

    if (death->phase == WORKER_REQUEST && context->repeat != NULL) {
        strbuf_printf(out, "\n    to repeat: %s", context->repeat);
    }

    strbuf_free(&frames);
}


void
crash_report(const struct crash_context *context, struct worker_death *death,
    struct worker *worker)
{
    struct strbuf  text;

    memset(&text, 0, sizeof(text));
    crash_text(context, death, worker, &text);
    message_error("%s", !text.failed ? text.data : "the app died");
    strbuf_free(&text);
}


void
crash_finding_text(const struct crash_context *context,
    const struct worker_finding *finding, struct strbuf *out)
{
    strbuf_printf(out, "%s %s: %s", finding->rule->id, finding->rule->title,
                  finding->text);

    if (finding->site.address != 0) {
        strbuf_addstr(out, "\n    in ");
        crash_location(&finding->site, out);
    }

    if (finding->alloc_site.address != 0) {
        strbuf_addstr(out, "\n    the memory was allocated in ");
        crash_location(&finding->alloc_site, out);
    }

    if (finding->rule->breaks && context->repeat != NULL) {
        strbuf_printf(out, "\n    to repeat: %s", context->repeat);
    }
}


void
crash_report_finding(const struct crash_context *context,
    const struct worker_finding *finding)
{
    struct strbuf  text;

    memset(&text, 0, sizeof(text));
    crash_finding_text(context, finding, &text);

    if (finding->rule->breaks) {
        message_error("%s", !text.failed ? text.data : finding->text);

    } else {
        message_warning("%s", !text.failed ? text.data : finding->text);
    }

    strbuf_free(&text);
}
