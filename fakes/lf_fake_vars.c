/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which nginx variables there are: those that the request determines, those
 * set by hand, and those of nginx that the mock knows by name alone.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/lf_port.h"
#include "fakes/lf_fake_vars.h"


static const struct lf_fake_var *
find(const lf_str_t *name)
{
    size_t  i, len;

    for (i = 0; i < lf_fake_var_count; i++) {
        len = strlen(lf_fake_vars[i].name);

        if (name->len >= len
            && strncasecmp((char *) name->data, lf_fake_vars[i].name, len) == 0
            && (lf_fake_vars[i].prefix || name->len == len))
        {
            return &lf_fake_vars[i];
        }
    }

    return NULL;
}


static const struct lf_fake_header *
find_set(const struct lf_fake_request *request, const lf_str_t *name)
{
    const struct lf_fake_header  *set;

    set = lf_fake_list_find_last(&request->variables, name);

    return set != NULL ? set
           : lf_fake_list_find_last(&request->host->variables, name);
}


enum lf_fake_variable
lf_fake_get_variable(struct lf_fake_request *request, const lf_str_t *name,
                     lf_str_t *value)
{
    const struct lf_fake_var     *v;
    const struct lf_fake_header  *set;

    set = request != NULL ? find_set(request, name) : NULL;

    if (set != NULL) {
        *value = set->value;
        return LF_FAKE_VAR_SET;
    }

    v = find(name);

    return v == NULL ? LF_FAKE_VAR_UNKNOWN
           : v->fn == NULL ? LF_FAKE_VAR_NOT_HERE
           : request == NULL || !v->fn(request, name, value)
           ? LF_FAKE_VAR_UNSET : LF_FAKE_VAR_SET;
}


/* Those that change while a request runs, and that nginx caches. */
static int
is_cached(const lf_str_t *name)
{
    size_t  i, len;

    static const char *const  names[] = {
        "http_", "cookie_", "sent_http_", "content_type", "remote_user",
        "request_body"
    };

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        len = strlen(names[i]);

        if (name->len >= len
            && strncasecmp((char *) name->data, names[i], len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


enum lf_fake_variable
lf_fake_conf_variable(struct lf_fake_request *request, const lf_str_t *name,
                      lf_str_t *value)
{
    lf_str_t                      key, copy = { 0, NULL };
    enum lf_fake_variable         found;
    struct lf_fake_request       *main = request->main;
    const struct lf_fake_header  *known;

    if (!is_cached(name)) {
        return lf_fake_get_variable(request, name, value);
    }

    known = lf_fake_list_find(&main->cached, name);

    if (known != NULL) {
        *value = known->value;
        return value->data != NULL ? LF_FAKE_VAR_SET : LF_FAKE_VAR_UNSET;
    }

    found = lf_fake_get_variable(request, name, value);

    if ((found == LF_FAKE_VAR_UNSET
         || (found == LF_FAKE_VAR_SET
             && lf_fake_arena_copy(&main->arena, &copy, value->data,
                                   value->len) == 0))
        && lf_fake_arena_copy(&main->arena, &key, name->data, name->len) == 0)
    {
        (void) lf_fake_list_push(&main->arena, &main->cached, &key, &copy);
    }

    return found;
}


int
lf_fake_set_variable(struct lf_fake_request *request, const char *name,
                     const char *value)
{
    return lf_fake_list_add(&request->arena, &request->variables, name, value);
}


int
lf_port_variable(struct lf_request *request, const lf_str_t *name,
                 lf_str_t *value)
{
    char                     note[256];
    enum lf_fake_variable    found;
    struct lf_fake_request  *fake;

    fake = lf_fake_request_of(request);
    found = lf_fake_get_variable(fake, name, value);

    if (found == LF_FAKE_VAR_NOT_HERE) {
        (void) snprintf(note, sizeof(note), "the mock does not simulate the "
                        "variable \"%.*s\": set its value (--var)",
                        (int) (name->len < 64 ? name->len : 64),
                        (char *) name->data);
        lf_fake_log_text(fake, LF_WARN, note);
    }

    return found == LF_FAKE_VAR_SET;
}
