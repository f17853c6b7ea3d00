/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a request on the mock costs in one process, next to the bare call of
 * the same function: request made, handler with one write_resp run, request
 * freed. Medians, so that a busy machine does not decide.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fakes/lf_fake.h"

#define ROUNDS    21
#define REQUESTS  20000

static volatile lf_handler_pt  called;


static void
handler(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_write_resp(ctx, 200, NULL, NULL, "hello\n", 6);
}


/* The same without a host behind it: what is left is the call. */
static void
bare(ngx_link_func_ctx_t *ctx)
{
    ctx->req_body_len++;
}


static double
now(void)
{
    struct timespec  time;

    (void) clock_gettime(CLOCK_MONOTONIC, &time);

    return (double) time.tv_sec * 1e9 + (double) time.tv_nsec;
}


static double
time_bare(void)
{
    int                  i;
    double               start;
    ngx_link_func_ctx_t  ctx;

    memset(&ctx, 0, sizeof(ctx));
    called = bare;
    start = now();

    for (i = 0; i < REQUESTS; i++) {
        called(&ctx);
    }

    return (now() - start) / REQUESTS;
}


static double
time_requests(struct lf_fake *host)
{
    int                      i;
    double                   start;
    struct lf_fake_request  *request;

    called = handler;
    start = now();

    for (i = 0; i < REQUESTS; i++) {
        request = lf_fake_request_new(host, "GET", "/hello?name=you");

        if (request == NULL
            || lf_fake_add_header(request, "Host", 4, "localhost", 9) != 0)
        {
            abort();
        }

        lf_fake_run(request, called);

        if (lf_fake_core(request)->response.status != 200) {
            abort();
        }

        lf_fake_request_free(&request);
    }

    return (now() - start) / REQUESTS;
}


static int
compare(const void *a, const void *b)
{
    double  x = *(const double *) a, y = *(const double *) b;

    return x < y ? -1 : x > y;
}


static double
median(double (*time)(struct lf_fake *), struct lf_fake *host)
{
    int     i;
    double  times[ROUNDS];

    for (i = 0; i < ROUNDS; i++) {
        times[i] = time(host);
    }

    qsort(times, ROUNDS, sizeof(times[0]), compare);

    return times[ROUNDS / 2];
}


static double
bare_of(struct lf_fake *host)
{
    (void) host;

    return time_bare();
}


static int
bench(enum lf_fake_pool pool, const char *name, double call, double limit)
{
    char                    err[LF_ERR_LEN];
    double                  request;
    struct lf_fake         *host;
    struct lf_fake_options  options;

    memset(&options, 0, sizeof(options));
    options.pool = pool;
    options.log_fd = -1;
    host = lf_fake_new(&options, err);

    if (host == NULL) {
        (void) fprintf(stderr, "bench_call: %s\n", err);
        return 1;
    }

    request = median(time_requests, host);
    (void) printf("  in-process request, %s: %.0f ns, bare call %.1f ns, over "
                  "it %.0f ns (target <= %.0f) %s\n", name, request, call,
                  request - call, limit,
                  request - call <= limit ? "ok" : "MISSED");
    lf_fake_free(&host);

    return 0;
}


int
main(void)
{
    double  call;

    call = median(bare_of, NULL);

    return bench(LF_FAKE_POOL_GUARD, "checked pools", call, 1500)
           | bench(LF_FAKE_POOL_FAST, "fast pools", call, 300);
}
