/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The options of an entry: what stands in [Options], over what the command
 * line says. Transport options have no meaning here and are accepted.
 */
#include <stdio.h>
#include <string.h>

#include "lib/base/arena.h"
#include "harness/run/entry/play_entry.h"

#define LIMIT_MS  (1000ull * 3600 * 24 * 365)


static int
read_bool(struct eval *e, const struct script_option *o, bool *to)
{
    struct value  v;

    if (eval_value(e, &o->value, &v) != 0) {
        return -1;
    }
    if (v.kind != VALUE_BOOL) {
        return eval_expect(e, &o->value, "boolean", &v);
    }

    *to = v.boolean;

    return 0;
}


static int
read_int(struct eval *e, const struct script_option *o, long long least,
         long long *to)
{
    char          wanted[48];
    struct value  v;

    if (eval_value(e, &o->value, &v) != 0) {
        return -1;
    }
    if (v.kind != VALUE_INT) {
        return eval_expect(e, &o->value, "integer", &v);
    }
    if (v.big || v.integer < least) {
        (void) snprintf(wanted, sizeof(wanted), "integer >= %lld%s", least,
                        v.big ? " of at most 64 bits" : "");
        return eval_expect(e, &o->value, wanted, &v);
    }

    *to = v.integer;

    return 0;
}


static int
read_duration(struct eval *e, const struct script_option *o, uint64_t *ms)
{
    uint64_t   unit;
    long long  n;

    if (read_int(e, o, 0, &n) != 0) {
        return -1;
    }

    unit = o->unit == SCRIPT_UNIT_S ? 1000
           : o->unit == SCRIPT_UNIT_M ? 60000
           : o->unit == SCRIPT_UNIT_H ? 3600000 : 1;

    *ms = (uint64_t) n > LIMIT_MS / unit ? LIMIT_MS : (uint64_t) n * unit;

    return 0;
}


static int
read_text(struct eval *e, const struct script_option *o, const char **to)
{
    struct value   v;
    struct strbuf  text = { 0 };
    struct str     name;

    /* A file to write: its name alone, it need not be there. */
    if (o->value.kind == SCRIPT_VALUE_FILE) {
        if (eval_template(e, o->value.string, &name) != 0) {
            return -1;
        }
        *to = name.data;
        return 0;
    }

    if (eval_value(e, &o->value, &v) != 0) {
        return -1;
    }

    if (value_add_rendered(&text, &v) != 0) {
        strbuf_free(&text);
        return eval_fail(e, &o->value.span, "Invalid option",
                         "%s needs a text, not %s", o->name,
                         value_kind_name(&v));
    }

    *to = arena_memdup(e->arena, text.data, text.len);
    strbuf_free(&text);

    return *to != NULL ? 0 : eval_fail(e, &o->span, "Out of memory",
                                       "there is not enough memory");
}


static int
set_variable(struct eval *e, const struct script_option *o)
{
    struct value  v;

    if (eval_value(e, &o->value, &v) != 0) {
        return -1;
    }

    return vars_set(e->vars, o->variable.data, o->variable.len, &v) == 0 ? 0
           : eval_fail(e, &o->span, "Out of memory",
                       "there is not enough memory");
}


/* location-trusted follows, too; false leaves what location says. */
static int
read_trusted(struct eval *e, const struct script_option *o,
             struct play_options *to)
{
    if (read_bool(e, o, &to->trusted) != 0) {
        return -1;
    }

    to->location = to->location || to->trusted;

    return 0;
}


/* The option would change the request, and is not supported. */
static int
refuse(struct eval *e, const struct script_option *o)
{
    bool  wanted = true;

    if (o->kind != SCRIPT_OPT_AWS_SIGV4 && read_bool(e, o, &wanted) != 0) {
        return -1;
    }

    return !wanted ? 0
           : eval_fail(e, &o->span, "Invalid request", "%s: the request "
                       "cannot be sent as written; linkfunc does not support "
                       "this authentication", o->name);
}


