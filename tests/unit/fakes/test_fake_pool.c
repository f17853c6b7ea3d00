/* SPDX-License-Identifier: BSD-2-Clause */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/mock.h"

/* Under a sanitizer or Valgrind the pool leaves the watch to them. */
#if defined(__SANITIZE_ADDRESS__)
#define OWN_GUARDS  0
#else
#define OWN_GUARDS  (getenv("LD_PRELOAD") == NULL                             \
                     || strstr(getenv("LD_PRELOAD"), "vgpreload") == NULL)
#endif

static u_char  *block;


static void
overrun(ngx_link_func_ctx_t *ctx)
{
    block = ngx_link_func_palloc(ctx, 13);
    block[13] = 1;
    block[15] = 1;
}


static void
underrun(ngx_link_func_ctx_t *ctx)
{
    block = ngx_link_func_palloc(ctx, 13);
    block[-4] = 1;
}


static void
assert_damage(enum lf_rule_name rule, const char *text)
{
    const struct lf_fake_finding  *finding;

    finding = lf_fake_findings(mock);
    assert_non_null(finding);
    assert_ptr_equal(finding->rule, &lf_rules[rule]);
    assert_non_null(finding->alloc_site);
    assert_int_equal(finding->request, 1);
    assert_non_null(strstr(finding->text, text));
    assert_null(finding->next);
}


static void
a_write_behind_is_found_with_size_and_offset(void **state)
{
    (void) state;

    if (!OWN_GUARDS) {
        skip();
    }

    mock_get("/", overrun);
    assert_damage(LF_RULE_POOL_OVERRUN, "3 bytes written beyond an allocation "
                  "of 13 bytes of request 1, the first at offset 13");
}


static void
a_write_in_front_is_found(void **state)
{
    (void) state;

    if (!OWN_GUARDS) {
        skip();
    }

    mock_get("/", underrun);
    assert_damage(LF_RULE_POOL_UNDERRUN, "1 byte written before an "
                  "allocation of 13 bytes of request 1, the first at offset "
                  "-4");
}


static void
allocate(ngx_link_func_ctx_t *ctx)
{
    block = ngx_link_func_palloc(ctx, 64);
    memset(block, 'a', 64);
}


static void
a_late_write_is_found_by_the_next_request(void **state)
{
    (void) state;

    if (!OWN_GUARDS) {
        skip();
    }

    mock_get("/", allocate);
    assert_int_equal(mock_findings(), 0);
    block[10] ^= 1;
    mock_get("/", allocate);
    assert_damage(LF_RULE_POOL_LATE, "an allocation of 64 bytes of request 1 "
                  "was written at offset 10 after the request had ended");
}


static unsigned  told;


static void
count_told(void *data, const struct lf_fake_finding *finding)
{
    (void) data;
    told += finding->rule == &lf_rules[LF_RULE_POOL_LATE];
}


static void
a_late_write_is_found_at_the_end_of_the_host(void **state)
{
    (void) state;

    if (!OWN_GUARDS) {
        skip();
    }

    told = 0;
    lf_fake_on_finding(mock, count_told, NULL);
    mock_get("/", allocate);
    block[63] = 'b';
    lf_fake_free(&mock);
    assert_int_equal(told, 1);
}


static void
look_at_new(ngx_link_func_ctx_t *ctx)
{
    u_char  *memory;

    memory = ngx_link_func_palloc(ctx, 100);
    assert_int_equal(memory[0], 0xa5);
    assert_int_equal(memory[99], 0xa5);
}


static void
new_memory_is_visibly_unwritten(void **state)
{
    (void) state;

    if (!OWN_GUARDS) {
        skip();
    }

    mock_get("/", look_at_new);
}


static void
allocate_many(ngx_link_func_ctx_t *ctx)
{
    int  i;

    for (i = 0; i < 500; i++) {
        memset(ngx_link_func_palloc(ctx, (size_t) i * 10), i, (size_t) i * 10);
    }
}


