/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Nanoseconds of cache_get, cache_new and cache_remove on the mock's zone, at
 * three numbers of keys, in random order. get holds the lock round the call, as
 * an app must; the lock is in the figure. Prints the median of the runs, and
 * first what one read at a random place costs here and now: a lookup among a
 * million keys is two of these.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "fakes/lf_fake_zone.h"

#define RUNS      5
#define GETS      (1000 * 1000)
#define KEY_LEN   9                  /* k%07d */

static const size_t  sizes[] = { 1000, 100 * 1000, 1000 * 1000 };

struct figures {
    double  get[RUNS], new[RUNS], remove[RUNS];
};


static double
now(void)
{
    struct timespec  t;

    (void) clock_gettime(CLOCK_MONOTONIC, &t);

    return (double) t.tv_sec * 1e9 + (double) t.tv_nsec;
}


static uint64_t
next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;

    return *state >> 33;
}


/* The keys in random order. */
static void
shuffle(char (*keys)[KEY_LEN], size_t count, uint64_t *state)
{
    size_t  i, j, k;
    char    swap;

    for (i = count - 1; i > 0; i--) {
        j = next_random(state) % (i + 1);

        for (k = 0; k < KEY_LEN; k++) {
            swap = keys[i][k];
            keys[i][k] = keys[j][k];
            keys[j][k] = swap;
        }
    }
}


static void
fail(const char *what)
{
    (void) fprintf(stderr, "bench_cache: %s\n", what);
    exit(1);
}


static double
run_new(struct lf_zone *zone, char (*keys)[KEY_LEN], size_t count)
{
    size_t  i;
    double  start = now();

    for (i = 0; i < count; i++) {
        ngx_link_func_shmtx_lock(zone);

        if (ngx_link_func_cache_new(zone, keys[i], 8) == NULL) {
            fail("no room");
        }

        ngx_link_func_shmtx_unlock(zone);
    }

    return (now() - start) / (double) count;
}


static double
run_get(struct lf_zone *zone, char (*keys)[KEY_LEN], size_t count)
{
    size_t  i, n, gets = count > GETS ? count : GETS;
    double  start = now();

    for (i = 0, n = 0; i < gets; i++, n++) {

        if (n == count) {
            n = 0;
        }

        ngx_link_func_shmtx_lock(zone);

        if (ngx_link_func_cache_get(zone, keys[n]) == NULL) {
            fail("a key is gone");
        }

        ngx_link_func_shmtx_unlock(zone);
    }

    return (now() - start) / (double) gets;
}


static double
run_remove(struct lf_zone *zone, char (*keys)[KEY_LEN], size_t count)
{
    void    *value;
    size_t   i;
    double   start = now();

    for (i = 0; i < count; i++) {
        ngx_link_func_shmtx_lock(zone);
        value = ngx_link_func_cache_remove(zone, keys[i]);
        ngx_link_func_shm_free_locked(zone, value);
        ngx_link_func_shmtx_unlock(zone);
    }

    return (now() - start) / (double) count;
}


static int
compare(const void *a, const void *b)
{
    double  x = *(const double *) a, y = *(const double *) b;

    return (x > y) - (x < y);
}


static double
median(double *values)
{
    qsort(values, RUNS, sizeof(double), compare);

    return values[RUNS / 2];
}


static void
bench(size_t count)
{
    char             err[LF_ERR_LEN], (*keys)[KEY_LEN];
    size_t           i;
    unsigned         run;
    uint64_t         state = count;
    struct lf_zone   zone;
    struct figures   figures;

    keys = malloc(count * KEY_LEN);

    if (keys == NULL) {
        fail("no memory");
    }

    for (i = 0; i < count; i++) {
        (void) snprintf(keys[i], KEY_LEN, "k%07zu", i % 10000000);
    }

    for (run = 0; run < RUNS; run++) {

        if (lf_fake_zone_open(&zone, (1 << 20) + count * 128, err) != 0) {
            fail(err);
        }

        shuffle(keys, count, &state);
        figures.new[run] = run_new(&zone, keys, count);
        shuffle(keys, count, &state);
        figures.get[run] = run_get(&zone, keys, count);
        shuffle(keys, count, &state);
        figures.remove[run] = run_remove(&zone, keys, count);
        lf_fake_zone_close(&zone);
    }

    (void) printf("cache %8zu keys: get %4.0f ns  new %4.0f ns  "
                  "remove %4.0f ns\n", count, median(figures.get),
                  median(figures.new), median(figures.remove));
    free(keys);
}


/* Reads that depend on each other, all over 48 MB, the nodes of 10^6 keys. */
static double
run_reads(void)
{
    size_t     i, j, swap, *line, count = (size_t) 48 << 14, at = 0;
    double     start, time;
    uint64_t   state = 1;

    line = malloc(count * 64);
    if (line == NULL) {
        fail("no memory");
    }

    for (i = 0; i < count; i++) {
        line[i * 8] = i;
    }

    for (i = count - 1; i > 0; i--) {          /* one single cycle */
        j = next_random(&state) % i;
        swap = line[i * 8];
        line[i * 8] = line[j * 8];
        line[j * 8] = swap;
    }

    start = now();

    for (i = 0; i < GETS; i++) {
        at = line[at * 8];
    }

    time = (now() - start) / GETS;

    if (at >= count) {
        fail("the cycle is broken");
    }

    free(line);

    return time;
}


int
main(void)
{
    size_t  i;

    (void) printf("one random read: %4.0f ns\n", run_reads());

    for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        bench(sizes[i]);
    }

    return 0;
}
