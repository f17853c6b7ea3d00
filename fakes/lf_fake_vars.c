/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which nginx variables there are: those that the request determines, those
 * set by hand, and those that are nginx's own and are named, never guessed.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "fakes/lf_fake_host.h"
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


static int
find_set(const struct lf_fake_header *items, size_t count,
         const lf_str_t *name, lf_str_t *value)
{
    while (count-- > 0) {
        if (lf_str_equal_nocase(&items[count].name, name)) {
            *value = items[count].value;
            return 1;
        }
    }

    return 0;
}


enum lf_fake_variable
lf_fake_variable(struct lf_fake_request *request, const lf_str_t *name,
                 lf_str_t *value)
{
    const struct lf_fake_var  *v;

    if (request != NULL
        && (find_set(request->variables.items, request->variables.count, name,
                     value)
            || find_set(request->host->variables,
                        request->host->variable_count, name, value)))
    {
        return LF_FAKE_VAR_SET;
    }

    v = find(name);

    return v == NULL ? LF_FAKE_VAR_UNKNOWN
           : v->fn == NULL ? LF_FAKE_VAR_NOT_HERE
           : request == NULL || !v->fn(request, name, value)
           ? LF_FAKE_VAR_UNSET : LF_FAKE_VAR_SET;
}


/* Those that change while a request runs, and that nginx keeps. */
static int
is_kept(const lf_str_t *name)
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
    lf_str_t                 key, copy = { 0, NULL };
    enum lf_fake_variable    found;
    struct lf_fake_request  *main = request->main;

    if (!is_kept(name)) {
        return lf_fake_variable(request, name, value);
    }

    if (find_set(main->kept.items, main->kept.count, name, value)) {
        return value->data != NULL ? LF_FAKE_VAR_SET : LF_FAKE_VAR_UNSET;
    }

    found = lf_fake_variable(request, name, value);
    key.len = name->len;
    key.data = (u_char *) lf_fake_arena_copy(&main->arena, name->data,
                                             name->len);

    if (found == LF_FAKE_VAR_SET) {
        copy.len = value->len;
        copy.data = (u_char *) lf_fake_arena_copy(&main->arena, value->data,
                                                  value->len);
    }

    if ((found == LF_FAKE_VAR_SET || found == LF_FAKE_VAR_UNSET)
        && key.data != NULL && (copy.data != NULL || found != LF_FAKE_VAR_SET))
    {
        (void) lf_fake_header_push(main, &main->kept, &key, &copy);
    }

    return found;
}


int
lf_fake_set_variable(struct lf_fake_request *request, const char *name,
                     const char *value)
{
    lf_str_t  key, data;

    key.len = strlen(name);
    data.len = strlen(value);
    key.data = (u_char *) lf_fake_arena_copy(&request->arena, name, key.len);
    data.data = (u_char *) lf_fake_arena_copy(&request->arena, value,
                                              data.len);

    return key.data == NULL || data.data == NULL ? -1
           : lf_fake_header_push(request, &request->variables, &key, &data);
}


int
lf_port_variable(struct lf_request *request, const lf_str_t *name,
                 lf_str_t *value)
{
    int                      n;
    char                     note[256];
    enum lf_fake_variable    found;
    struct lf_fake_request  *fake;

    fake = lf_fake_request_of(request);
    found = lf_fake_variable(fake, name, value);

    if (found == LF_FAKE_VAR_NOT_HERE) {
        n = snprintf(note, sizeof(note), "the mock does not compute the "
                     "variable \"%.*s\": set it by hand (--var)",
                     (int) (name->len < 64 ? name->len : 64),
                     (char *) name->data);
        lf_fake_log_write(fake, LF_WARN, 0, note, (size_t) n);
    }

    return found == LF_FAKE_VAR_SET;
}
