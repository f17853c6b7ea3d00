/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers that the environment may replace, LINKFUNC_TEST_SEED above all. */
#ifndef LF_TESTS_NUMBER_OF_H
#define LF_TESTS_NUMBER_OF_H

#include <stdlib.h>

static inline unsigned long
number_of(const char *name, const char *otherwise)
{
    const char  *text = getenv(name);

    return strtoul(text != NULL ? text : otherwise, NULL, 10);
}

#endif /* LF_TESTS_NUMBER_OF_H */