/* Without meaning here; what is wrong in it is still an error. */
static int
ignore(struct eval *e, const struct script_option *o, struct play_options *to)
{
    bool         on = true;
    uint64_t     number;
    const char  *text;

    switch (o->kind) {
    case SCRIPT_OPT_CONNECT_TIMEOUT:
    case SCRIPT_OPT_LIMIT_RATE:
        return read_duration(e, o, &number);

    case SCRIPT_OPT_HTTP10:
    case SCRIPT_OPT_HTTP11:
    case SCRIPT_OPT_HTTP2:
    case SCRIPT_OPT_HTTP3:
    case SCRIPT_OPT_INSECURE:
    case SCRIPT_OPT_IPV4:
    case SCRIPT_OPT_IPV6:
    case SCRIPT_OPT_SSL_NO_REVOKE:
    case SCRIPT_OPT_VERBOSE:
    case SCRIPT_OPT_VERY_VERBOSE:
        return read_bool(e, o, &on);

    case SCRIPT_OPT_NETRC:
    case SCRIPT_OPT_NETRC_OPTIONAL:
        if (read_bool(e, o, &on) != 0) {
            return -1;
        }
        to->ignored = on ? o->name : to->ignored;
        return 0;

    case SCRIPT_OPT_NETRC_FILE:
        to->ignored = o->name;
        break;

    case SCRIPT_OPT_HEADER:                  /* read with the request */
        return 0;

    default:
        break;
    }

    return read_text(e, o, &text);
}


static int
read_option(struct eval *e, const struct script_option *o,
            struct play_options *to)
{
    switch (o->kind) {
    case SCRIPT_OPT_SKIP:
        return read_bool(e, o, &to->skip);
    case SCRIPT_OPT_LOCATION:
        return read_bool(e, o, &to->location);
    case SCRIPT_OPT_LOCATION_TRUSTED:
        return read_trusted(e, o, to);
    case SCRIPT_OPT_PATH_AS_IS:
        return read_bool(e, o, &to->path_as_is);
    case SCRIPT_OPT_HTTP10:
        return read_bool(e, o, &to->http_1_0);
    case SCRIPT_OPT_REPEAT:
        return read_int(e, o, -1, &to->repeat);
    case SCRIPT_OPT_RETRY:
        return read_int(e, o, -1, &to->retry);
    case SCRIPT_OPT_MAX_REDIRS:
        return read_int(e, o, -1, &to->max_redirs);
    case SCRIPT_OPT_DELAY:
        return read_duration(e, o, &to->delay_ms);
    case SCRIPT_OPT_RETRY_INTERVAL:
        return read_duration(e, o, &to->retry_interval_ms);
    case SCRIPT_OPT_MAX_TIME:
        return read_duration(e, o, &to->max_time_ms);
    case SCRIPT_OPT_USER:
        return read_text(e, o, &to->user);
    case SCRIPT_OPT_OUTPUT:
        return read_text(e, o, &to->output);
    case SCRIPT_OPT_VARIABLE:
        return set_variable(e, o);
    case SCRIPT_OPT_AWS_SIGV4:
    case SCRIPT_OPT_DIGEST:
    case SCRIPT_OPT_NEGOTIATE:
    case SCRIPT_OPT_NTLM:
        return refuse(e, o);
    default:
        return ignore(e, o, to);
    }
}


int
play_options_read(struct eval *e, const struct play_settings *settings,
                  const struct script_entry *entry,
                  struct play_options *options)
{
    const struct script_option   *o;
    const struct script_section  *s;

    memset(options, 0, sizeof(*options));
    options->location = settings->location;
    options->trusted = settings->trusted;
    options->path_as_is = settings->path_as_is;
    options->repeat = 1;
    options->retry = settings->retry;
    options->max_redirs = settings->max_redirs;
    options->delay_ms = settings->delay_ms;
    options->retry_interval_ms = settings->retry_interval_ms;
    options->max_time_ms = settings->max_time * 1000;
    options->user = settings->user;

    for (s = entry->request.sections; s != NULL; s = s->next) {
        if (s->kind != SCRIPT_SECTION_OPTIONS) {
            continue;
        }

        options->headers = s->options;
        for (o = s->options; o != NULL; o = o->next) {
            if (read_option(e, o, options) != 0) {
                return -1;
            }
        }
    }

    return 0;
}
