/* SPDX-License-Identifier: BSD-2-Clause */
/* nginx variables of a request, in values of ngx_link_func_add_req_header. */
#ifndef CONF_VARS_H
#define CONF_VARS_H

#include "harness/conf/conf.h"
#include "fakes/lf_fake.h"
#include "lib/base/strbuf.h"

/*
 * Is every variable in the text one of nginx's own? Returns 0, or -1 with its
 * name in the error: unknown, or malformed.
 */
int conf_vars_check(const lf_str_t *text, char *err);

/*
 * Add the value of a text for a request that the location of the server
 * answers: what their regular expressions took are variables, too. Returns 0,
 * or -1 with why: the mock does not simulate a variable.
 */
int conf_vars_expand(const lf_str_t *text, struct lf_fake_request *request,
                     const struct conf_server *server,
                     const struct conf_location *location, struct strbuf *to,
                     char why[LF_ERR_LEN]);

#endif /* CONF_VARS_H */
