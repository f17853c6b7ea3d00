/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Texts with variables, for a request. What a variable is, fakes/ knows;
 * captures are of locations and server names, which it does not.
 */
#include <stdio.h>
#include <string.h>

#include "harness/conf/conf_vars.h"
#include "harness/host/mock/mock_vars.h"
#include "lib/regex/regexp.h"


/* What answers a request. */
struct matched {
    struct lf_fake_request      *request;
    const struct conf_server    *server;
    const struct conf_location  *location;
};


/* Adds what a group took of the text that the regex was tried on. */
static void
add_group(const struct regex *regex, const lf_str_t *from, size_t group,
          struct strbuf *to)
{
    struct regex_match  match;

    if (regex_find_bytes(regex, from->data, from->len, &match) == 1
        && group < match.count && match.start[group] != REGEX_NONE)
    {
        strbuf_add(to, from->data + match.start[group],
                   match.end[group] - match.start[group]);
    }
}


/*
 * The regular expressions that matched, the last one first: of the location,
 * of those around it, of the server's name. *at is NULL to start and at the
 * end; *from is what was matched.
 */
static const struct regex *
next_regex(const struct matched *m, const struct conf_location **at,
           lf_str_t *from)
{
    *at = *at == NULL ? m->location : (*at)->outer;

    while (*at != NULL && (*at)->regex == NULL) {
        *at = (*at)->outer;
    }

    if (*at != NULL) {
        *from = lf_fake_core(m->request)->uri;
        return (*at)->regex;
    }

    lf_fake_request_line(m->request, NULL, NULL, from);

    return conf_chosen_regex(m->server, lf_fake_port(m->request), from);
}


/* $1..$9: of the last regular expression that matched. */
static void
add_capture(const struct matched *m, size_t n, struct strbuf *to)
{
    lf_str_t                     from;
    const struct regex          *regex;
    const struct conf_location  *at = NULL;

    regex = next_regex(m, &at, &from);

    if (regex != NULL) {
        add_group(regex, &from, n, to);
    }
}


/* $name of (?<name>...). Returns 1, or 0: no regular expression has it. */
static int
add_named(const struct matched *m, const char *name, struct strbuf *to)
{
    size_t                       group;
    lf_str_t                     from;
    const struct regex          *regex;
    const struct conf_location  *at = NULL;

    do {
        regex = next_regex(m, &at, &from);
        group = regex != NULL ? regex_group(regex, name) : REGEX_NONE;

        if (group != REGEX_NONE) {
            add_group(regex, &from, group, to);
            return 1;
        }
    } while (at != NULL);

    return conf_has_group(m->server->conf, name);
}


static enum lf_fake_variable
find_variable(struct lf_fake_request *request, const char *name,
              lf_str_t *value)
{
    lf_str_t  key;

    key.data = (u_char *) (uintptr_t) name;
    key.len = strlen(name);

    return request != NULL ? lf_fake_conf_variable(request, &key, value)
                           : lf_fake_get_variable(NULL, &key, value);
}


int
mock_is_variable(const char *name)
{
    lf_str_t  value;

    return find_variable(NULL, name, &value) != LF_FAKE_VAR_UNKNOWN;
}


int
mock_vars_expand(const lf_str_t *text, struct lf_fake_request *request,
                 const struct conf_server *server,
                 const struct conf_location *location, struct strbuf *to,
                 char why[LF_ERR_LEN])
{
    int                      is_variable;
    char                     name[CONF_VAR_MAX];
    size_t                   len;
    const char              *at = (char *) text->data, *end = at + text->len;
    const char              *plain;
    lf_str_t                 value;
    struct matched           m = { request, server, location };
    enum lf_fake_variable    found;

    while (conf_vars_next(&at, end, &plain, &len, name, &is_variable) == 1) {
        if (!is_variable) {
            strbuf_add(to, plain, len);
            continue;
        }

        if (conf_is_capture(name)) {
            add_capture(&m, (size_t) (name[0] - '0'), to);
            continue;
        }

        found = find_variable(request, name, &value);

        if (found == LF_FAKE_VAR_SET) {
            strbuf_add(to, value.data, value.len);

        } else if (found != LF_FAKE_VAR_UNSET && !add_named(&m, name, to)) {
            (void) snprintf(why, LF_ERR_LEN, "a header of this location needs "
                            "the variable \"%s\", which the mock does not "
                            "compute", name);
            return -1;
        }
    }

    return 0;
}
