/* SPDX-License-Identifier: BSD-2-Clause */
/* Texts with variables: their pieces, and the names that a conf gives. */
#include <stdio.h>
#include <string.h>

#include "harness/conf/conf_vars.h"
#include "lib/regex/regexp.h"


static int
has_group_inside(const struct conf_location *location, const char *name)
{
    const struct conf_location  *l;

    for (l = location->children; l != NULL; l = l->next) {
        if ((l->regex != NULL && regex_group(l->regex, name) != REGEX_NONE)
            || has_group_inside(l, name))
        {
            return 1;
        }
    }

    return 0;
}


int
conf_has_group(const struct conf *conf, const char *name)
{
    const struct conf_name    *n;
    const struct conf_server  *s;

    for (s = conf->servers; s != NULL; s = s->next) {
        for (n = s->names; n != NULL; n = n->next) {
            if (n->regex != NULL && regex_group(n->regex, name) != REGEX_NONE)
            {
                return 1;
            }
        }

        if (has_group_inside(&s->root, name)) {
            return 1;
        }
    }

    return 0;
}


int
conf_is_capture(const char *name)
{
    return name[0] >= '1' && name[0] <= '9' && name[1] == '\0';
}


int
conf_vars_next(const char **at, const char *end, const char **plain,
               size_t *len, char name[CONF_VAR_MAX], int *is_variable)
{
    int          braces;
    size_t       n = 0;
    const char  *p = *at;

    *plain = p;
    *is_variable = 0;

    if (p == end) {
        return 0;
    }

    if (*p != '$') {
        p = memchr(p, '$', (size_t) (end - p));
        p = p != NULL ? p : end;
        *len = (size_t) (p - *plain);
        *at = p;
        return 1;
    }

    p++;
    braces = p < end && *p == '{';
    p += braces;

    while (p < end && n < CONF_VAR_MAX - 1
           && ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z')
               || (*p >= '0' && *p <= '9') || *p == '_'))
    {
        name[n++] = *p++;

        if (n == 1 && name[0] >= '1' && name[0] <= '9') {
            break;                           /* $10 is $1 and a 0 */
        }
    }

    name[n] = '\0';
    *len = n;

    if (n == 0 || (braces && (p == end || *p != '}'))) {
        return -1;
    }

    *at = p + braces;
    *is_variable = 1;

    return 1;
}


int
conf_vars_check(const lf_str_t *text, conf_is_variable is_own, char *err)
{
    int          rc, is_variable;
    char         name[CONF_VAR_MAX];
    size_t       len;
    const char  *at = (char *) text->data, *end = at + text->len, *plain;

    while ((rc = conf_vars_next(&at, end, &plain, &len, name, &is_variable))
           == 1)
    {
        if (is_variable && !conf_is_capture(name) && is_own != NULL
            && !is_own(name))
        {
            (void) snprintf(err, LF_ERR_LEN, "unknown \"%s\" variable", name);
            return -1;
        }
    }

    if (rc < 0) {
        (void) snprintf(err, LF_ERR_LEN, len == 0 ? "invalid variable name"
                        : "the closing bracket in \"%s\" variable is missing",
                        name);
    }

    return rc;
}
