/* SPDX-License-Identifier: BSD-2-Clause */
/* What each cmocka test of the harness includes first. */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(array)  (sizeof(array) / sizeof((array)[0]))

#endif /* UNIT_H */
