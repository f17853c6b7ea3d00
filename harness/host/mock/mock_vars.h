/* SPDX-License-Identifier: BSD-2-Clause */
/* What a configuration says about a request, when the request is there. */
#ifndef MOCK_VARS_H
#define MOCK_VARS_H

#include "fakes/lf_fake.h"
#include "harness/conf/conf.h"
#include "lib/base/strbuf.h"

/* Is that one of nginx's own variables? For conf_build. */
int mock_is_variable(const char *name);

/*
 * Add the value of a text for a request that the location of the server
 * answers: what their regular expressions took are variables, too. Returns 0,
 * or -1 with why: the mock does not simulate a variable.
 */
int mock_vars_expand(const lf_str_t *text, struct lf_fake_request *request,
                     const struct conf_server *server,
                     const struct conf_location *location, struct strbuf *to,
                     char why[LF_ERR_LEN]);

/*
 * The location with those `if` blocks in force whose condition holds. NULL
 * with *why: the mock does not know, or what stands in one is nginx's own.
 */
const struct conf_location *
    mock_enter_ifs(const struct conf_location *location,
                   struct lf_fake_request *request, const char **why);

#endif /* MOCK_VARS_H */
