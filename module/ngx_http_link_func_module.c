/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The module record: which functions nginx calls when. The functions are in
 * the files named after what they do.
 */
#include "module/ngx_http_link_func_download.h"

static ngx_int_t ngx_http_link_func_postconfiguration(ngx_conf_t *cf);
static ngx_int_t ngx_http_link_func_init_module(ngx_cycle_t *cycle);
static ngx_int_t ngx_http_link_func_init_process(ngx_cycle_t *cycle);
static void ngx_http_link_func_exit_process(ngx_cycle_t *cycle);


static ngx_http_module_t  ngx_http_link_func_module_ctx = {
    NULL,                                    /* preconfiguration */
    ngx_http_link_func_postconfiguration,    /* postconfiguration */
    ngx_http_link_func_create_main_conf,     /* create main configuration */
    ngx_http_link_func_init_main_conf,       /* init main configuration */
    ngx_http_link_func_create_srv_conf,      /* create server configuration */
    ngx_http_link_func_merge_srv_conf,       /* merge server configuration */
    ngx_http_link_func_create_loc_conf,      /* create location configuration */
    ngx_http_link_func_merge_loc_conf        /* merge location configuration */
};


ngx_module_t  ngx_http_link_func_module = {
    NGX_MODULE_V1,
    &ngx_http_link_func_module_ctx,          /* module context */
    ngx_http_link_func_commands,             /* module directives */
    NGX_HTTP_MODULE,                         /* module type */
    NULL,                                    /* init master */
    ngx_http_link_func_init_module,          /* init module */
    ngx_http_link_func_init_process,         /* init process */
    NULL,                                    /* init thread */
    NULL,                                    /* exit thread */
    ngx_http_link_func_exit_process,         /* exit process */
    NULL,                                    /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_http_link_func_main_conf_t *
ngx_http_link_func_get_main_conf(ngx_cycle_t *cycle)
{
    return ngx_http_cycle_get_module_main_conf(cycle,
                                               ngx_http_link_func_module);
}


static ngx_int_t
ngx_http_link_func_add_phase(ngx_http_core_main_conf_t *cmcf,
    ngx_uint_t phase, ngx_http_handler_pt handler)
{
    ngx_http_handler_pt  *h;

    h = ngx_array_push(&cmcf->phases[phase].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = handler;

    return NGX_OK;
}


static ngx_int_t
ngx_http_link_func_postconfiguration(ngx_conf_t *cf)
{
    ngx_http_core_main_conf_t       *cmcf;
    ngx_http_link_func_main_conf_t  *mcf;

    /* now: workers have no environment to read it from */
    lf_app_log_init();

    mcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_link_func_module);
    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    if (ngx_http_link_func_add_phase(cmcf, NGX_HTTP_PREACCESS_PHASE,
                                     ngx_http_link_func_preaccess_handler)
        != NGX_OK
        || ngx_http_link_func_add_phase(cmcf, NGX_HTTP_PRECONTENT_PHASE,
                                        ngx_http_link_func_precontent_handler)
           != NGX_OK
        || ngx_http_link_func_add_phase(cmcf, NGX_HTTP_CONTENT_PHASE,
                                        ngx_http_link_func_content_handler)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_link_func_check_libs(cf, mcf);
}


/*
 * A reload with "master_process off" runs no process callbacks, since there is
 * no new process: the apps of the old configuration end here, and those of the
 * new one start.
 */
static ngx_int_t
ngx_http_link_func_init_module(ngx_cycle_t *cycle)
{
    ngx_http_link_func_main_conf_t  *mcf;

    mcf = ngx_http_link_func_get_main_conf(cycle);

    if (mcf != NULL && ngx_process != NGX_PROCESS_SIGNALLER) {
        ngx_http_link_func_install_libs(cycle, mcf);
    }

    if (ngx_process != NGX_PROCESS_SINGLE || ngx_test_config
        || cycle->old_cycle == NULL || ngx_is_init_cycle(cycle->old_cycle))
    {
        return NGX_OK;
    }

#if (NGX_THREADS)
    ngx_http_link_func_thread_disable();
#endif

    mcf = ngx_http_link_func_get_main_conf(cycle->old_cycle);

    if (mcf != NULL) {
        ngx_http_link_func_stop_apps(mcf);
    }

    mcf = ngx_http_link_func_get_main_conf(cycle);

    return mcf != NULL ? ngx_http_link_func_start_apps(cycle, mcf) : NGX_OK;
}


static ngx_int_t
ngx_http_link_func_init_process(ngx_cycle_t *cycle)
{
    ngx_http_link_func_main_conf_t  *mcf;

    /* not in the cache manager, which runs no request */
    if (ngx_process != NGX_PROCESS_WORKER
        && ngx_process != NGX_PROCESS_SINGLE)
    {
        return NGX_OK;
    }

    mcf = ngx_http_link_func_get_main_conf(cycle);

    return mcf != NULL ? ngx_http_link_func_start_apps(cycle, mcf) : NGX_OK;
}


static void
ngx_http_link_func_exit_process(ngx_cycle_t *cycle)
{
    ngx_http_link_func_main_conf_t  *mcf;

    mcf = ngx_http_link_func_get_main_conf(cycle);

    if (mcf != NULL) {
        ngx_http_link_func_stop_apps(mcf);
    }
}
