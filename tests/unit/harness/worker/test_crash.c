/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/unit.h"

#include <signal.h>
#include <string.h>

#include "harness/worker/crash.h"

static const struct crash_context  context = {
    "app.so", "foo", "linkfunc call ...", 10000000000, 0, 0
};


static void
expect(const struct worker_death *death, const char *expected)
{
    struct strbuf  text;

    memset(&text, 0, sizeof(text));
    crash_sentence(&context, death, &text);
    assert_string_equal(text.data, expected);
    strbuf_free(&text);
}


static struct worker_death
segv(uintptr_t address, int code)
{
    struct worker_death  death;

    memset(&death, 0, sizeof(death));
    death.kind = WORKER_CRASHED;
    death.phase = WORKER_REQUEST;
    death.signal = SIGSEGV;
    death.code = code;
    death.address = address;
    death.ip = 0x400000;
    death.sp = 0x7f0000000000;

    return death;
}


static void
addresses_are_explained(void **state)
{
    size_t               i;
    char                 text[256];
    struct worker_death  death;

    static const struct { uintptr_t address; int code; const char *end; }
    rows[] = {
        { 0x8, SEGV_MAPERR, "address 0x8: a NULL pointer was used)" },
        { 0x400000, SEGV_ACCERR, "jump to 0x400000, where there is no code)" },
        { 0x7effffffff00, SEGV_MAPERR, "stack overflow: infinite "
          "recursion, or local variables that are too large)" },
        { 0x123456, SEGV_MAPERR, "0x123456 is not mapped)" },
        { 0, SI_KERNEL, "the address is not a valid one)" }
    };

    (void) state;

    for (i = 0; i < COUNT(rows); i++) {
        death = segv(rows[i].address, rows[i].code);
        (void) strcpy(text, "app.so: the app crashed in a request: SIGSEGV "
                      "(invalid memory access; ");
        (void) strcat(text, rows[i].end);
        expect(&death, text);
    }
}


static void
rule_of_the_address_wins(void **state)
{
    struct worker_death  death;

    (void) state;
    death = segv(0x10000, SEGV_ACCERR);
    death.rule = &lf_rules[LF_RULE_PRIVATE];
    expect(&death, "app.so: the app crashed in a request: SIGSEGV (invalid "
           "memory access; 0x10000 is out of bounds: access to __r__, "
           "__pl__ or __log__, private to the host (LF-103))");
}


static void
ends_without_a_crash_are_told_apart(void **state)
{
    struct worker_death  death;

    (void) state;
    memset(&death, 0, sizeof(death));
    death.phase = WORKER_EXIT_HOOK;
    death.kind = WORKER_TIMED_OUT;
    expect(&death, "app.so: the app did not return in its exit hook "
           "within 10s (--timeout)");

    death.kind = WORKER_VANISHED;
    death.status = SIGKILL;
    expect(&death, "app.so: the app was killed in its exit hook by SIGKILL "
           "(killed by another process or by the OOM killer)");

    death.status = 127 << 8;
    expect(&death, "app.so: the app called an undefined function in its exit "
           "hook: foo");
}


static void
one_of_many_requests_is_named(void **state)
{
    struct strbuf         text;
    struct worker_death   death;
    struct crash_context  many = context;

    (void) state;
    memset(&text, 0, sizeof(text));
    death = segv(0x8, SEGV_MAPERR);
    many.request = 3;
    many.total = 8;
    crash_sentence(&many, &death, &text);
    assert_non_null(strstr(text.data, "crashed in request 3 of 8: SIGSEGV"));
    strbuf_free(&text);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(addresses_are_explained),
        cmocka_unit_test(rule_of_the_address_wins),
        cmocka_unit_test(ends_without_a_crash_are_told_apart),
        cmocka_unit_test(one_of_many_requests_is_named)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
