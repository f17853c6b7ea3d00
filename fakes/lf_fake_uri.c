/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The request line as nginx 1.22.1 reads it: which methods and targets it
 * refuses, and how it makes a path out of a target.
 */
#include <string.h>

#include "fakes/lf_fake_request.h"
#include "lib/base/encode.h"

/* A view that is eaten from the front. */
struct cursor {
    const u_char  *p, *end;
};


static int
is_digit(u_char byte)
{
    return byte >= '0' && byte <= '9';
}


static int
is_letter(u_char byte)
{
    byte |= 0x20;

    return byte >= 'a' && byte <= 'z';
}


static int
is_method(const lf_str_t *method)
{
    size_t  i;
    u_char  byte;

    for (i = 0; i < method->len; i++) {
        byte = method->data[i];

        if ((byte < 'A' || byte > 'Z') && byte != '_' && byte != '-') {
            return 0;
        }
    }

    return method->len > 0;
}


/* Bytes that end the line or that nginx never takes in one. */
static int
has_bad_byte(const lf_str_t *target)
{
    size_t  i;

    for (i = 0; i < target->len; i++) {
        if (target->data[i] <= ' ' || target->data[i] == 0x7f) {
            return 1;
        }
    }

    return target->len == 0;
}


/* "[...]", "name" up to what cannot be in one; empty is malformed. */
static int
eat_host(struct cursor *at)
{
    const u_char  *start;

    start = at->p;

    if (at->p < at->end && *at->p == '[') {
        for (at->p++; at->p < at->end && *at->p != ']'; at->p++) {
            if (!is_letter(*at->p) && !is_digit(*at->p)
                && strchr(":-._~!$&'()*+,;=", *at->p) == NULL)
            {
                return -1;
            }
        }

        if (at->p == at->end) {
            return -1;
        }

        at->p++;
        return 0;
    }

    while (at->p < at->end
           && (is_letter(*at->p) || is_digit(*at->p) || *at->p == '.'
               || *at->p == '-'))
    {
        at->p++;
    }

    return at->p > start ? 0 : -1;
}


/* "scheme://host:port" in front of the path; the host goes to server. */
static int
eat_authority(struct lf_fake_request *request, struct cursor *at)
{
    lf_str_t  host, name;

    while (at->p < at->end
           && (is_letter(*at->p) || is_digit(*at->p) || *at->p == '+'
               || *at->p == '-' || *at->p == '.'))
    {
        at->p++;
    }

    if (at->end - at->p < 3 || memcmp(at->p, "://", 3) != 0) {
        return -1;
    }

    at->p += 3;
    host.data = (u_char *) (uintptr_t) at->p;

    if (eat_host(at) != 0) {
        return -1;
    }

    host.len = (size_t) (at->p - host.data);

    if (at->p < at->end && *at->p == ':') {
        for (at->p++; at->p < at->end && is_digit(*at->p); at->p++) {
            /* void */
        }
    }

    if (at->p < at->end && *at->p != '/' && *at->p != '?') {
        return -1;
    }

    if (lf_fake_host_valid(&host, &name) != 0) {
        return -1;
    }

    request->host_in_uri = 1;
    lf_fake_set_server(request, &name);

    return 0;
}


/* Decodes once: 0 and the length, or -1 for a bad escape or a NUL. */
static int
decode(const struct cursor *from, u_char *to, size_t *len)
{
    int            high, low;
    u_char        *out;
    const u_char  *p;

    out = to;

    for (p = from->p; p < from->end; p++) {
        if (*p != '%') {
            *out++ = *p;
            continue;
        }

        if (from->end - p < 3) {
            return -1;
        }

        high = hex_digit(p[1]);
        low = hex_digit(p[2]);

        if (high < 0 || low < 0 || (high == 0 && low == 0)) {
            return -1;
        }

        *out++ = (u_char) (high << 4 | low);
        p += 2;
    }

    *len = (size_t) (out - to);

    return 0;
}


/*
 * Merges slashes, unless they are to be kept, and resolves "." and "..", in
 * place. Each round reads one piece behind a '/'. Returns -1 when ".." leaves
 * the root.
 */
static int
resolve(u_char *path, size_t *len, int keep_slashes)
{
    int      after_empty;
    size_t   size;
    u_char  *out, *p, *end, *start;

    out = path;
    end = path + *len;
    after_empty = 0;

    for (p = path; p < end; p = start + size) {
        start = p + 1;

        for (size = 0; start + size < end && start[size] != '/'; size++) {
            /* void */
        }

        if (out == path || out[-1] != '/' || (after_empty && keep_slashes)) {
            *out++ = '/';
        }

        after_empty = (size == 0);

        if (size == 0 || (size == 1 && start[0] == '.')) {
            continue;
        }

        if (size == 2 && start[0] == '.' && start[1] == '.') {
            if (out - path < 2) {
                return -1;
            }

            for (out--; out[-1] != '/'; out--) { /* void */ }
            continue;
        }

        memmove(out, start, size);
        out += size;
    }

    *len = (size_t) (out - path);

    return 0;
}


/* Splits what follows the authority into path and args; '#' ends both. */
static void
split(struct cursor *at, lf_str_t *args)
{
    const u_char  *mark;

    mark = memchr(at->p, '#', (size_t) (at->end - at->p));

    if (mark != NULL) {
        at->end = mark;
    }

    mark = memchr(at->p, '?', (size_t) (at->end - at->p));

    if (mark != NULL) {
        args->data = (u_char *) (uintptr_t) mark + 1;
        args->len = (size_t) (at->end - mark) - 1;
        at->end = mark;
    }
}


static int
parse_target(struct lf_fake_request *request)
{
    lf_str_t       *uri;
    struct cursor   at;

    uri = &request->core.uri;
    at.p = request->target.data;
    at.end = at.p + request->target.len;

    if (*at.p != '/' && (!is_letter(*at.p) || eat_authority(request, &at) != 0))
    {
        return -1;
    }

    split(&at, &request->args);

    uri->data = lf_fake_arena_alloc(&request->arena,
                                    (size_t) (at.end - at.p) + 2);

    if (uri->data == NULL) {
        request->failed = 1;
        return -1;
    }

    if (at.p == at.end) {
        uri->data[0] = '/';
        uri->len = 1;
        return 0;
    }

    return decode(&at, uri->data, &uri->len) == 0
           ? resolve(uri->data, &uri->len,
                     request->server_conf->keep_slashes) : -1;
}


void
lf_fake_uri_parse(struct lf_fake_request *request)
{
    if (!is_method(&request->core.method)) {
        lf_fake_refuse(request, 400, "client sent invalid method");
        return;
    }

    if (has_bad_byte(&request->target) || parse_target(request) != 0) {
        lf_fake_refuse(request, 400, "client sent invalid request");
    }
}
