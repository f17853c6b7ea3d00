/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who is calling: the process and the thread, read from the kernel once and
 * remembered, since every lock of the zone needs both. A fork makes the child
 * ask again.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/lf_core.h"


static _Atomic pid_t         process;
static _Thread_local pid_t   thread;
static pthread_once_t        once = PTHREAD_ONCE_INIT;


static void
forget(void)
{
    atomic_store_explicit(&process, 0, memory_order_relaxed);
    thread = 0;
}


static void
watch_forks(void)
{
    /* Without memory for the handler lf_process_start still does its part. */
    (void) pthread_atfork(NULL, NULL, forget);
}


void
lf_process_start(void)
{
    (void) pthread_once(&once, watch_forks);
    forget();
}


pid_t
lf_process_id(void)
{
    pid_t  id;

    id = atomic_load_explicit(&process, memory_order_relaxed);

    if (id == 0) {
        (void) pthread_once(&once, watch_forks);
        id = getpid();
        atomic_store_explicit(&process, id, memory_order_relaxed);
    }

    return id;
}


pid_t
lf_thread_id(void)
{
    if (thread == 0) {
        (void) pthread_once(&once, watch_forks);
        thread = (pid_t) syscall(SYS_gettid);
    }

    return thread;
}
