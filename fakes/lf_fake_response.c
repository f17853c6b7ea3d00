/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a client of nginx 1.22.1 would get: the answer of the app, or the page
 * that nginx sends when there is none.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "fakes/lf_fake_request.h"


/* The page for a request that no app answered. */
static int
page_status(const struct lf_fake_request *request)
{
    const lf_str_t  *method;

    if (request->refused) {
        return lf_fake_refused(request);
    }

    if (request->failed || request->core.response.failed) {
        return 500;
    }

    /* The file system: there is no such file, and it knows three methods. */
    method = &request->core.method;

    return (method->len == 3 && memcmp(method->data, "GET", 3) == 0)
           || (method->len == 4 && (memcmp(method->data, "HEAD", 4) == 0
                                    || memcmp(method->data, "POST", 4) == 0))
           ? 404 : 405;
}


/* After some of its error pages nginx closes the connection. */
static int
closes_connection(int status)
{
    return status == 400 || status == 413 || status == 414 || status == 500
           || status == 501;
}


static int
keeps_connection(const struct lf_fake_request *request,
                 const struct lf_fake_response *response)
{
    if (request->refused && !request->by_location) {
        return 0;
    }

    if (!response->by_app && closes_connection(response->status)) {
        return 0;
    }

    return request->connection == CONNECTION_DEFAULT
           ? !request->http_1_0 : request->connection == CONNECTION_KEEP;
}


static const char *
http_date(char *text, size_t size)
{
    static const char *const  days[] = {
        "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"
    };
    static const char *const  months[] = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct",
        "Nov", "Dec"
    };

    time_t     now;
    struct tm  tm;

    now = time(NULL);
    (void) gmtime_r(&now, &tm);
    (void) snprintf(text, size, "%s, %02d %s %d %02d:%02d:%02d GMT",
                    days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon],
                    tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);

    return text;
}


static int
has_header(const struct lf_fake_list *list, const char *name)
{
    lf_str_t  wanted = { strlen(name), (u_char *) (uintptr_t) name };

    return lf_fake_list_find(list, &wanted) != NULL;
}


/* In nginx's order; what the app added comes last, and may replace two. */
static int
make_headers(struct lf_fake_request *request,
             struct lf_fake_response *response, const lf_str_t *type,
             int length)
{
    char                        text[64];
    size_t                      i;
    const struct lf_fake_list  *out;
    struct lf_fake_list         list;
    struct lf_fake_arena       *arena = &request->arena;

    static const lf_str_t  type_name = LF_STR("Content-Type");

    memset(&list, 0, sizeof(list));
    out = &request->headers_out;

    if ((!has_header(out, "Server")
         && lf_fake_list_add(arena, &list, "Server", LF_FAKE_SERVER) != 0)
        || (!has_header(out, "Date")
            && lf_fake_list_add(arena, &list, "Date",
                                http_date(text, sizeof(text))) != 0))
    {
        return -1;
    }

    (void) snprintf(text, sizeof(text), "%zu", response->body.len);

    if ((type != NULL
         && lf_fake_list_push(arena, &list, &type_name, type) != 0)
        || (length
            && lf_fake_list_add(arena, &list, "Content-Length", text) != 0)
        || lf_fake_list_add(arena, &list, "Connection",
                            keeps_connection(request, response)
                            ? "keep-alive" : "close") != 0)
    {
        return -1;
    }

    for (i = 0; i < out->count; i++) {
        if (lf_fake_list_push(arena, &list, &out->items[i].name,
                              &out->items[i].value) != 0)
        {
            return -1;
        }
    }

    response->headers = list.items;
    response->header_count = list.count;

    return 0;
}


static int
make_status_line(struct lf_fake_request *request,
                 struct lf_fake_response *response)
{
    char  line[64];

    (void) snprintf(line, sizeof(line), "%03d %s", response->status,
                    lf_fake_reason(response->status));

    return lf_fake_arena_copy(&request->arena, &response->status_line, line,
                              strlen(line));
}


static int
answer_of_app(struct lf_fake_request *request,
              struct lf_fake_response *response)
{
    const struct lf_response  *core;

    core = &request->core.response;
    response->by_app = 1;
    response->status = (int) core->status;
    response->status_line = core->status_line;
    response->body = core->body;

    if (core->status_line.len == 0
        && make_status_line(request, response) != 0)
    {
        return -1;
    }

    return make_headers(request, response,
                        core->bodyless ? NULL : &core->content_type,
                        !core->bodyless);
}


static int
answer_of_nginx(struct lf_fake_request *request,
                struct lf_fake_response *response)
{
    static const lf_str_t  type = LF_STR("text/html");

    response->status = page_status(request);

    if (make_status_line(request, response) != 0
        || lf_fake_error_page(request, response->status, &response->body) != 0)
    {
        return -1;
    }

    return make_headers(request, response,
                        response->body.len > 0 ? &type : NULL, 1);
}


const struct lf_fake_response *
lf_fake_get_response(struct lf_fake_request *request)
{
    int                       rc;
    struct lf_request        *core;
    struct lf_fake_response  *response;

    if (request->response != NULL) {
        return request->response;
    }

    core = &request->core;
    response = lf_fake_arena_alloc(&request->arena, sizeof(*response));

    if (response == NULL) {
        return NULL;
    }

    memset(response, 0, sizeof(*response));

    rc = core->response.written > 0 && !core->response.failed
         && !request->refused && !request->failed
         ? answer_of_app(request, response)
         : answer_of_nginx(request, response);

    if (rc != 0) {
        return NULL;
    }

    if (core->method.len == 4 && memcmp(core->method.data, "HEAD", 4) == 0) {
        response->body.len = 0;
    }

    request->response = response;

    return response;
}
