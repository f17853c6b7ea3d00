/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Headers in and out: finding them, and which ones an app may add. A header
 * that frames a message is the host's alone, or the connection breaks.
 */
#include "core/lf_abi.h"
#include "core/lf_port.h"

#define COUNT(array)  (sizeof(array) / sizeof((array)[0]))

static const lf_str_t  frames_request[] = {
    LF_STR("content-length"), LF_STR("transfer-encoding"), LF_STR("host"),
    LF_STR("connection"), LF_STR("expect")
};

static const lf_str_t  frames_response[] = {
    LF_STR("content-length"), LF_STR("transfer-encoding"),
    LF_STR("connection")
};

static const lf_str_t  singles[] = {
    LF_STR("authorization"), LF_STR("content-length"),
    LF_STR("content-range"), LF_STR("expect"), LF_STR("host"),
    LF_STR("if-match"), LF_STR("if-modified-since"), LF_STR("if-none-match"),
    LF_STR("if-range"), LF_STR("if-unmodified-since"),
    LF_STR("transfer-encoding")
};

static const lf_str_t  content_type = LF_STR("content-type");

/* A header as an app gave it, copied and checked. */
struct header {
    lf_str_t  name, lowcase, value;
};


int
lf_str_equal_nocase(const lf_str_t *a, const lf_str_t *b)
{
    size_t  i;

    if (a->len != b->len) {
        return 0;
    }

    for (i = 0; i < a->len; i++) {
        if (lf_lower(a->data[i]) != lf_lower(b->data[i])) {
            return 0;
        }
    }

    return 1;
}


static int
among(const lf_str_t *name, const lf_str_t *names, size_t count)
{
    size_t  i;

    for (i = 0; i < count; i++) {
        if (lf_str_equal_nocase(name, &names[i])) {
            return 1;
        }
    }

    return 0;
}


int
lf_header_frames_request(const lf_str_t *name)
{
    return among(name, frames_request, COUNT(frames_request));
}


int
lf_header_frames_response(const lf_str_t *name)
{
    return among(name, frames_response, COUNT(frames_response));
}


int
lf_header_is_single(const lf_str_t *name)
{
    return among(name, singles, COUNT(singles));
}


int
lf_abi_breaks_line(const char *data, size_t len)
{
    return memchr(data, '\r', len) != NULL || memchr(data, '\n', len) != NULL
           || memchr(data, '\0', len) != NULL;
}


static int
find_header_in(struct lf_request *request, const lf_str_t *wanted,
               lf_str_t *value)
{
    void      *iter;
    lf_str_t   name;

    iter = NULL;

    while (lf_port_header_in_next(request, &iter, &name, value)) {
        if (lf_str_equal_nocase(&name, wanted)) {
            return 1;
        }
    }

    return 0;
}


u_char *
(ngx_link_func_get_header)(ngx_link_func_ctx_t *ctx, const char *key,
                           size_t keylen)
{
    lf_str_t             name, value;
    struct lf_abi_call   call = LF_ABI_CALL;
    struct lf_request   *request;

    request = lf_abi_request(ctx, &call);

    if (request == NULL || keylen == 0) {
        return NULL;
    }

    if (key == NULL) {
        lf_abi_null(request, &call, "key");
        return NULL;
    }

    name.data = (u_char *) key;
    name.len = keylen;

    if (!find_header_in(request, &name, &value)) {
        return NULL;
    }

    return lf_abi_copy(request, value.data, value.len, &call);
}


/* The checks that hold in both directions: 0, or -1 and it is reported. */
static int
check_header(struct lf_request *request, const char *key, size_t keylen,
             const char *value, size_t val_len,
             const struct lf_abi_call *call)
{
    if (key == NULL || keylen == 0) {
        lf_report_request(request, LF_RULE_HEADER_NAME, call->site,
                          "%s: the name of the header is %s", call->name,
                          key == NULL ? "NULL" : "empty");
        return -1;
    }

    if (value == NULL && val_len > 0) {
        lf_report_request(request, LF_RULE_NULL_ARG, call->site,
                          "%s: the value of \"%.*s\" is NULL, its length %zu",
                          call->name, (int) (keylen < 64 ? keylen : 64), key,
                          val_len);
        return -1;
    }

    /* Before anything is read: such a length is a mistake, often -1. */
    if (val_len > SIZE_MAX / 8 || keylen > SIZE_MAX / 8) {
        lf_report_request(request, LF_RULE_NO_MEMORY, call->site,
                          "%s: a header of %zu bytes is too large",
                          call->name, keylen > val_len ? keylen : val_len);
        return -1;
    }

    if (lf_abi_breaks_line(key, keylen)) {
        lf_report_request(request, LF_RULE_HEADER_BYTES, call->site,
                          "%s: the name of the header holds CR, LF or NUL",
                          call->name);
        return -1;
    }

    if (val_len > 0 && lf_abi_breaks_line(value, val_len)) {
        lf_report_request(request, LF_RULE_HEADER_BYTES, call->site,
                          "%s: the value of \"%.*s\" holds CR, LF or NUL",
                          call->name, (int) (keylen < 64 ? keylen : 64), key);
        return -1;
    }

    return 0;
}


