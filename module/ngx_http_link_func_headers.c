/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Adding headers to a request. The handlers of nginx's own header table are
 * not called: for a second header of a kind that is allowed once they
 * finalize the request while the caller still uses it. The fields are set here.
 */
#include "module/ngx_http_link_func_module.h"

/* A header that the configuration added, and in which pass. */
typedef struct {
    ngx_table_elt_t  *header;
    ngx_uint_t        pass;
} ngx_http_link_func_applied_header_t;

/* Outlives the context of the module, which internal redirects clear. */
typedef struct {
    ngx_array_t       headers;                /* ..._applied_header_t */
    ngx_uint_t        pass;
} ngx_http_link_func_applied_t;


/*
 * A subrequest has a copy of the list of its parent that shares the elements:
 * what is pushed to the copy would be seen in the parent alone. So all push to
 * the list of the main request, and the copies follow it.
 */
static ngx_table_elt_t *
ngx_http_link_func_push_header_in(ngx_http_request_t *r)
{
    ngx_list_t          *list;
    ngx_table_elt_t     *h;
    ngx_http_request_t  *q;

    list = &r->main->headers_in.headers;

    /* a request of HTTP/0.9 has no headers, and not even a list of none */
    if (list->last == NULL
        && ngx_list_init(list, r->main->pool, 4, sizeof(ngx_table_elt_t))
           != NGX_OK)
    {
        return NULL;
    }

    for (q = r; q != r->main; q = q->parent) {
        if (q->headers_in.headers.last == NULL) {
            q->headers_in.headers = *list;
        }
    }

    if (r->headers_in.headers.part.elts != list->part.elts) {
        return ngx_list_push(&r->headers_in.headers);
    }

    h = ngx_list_push(list);

    for (q = r; q != r->main; q = q->parent) {
        if (q->headers_in.headers.part.elts == list->part.elts) {
            q->headers_in.headers = *list;
        }
    }

    return h;
}


#if (nginx_version < 1023000)

static ngx_uint_t
ngx_http_link_func_is_array_header(ngx_http_header_t *hh)
{
#if (NGX_HTTP_X_FORWARDED_FOR)
    if (hh->offset == offsetof(ngx_http_headers_in_t, x_forwarded_for)) {
        return 1;
    }
#endif

    return hh->offset == offsetof(ngx_http_headers_in_t, cookies);
}


static ngx_int_t
ngx_http_link_func_set_array_header(ngx_http_request_t *r,
    ngx_http_header_t *hh, ngx_table_elt_t *h)
{
    ngx_array_t          *array;
    ngx_table_elt_t     **ph;
    ngx_http_request_t   *q;

    array = (ngx_array_t *) ((char *) &r->headers_in + hh->offset);

    if (array->elts == NULL
        && ngx_array_init(array, r->pool, 1, sizeof(ngx_table_elt_t *))
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    ph = ngx_array_push(array);
    if (ph == NULL) {
        return NGX_ERROR;
    }

    *ph = h;

    for (q = r; q != r->main; q = q->parent) {
        *(ngx_array_t *) ((char *) &q->parent->headers_in + hh->offset)
            = *array;
    }

    return NGX_OK;
}

#endif


static void
ngx_http_link_func_set_header_field(ngx_table_elt_t **ph, ngx_table_elt_t *h)
{
#if (nginx_version >= 1023000)

    while (*ph != NULL) {
        if (*ph == h) {
            return;
        }

        ph = &(*ph)->next;
    }

    *ph = h;

#else

    if (*ph == NULL) {
        *ph = h;
    }

#endif
}


/* Set the field of headers_in that nginx itself reads. */
static ngx_int_t
ngx_http_link_func_set_known_header(ngx_http_request_t *r, ngx_table_elt_t *h)
{
    ngx_table_elt_t           **ph;
    ngx_http_header_t          *hh;
    ngx_http_request_t         *q;
    ngx_http_core_main_conf_t  *cmcf;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_core_module);
    hh = ngx_hash_find(&cmcf->headers_in_hash, h->hash, h->lowcase_key,
                       h->key.len);

    if (hh == NULL || hh->offset == 0) {
        return NGX_OK;
    }

#if (nginx_version < 1023000)
    if (ngx_http_link_func_is_array_header(hh)) {
        return ngx_http_link_func_set_array_header(r, hh, h);
    }
#endif

    for (q = r; ; q = q->parent) {
        ph = (ngx_table_elt_t **) ((char *) &q->headers_in + hh->offset);
        ngx_http_link_func_set_header_field(ph, h);

        if (q == r->main) {
            return NGX_OK;
        }
    }
}


static ngx_table_elt_t *
ngx_http_link_func_add_header(ngx_http_request_t *r, ngx_str_t *name,
    ngx_str_t *lowcase, ngx_str_t *value)
{
    ngx_table_elt_t  *h;

    h = ngx_http_link_func_push_header_in(r);
    if (h == NULL) {
        return NULL;
    }

    ngx_memzero(h, sizeof(*h));
    h->hash = ngx_hash_key(lowcase->data, lowcase->len);
    h->key = *name;
    h->lowcase_key = lowcase->data;
    h->value = *value;

    return ngx_http_link_func_set_known_header(r, h) == NGX_OK ? h : NULL;
}


