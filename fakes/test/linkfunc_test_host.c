/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host of a unit test: its life, its app and hooks, and the check at its
 * end. A test may have been left by longjmp at any call of this library,
 * so the host alone owns whatever was made on it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fakes/test/lf_test.h"

/* lf_fake allows one host in a process; this is it. */
static struct linkfunc_test_host  *the_host;


void *
test_alloc(struct linkfunc_test_host *host, size_t size)
{
    struct test_block  *block;

    block = calloc(1, sizeof(*block) + size);
    if (block == NULL) {
        return NULL;
    }

    (void) pthread_mutex_lock(&host->mutex);
    block->next = host->blocks;
    host->blocks = block;
    (void) pthread_mutex_unlock(&host->mutex);

    return block->data;
}


char *
test_copy(struct linkfunc_test_host *host, const void *bytes, size_t len)
{
    char  *copy;

    copy = test_alloc(host, len + 1);
    if (copy != NULL && len != 0) {
        memcpy(copy, bytes, len);
    }

    return copy;
}


static void
host_close(struct linkfunc_test_host *host)
{
    struct test_block  *block, *next;

    lf_fake_free(&host->fake);

    if (host->opened) {
        lf_app_close(&host->app);
    }

    for (block = host->blocks; block != NULL; block = next) {
        next = block->next;
        free(block);
    }

    (void) pthread_mutex_destroy(&host->mutex);
    free(host);
    the_host = NULL;
}


static void
add_finding(struct test_text *text, const struct lf_fake_finding *finding)
{
    test_text_add(text, "\n  %s %s: %s", finding->rule->id,
                  finding->rule->title, finding->text);

    if (finding->request != 0) {
        test_text_add(text, " (request %lu", finding->request);
    } else {
        test_text_add(text, " (in a hook");
    }

    if (finding->count > 1) {
        test_text_add(text, ", %u times)", finding->count);
    } else {
        test_text_add(text, ")");
    }

    test_text_add_location(text, "seen", finding->site);
    test_text_add_location(text, "allocated", finding->alloc_site);
}


static int
is_expected(struct linkfunc_test_host *host, const char *id)
{
    struct test_expected  *expected;

    for (expected = host->expected; expected; expected = expected->next) {
        if (strcmp(expected->id, id) == 0) {
            expected->seen = 1;
            return 1;
        }
    }

    return 0;
}


/* Writes what is wrong; returns how much. */
static size_t
check(struct linkfunc_test_host *host, struct test_text *text)
{
    size_t                         wrong;
    const struct test_expected    *expected;
    const struct lf_fake_finding  *finding;

    wrong = 0;

    for (finding = lf_fake_findings(host->fake);
         finding != NULL;
         finding = finding->next)
    {
        if (!is_expected(host, finding->rule->id) && finding->rule->breaks) {
            if (wrong++ == 0) {
                test_text_add(text, "the app broke a rule of the host:");
            }

            add_finding(text, finding);
        }
    }

    for (expected = host->expected; expected; expected = expected->next) {
        if (!expected->seen) {
            test_text_add(text, "%sexpected %s, but that rule was not broken",
                          wrong++ == 0 ? "" : "\n", expected->id);
        }
    }

    return wrong;
}


static void
free_left_behind(void)
{
    struct test_text  text = { NULL, 0, 0 };

    if (the_host == NULL) {
        return;
    }

    if (check(the_host, &text) != 0 && text.text != NULL) {
        (void) fprintf(stderr, "linkfunc: in the previous test, which did "
                       "not free its host:\n%s\n", text.text);
    }

    free(text.text);
    host_close(the_host);
}


struct linkfunc_test_host *
linkfunc_test_host_new_at(const struct linkfunc_test_options *options,
                          const char *file, int line)
{
    char                        err[LF_ERR_LEN];
    struct lf_fake_options      fake_options;
    struct linkfunc_test_host  *host;

    free_left_behind();

    host = calloc(1, sizeof(*host));
    if (host == NULL) {
        (void) linkfunc_test_fail_at(file, line, "no memory for a host");
        return NULL;
    }

    memset(&fake_options, 0, sizeof(fake_options));
    fake_options.log_fd = -1;
    fake_options.keep_log = 1;

    if (options != NULL) {
        fake_options.shm_size = options->shm_size;
        fake_options.pool = options->fast_pool ? LF_FAKE_POOL_FAST
                                               : LF_FAKE_POOL_GUARD;
        fake_options.log_fd = options->show_log ? STDERR_FILENO : -1;
        fake_options.log_level = LF_DEBUG;
    }

    host->fake = lf_fake_new(&fake_options, err);
    if (host->fake == NULL) {
        free(host);
        (void) linkfunc_test_fail_at(file, line, "no host: %s", err);
        return NULL;
    }

    (void) pthread_mutex_init(&host->mutex, NULL);
    the_host = host;

    return host;
}


void
linkfunc_test_host_free_at(struct linkfunc_test_host **host_ptr,
                           const char *file, int line)
{
    size_t                      wrong;
    struct test_text            text = { NULL, 0, 0 };
    struct linkfunc_test_host  *host;

    host = *host_ptr;
    *host_ptr = NULL;

    if (host == NULL) {
        return;
    }

    wrong = check(host, &text);
    host_close(host);

    if (wrong != 0) {
        (void) test_fail_text(file, line, &text);
    }
}


int
linkfunc_test_add_prop_at(struct linkfunc_test_host *host, const char *key,
                          const char *value, const char *file, int line)
{
    if (lf_fake_add_prop(host->fake, key, value) != 0) {
        return linkfunc_test_fail_at(file, line, "no memory for property "
                                     "\"%s\"", key);
    }

    return 1;
}


int
linkfunc_test_add_req_header_at(struct linkfunc_test_host *host,
                                const char *name, const char *value,
                                const char *file, int line)
{
    if (lf_fake_add_req_header(host->fake, name, value) != 0) {
        return linkfunc_test_fail_at(file, line, "no memory for request "
                                     "header \"%s\"", name);
    }

    return 1;
}


int
linkfunc_test_expect_finding_at(struct linkfunc_test_host *host,
                                const char *id, const char *file, int line)
{
    size_t                 i;
    struct test_expected  *expected;

    for (i = 0; i < LF_RULE_COUNT; i++) {
        if (strcmp(lf_rules[i].id, id) == 0) {
            break;
        }
    }

    if (i == LF_RULE_COUNT) {
        return linkfunc_test_fail_at(file, line, "unknown rule \"%s\"; write "
                                     "LF-NNN", id);
    }

    expected = test_alloc(host, sizeof(*expected));
    if (expected == NULL) {
        return linkfunc_test_fail_at(file, line, "no memory");
    }

    expected->id = lf_rules[i].id;
    expected->next = host->expected;
    host->expected = expected;

    return 1;
}
