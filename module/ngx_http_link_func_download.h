/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Apps that come from a URL: fetched and checked while the configuration is
 * read, installed when all of it was accepted. The running workers' file is
 * never written to: it is replaced by a rename.
 */
#ifndef NGX_HTTP_LINK_FUNC_DOWNLOAD_H
#define NGX_HTTP_LINK_FUNC_DOWNLOAD_H

#include "module/ngx_http_link_func_module.h"

#pragma GCC visibility push(hidden)

/* Of a server; a file is fetched by the first server that names it. */
struct ngx_http_link_func_download_s {
    ngx_str_t                     url;
    ngx_str_t                     headers;    /* len 0: none */
    ngx_str_t                     dest;
    ngx_str_t                     ca_cert;    /* len 0: that of the system */
    ngx_str_t                     sha256;     /* len 0: no pin */
    ngx_http_link_func_pos_t      pos;
    ngx_str_t                     staged;     /* len 0: nothing to rename */
    ngx_str_t                     meta;       /* staged DEST.meta */
};

/* The directives: value is cf->args, checked. */
char *ngx_http_link_func_set_download(ngx_conf_t *cf, ngx_str_t *value,
    ngx_http_link_func_srv_conf_t *scf);
char *ngx_http_link_func_set_ca_cert(ngx_conf_t *cf, ngx_str_t *value,
    ngx_http_link_func_srv_conf_t *scf);
char *ngx_http_link_func_set_sha256(ngx_str_t *value,
    ngx_http_link_func_srv_conf_t *scf);

/* Fetch what the servers name; NGX_ERROR: refused, and the reason is logged. */
ngx_int_t ngx_http_link_func_fetch_libs(ngx_conf_t *cf,
    ngx_http_link_func_main_conf_t *mcf);

/* The configuration is accepted: rename, or remove under -t. Cannot fail. */
void ngx_http_link_func_install_libs(ngx_cycle_t *cycle,
    ngx_http_link_func_main_conf_t *mcf);

#pragma GCC visibility pop

#endif /* NGX_HTTP_LINK_FUNC_DOWNLOAD_H */
