/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a client of nginx 1.22.1 would get: the answer of the app, or the page
 * that nginx sends when there is none.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE              /* memmem */
#endif
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "lf_fake_host.h"

#define SERVER  "nginx/1.22.1"

/* Server, Date, Content-Type, Content-Length, Connection. */
#define OWN_HEADERS  5

static const char  padding[] =
    "<!-- a padding to disable MSIE and Chrome friendly error page -->\r\n"
    "<!-- a padding to disable MSIE and Chrome friendly error page -->\r\n"
    "<!-- a padding to disable MSIE and Chrome friendly error page -->\r\n"
    "<!-- a padding to disable MSIE and Chrome friendly error page -->\r\n"
    "<!-- a padding to disable MSIE and Chrome friendly error page -->\r\n"
    "<!-- a padding to disable MSIE and Chrome friendly error page -->\r\n";


const char *
lf_fake_reason(int status)
{
    switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Moved Temporarily";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 402: return "Payment Required";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Time-out";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Request Entity Too Large";
    case 414: return "Request-URI Too Large";
    case 415: return "Unsupported Media Type";
    case 416: return "Requested Range Not Satisfiable";
    case 421: return "Misdirected Request";
    case 429: return "Too Many Requests";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Temporarily Unavailable";
    case 504: return "Gateway Time-out";
    case 505: return "HTTP Version Not Supported";
    case 507: return "Insufficient Storage";
    default:  return "";
    }
}


static int
contains(const lf_str_t *text, const char *word)
{
    return text->data != NULL
           && memmem(text->data, text->len, word, strlen(word)) != NULL;
}


/* Browsers that replace short error pages: nginx makes them longer. */
static int
wants_padding(const struct lf_fake_request *request)
{
    const u_char    *msie;
    const lf_str_t  *agent;

    agent = &request->user_agent;
    msie = agent->data != NULL ? memmem(agent->data, agent->len, "MSIE ", 5)
                               : NULL;

    if (contains(agent, "Opera")) {
        return 0;
    }

    return (msie != NULL && msie + 7 < agent->data + agent->len)
           || contains(agent, "Chrome/");
}


static int
format(struct lf_fake_request *request, lf_str_t *to, const char *text,
       const char *a, const char *b, const char *c)
{
    int     len;
    size_t  room;

    room = strlen(text) + strlen(a) + strlen(b) + strlen(c) + 1;
    to->data = lf_fake_arena_alloc(&request->arena, room);

    if (to->data == NULL) {
        return -1;
    }

    len = snprintf((char *) to->data, room, "%s%s%s%s", text, a, b, c);
    to->len = (size_t) len;

    return 0;
}


static int
make_page(struct lf_fake_request *request, int status, lf_str_t *body)
{
    int          len;
    char         page[512];
    const char  *title, *note, *reason;

    reason = lf_fake_reason(status);
    title = reason;
    note = "";

    if (request->refused == LF_FAKE_TOO_LARGE) {
        title = "Request Header Or Cookie Too Large";
        note = "<center>Request Header Or Cookie Too Large</center>\r\n";
    }

    len = snprintf(page, sizeof(page),
                   "<html>\r\n"
                   "<head><title>%d %s</title></head>\r\n"
                   "<body>\r\n"
                   "<center><h1>%d %s</h1></center>\r\n"
                   "%s"
                   "<hr><center>" SERVER "</center>\r\n"
                   "</body>\r\n"
                   "</html>\r\n", status, title, status, reason, note);

    if (len < 0 || len >= (int) sizeof(page)) {
        return -1;
    }

    return format(request, body, page,
                  wants_padding(request) ? padding : "", "", "");
}


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


static int
keeps_connection(const struct lf_fake_request *request,
                 const struct lf_fake_response *response)
{
    if (request->refused) {
        return 0;
    }

    if (!response->by_app
        && (response->status == 413 || response->status == 500))
    {
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
has_header(const struct lf_fake_header_list *list, const char *name)
{
    size_t    i;
    lf_str_t  wanted;

    wanted.data = (u_char *) (uintptr_t) name;
    wanted.len = strlen(name);

    for (i = 0; i < list->count; i++) {
        if (lf_str_equal_nocase(&list->items[i].name, &wanted)) {
            return 1;
        }
    }

    return 0;
}


static int
add(struct lf_fake_request *request, struct lf_fake_header_list *list,
    const char *name, const char *value)
{
    lf_str_t  key, data;

    key.data = (u_char *) (uintptr_t) name;
    key.len = strlen(name);

    if (format(request, &data, value, "", "", "") != 0) {
        return -1;
    }

    return lf_fake_header_push(request, list, &key, &data);
}


/* In nginx's order; what the app added comes behind, and may replace two. */
static int
make_headers(struct lf_fake_request *request,
             struct lf_fake_response *response, const lf_str_t *type)
{
    char                              text[64];
    size_t                            i;
    const struct lf_fake_header_list *out;
    struct lf_fake_header_list        list;

    static const lf_str_t  type_name = LF_STR("Content-Type");

    memset(&list, 0, sizeof(list));
    out = &request->headers_out;

    if ((!has_header(out, "Server")
         && add(request, &list, "Server", SERVER) != 0)
        || (!has_header(out, "Date")
            && add(request, &list, "Date",
                   http_date(text, sizeof(text))) != 0))
    {
        return -1;
    }

    if (type != NULL) {
        (void) snprintf(text, sizeof(text), "%zu", response->body.len);

        if (lf_fake_header_push(request, &list, &type_name, type) != 0
            || add(request, &list, "Content-Length", text) != 0)
        {
            return -1;
        }
    }

    if (add(request, &list, "Connection",
            keeps_connection(request, response) ? "keep-alive" : "close") != 0)
    {
        return -1;
    }

    for (i = 0; i < out->count; i++) {
        if (lf_fake_header_push(request, &list, &out->items[i].name,
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
    char  number[16];

    (void) snprintf(number, sizeof(number), "%03d ", response->status);

    return format(request, &response->status_line, number,
                  lf_fake_reason(response->status), "", "");
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
                        core->bodyless ? NULL : &core->content_type);
}


static int
answer_of_nginx(struct lf_fake_request *request,
                struct lf_fake_response *response)
{
    static const lf_str_t  type = LF_STR("text/html");

    response->status = page_status(request);

    if (make_status_line(request, response) != 0
        || make_page(request, response->status, &response->body) != 0)
    {
        return -1;
    }

    return make_headers(request, response, &type);
}


const struct lf_fake_response *
lf_fake_response(struct lf_fake_request *request)
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
