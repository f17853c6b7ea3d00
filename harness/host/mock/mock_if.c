/* SPDX-License-Identifier: BSD-2-Clause */
/* The conditions of `if` blocks; see mock_vars.h. */
#include <string.h>

#include "harness/conf/conf_if.h"
#include "harness/host/mock/mock_vars.h"
#include "lib/regex/regexp.h"


/* 1 or 0; -1: unknown. */
static int
holds(const struct conf_if *it, struct lf_fake_request *request)
{
    int                    rc;
    lf_str_t               value = { 0, NULL };
    enum lf_fake_variable  found;

    if (it->test == CONF_IF_UNKNOWN) {
        return -1;
    }

    found = lf_fake_conf_variable(request, &it->variable, &value);
    if (found != LF_FAKE_VAR_SET && found != LF_FAKE_VAR_UNSET) {
        return -1;
    }
    if (found == LF_FAKE_VAR_UNSET || value.data == NULL) {
        value = (lf_str_t) LF_STR("");
    }

    switch (it->test) {
    case CONF_IF_SET:
        return value.len > 0 && !(value.len == 1 && value.data[0] == '0');

    case CONF_IF_EQUAL:
        rc = value.len == it->value.len
             && memcmp(value.data, it->value.data, value.len) == 0;
        break;

    default:
        rc = regex_matches_bytes(it->regex, value.data, value.len);
        break;
    }

    return rc < 0 ? -1 : rc != (int) it->negative;
}


const struct conf_location *
mock_enter_ifs(const struct conf_location *location,
               struct lf_fake_request *request, const char **why)
{
    int                          rc;
    const struct conf_if        *it;
    const struct conf_location  *found = location;

    for (it = location->ifs; it != NULL; it = it->next) {
        rc = holds(it, request);

        if (rc < 0 || (rc == 1 && it->inside.foreign)) {
            *why = rc < 0 ? "the mock cannot evaluate the condition of an "
                            "\"if\" of this location"
                          : "an \"if\" of this location leads to directives "
                            "that the mock does not simulate";
            return NULL;
        }

        if (rc == 1) {
            found = &it->inside;
        }
    }

    return found;
}