static void
allocate_between(ngx_link_func_ctx_t *ctx)
{
    (void) ngx_link_func_palloc(ctx, 8);
    allocate(ctx);
    (void) ngx_link_func_palloc(ctx, 8);
}


static void
large_and_many_allocations_pass_the_quarantine(void **state)
{
    (void) state;
    mock_get("/", allocate_many);
    mock_get("/", allocate_many);
    assert_int_equal(mock_findings(), 0);

    if (OWN_GUARDS) {
        mock_get("/", allocate_between);
        block[10] ^= 1;
        mock_get("/", allocate);
        assert_int_equal(mock_findings(), 1);
    }
}


/* The signal and address that an act in a child ends with. */
static int            report_fd;


static void
on_segv(int signo, siginfo_t *info, void *context)
{
    const struct lf_rule  *rule;

    (void) signo;
    (void) context;
    rule = lf_fake_address_rule(info->si_addr);

    if (write(report_fd, rule != NULL ? rule->id : "none  ", 6) != 6) {
        _exit(2);
    }

    _exit(0);
}


static void
crash_in_child(const char *target, lf_handler_pt handler, char id[7])
{
    int               fds[2];
    pid_t             pid;
    struct sigaction  action;

    assert_int_equal(pipe(fds), 0);
    pid = fork();
    assert_true(pid >= 0);

    if (pid == 0) {
        memset(&action, 0, sizeof(action));
        action.sa_sigaction = on_segv;
        action.sa_flags = SA_SIGINFO;
        (void) sigaction(SIGSEGV, &action, NULL);
        report_fd = fds[1];
        mock_get(target, handler);
        mock_get(target, handler);
        _exit(1);
    }

    assert_int_equal(close(fds[1]), 0);
    memset(id, 0, 7);
    assert_int_equal(read(fds[0], id, 6), 6);
    assert_int_equal(close(fds[0]), 0);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
}


static void
read_private(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_write_resp(ctx, *(volatile int *) ctx->__r__ ? 200 : 201,
                             NULL, NULL, NULL, 0);
}


static void
read_far_behind_pool(ngx_link_func_ctx_t *ctx)
{
    (void) *((volatile char *) ctx->__pl__ + 1500);
}


static void
reading_private_fields_is_recognised_by_its_address(void **state)
{
    char  id[7];

    (void) state;
    crash_in_child("/", read_private, id);
    assert_string_equal(id, "LF-103");
    crash_in_child("/", read_far_behind_pool, id);
    assert_string_equal(id, "LF-103");
    assert_null(lf_fake_address_rule(&id));
    assert_null(lf_fake_address_rule(NULL));
}


static void
follow_stale(ngx_link_func_ctx_t *ctx)
{
    static char  **stale;

    if (stale != NULL) {
        (void) *(volatile char *) stale[0];
    }

    stale = ngx_link_func_palloc(ctx, sizeof(*stale));
    stale[0] = NULL;
}


static void
following_a_pointer_of_dead_memory_is_recognised(void **state)
{
    char  id[7];

    (void) state;

    if (!OWN_GUARDS) {
        skip();
    }

    crash_in_child("/", follow_stale, id);
    assert_string_equal(id, "LF-203");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        mock_test(a_write_behind_is_found_with_size_and_offset),
        mock_test(a_write_in_front_is_found),
        mock_test(a_late_write_is_found_by_the_next_request),
        mock_test(a_late_write_is_found_at_the_end_of_the_host),
        mock_test(new_memory_is_visibly_unwritten),
        mock_test(large_and_many_allocations_pass_the_quarantine),
        mock_test(reading_private_fields_is_recognised_by_its_address),
        mock_test(following_a_pointer_of_dead_memory_is_recognised),
    };

    return cmocka_run_group_tests_name("fake_pool", tests, NULL, NULL);
}
