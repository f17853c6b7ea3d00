/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See worker_trap.h. The handlers run on a stack of their own, so that a stack
 * overflow is reported, and do nothing but fill the page and stop. They must
 * not allocate, print or take locks: whatever the app broke is still broken.
 */
#include "harness/worker/worker_trap.h"

#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include "fakes/lf_fake.h"
#include "harness/worker/worker.h"

#define TRAP_STACK  (64 * 1024)

static struct worker_page  *trap_page;
static volatile int         trap_taken;


/* Where the instruction and stack pointers of a context are. */
static void
read_context(struct worker_page *page, const ucontext_t *context)
{
#if defined(__x86_64__)
    page->ip = (uintptr_t) context->uc_mcontext.gregs[REG_RIP];
    page->sp = (uintptr_t) context->uc_mcontext.gregs[REG_RSP];
#elif defined(__aarch64__)
    page->ip = (uintptr_t) context->uc_mcontext.pc;
    page->sp = (uintptr_t) context->uc_mcontext.sp;
#else
    (void) context;
#endif
}


static void
copy_name(char *to, const char *from)
{
    size_t  i;

    for (i = 0; from != NULL && i < WORKER_TRAP_NAME - 1 && from[i]; i++) {
        to[i] = from[i];
    }

    to[i] = '\0';
}


/* The last resort where nobody may trace this process from outside. */
static void
collect_frames(struct worker_page *page)
{
    int                        i, count;
    void                      *addresses[WORKER_FRAMES_MAX];
    Dl_info                    info;
    struct worker_trap_frame  *frame;

    count = backtrace(addresses, WORKER_FRAMES_MAX);

    for (i = 0; i < count; i++) {
        frame = &page->frames[i];
        memset(&info, 0, sizeof(info));

        /* Behind a call that never returns, another function may begin. */
        (void) dladdr((char *) addresses[i] - 1, &info);

        frame->address = (uintptr_t) addresses[i];
        frame->base = (uintptr_t) info.dli_fbase;
        copy_name(frame->file, info.dli_fname);
        copy_name(frame->symbol, info.dli_sname);
    }

    page->frame_count = (unsigned) count;
}


/* Stop until the CLI has seen enough; it ends this process. */
static void
stop_here(struct worker_page *page)
{
    for ( ;; ) {
        (void) kill(page->pid, SIGSTOP);

        if (page->want_frames && page->frame_count == 0) {
            collect_frames(page);
        }
    }
}


/* A child that the app made itself dies as it would without us. */
static int
is_foreign(const struct worker_page *page)
{
    return page->pid != getpid();
}


static void
on_signal(int number, siginfo_t *info, void *context)
{
    struct worker_page    *page;
    const struct lf_rule  *rule;

    page = trap_page;

    if (is_foreign(page)) {
        (void) signal(number, SIG_DFL);
        (void) raise(number);
        return;
    }

    if (__atomic_exchange_n(&trap_taken, 1, __ATOMIC_SEQ_CST)) {
        for ( ;; ) {
            (void) pause();
        }
    }

    page->signal = number;
    page->code = info->si_code;
    page->address = (uintptr_t) info->si_addr;
    page->thread = (pid_t) syscall(SYS_gettid);
    read_context(page, context);

    rule = number == SIGSEGV || number == SIGBUS
           ? lf_fake_address_rule(info->si_addr) : NULL;
    page->rule = rule == NULL ? -1 : (int) (rule - lf_rules);

    page->kind = WORKER_CRASHED;
    stop_here(page);
}


static void
on_process_exit(int status, void *data)
{
    struct worker_page  *page;

    page = data;

    if (is_foreign(page) || page->phase == WORKER_ENDING
        || __atomic_exchange_n(&trap_taken, 1, __ATOMIC_SEQ_CST))
    {
        return;
    }

    page->status = status;
    page->thread = (pid_t) syscall(SYS_gettid);
    page->kind = WORKER_CALLED_EXIT;
    stop_here(page);
}


/* A sanitizer reports more about a bad access than we could. */
static int
has_sanitizer(void)
{
    return dlsym(RTLD_DEFAULT, "__asan_init") != NULL
           || dlsym(RTLD_DEFAULT, "__tsan_init") != NULL;
}


void *
worker_trap_begin_thread(void)
{
    stack_t  stack;

    if (has_sanitizer()) {
        return NULL;
    }

    memset(&stack, 0, sizeof(stack));
    stack.ss_size = TRAP_STACK;
    stack.ss_sp = mmap(NULL, TRAP_STACK, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (stack.ss_sp == MAP_FAILED) {
        return NULL;
    }

    (void) sigaltstack(&stack, NULL);

    return stack.ss_sp;
}


void
worker_trap_end_thread(void *memory)
{
    stack_t  stack;

    if (memory == NULL) {
        return;
    }

    memset(&stack, 0, sizeof(stack));
    stack.ss_flags = SS_DISABLE;
    (void) sigaltstack(&stack, NULL);
    (void) munmap(memory, TRAP_STACK);
}


void
worker_trap_install(struct worker_page *page)
{
    int               sanitized;
    size_t            i;
    struct sigaction  action;

    static const int  signals[] = {
        SIGABRT, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGSEGV, SIGBUS
    };

    trap_page = page;
    trap_taken = 0;
    sanitized = has_sanitizer();

    /* Of the main thread: it lives as long as the process. */
    (void) worker_trap_begin_thread();
    memset(&action, 0, sizeof(action));
    action.sa_sigaction = on_signal;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    (void) sigfillset(&action.sa_mask);

    for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        if (sanitized && signals[i] != SIGABRT) {
            continue;
        }

        (void) sigaction(signals[i], &action, NULL);
    }

    (void) on_exit(on_process_exit, page);
}