ngx_int_t
ngx_http_link_func_add_header_in(ngx_http_request_t *r, ngx_str_t *name,
    ngx_str_t *lowcase, ngx_str_t *value)
{
    return ngx_http_link_func_add_header(r, name, lowcase, value) != NULL
           ? NGX_OK : NGX_ERROR;
}


/* Marks what it finds in the pool of a request. */
static void
ngx_http_link_func_applied_cleanup(void *data)
{
    (void) data;
}


static ngx_http_link_func_applied_t *
ngx_http_link_func_get_applied(ngx_http_request_t *r)
{
    ngx_http_link_func_applied_t  *applied;
    ngx_pool_cleanup_t            *cln;

    for (cln = r->pool->cleanup; cln != NULL; cln = cln->next) {
        if (cln->handler == ngx_http_link_func_applied_cleanup) {
            return cln->data;
        }
    }

    cln = ngx_pool_cleanup_add(r->pool, sizeof(*applied));
    if (cln == NULL) {
        return NULL;
    }

    applied = cln->data;
    applied->pass = 0;

    if (ngx_array_init(&applied->headers, r->pool, 4,
                       sizeof(ngx_http_link_func_applied_header_t))
        != NGX_OK)
    {
        return NULL;
    }

    cln->handler = ngx_http_link_func_applied_cleanup;

    return applied;
}


static ngx_uint_t
ngx_http_link_func_same_name(ngx_str_t *a, ngx_str_t *b)
{
    return a->len == b->len && ngx_strncasecmp(a->data, b->data, a->len) == 0;
}


/* What an earlier location of this request added under that name. */
static ngx_table_elt_t *
ngx_http_link_func_find_applied(ngx_http_link_func_applied_t *applied,
    ngx_str_t *name)
{
    ngx_uint_t                            i;
    ngx_http_link_func_applied_header_t  *a;

    a = applied->headers.elts;

    for (i = 0; i < applied->headers.nelts; i++) {
        if (a[i].pass < applied->pass
            && ngx_http_link_func_same_name(&a[i].header->key, name))
        {
            a[i].pass = applied->pass;
            return a[i].header;
        }
    }

    return NULL;
}


static ngx_table_elt_t *
ngx_http_link_func_find_single_header(ngx_http_request_t *r, ngx_str_t *name)
{
    lf_str_t          wanted;
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    wanted = ngx_http_link_func_lf(name);

    if (!lf_header_is_single(&wanted)) {
        return NULL;
    }

    for (part = &r->headers_in.headers.part; part; part = part->next) {
        h = part->elts;

        for (i = 0; i < part->nelts; i++) {
            if (ngx_http_link_func_same_name(&h[i].key, name)) {
                return &h[i];
            }
        }
    }

    return NULL;
}


/* The value, with a NUL behind it as nginx has it. */
static ngx_int_t
ngx_http_link_func_get_header_value(ngx_http_request_t *r,
    ngx_http_link_func_req_header_t *header, ngx_str_t *value)
{
    u_char      *p;
    ngx_uint_t   i;

    if (ngx_http_complex_value(r, &header->value, value) != NGX_OK) {
        return NGX_ERROR;
    }

    for (i = 0; i < value->len; i++) {
        if (value->data[i] == '\r' || value->data[i] == '\n'
            || value->data[i] == '\0')
        {
            ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                          "\"ngx_link_func_add_req_header\": the value of "
                          "\"%V\" holds CR, LF or NUL; the header is not "
                          "added", &header->name);
            return NGX_DECLINED;
        }
    }

    p = ngx_pnalloc(r->pool, value->len + 1);
    if (p == NULL) {
        return NGX_ERROR;
    }

    *ngx_cpymem(p, value->data, value->len) = '\0';
    value->data = p;

    return NGX_OK;
}


static ngx_int_t
ngx_http_link_func_apply_header(ngx_http_request_t *r,
    ngx_http_link_func_applied_t *applied,
    ngx_http_link_func_req_header_t *header)
{
    ngx_int_t                             rc;
    ngx_str_t                             value;
    ngx_table_elt_t                      *h;
    ngx_http_link_func_applied_header_t  *a;

    rc = ngx_http_link_func_get_header_value(r, header, &value);

    if (rc != NGX_OK) {
        return rc == NGX_DECLINED ? NGX_OK : rc;
    }

    h = ngx_http_link_func_find_applied(applied, &header->name);

    if (h == NULL) {
        h = ngx_http_link_func_find_single_header(r, &header->name);
    }

    if (h != NULL) {
        h->value = value;
        return NGX_OK;
    }

    h = ngx_http_link_func_add_header(r, &header->name, &header->lowcase,
                                      &value);
    a = ngx_array_push(&applied->headers);

    if (h == NULL || a == NULL) {
        return NGX_ERROR;
    }

    a->header = h;
    a->pass = applied->pass;

    return NGX_OK;
}


ngx_int_t
ngx_http_link_func_apply_headers(ngx_http_request_t *r, ngx_array_t *headers)
{
    ngx_http_link_func_applied_t     *applied;
    ngx_uint_t                        i;
    ngx_http_link_func_req_header_t  *header;

    applied = ngx_http_link_func_get_applied(r);
    if (applied == NULL) {
        return NGX_ERROR;
    }

    applied->pass++;
    header = headers->elts;

    for (i = 0; i < headers->nelts; i++) {
        if (ngx_http_link_func_apply_header(r, applied, &header[i]) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}
