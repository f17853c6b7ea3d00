/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lock of the mock's zone. The word is the pid of the process that has it,
 * as in nginx; waiting is a futex on that word. A waiter checks now and then
 * whether the owner is alive, so that nobody waits for a dead process.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "core/lf_port.h"
#include "fakes/lf_fake_zone.h"
#include "fakes/lf_fake_zone_layout.h"

#define SPINS        1024
#define CHECK_AFTER  (20 * 1000 * 1000)         /* nanoseconds */


static inline void
cpu_pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("yield");
#endif
}


/*
 * State, threads and start of a process by /proc, the start in clock ticks
 * since the system's. Returns 0, or -1: it is not there, or unreadable.
 */
static int
read_stat(uint32_t pid, char *state, unsigned *threads, uint64_t *start)
{
    int                  fd;
    char                 path[32], text[512], *p;
    ssize_t              n;
    unsigned long long   ticks;

    (void) snprintf(path, sizeof(path), "/proc/%u/stat", pid);

    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd == -1) {
        return -1;
    }

    n = read(fd, text, sizeof(text) - 1);
    (void) close(fd);

    if (n <= 0) {
        return -1;
    }

    text[n] = '\0';
    p = strrchr(text, ')');

    /* After the name: the state, 16 numbers, threads, a number, the start. */
    if (p == NULL
        || sscanf(p + 1, " %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s "
                  "%*s %*s %*s %*s %*s %u %*s %llu", state, threads, &ticks)
           != 3)
    {
        return -1;
    }

    *start = ticks;

    return 0;
}


/*
 * When this process started. A named zone outlives processes, so the pid of a
 * dead owner may be used again by the time a waiter checks it.
 */
static uint64_t
own_start(void)
{
    char                      state;
    pid_t                     pid = lf_process_id();
    uint64_t                  start;
    unsigned                  threads;
    static _Atomic pid_t      known;
    static _Atomic uint64_t   known_start;

    if (atomic_load(&known) != pid) {
        start = 0;
        (void) read_stat((uint32_t) pid, &state, &threads, &start);
        atomic_store(&known_start, start);
        atomic_store(&known, pid);
    }

    return atomic_load(&known_start);
}


static int
try_take(struct lf_fake_head *head)
{
    uint32_t  none = 0;

    if (atomic_load_explicit(&head->word, memory_order_relaxed) != 0
        || !atomic_compare_exchange_strong(&head->word, &none,
                                           (uint32_t) lf_process_id()))
    {
        return 0;
    }

    if (head->named) {
        atomic_store(&head->owner_start, own_start());
    }

    return 1;
}


static void
wake_one(struct lf_fake_head *head)
{
    if (atomic_load(&head->waiters) != 0) {
        (void) syscall(SYS_futex, &head->word, FUTEX_WAKE, 1, NULL, NULL, 0);
    }
}


static int
release(struct lf_fake_head *head, uint32_t pid)
{
    if (pid == 0 || atomic_load(&head->word) != pid) {
        return 0;
    }

    /* Before the word: what the next owner writes must stay. */
    if (head->named) {
        atomic_store(&head->owner_start, 0);
    }

    if (!atomic_compare_exchange_strong(&head->word, &pid, 0)) {
        return 0;
    }

    wake_one(head);

    return 1;
}


/*
 * Has the owner ended? One whose parent has not waited for it still has its
 * pid; then its state decides, unless only its main thread has ended.
 */
static int
is_dead(struct lf_fake_head *head, uint32_t pid)
{
    char      state;
    uint64_t  start, owner_start;
    unsigned  threads;

    if (kill((pid_t) pid, 0) != 0) {
        return errno == ESRCH;
    }

    owner_start = atomic_load(&head->owner_start);

    if (read_stat(pid, &state, &threads, &start) != 0) {
        return 0;
    }

    return ((state == 'Z' || state == 'X') && threads <= 1)
           || (head->named && owner_start != 0 && owner_start != start);
}


static void
sleep_on(struct lf_fake_head *head)
{
    long             rc;
    uint32_t         owner;
    struct timespec  time = { 0, CHECK_AFTER };

    owner = atomic_load(&head->word);
    if (owner == 0) {
        return;
    }

    rc = syscall(SYS_futex, &head->word, FUTEX_WAIT, owner, &time, NULL, 0);

    if (rc == -1 && errno == ETIMEDOUT && is_dead(head, owner)) {
        atomic_store(&head->freed_of, owner);
        (void) release(head, owner);
    }
}


/* ---- port ------------------------------------------------------------- */

int
lf_port_zone_trylock(struct lf_zone *zone)
{
    return try_take(zone->memory);
}


void
lf_port_zone_lock(struct lf_zone *zone)
{
    unsigned              spins, i;
    struct lf_fake_head  *head = zone->memory;

    for (spins = 1; spins <= SPINS; spins <<= 1) {

        if (try_take(head)) {
            return;
        }

        for (i = 0; i < spins; i++) {
            cpu_pause();
        }
    }

    (void) atomic_fetch_add(&head->waiters, 1);

    while (!try_take(head)) {
        sleep_on(head);
    }

    (void) atomic_fetch_sub(&head->waiters, 1);
}


int
lf_port_zone_unlock(struct lf_zone *zone)
{
    return release(zone->memory, (uint32_t) lf_process_id());
}


int
lf_port_zone_held(struct lf_zone *zone)
{
    struct lf_fake_head  *head = zone->memory;

    return atomic_load_explicit(&head->word, memory_order_relaxed)
           == (uint32_t) lf_process_id();
}


int
lf_fake_zone_force_unlock(struct lf_zone *zone, pid_t dead)
{
    uint32_t              owner = (uint32_t) dead;
    struct lf_fake_head  *head = zone->memory;

    /* Another process, which waited for it, may have been first. */
    return release(head, owner)
           || (owner != 0
               && atomic_compare_exchange_strong(&head->freed_of, &owner, 0));
}


pid_t
lf_fake_zone_owner(const struct lf_zone *zone, int *dead)
{
    uint32_t              pid;
    struct lf_fake_head  *head = zone->memory;

    pid = atomic_load(&head->word);
    *dead = pid != 0 && is_dead(head, pid);

    return (pid_t) pid;
}
