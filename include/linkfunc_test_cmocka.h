/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * linkfunc_test.h for cmocka: include this file, and a failing assertion of
 * linkfunc fails the running cmocka test, as one of its own would. Nothing
 * else is to be called.
 */
#ifndef LINKFUNC_TEST_CMOCKA_H
#define LINKFUNC_TEST_CMOCKA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#include <cmocka.h>
#ifdef __cplusplus
}
#endif

#include "linkfunc_test.h"

static inline void
linkfunc_test_cmocka_fail_(const char *file, int line, const char *text)
{
    print_error("%s\n", text);
    _fail(file, line);
}

__attribute__((constructor)) static void
linkfunc_test_cmocka_use_(void)
{
    linkfunc_test_set_fail(linkfunc_test_cmocka_fail_);
}

#endif /* LINKFUNC_TEST_CMOCKA_H */