static int
refuse(struct lf_request *request, enum lf_rule_name rule,
       const lf_str_t *name, const char *why, const struct lf_abi_call *call)
{
    lf_report_request(request, rule, call->site, "%s: \"%.*s\" %s",
                      call->name, (int) name->len, (char *) name->data, why);
    return -1;
}


/* Name, name in lower case and value behind each other in one block. */
static int
copy_header(struct lf_request *request, struct header *header,
            const lf_str_t *name, const char *value, size_t val_len,
            const struct lf_abi_call *call)
{
    size_t   i;
    u_char  *p;

    p = lf_abi_alloc(request, 2 * (name->len + 1) + val_len + 1, call);

    if (p == NULL) {
        return -1;
    }

    header->name.data = p;
    header->lowcase.data = p + name->len + 1;
    header->value.data = header->lowcase.data + name->len + 1;
    header->name.len = header->lowcase.len = name->len;
    header->value.len = val_len;

    for (i = 0; i < name->len; i++) {
        header->name.data[i] = name->data[i];
        header->lowcase.data[i] = lf_lower(name->data[i]);
    }

    if (val_len > 0) {
        memcpy(header->value.data, value, val_len);
    }

    header->name.data[name->len] = '\0';
    header->lowcase.data[name->len] = '\0';
    header->value.data[val_len] = '\0';

    return 0;
}


int
ngx_link_func_add_header_in(ngx_link_func_ctx_t *ctx, const char *key,
                            size_t keylen, const char *value, size_t val_len)
{
    lf_str_t             name, there;
    struct header        header;
    struct lf_abi_call   call = LF_ABI_CALL;
    struct lf_request   *request;

    request = lf_abi_request(ctx, &call);

    if (request == NULL
        || check_header(request, key, keylen, value, val_len, &call) != 0)
    {
        return -1;
    }

    name.data = (u_char *) key;
    name.len = keylen;

    if (lf_header_frames_request(&name)) {
        return refuse(request, LF_RULE_HEADER_FRAME, &name,
                      "frames the request and cannot be added", &call);
    }

    if (lf_header_is_single(&name) && find_header_in(request, &name, &there)) {
        return refuse(request, LF_RULE_HEADER_ONCE, &name,
                      "is in the request already", &call);
    }

    if (copy_header(request, &header, &name, value, val_len, &call) != 0) {
        return -1;
    }

    return lf_port_header_in_add(request, &header.name, &header.lowcase,
                                 &header.value);
}


int
ngx_link_func_add_header_out(ngx_link_func_ctx_t *ctx, const char *key,
                             size_t keylen, const char *value, size_t val_len)
{
    lf_str_t             name;
    struct header        header;
    struct lf_abi_call   call = LF_ABI_CALL;
    struct lf_request   *request;

    request = lf_abi_request(ctx, &call);

    if (request == NULL
        || check_header(request, key, keylen, value, val_len, &call) != 0)
    {
        return -1;
    }

    name.data = (u_char *) key;
    name.len = keylen;

    if (lf_header_frames_response(&name)) {
        return refuse(request, LF_RULE_HEADER_FRAME, &name,
                      "frames the response and cannot be added", &call);
    }

    if (copy_header(request, &header, &name, value, val_len, &call) != 0) {
        return -1;
    }

    if (lf_str_equal_nocase(&name, &content_type)) {
        request->response.header_type = header.value;
        return 0;
    }

    return lf_port_header_out_add(request, &header.name, &header.lowcase,
                                  &header.value);
}
