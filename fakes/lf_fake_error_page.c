/* SPDX-License-Identifier: BSD-2-Clause */
/* The pages that nginx 1.22.1 sends by itself, and its texts for a status. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE              /* memmem */
#endif
#include <stdio.h>
#include <string.h>

#include "fakes/lf_fake_request.h"

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


/* Some pages have another title than the status line. */
static const char *
page_title(int *status)
{
    switch (*status) {
    case 302:
        return "Found";
    case 304:
        return "";
    case 401:
        return "Authorization Required";
    case 498:                                /* of nginx, for no page */
        *status = 404;
        break;
    default:
        break;
    }

    return lf_fake_reason(*status);
}


int
lf_fake_error_page(struct lf_fake_request *request, int status, lf_str_t *body)
{
    char         page[1024];
    const char  *title, *note, *head;

    static const char *const  notes[] = {
        "Request Header Or Cookie Too Large", "The SSL certificate error",
        "No required SSL certificate was sent",
        "The plain HTTP request was sent to HTTPS port"
    };

    head = page_title(&status);
    title = head;
    note = NULL;

    if (head[0] == '\0') {
        return lf_fake_arena_copy(&request->arena, body, "", 0);
    }

    if (request->refused >= LF_FAKE_TOO_LARGE
        && request->refused <= LF_FAKE_PLAIN)
    {
        title = note = notes[request->refused - LF_FAKE_TOO_LARGE];
    }

    (void) snprintf(page, sizeof(page),
                    "<html>\r\n"
                    "<head><title>%d %s</title></head>\r\n"
                    "<body>\r\n"
                    "<center><h1>%d %s</h1></center>\r\n"
                    "%s%s%s"
                    "<hr><center>" LF_FAKE_SERVER "</center>\r\n"
                    "</body>\r\n"
                    "</html>\r\n%s", status, title, status, head,
                    note != NULL ? "<center>" : "", note != NULL ? note : "",
                    note != NULL ? "</center>\r\n" : "",
                    wants_padding(request) ? padding : "");

    return lf_fake_arena_copy(&request->arena, body, page, strlen(page));
}
