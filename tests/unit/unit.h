/* SPDX-License-Identifier: BSD-2-Clause */
/* What cmocka tests include first. */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(array)  (sizeof(array) / sizeof((array)[0]))

/* assert_string_equal of u_char: since cmocka 1.1.7 that takes char alone. */
#define assert_text_equal(bytes, text)                                        \
    assert_string_equal((const char *) (bytes), text)

#endif /* UNIT_H */
