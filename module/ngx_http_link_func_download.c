/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See the header. DEST.meta holds the validators of the file (ETag,
 * Last-Modified), its URL, and which file it was: a file that was put there by
 * other means is fetched again.
 */
#include "module/ngx_http_link_func_download.h"
#include "lib/base/url_parts.h"
#include "lib/fetch/lf_fetch.h"
#include "lib/fetch/lf_stage.h"

#define STAGE_MARK  ".linkfunc-"

_Static_assert(ERROR_LEN >= LF_ERR_LEN, "errors of core fit");

typedef struct {
    unsigned long long  key;
    long long           size, sec, nsec;
    char                etag[256];
    char                modified[64];
} ngx_http_link_func_meta_t;


char *
ngx_http_link_func_set_download(ngx_conf_t *cf, ngx_str_t *value,
    ngx_http_link_func_srv_conf_t *scf)
{
    ngx_http_link_func_download_t  *d;

    if (scf->path.data != NULL) {
        return "conflicts with \"ngx_link_func_lib\": a server has one app";
    }

    d = ngx_pcalloc(cf->pool, sizeof(*d));
    if (d == NULL) {
        return NGX_CONF_ERROR;
    }

    d->url = value[1];
    d->dest = value[cf->args->nelts - 1];
    d->pos.file = cf->conf_file->file.name;
    d->pos.line = cf->conf_file->line;

    if (cf->args->nelts == 4) {
        d->headers = value[2];
    }

    if (ngx_conf_full_name(cf->cycle, &d->dest, 0) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    scf->download = d;
    scf->path = d->dest;
    scf->pos = d->pos;

    return NGX_CONF_OK;
}


char *
ngx_http_link_func_set_ca_cert(ngx_conf_t *cf, ngx_str_t *value,
    ngx_http_link_func_srv_conf_t *scf)
{
    scf->ca_cert = value[1];

    return ngx_conf_full_name(cf->cycle, &scf->ca_cert, 1) == NGX_OK
           ? NGX_CONF_OK : NGX_CONF_ERROR;
}


char *
ngx_http_link_func_set_sha256(ngx_str_t *value,
    ngx_http_link_func_srv_conf_t *scf)
{
    scf->sha256 = value[1];

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_link_func_download_log(ngx_conf_t *cf, ngx_uint_t level,
    ngx_http_link_func_download_t *d, const char *text, const char *then)
{
    char  url[512];

    url_redact((char *) d->url.data, url, sizeof(url));
    ngx_log_error(level, cf->log, 0, "\"ngx_link_func_download_link_lib\": "
                  "%s: %s%s in %V:%ui", url, text, then, &d->pos.file,
                  d->pos.line);

    return NGX_ERROR;
}


/* FNV-1a: was a meta file written for the same request? */
static unsigned long long
ngx_http_link_func_download_key(ngx_http_link_func_download_t *d)
{
    size_t              i;
    unsigned long long  key = 14695981039346656037ULL;

    for (i = 0; i < d->url.len; i++) {
        key = (key ^ d->url.data[i]) * 1099511628211ULL;
    }

    key *= 1099511628211ULL;

    for (i = 0; i < d->headers.len; i++) {
        key = (key ^ d->headers.data[i]) * 1099511628211ULL;
    }

    return key;
}


/* Leaves the validators empty when the meta file is not about this file. */
static void
ngx_http_link_func_read_meta(ngx_http_link_func_download_t *d,
    const struct stat *old, ngx_http_link_func_meta_t *meta)
{
    int    n;
    char   path[NGX_MAX_PATH];
    FILE  *file;

    ngx_memzero(meta, sizeof(*meta));
    (void) snprintf(path, sizeof(path), "%s.meta", (char *) d->dest.data);

    file = fopen(path, "r");
    if (file == NULL) {
        return;
    }

    n = fscanf(file, "linkfunc 1 %llx %lld %lld %lld\n", &meta->key,
               &meta->size, &meta->sec, &meta->nsec);

    if (n != 4 || meta->key != ngx_http_link_func_download_key(d)
        || meta->size != (long long) old->st_size
        || meta->sec != (long long) old->st_mtim.tv_sec
        || meta->nsec != (long long) old->st_mtim.tv_nsec
        || fgets(meta->etag, sizeof(meta->etag), file) == NULL
        || fgets(meta->modified, sizeof(meta->modified), file) == NULL)
    {
        meta->etag[0] = meta->modified[0] = '\0';
    }

    meta->etag[strcspn(meta->etag, "\n")] = '\0';
    meta->modified[strcspn(meta->modified, "\n")] = '\0';
    (void) fclose(file);
}


static int
ngx_http_link_func_create_staged(ngx_conf_t *cf, ngx_str_t *name,
    ngx_http_link_func_download_t *d, const char *suffix)
{
    int   fd;
    char  path[NGX_MAX_PATH];

    if (snprintf(path, sizeof(path), "%s%s", (char *) d->dest.data, suffix)
        >= (int) sizeof(path))
    {
        errno = ENAMETOOLONG;
        return -1;
    }

    name->data = ngx_pnalloc(cf->pool, ngx_strlen(path) + sizeof(STAGE_MARK)
                                      + LF_STAGE_EXTRA);
    if (name->data == NULL) {
        return -1;
    }

    lf_stage_sweep(path, STAGE_MARK);
    fd = lf_stage_open(path, STAGE_MARK, (char *) name->data);

    if (fd >= 0) {
        name->len = ngx_strlen(name->data);
    }

    return fd;
}


static void
ngx_http_link_func_delete_staged(ngx_str_t *staged)
{
    if (staged->len != 0) {
        (void) unlink((char *) staged->data);
        staged->len = 0;
    }
}


static void
ngx_http_link_func_download_cleanup(void *data)
{
    ngx_http_link_func_download_t  *d = data;

    ngx_http_link_func_delete_staged(&d->staged);
    ngx_http_link_func_delete_staged(&d->meta);
}


/* Without it the file is fetched again next time: no reason to fail. */
static void
ngx_http_link_func_write_meta(ngx_conf_t *cf, ngx_http_link_func_download_t *d,
    const struct lf_fetch_result *result)
{
    int          fd, bad;
    FILE        *file;
    struct stat  st;

    fd = ngx_http_link_func_create_staged(cf, &d->meta, d, ".meta");
    if (fd < 0) {
        return;
    }

    file = fdopen(fd, "w");
    if (file == NULL || stat((char *) d->staged.data, &st) != 0) {
        (void) (file != NULL ? fclose(file) : close(fd));
        ngx_http_link_func_delete_staged(&d->meta);
        return;
    }

    bad = fprintf(file, "linkfunc 1 %llx %lld %lld %lld\n%s\n%s\n",
                  ngx_http_link_func_download_key(d), (long long) st.st_size,
                  (long long) st.st_mtim.tv_sec,
                  (long long) st.st_mtim.tv_nsec, result->etag,
                  result->modified) < 0;

    if (fclose(file) != 0 || bad) {
        ngx_http_link_func_delete_staged(&d->meta);
    }
}


/* The file has all that any server of this target calls? */
static int
ngx_http_link_func_check_staged(ngx_http_link_func_main_conf_t *mcf,
    ngx_http_link_func_download_t *d, char *err)
{
    const char                       *path, *name;
    ngx_uint_t                        i, k;
    ngx_http_link_func_call_t       **calls;
    ngx_http_link_func_srv_conf_t   **servers;

    path = (const char *) d->staged.data;

    if (lf_elf_check(path, NULL, 0, err) < 0) {
        return -1;
    }

    servers = mcf->servers.elts;

    for (i = 0; i < mcf->servers.nelts; i++) {
        if (servers[i]->calls == NULL
            || !ngx_http_link_func_str_eq(&servers[i]->path, &d->dest))
        {
            continue;
        }

        calls = servers[i]->calls->elts;

        for (k = 0; k < servers[i]->calls->nelts; k++) {
            name = (const char *) calls[k]->name.data;

            if (lf_elf_check(path, &name, 1, err) < 0) {
                return -1;
            }
        }
    }

    return 0;
}


static ngx_int_t
ngx_http_link_func_open_staged(ngx_conf_t *cf, ngx_http_link_func_download_t *d)
{
    int                  fd;
    char                 text[LF_ERR_LEN];
    ngx_pool_cleanup_t  *cln;

    cln = ngx_pool_cleanup_add(cf->pool, 0);
    if (cln == NULL) {
        return NGX_ERROR;
    }

    cln->handler = ngx_http_link_func_download_cleanup;
    cln->data = d;

    fd = ngx_http_link_func_create_staged(cf, &d->staged, d, "");

    /* a worker, who may be another user, opens it */
    if (fd < 0 || fchmod(fd, 0644) != 0) {
        (void) snprintf(text, sizeof(text), "no file can be made beside "
                        "\"%s\": %s", (char *) d->dest.data, strerror(errno));
        if (fd >= 0) {
            (void) close(fd);
        }

        return ngx_http_link_func_download_log(cf, NGX_LOG_EMERG, d, text, "");
    }

    (void) close(fd);

    return NGX_OK;
}


static void
ngx_http_link_func_run_fetch(ngx_http_link_func_download_t *d,
    const struct stat *old, struct lf_fetch_result *result)
{
    ngx_http_link_func_meta_t  meta;
    struct lf_fetch            fetch;

    ngx_memzero(&fetch, sizeof(fetch));
    fetch.agent = "linkfunc";
    fetch.url = (char *) d->url.data;
    fetch.headers = d->headers.len ? (char *) d->headers.data : NULL;
    fetch.ca_file = d->ca_cert.len ? (char *) d->ca_cert.data : NULL;
    fetch.sha256 = d->sha256.len ? (char *) d->sha256.data : NULL;
    fetch.path = (char *) d->staged.data;

    if (old != NULL) {
        ngx_http_link_func_read_meta(d, old, &meta);
        fetch.old = (char *) d->dest.data;
        fetch.etag = meta.etag;
        fetch.modified = meta.modified;
    }

    lf_fetch_run(&fetch, result);
}


static ngx_int_t
ngx_http_link_func_fetch_lib(ngx_conf_t *cf,
    ngx_http_link_func_main_conf_t *mcf, ngx_http_link_func_download_t *d)
{
    ngx_uint_t              has_old;
    struct stat             old;
    struct lf_fetch_result  result;

    if (url_has_scheme((char *) d->url.data, "http") && d->sha256.len == 0) {
        (void) ngx_http_link_func_download_log(cf, NGX_LOG_WARN, d,
                    "anybody between the server and here can change the app: "
                    "use https, or add \"ngx_link_func_download_sha256\"", "");
    }

    has_old = stat((char *) d->dest.data, &old) == 0;

    if (has_old && !S_ISREG(old.st_mode)) {
        return ngx_http_link_func_download_log(cf, NGX_LOG_EMERG, d,
                                        "the target is no regular file", "");
    }

    if (ngx_http_link_func_open_staged(cf, d) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_http_link_func_run_fetch(d, has_old ? &old : NULL, &result);

    if (result.outcome == LF_FETCH_NEW) {
        if (ngx_http_link_func_check_staged(mcf, d, result.err) == 0) {
            ngx_http_link_func_write_meta(cf, d, &result);
            return NGX_OK;
        }

        result.outcome = LF_FETCH_FAILED;
    }

    ngx_http_link_func_delete_staged(&d->staged);

    if (result.outcome == LF_FETCH_UNCHANGED) {
        return NGX_OK;
    }

    /* an old file that is not what the pin demands must not run */
    if (has_old && d->sha256.len == 0) {
        (void) ngx_http_link_func_download_log(cf, NGX_LOG_WARN, d, result.err,
                                      "; the file of last time stays in use");
        return NGX_OK;
    }

    return ngx_http_link_func_download_log(cf, NGX_LOG_EMERG, d, result.err,
                                           "");
}


/* NULL: d is the first of its target. */
static ngx_http_link_func_download_t *
ngx_http_link_func_first_download(ngx_http_link_func_main_conf_t *mcf,
    ngx_http_link_func_download_t *d)
{
    ngx_uint_t                       i;
    ngx_http_link_func_srv_conf_t  **servers;

    servers = mcf->servers.elts;

    for (i = 0; i < mcf->servers.nelts && servers[i]->download != d; i++) {
        if (servers[i]->download != NULL
            && ngx_http_link_func_str_eq(&servers[i]->download->dest, &d->dest))
        {
            return servers[i]->download;
        }
    }

    return NULL;
}


/* All servers that open the target are checked with what will be there. */
static void
ngx_http_link_func_set_check_path(ngx_http_link_func_main_conf_t *mcf,
    ngx_http_link_func_download_t *d)
{
    ngx_uint_t                       i;
    ngx_http_link_func_srv_conf_t  **servers;

    servers = mcf->servers.elts;

    for (i = 0; i < mcf->servers.nelts; i++) {
        if (d->staged.len != 0
            && ngx_http_link_func_str_eq(&servers[i]->path, &d->dest))
        {
            servers[i]->check_path = d->staged;
        }
    }
}


ngx_int_t
ngx_http_link_func_fetch_libs(ngx_conf_t *cf,
    ngx_http_link_func_main_conf_t *mcf)
{
    ngx_uint_t                       i;
    ngx_http_link_func_download_t   *d, *first;
    ngx_http_link_func_srv_conf_t  **servers;

    servers = mcf->servers.elts;

    for (i = 0; i < mcf->servers.nelts; i++) {
        d = servers[i]->download;
        if (d == NULL) {
            continue;
        }

        d->ca_cert = servers[i]->ca_cert;
        d->sha256 = servers[i]->sha256;
        first = ngx_http_link_func_first_download(mcf, d);

        if (first == NULL) {
            if (ngx_http_link_func_fetch_lib(cf, mcf, d) != NGX_OK) {
                return NGX_ERROR;
            }

            ngx_http_link_func_set_check_path(mcf, d);
            continue;
        }

        if (!ngx_http_link_func_str_eq(&first->url, &d->url)
            || !ngx_http_link_func_str_eq(&first->headers, &d->headers)
            || !ngx_http_link_func_str_eq(&first->ca_cert, &d->ca_cert)
            || !ngx_http_link_func_str_eq(&first->sha256, &d->sha256))
        {
            return ngx_http_link_func_download_log(cf, NGX_LOG_EMERG, d,
                            "another server downloads something else to the "
                            "same file", "");
        }
    }

    return NGX_OK;
}


static void
ngx_http_link_func_install_file(ngx_cycle_t *cycle, ngx_str_t *staged,
    ngx_http_link_func_download_t *d, const char *suffix)
{
    char  path[NGX_MAX_PATH];

    if (staged->len == 0) {
        return;
    }

    (void) snprintf(path, sizeof(path), "%s%s", (char *) d->dest.data, suffix);

    if (rename((char *) staged->data, path) != 0) {
        ngx_log_error(NGX_LOG_ALERT, cycle->log, ngx_errno, "\"%V\" cannot "
                      "be renamed to \"%s\": the old file stays in use",
                      staged, path);
        ngx_http_link_func_delete_staged(staged);
        return;
    }

    staged->len = 0;
}


void
ngx_http_link_func_install_libs(ngx_cycle_t *cycle,
    ngx_http_link_func_main_conf_t *mcf)
{
    ngx_uint_t                       i;
    ngx_http_link_func_download_t   *d;
    ngx_http_link_func_srv_conf_t  **servers;

    servers = mcf->servers.elts;

    for (i = 0; i < mcf->servers.nelts; i++) {
        d = servers[i]->download;

        if (d == NULL) {
            continue;
        }

        if (ngx_test_config) {
            ngx_http_link_func_download_cleanup(d);
            continue;
        }

        ngx_http_link_func_install_file(cycle, &d->staged, d, "");
        ngx_http_link_func_install_file(cycle, &d->meta, d, ".meta");
    }
}
