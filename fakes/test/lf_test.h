/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inside of the unit-test library: what its files share. Its public header is
 * include/linkfunc_test.h; this header is installed nowhere.
 */
#ifndef LF_TEST_H
#define LF_TEST_H

#include <pthread.h>

#include "fakes/lf_fake.h"

#pragma GCC visibility push(default)
#include "include/linkfunc_test.h"
#pragma GCC visibility pop

#pragma GCC visibility push(hidden)

#undef linkfunc_test_call

/* Memory that lives as long as its host. */
struct test_block {
    struct test_block  *next;
    max_align_t         data[];
};

struct test_expected {
    struct test_expected  *next;
    const char            *id;
    unsigned               seen:1;
};

struct linkfunc_test_host {
    struct lf_fake        *fake;
    struct lf_app          app;
    int                    opened;
    pthread_mutex_t        mutex;        /* of blocks */
    struct test_block     *blocks;
    struct test_expected  *expected;
};

/* Zeroed memory of the host; NULL: none left. Any thread. */
void *test_alloc(struct linkfunc_test_host *host, size_t size);

/* Such a copy, with one NUL after the last byte. */
char *test_copy(struct linkfunc_test_host *host, const void *bytes,
                size_t len);

/* The log line as tests see it; text is borrowed from line. */
struct linkfunc_test_log_line
    test_log_view(const struct lf_fake_log_line *line);

/* Growing text for messages. text is never NULL: "" when memory ran out. */
struct test_text {
    char    *text;
    size_t   len, size;
};

void test_text_add(struct test_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Bytes in quotes, unprintable ones escaped, long ones cut in the middle. */
void test_text_add_quoted(struct test_text *text, const char *bytes,
                          size_t len);

/* A line "WHAT in FUNCTION at FILE:LINE" for an address; none for NULL. */
void test_text_add_location(struct test_text *text, const char *what,
                            const void *site);

/*
 * Fail the test with that text, which is freed before, since the test
 * framework may never come back. Returns 0.
 */
int test_fail_text(const char *file, int line, struct test_text *text);

#pragma GCC visibility pop

#endif /* LF_TEST_H */
