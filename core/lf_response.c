/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The response of an app: copied at once, replaced wholly by the next call,
 * sent by the host when the handler has returned.
 */
#include "core/lf_abi.h"
#include "core/lf_port.h"

#define DEFAULT_TYPE  "text/plain"

/* What one call gave, before it is copied. */
struct answer {
    const char  *line, *type, *body;
    size_t       line_len, type_len, body_len;
};


/* A string that breaks a line, or is NULL with a length, becomes none. */
static void
check_text(struct lf_request *request, const char **text, size_t *len,
           enum lf_rule_name rule, const char *what,
           const struct lf_abi_call *call)
{
    if (*text == NULL) {
        if (*len > 0) {
            lf_report_request(request, LF_RULE_NULL_ARG, call->site,
                              "%s: %s is NULL, its length %zu; the default "
                              "is sent", call->name, what, *len);
        }

        *len = 0;
        return;
    }

    if (*len > 0 && lf_abi_breaks_line(*text, *len)) {
        lf_report_request(request, rule, call->site,
                          "%s: %s holds CR, LF or NUL; the default is sent",
                          call->name, what);
        *len = 0;
    }
}


static void
check_status(struct lf_request *request, uintptr_t status,
             const struct answer *answer, const struct lf_abi_call *call)
{
    char  number[4];

    if (status < 200 || status > 999) {
        request->response.failed = 1;
        lf_report_request(request, LF_RULE_RESP_STATUS, call->site,
                          "%s: status %zu is not within 200..999; 500 is sent",
                          call->name, (size_t) status);
        return;
    }

    if (answer->line_len == 0) {
        return;
    }

    (void) snprintf(number, sizeof(number), "%u", (unsigned) status % 1000);

    if (answer->line_len < 3 || memcmp(answer->line, number, 3) != 0
        || (answer->line_len > 3 && answer->line[3] != ' '))
    {
        lf_report_request(request, LF_RULE_RESP_AGREE, call->site,
                          "%s: the status line \"%.*s\" does not begin with "
                          "the status %s", call->name,
                          (int) (answer->line_len < 64 ? answer->line_len
                                                       : 64),
                          answer->line, number);
    }
}


/* "text/html" of "text/html; charset=utf-8". */
static size_t
media_type_len(const lf_str_t *type)
{
    size_t         len;
    const u_char  *end;

    end = memchr(type->data, ';', type->len);
    len = end != NULL ? (size_t) (end - type->data) : type->len;

    while (len > 0 && type->data[len - 1] == ' ') {
        len--;
    }

    return len;
}


static void
set_type(struct lf_response *response, const lf_str_t *type)
{
    response->content_type = *type;
    response->media_type_len = media_type_len(type);
}


static u_char *
copy_text(lf_str_t *to, u_char *at, const char *from, size_t len)
{
    to->data = at;
    to->len = len;

    if (len > 0) {
        memcpy(at, from, len);
    }

    at[len] = '\0';

    return at + len + 1;
}


/* Line, type and body go into one block: the app never sees it. */
static void
store_response(struct lf_request *request, const struct answer *answer,
     const struct lf_abi_call *call)
{
    u_char              *p;
    lf_str_t             type;
    struct lf_response  *response;

    response = &request->response;

    if (answer->body_len > SIZE_MAX - answer->line_len - answer->type_len - 3) {
        lf_report_request(request, LF_RULE_NO_MEMORY, call->site,
                          "%s: a body of %zu bytes is too large",
                          call->name, answer->body_len);
        response->failed = 1;
        return;
    }

    p = lf_abi_alloc(request, answer->line_len + answer->type_len
                              + answer->body_len + 3, call);

    if (p == NULL) {
        response->failed = 1;
        return;
    }

    p = copy_text(&response->status_line, p, answer->line, answer->line_len);
    p = copy_text(&type, p, answer->type, answer->type_len);
    (void) copy_text(&response->body, p, answer->body, answer->body_len);

    if (type.len == 0) {
        type = (lf_str_t) LF_STR(DEFAULT_TYPE);
    }

    set_type(response, &type);
}


static void
write_response(struct lf_request *request, uintptr_t status,
               struct answer *answer, const struct lf_abi_call *call)
{
    unsigned             written;
    lf_str_t             header_type;
    struct lf_response  *response;

    response = &request->response;

    if (response->written > 0) {
        lf_report_request(request, LF_RULE_RESP_TWICE, call->site,
                          "%s: a response of status %zu was written before "
                          "and is dropped", call->name,
                          (size_t) response->status);
    }

    written = response->written;
    header_type = response->header_type;
    memset(response, 0, sizeof(*response));
    response->written = written + 1;
    response->header_type = header_type;
    response->status = status;

    check_text(request, &answer->line, &answer->line_len, LF_RULE_RESP_LINE,
               "the status line", call);
    check_text(request, &answer->type, &answer->type_len, LF_RULE_RESP_TYPE,
               "the content type", call);

    if (answer->body == NULL && answer->body_len > 0) {
        lf_report_request(request, LF_RULE_RESP_BODY, call->site,
                          "%s: the body is NULL, its length %zu; none is sent",
                          call->name, answer->body_len);
        answer->body_len = 0;
    }

    check_status(request, status, answer, call);

    if (!response->failed) {
        store_response(request, answer, call);
    }
}


void
lf_response_finish(struct lf_response *response)
{
    if (response->written == 0 || response->failed) {
        return;
    }

    if (response->status == 204 || response->status == 304) {
        response->bodyless = 1;
        response->content_type.len = 0;
        response->media_type_len = 0;
        response->body.len = 0;
        return;
    }

    if (response->header_type.len > 0) {
        set_type(response, &response->header_type);
    }
}


void
ngx_link_func_write_resp(ngx_link_func_ctx_t *ctx, uintptr_t status_code,
                         const char *status_line, const char *content_type,
                         const char *resp_content, size_t resp_len)
{
    struct answer        answer;
    struct lf_abi_call   call = LF_ABI_CALL;
    struct lf_request   *request;

    request = lf_abi_request(ctx, &call);

    if (request == NULL) {
        return;
    }

    answer.line = status_line;
    answer.line_len = status_line != NULL ? strlen(status_line) : 0;
    answer.type = content_type;
    answer.type_len = content_type != NULL ? strlen(content_type) : 0;
    answer.body = resp_content;
    answer.body_len = resp_len;

    write_response(request, status_code, &answer, &call);
}


void
ngx_link_func_write_resp_l(ngx_link_func_ctx_t *ctx, uintptr_t status_code,
                           const char *status_line, size_t status_line_len,
                           const char *content_type, size_t content_type_len,
                           const char *resp_content, size_t resp_content_len)
{
    struct answer        answer;
    struct lf_abi_call   call = LF_ABI_CALL;
    struct lf_request   *request;

    request = lf_abi_request(ctx, &call);

    if (request == NULL) {
        return;
    }

    answer.line = status_line;
    answer.line_len = status_line_len;
    answer.type = content_type;
    answer.type_len = content_type_len;
    answer.body = resp_content;
    answer.body_len = resp_content_len;

    write_response(request, status_code, &answer, &call);
}
