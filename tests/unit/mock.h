/* SPDX-License-Identifier: BSD-2-Clause */
/* A mock host for each test, and one request in one expression. */
#ifndef TEST_MOCK_H
#define TEST_MOCK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fakes/lf_fake.h"
#include "tests/unit/unit.h"

static struct lf_fake  *mock;

static inline void
mock_open(enum lf_fake_pool pool)
{
    char                    err[LF_ERR_LEN];
    struct lf_fake_options  options;

    memset(&options, 0, sizeof(options));
    options.pool = pool;
    options.log_fd = -1;
    options.keep_log = 1;
    mock = lf_fake_new(&options, err);

    if (mock == NULL) {
        fail_msg("%s", err);
    }
}

static inline int
mock_setup(void **state)
{
    (void) state;
    mock_open(LF_FAKE_POOL_GUARD);

    return 0;
}

static inline int
mock_setup_fast(void **state)
{
    (void) state;
    mock_open(LF_FAKE_POOL_FAST);

    return 0;
}

static inline int
mock_teardown(void **state)
{
    (void) state;
    lf_fake_free(&mock);

    return 0;
}

static inline void
mock_header(struct lf_fake_request *request, const char *name,
            const char *value)
{
    assert_int_equal(lf_fake_add_header(request, name, strlen(name), value,
                                        strlen(value)), 0);
}

/* A request with a Host header, not run yet. */
static inline struct lf_fake_request *
mock_new(const char *method, const char *target)
{
    struct lf_fake_request  *request;

    request = lf_fake_request_new(mock, method, target);
    assert_non_null(request);
    mock_header(request, "Host", "localhost");

    return request;
}

/* The handler that mock_run was given, and whether it ran to its end. */
static _Thread_local lf_handler_pt  mock_handler;
static _Thread_local int            mock_entered;

static inline void
mock_enter(ngx_link_func_ctx_t *ctx)
{
    mock_handler(ctx);
    mock_entered = 1;
}

/*
 * Runs a request that must be accepted and must reach its handler: what a
 * handler asserts proves nothing unless it is entered.
 */
static inline void
mock_run(struct lf_fake_request *request, lf_handler_pt handler)
{
    assert_int_equal(lf_fake_refused(request), 0);
    assert_non_null(handler);
    mock_handler = handler;
    mock_entered = 0;
    lf_fake_run(request, mock_enter);

    if (!mock_entered) {
        fail_msg("the handler was not entered");
    }
}

/* A GET that is run and freed: for handlers that assert by themselves. */
static inline void
mock_get(const char *target, lf_handler_pt handler)
{
    struct lf_fake_request  *request;

    request = mock_new("GET", target);
    mock_run(request, handler);
    lf_fake_request_free(&request);
}

/* The value of a header of the answer; NULL: it has none. */
static inline const char *
mock_answer_header(const struct lf_fake_response *response, const char *name)
{
    size_t  i;

    for (i = 0; i < response->header_count; i++) {
        if (response->headers[i].name.len == strlen(name)
            && memcmp(response->headers[i].name.data, name, strlen(name)) == 0)
        {
            return (const char *) response->headers[i].value.data;
        }
    }

    return NULL;
}

/* How often a rule was reported. */
static inline unsigned
mock_found(enum lf_rule_name rule)
{
    unsigned                       count;
    const struct lf_fake_finding  *finding;

    count = 0;

    for (finding = lf_fake_findings(mock); finding != NULL;
         finding = finding->next)
    {
        if (finding->rule == &lf_rules[rule]) {
            count += finding->count;
        }
    }

    return count;
}

static inline unsigned
mock_findings(void)
{
    unsigned                       count;
    const struct lf_fake_finding  *finding;

    count = 0;

    for (finding = lf_fake_findings(mock); finding != NULL;
         finding = finding->next)
    {
        count += finding->count;
    }

    return count;
}

#define mock_test(name)                                                       \
    cmocka_unit_test_setup_teardown(name, mock_setup, mock_teardown)

#endif /* TEST_MOCK_H */
