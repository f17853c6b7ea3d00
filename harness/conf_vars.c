/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Texts with variables. What a variable is, lf_fake_vars.c knows; captures are
 * of the location, which it does not.
 */
#include <stdio.h>
#include <string.h>

#include "conf_vars.h"
#include "regexp.h"


/* $1..$9: what the location's regular expression took of the path. */
static void
add_capture(size_t n, struct lf_fake_request *request,
            const struct conf_location *location, struct strbuf *to)
{
    struct regex_match  match;
    const lf_str_t     *path = &lf_fake_core(request)->uri;

    if (location->regex != NULL
        && regex_find_bytes(location->regex, path->data, path->len, &match)
           == 1
        && n < match.count && match.start[n] != REGEX_NONE)
    {
        strbuf_add(to, path->data + match.start[n],
                   match.end[n] - match.start[n]);
    }
}


static int
is_capture(const char *name)
{
    return name[0] >= '1' && name[0] <= '9' && name[1] == '\0';
}


static enum lf_fake_variable
find(struct lf_fake_request *request, const char *name, lf_str_t *value)
{
    lf_str_t  key;

    key.data = (u_char *) (uintptr_t) name;
    key.len = strlen(name);

    return lf_fake_variable(request, &key, value);
}


/*
 * The next piece of a text: plain bytes, or a variable with its name. 1, 0 at
 * the end, -1: "$" without a name.
 */
static int
next_piece(const char **at, const char *end, const char **plain, size_t *len,
           char name[128], int *is_variable)
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

    while (p < end && n < 127
           && ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z')
               || (*p >= '0' && *p <= '9') || *p == '_'))
    {
        name[n++] = *p++;

        if (n == 1 && name[0] >= '1' && name[0] <= '9') {
            break;                           /* $10 is $1 and a 0 */
        }
    }

    name[n] = '\0';

    if (n == 0 || (braces && (p == end || *p != '}'))) {
        return -1;
    }

    *at = p + braces;
    *is_variable = 1;

    return 1;
}


int
conf_vars_check(const lf_str_t *text, char *err)
{
    int          rc, is_variable;
    char         name[128];
    size_t       len;
    lf_str_t     value;
    const char  *at = (char *) text->data, *end = at + text->len, *plain;

    while ((rc = next_piece(&at, end, &plain, &len, name, &is_variable)) == 1)
    {
        if (is_variable && !is_capture(name)
            && find(NULL, name, &value) == LF_FAKE_VAR_UNKNOWN)
        {
            (void) snprintf(err, LF_ERR_LEN, "unknown \"%s\" variable", name);
            return -1;
        }
    }

    if (rc < 0) {
        (void) snprintf(err, LF_ERR_LEN, "invalid variable name");
    }

    return rc;
}


int
conf_vars_expand(const lf_str_t *text, struct lf_fake_request *request,
                 const struct conf_location *location, struct strbuf *to,
                 const char **why)
{
    int                      is_variable;
    char                     name[128];
    size_t                   len;
    const char              *at = (char *) text->data, *end = at + text->len;
    const char              *plain;
    lf_str_t                 value;
    enum lf_fake_variable    found;

    while (next_piece(&at, end, &plain, &len, name, &is_variable) == 1) {
        if (!is_variable) {
            strbuf_add(to, plain, len);
            continue;
        }

        if (is_capture(name)) {
            add_capture((size_t) (name[0] - '0'), request, location, to);
            continue;
        }

        found = find(request, name, &value);

        if (found == LF_FAKE_VAR_SET) {
            strbuf_add(to, value.data, value.len);

        } else if (found != LF_FAKE_VAR_UNSET) {
            *why = "a header of this location needs a variable that the mock "
                   "does not simulate";
            return -1;
        }
    }

    return 0;
}
