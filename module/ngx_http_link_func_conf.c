/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The directives: reading, merging, and what must be right of them all once
 * the configuration is read. Their table and the checks of arguments are
 * core's; libraries are checked in ngx_http_link_func_check.c.
 */
#include "module/ngx_http_link_func_download.h"

#define ZONE_NAME     "ngx_link_func_shm"
#define ZONE_DEFAULT  (1024 * 1024)

static char *ngx_http_link_func_set(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


/* In nginx a bit stands for each number of arguments, in their order. */
#define COUNTS(least, most)                                                   \
    ((NGX_CONF_NOARGS << ((most) + 1)) - (NGX_CONF_NOARGS << (least)))

_Static_assert(NGX_CONF_TAKE7 == NGX_CONF_NOARGS << LF_DIRECTIVE_ARGS
               && NGX_CONF_MAX_ARGS > LF_DIRECTIVE_ARGS,
               "nginx counts the arguments of directives otherwise");

#define BLOCKS(blocks)                                                        \
    (((blocks) & LF_IN_HTTP ? NGX_HTTP_MAIN_CONF : 0)                         \
     | ((blocks) & LF_IN_SERVER ? NGX_HTTP_SRV_CONF : 0)                      \
     | ((blocks) & LF_IN_LOCATION ? NGX_HTTP_LOC_CONF : 0)                    \
     | ((blocks) & LF_IN_IF ? NGX_HTTP_LIF_CONF : 0))

/* A directive sets the configuration of the innermost block that it allows. */
#define CONF_OF(blocks)                                                       \
    ((blocks) & (LF_IN_LOCATION|LF_IN_IF) ? NGX_HTTP_LOC_CONF_OFFSET          \
     : (blocks) & LF_IN_SERVER ? NGX_HTTP_SRV_CONF_OFFSET                     \
                               : NGX_HTTP_MAIN_CONF_OFFSET)

#define COMMAND(name, text, blocks, least, most, once)                        \
    { ngx_string(text), BLOCKS(blocks)|COUNTS(least, most),                   \
      ngx_http_link_func_set, CONF_OF(blocks), 0, NULL },

/* By enum lf_directive_name. */
ngx_command_t  ngx_http_link_func_commands[] = {
    LF_DIRECTIVES(COMMAND)
    ngx_null_command
};


static void
ngx_http_link_func_set_pos(ngx_conf_t *cf, ngx_http_link_func_pos_t *pos)
{
    pos->file = cf->conf_file->file.name;
    pos->line = cf->conf_file->line;
}


static char *
ngx_http_link_func_set_shm_size(ngx_str_t *value,
    ngx_http_link_func_main_conf_t *mcf)
{
    lf_str_t  size;

    size = ngx_http_link_func_lf(&value[1]);

    return lf_conf_size(&size, &mcf->shm_size) == 0 ? NGX_CONF_OK
                                                    : NGX_CONF_ERROR;
}


static char *
ngx_http_link_func_set_lib(ngx_conf_t *cf, ngx_str_t *value,
    ngx_http_link_func_srv_conf_t *scf)
{
    if (scf->download != NULL) {
        return "conflicts with \"ngx_link_func_download_link_lib\": a server "
               "has one app";
    }

    scf->path = value[1];
    ngx_http_link_func_set_pos(cf, &scf->pos);

    /* a name alone is looked for in the path of the loader */
    if (ngx_strlchr(value[1].data, value[1].data + value[1].len, '/') != NULL
        && ngx_conf_full_name(cf->cycle, &scf->path, 0) != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static ngx_http_link_func_call_t *
ngx_http_link_func_add_call(ngx_conf_t *cf, ngx_http_link_func_srv_conf_t *scf,
    ngx_str_t *name)
{
    ngx_uint_t                   i;
    ngx_http_link_func_call_t   *call, **calls;

    if (scf->calls == NULL) {
        scf->calls = ngx_array_create(cf->pool, 4, sizeof(call));
        if (scf->calls == NULL) {
            return NULL;
        }
    }

    calls = scf->calls->elts;

    for (i = 0; i < scf->calls->nelts; i++) {
        if (ngx_http_link_func_str_eq(&calls[i]->name, name)) {
            return calls[i];
        }
    }

    call = ngx_pcalloc(cf->pool, sizeof(*call));
    calls = ngx_array_push(scf->calls);

    if (call == NULL || calls == NULL) {
        return NULL;
    }

    call->name = *name;
    ngx_http_link_func_set_pos(cf, &call->pos);
    *calls = call;

    return call;
}


static char *
ngx_http_link_func_set_call(ngx_conf_t *cf, ngx_str_t *value,
    ngx_http_link_func_loc_conf_t *lcf)
{
    ngx_http_link_func_srv_conf_t  *scf;

    /* whether the server has an app is known when it is read wholly */
    scf = ngx_http_conf_get_module_srv_conf(cf, ngx_http_link_func_module);
    lcf->call = ngx_http_link_func_add_call(cf, scf, &value[1]);

    return lcf->call != NULL ? NGX_CONF_OK : NGX_CONF_ERROR;
}


static char *
ngx_http_link_func_add_prop(ngx_conf_t *cf, ngx_str_t *value,
    ngx_http_link_func_srv_conf_t *scf)
{
    struct lf_prop  *prop;

    if (scf->prop_list == NULL) {
        scf->prop_list = ngx_array_create(cf->pool, 4, sizeof(*prop));
        if (scf->prop_list == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    prop = ngx_array_push(scf->prop_list);
    if (prop == NULL) {
        return NGX_CONF_ERROR;
    }

    /* nginx ends its tokens with a NUL */
    prop->key = ngx_http_link_func_lf(&value[1]);
    prop->value = ngx_http_link_func_lf(&value[2]);

    return NGX_CONF_OK;
}


static char *
ngx_http_link_func_add_req_header(ngx_conf_t *cf, ngx_str_t *value,
    ngx_http_link_func_loc_conf_t *lcf)
{
    ngx_http_compile_complex_value_t   ccv;
    ngx_http_link_func_req_header_t   *header;

    if (lcf->headers == NULL) {
        lcf->headers = ngx_array_create(cf->pool, 4, sizeof(*header));
        if (lcf->headers == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    header = ngx_array_push(lcf->headers);
    if (header == NULL) {
        return NGX_CONF_ERROR;
    }

    header->name = value[1];
    header->lowcase.len = value[1].len;
    header->lowcase.data = ngx_pnalloc(cf->pool, value[1].len + 1);
    if (header->lowcase.data == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_strlow(header->lowcase.data, value[1].data, value[1].len);
    header->lowcase.data[value[1].len] = '\0';

    ngx_memzero(&ccv, sizeof(ccv));
    ngx_memzero(&header->value, sizeof(header->value));
    ccv.cf = cf;
    ccv.value = &value[2];
    ccv.complex_value = &header->value;

    return ngx_http_compile_complex_value(&ccv) == NGX_OK ? NGX_CONF_OK
                                                          : NGX_CONF_ERROR;
}


static char *
ngx_http_link_func_add_subrequest(ngx_conf_t *cf, ngx_str_t *value,
    ngx_http_link_func_loc_conf_t *lcf)
{
    lf_str_t                   flag;
    ngx_uint_t                 i;
    ngx_http_link_func_sub_t  *sub;

    if (lcf->subs == NULL) {
        lcf->subs = ngx_array_create(cf->pool, 2, sizeof(*sub));
        if (lcf->subs == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    sub = ngx_array_push(lcf->subs);
    if (sub == NULL) {
        return NGX_CONF_ERROR;
    }

    sub->uri = value[1];
    sub->flags = 0;

    for (i = 2; i < cf->args->nelts; i++) {
        flag = ngx_http_link_func_lf(&value[i]);
        sub->flags |= lf_conf_subrequest_flag(&flag);
    }

    return NGX_CONF_OK;
}


/* Core checks the arguments; nginx has checked their number. */
static ngx_int_t
ngx_http_link_func_check_args(ngx_conf_t *cf, ngx_str_t *value,
    enum lf_directive_name directive)
{
    char        err[LF_ERR_LEN];
    lf_str_t    args[LF_DIRECTIVE_ARGS];
    ngx_uint_t  i;

    for (i = 1; i < cf->args->nelts; i++) {
        args[i - 1] = ngx_http_link_func_lf(&value[i]);
    }

    if (lf_directive_check(directive, args, cf->args->nelts - 1, err) != 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%V\": %s", &value[0], err);
        return NGX_ERROR;
    }

    return NGX_OK;
}


static char *
ngx_http_link_func_set(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_str_t                  *value;
    enum lf_directive_name      directive;
    ngx_http_link_func_seen_t  *seen = conf;

    value = cf->args->elts;
    directive = cmd - ngx_http_link_func_commands;

    if (lf_directives[directive].once && (*seen & (1u << directive))) {
        return "is duplicate";
    }

    *seen |= 1u << directive;

    if (ngx_http_link_func_check_args(cf, value, directive) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    switch (directive) {
    case LF_DIRECTIVE_SHM_SIZE:
        return ngx_http_link_func_set_shm_size(value, conf);
    case LF_DIRECTIVE_LIB:
        return ngx_http_link_func_set_lib(cf, value, conf);
    case LF_DIRECTIVE_CALL:
        return ngx_http_link_func_set_call(cf, value, conf);
    case LF_DIRECTIVE_ADD_PROP:
        return ngx_http_link_func_add_prop(cf, value, conf);
    case LF_DIRECTIVE_ADD_REQ_HEADER:
        return ngx_http_link_func_add_req_header(cf, value, conf);
    case LF_DIRECTIVE_SUBREQUEST:
        return ngx_http_link_func_add_subrequest(cf, value, conf);
    case LF_DIRECTIVE_DOWNLOAD:
        return ngx_http_link_func_set_download(cf, value, conf);
    case LF_DIRECTIVE_CA_CERT:
        return ngx_http_link_func_set_ca_cert(cf, value, conf);
    case LF_DIRECTIVE_SHA256:
        return ngx_http_link_func_set_sha256(value, conf);
    case LF_DIRECTIVE_COUNT:
        break;
    }

    return NGX_CONF_ERROR;
}


void *
ngx_http_link_func_create_main_conf(ngx_conf_t *cf)
{
    ngx_http_link_func_main_conf_t  *mcf;

    mcf = ngx_pcalloc(cf->pool, sizeof(*mcf));

    if (mcf == NULL
        || ngx_array_init(&mcf->libs, cf->pool, 4,
                          sizeof(ngx_http_link_func_lib_t))
           != NGX_OK
        || ngx_array_init(&mcf->servers, cf->pool, 4,
                          sizeof(ngx_http_link_func_srv_conf_t *))
           != NGX_OK)
    {
        return NULL;
    }

    return mcf;
}


char *
ngx_http_link_func_init_main_conf(ngx_conf_t *cf, void *conf)
{
    ngx_str_t                        name = ngx_string(ZONE_NAME);
    ngx_uint_t                       i, used;
    ngx_http_core_srv_conf_t       **servers;
    ngx_http_core_main_conf_t       *cmcf;
    ngx_http_link_func_srv_conf_t   *scf;
    ngx_http_link_func_main_conf_t  *mcf = conf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);
    servers = cmcf->servers.elts;
    used = mcf->shm_size != 0;

    for (i = 0; i < cmcf->servers.nelts; i++) {
        scf = servers[i]->ctx->srv_conf[ngx_http_link_func_module.ctx_index];
        used |= scf->path.data != NULL;
    }

    /* an nginx that has the module but no app pays for no zone */
    if (!used) {
        return NGX_CONF_OK;
    }

    mcf->shm_zone = ngx_shared_memory_add(cf, &name,
                                          mcf->shm_size ? mcf->shm_size
                                                        : ZONE_DEFAULT,
                                          &ngx_http_link_func_module);
    if (mcf->shm_zone == NULL) {
        return NGX_CONF_ERROR;
    }

    mcf->shm_zone->init = ngx_http_link_func_zone_init;
    mcf->shm_zone->data = mcf;

    return NGX_CONF_OK;
}


void *
ngx_http_link_func_create_srv_conf(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool, sizeof(ngx_http_link_func_srv_conf_t));
}


char *
ngx_http_link_func_merge_srv_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_http_link_func_call_t      **calls;
    ngx_http_link_func_srv_conf_t   *prev = parent;
    ngx_http_link_func_srv_conf_t   *conf = child;
    ngx_http_link_func_srv_conf_t  **server;
    ngx_http_link_func_main_conf_t  *mcf;

    mcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_link_func_module);

    /* one property in the server hides all of http */
    if (conf->prop_list == NULL) {
        conf->prop_list = prev->prop_list;
    }

    if (conf->prop_list != NULL) {
        /* of http also for each server, which finds it sorted already */
        conf->prop_list->nelts = lf_props_sort(conf->prop_list->elts,
                                               conf->prop_list->nelts);
        conf->props.items = conf->prop_list->elts;
        conf->props.count = conf->prop_list->nelts;
        conf->props.sorted = 1;
    }

    if (conf->sha256.data != NULL && conf->download == NULL) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "\"ngx_link_func_download_"
                      "sha256\" %V has no effect: the server has no "
                      "\"ngx_link_func_download_link_lib\"", &conf->sha256);
        return NGX_CONF_ERROR;
    }

    conf->zone = mcf->shm_zone != NULL ? &mcf->zone : NULL;

    if (conf->path.data != NULL) {
        server = ngx_array_push(&mcf->servers);
        if (server == NULL) {
            return NGX_CONF_ERROR;
        }

        *server = conf;

    } else if (conf->calls != NULL) {
        calls = conf->calls->elts;
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "\"ngx_link_func_call\": the "
                      "server has no app: add \"ngx_link_func_lib\" to it in "
                      "%V:%ui", &calls[0]->pos.file, calls[0]->pos.line);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


void *
ngx_http_link_func_create_loc_conf(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool, sizeof(ngx_http_link_func_loc_conf_t));
}


char *
ngx_http_link_func_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_http_link_func_loc_conf_t  *prev = parent;
    ngx_http_link_func_loc_conf_t  *conf = child;

    (void) cf;

    if (conf->call == NULL) {
        conf->call = prev->call;
    }

    /* as with add_header: one at this level hides all of the level above */
    if (conf->headers == NULL) {
        conf->headers = prev->headers;
    }

    if (conf->subs == NULL) {
        conf->subs = prev->subs;
        conf->subs_inherited = 1;
    }

    return NGX_CONF_OK;
}
