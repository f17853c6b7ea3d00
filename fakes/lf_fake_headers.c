/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The header lists: single lines of a client as nginx 1.22.1 takes them, names
 * it drops, lines it refuses, what may stand once; and what is added later.
 */
#include <stdio.h>
#include <string.h>

#include "fakes/lf_fake_host.h"

#define HEADERS_MAX  1000      /* Debian's, and nginx's since 1.29.8 */

enum name_kind { NAME_GOOD, NAME_DROPPED, NAME_BAD };


static enum name_kind
judge_name(const struct lf_fake_server *conf, const u_char *name, size_t len)
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


int
lf_fake_header_push(struct lf_fake_request *request,
                    struct lf_fake_header_list *list, const lf_str_t *name,
                    const lf_str_t *value)
{
    size_t                  room;
    struct lf_fake_header  *items;

    if (list->count == list->room) {
        room = list->room > 0 ? 2 * list->room : 8;
        items = lf_fake_arena_alloc(&request->arena, room * sizeof(*items));

        if (items == NULL) {
            return -1;
        }

        if (list->count > 0) {
            memcpy(items, list->items, list->count * sizeof(*items));
        }

        list->items = items;
        list->room = room;
    }

    list->items[list->count].name = *name;
    list->items[list->count].value = *value;
    list->count++;

    return 0;
}


static struct lf_fake_header *
find_header(const struct lf_fake_header_list *list, const lf_str_t *name)
{
    size_t  i;

    for (i = 0; i < list->count; i++) {
        if (lf_str_equal_nocase(&list->items[i].name, name)) {
            return &list->items[i];
        }
    }

    return NULL;
}


static int
store(struct lf_fake_request *request, const u_char *name, size_t name_len,
      const u_char *value, size_t value_len)
{
    lf_str_t  key, data;

    key.len = name_len;
    key.data = (u_char *) lf_fake_arena_copy(&request->arena, name, name_len);
    data.len = value_len;
    data.data = (u_char *) lf_fake_arena_copy(&request->arena, value,
                                              value_len);

    if (key.data == NULL || data.data == NULL) {
        return -1;
    }

    if (lf_header_is_single(&key)
        && find_header(&request->headers_in, &key) != NULL)
    {
        lf_fake_refuse(request, 400, "client sent duplicate header line");
        return 0;
    }

    if (++request->header_lines > HEADERS_MAX) {
        lf_fake_refuse(request, 400, "client sent too many header lines");
        return 0;
    }

    lf_fake_head_known(request, &key, &data);

    return lf_fake_header_push(request, &request->headers_in, &key, &data);
}


static void
log_dropped(struct lf_fake_request *request, const u_char *name, size_t len)
{
    int   n;
    char  text[256];

    n = snprintf(text, sizeof(text), "client sent invalid header line: "
                 "\"%.*s\"; nginx drops it",
                 (int) (len < 128 ? len : 128), (const char *) name);
    lf_fake_log_write(request, LF_INFO, 0, text, (size_t) n);
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

    switch (judge_name(request->server_conf, key, name_len)) {
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
    size_t                   room;
    struct lf_fake_applied  *more;

    if (main->applied_count == main->applied_room) {
        room = main->applied_room > 0 ? 2 * main->applied_room : 8;
        more = lf_fake_arena_alloc(&main->arena, room * sizeof(*more));

        if (more == NULL) {
            return -1;
        }

        if (main->applied_count > 0) {
            memcpy(more, main->applied, main->applied_count * sizeof(*more));
        }

        main->applied = more;
        main->applied_room = room;
    }

    main->applied[main->applied_count].header = main->headers_in.count - 1;
    main->applied[main->applied_count++].pass = main->pass;

    return 0;
}


/*
 * One header of the configuration. It replaces a header that stands once, and
 * what an earlier pass over this request gave that name.
 */
static int
apply(struct lf_fake_request *main, const struct lf_fake_header *header)
{
    struct lf_fake_header  *there;

    there = find_applied(main, &header->name);

    if (there == NULL && lf_header_is_single(&header->name)) {
        there = find_header(&main->headers_in, &header->name);
    }

    if (there != NULL) {
        there->value = header->value;
        return 0;
    }

    return lf_fake_header_push(main, &main->headers_in, &header->name,
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

    for (i = 0; request == main && i < main->host->req_header_count; i++) {
        if (apply(main, &main->host->req_headers[i]) != 0) {
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
    lf_str_t  key, data;

    key.len = strlen(name);
    data.len = strlen(value);
    key.data = (u_char *) lf_fake_arena_copy(&request->arena, name, key.len);
    data.data = (u_char *) lf_fake_arena_copy(&request->arena, value,
                                              data.len);

    return key.data == NULL || data.data == NULL ? -1
           : lf_fake_header_push(request, &request->location_headers, &key,
                                 &data);
}


int
lf_port_header_in_next(struct lf_request *core, void **iter, lf_str_t *name,
                       lf_str_t *value)
{
    uintptr_t                         at;
    const struct lf_fake_header_list *list;

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

    return lf_fake_header_push(request, &request->headers_in, name, value);
}


int
lf_port_header_out_add(struct lf_request *core, const lf_str_t *name,
                       const lf_str_t *lowcase, const lf_str_t *value)
{
    struct lf_fake_request  *request;

    (void) lowcase;
    request = lf_fake_request_of(core);

    return lf_fake_header_push(request, &request->headers_out, name, value);
}
