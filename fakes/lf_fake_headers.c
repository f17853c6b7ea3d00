/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The header lists: single lines of a client as nginx 1.22.1 takes them, names
 * it drops, lines it refuses, what may occur once; and what is added later.
 */
#include <stdio.h>
#include <string.h>

#include "core/lf_port.h"
#include "fakes/lf_fake_request.h"

#define HEADERS_MAX  1000      /* Debian's, and nginx's since 1.29.8 */

enum name_kind { NAME_GOOD, NAME_DROPPED, NAME_BAD };


static enum name_kind
check_name(const struct lf_fake_server *conf, const u_char *name, size_t len)
{
    size_t          i;
    u_char          byte, low;
    enum name_kind  kind;

    kind = len > 0 ? NAME_GOOD : NAME_BAD;

    for (i = 0; i < len; i++) {
        byte = name[i];
        low = byte | 0x20;

        if (byte <= ' ' || byte == 0x7f) {
            return NAME_BAD;
        }

        if ((low < 'a' || low > 'z') && (byte < '0' || byte > '9')
            && byte != '-'
            && !conf->keep_invalid_headers
            && !(byte == '_' && conf->underscores_in_headers))
        {
            kind = NAME_DROPPED;
        }
    }

    return kind;
}


static int
store(struct lf_fake_request *request, const u_char *name, size_t name_len,
      const u_char *value, size_t value_len)
{
    lf_str_t  key, data;

    if (lf_fake_arena_copy(&request->arena, &key, name, name_len) != 0
        || lf_fake_arena_copy(&request->arena, &data, value, value_len) != 0)
    {
        return -1;
    }

    if (lf_header_is_single(&key)
        && lf_fake_list_find(&request->headers_in, &key) != NULL)
    {
        lf_fake_refuse(request, 400, "client sent duplicate header line");
        return 0;
    }

    if (++request->header_lines > HEADERS_MAX) {
        lf_fake_refuse(request, 400, "client sent too many header lines");
        return 0;
    }

    lf_fake_head_known(request, &key, &data);

    return lf_fake_list_push(&request->arena, &request->headers_in, &key,
                             &data);
}


static void
log_dropped(struct lf_fake_request *request, const u_char *name, size_t len)
{
    char  text[256];

    (void) snprintf(text, sizeof(text), "client sent invalid header line: "
                    "\"%.*s\"; nginx drops it",
                    (int) (len < 128 ? len : 128), (const char *) name);
    lf_fake_log_text(request, LF_INFO, text);
}


/* CR ends a line only before LF, and LF always: neither is part of a value. */
static int
has_line_end(const u_char *data, size_t len)
{
    return len > 0 && (memchr(data, '\r', len) != NULL
                       || memchr(data, '\n', len) != NULL
                       || memchr(data, '\0', len) != NULL);
}


int
lf_fake_add_header(struct lf_fake_request *request, const char *name,
                   size_t name_len, const char *value, size_t value_len)
{
    const u_char  *key = (const u_char *) name;
    const u_char  *data = (const u_char *) value;

    if (request->refused) {
        return 0;
    }

    if (lf_fake_head_line(request, name_len + value_len
                                   + sizeof(": \r\n") - 1) != 0)
    {
        lf_fake_refuse(request, LF_FAKE_TOO_LARGE,
                       "client sent too large header line");
        return 0;
    }

    while (value_len > 0 && *data == ' ') {
        data++;
        value_len--;
    }

    while (value_len > 0 && data[value_len - 1] == ' ') {
        value_len--;
    }

    if (has_line_end(data, value_len)) {
        lf_fake_refuse(request, 400, "client sent invalid header line");
        return 0;
    }

    switch (check_name(request->server_conf, key, name_len)) {
    case NAME_BAD:
        lf_fake_refuse(request, 400, "client sent invalid header line");
        return 0;

    case NAME_DROPPED:
        log_dropped(request, key, name_len);
        return 0;

    default:
        return store(request, key, name_len, data, value_len);
    }
}


/* What an earlier pass added under that name; NULL: nothing that is left. */
static struct lf_fake_header *
find_applied(struct lf_fake_request *main, const lf_str_t *name)
{
    size_t                  i;
    struct lf_fake_header  *header;

    for (i = 0; i < main->applied_count; i++) {
        header = &main->headers_in.items[main->applied[i].header];

        if (main->applied[i].pass < main->pass
            && lf_str_equal_nocase(&header->name, name))
        {
            main->applied[i].pass = main->pass;
            return header;
        }
    }

    return NULL;
}


static int
note_applied(struct lf_fake_request *main)
{
    struct lf_fake_applied  *more;

    more = lf_fake_arena_grow(&main->arena, main->applied,
                              main->applied_count, &main->applied_room,
                              sizeof(*more));

    if (more == NULL) {
        return -1;
    }

    main->applied = more;
    more[main->applied_count].header = main->headers_in.count - 1;
    more[main->applied_count++].pass = main->pass;

    return 0;
}


/*
 * One header of the configuration. It replaces a header that occurs once, and
 * what an earlier pass over this request gave that name.
 */
static int
apply(struct lf_fake_request *main, const struct lf_fake_header *header)
{
    struct lf_fake_header  *there;

    there = find_applied(main, &header->name);

    if (there == NULL && lf_header_is_single(&header->name)) {
        there = lf_fake_list_find(&main->headers_in, &header->name);
    }

    if (there != NULL) {
        there->value = header->value;
        return 0;
    }

    return lf_fake_list_push(&main->arena, &main->headers_in, &header->name,
                             &header->value) != 0
           || note_applied(main) != 0 ? -1 : 0;
}


int
lf_fake_headers_apply(struct lf_fake_request *request)
{
    size_t                   i;
    struct lf_fake_request  *main = request->main;

    if (request->headers_ready) {
        return 0;
    }

    request->headers_ready = 1;
    main->pass++;

    for (i = 0; request == main && i < main->host->req_headers.count; i++) {
        if (apply(main, &main->host->req_headers.items[i]) != 0) {
            return -1;
        }
    }

    for (i = 0; i < request->location_headers.count; i++) {
        if (apply(main, &request->location_headers.items[i]) != 0) {
            return -1;
        }
    }

    return 0;
}


int
lf_fake_add_location_header(struct lf_fake_request *request, const char *name,
                            const char *value)
{
    return lf_fake_list_add(&request->arena, &request->location_headers, name,
                            value);
}


int
lf_port_header_in_next(struct lf_request *core, void **iter, lf_str_t *name,
                       lf_str_t *value)
{
    uintptr_t                   at;
    const struct lf_fake_list  *list;

    list = &lf_fake_request_of(core)->main->headers_in;
    at = (uintptr_t) *iter;

    if (at >= list->count) {
        return 0;
    }

    *name = list->items[at].name;
    *value = list->items[at].value;
    *iter = (void *) (at + 1);

    return 1;
}


int
lf_port_header_in_add(struct lf_request *core, const lf_str_t *name,
                      const lf_str_t *lowcase, const lf_str_t *value)
{
    struct lf_fake_request  *request;

    (void) lowcase;
    request = lf_fake_request_of(core)->main;

    return lf_fake_list_push(&request->arena, &request->headers_in, name,
                             value);
}


int
lf_port_header_out_add(struct lf_request *core, const lf_str_t *name,
                       const lf_str_t *lowcase, const lf_str_t *value)
{
    struct lf_fake_request  *request;

    (void) lowcase;
    request = lf_fake_request_of(core);

    return lf_fake_list_push(&request->arena, &request->headers_out, name,
                             value);
}
