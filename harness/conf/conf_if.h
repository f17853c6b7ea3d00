/* SPDX-License-Identifier: BSD-2-Clause */
/* An `if` in a location, for whoever evaluates it when a request is there. */
#ifndef CONF_IF_H
#define CONF_IF_H

#include "harness/conf/conf.h"

enum conf_if_test {
    CONF_IF_SET, CONF_IF_EQUAL, CONF_IF_MATCH,
    CONF_IF_UNKNOWN                          /* not simulated */
};

struct conf_if {
    enum conf_if_test        test;
    unsigned                 negative:1;
    lf_str_t                 variable, value;
    struct regex            *regex;
    const struct conf_node  *node;
    struct conf_location     inside;
    struct conf_if          *next;
};

#endif /* CONF_IF_H */
