/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life of the apps in a worker: all libraries are opened, then the init
 * hook runs once for each server, in the order of the configuration; at the
 * end the exit hooks in the same order. It is the only file of the module that
 * opens an app in a process that goes on: never in the master.
 */
#include "module/ngx_http_link_func_module.h"


static void
ngx_http_link_func_log_unresolved(void *data, const char *name)
{
    ngx_http_link_func_lib_t  *lib = data;

    ngx_log_error(lf_rules[LF_RULE_UNRESOLVED].level, ngx_cycle->log, 0,
                  "\"%V\": undefined symbol \"%s\": the worker ends when "
                  "the app calls it (%s)", &lib->path, name,
                  lf_rules[LF_RULE_UNRESOLVED].id);
}


static ngx_int_t
ngx_http_link_func_open_lib(ngx_http_link_func_srv_conf_t *scf)
{
    char                       err[LF_ERR_LEN];
    ngx_http_link_func_lib_t  *lib;

    lib = scf->lib;

    if (!lib->open) {
        if (lf_app_open(&lib->app, (const char *) lib->path.data, err) != 0) {
            ngx_log_error(NGX_LOG_EMERG, ngx_cycle->log, 0,
                          "\"ngx_link_func_lib\": %s in %V:%ui", err,
                          &scf->pos.file, scf->pos.line);
            return NGX_ERROR;
        }

        lib->open = 1;

        /* all workers would report the same */
        if (ngx_worker == 0) {
            (void) lf_app_unresolved(&lib->app, (const char *) lib->path.data,
                                     ngx_http_link_func_log_unresolved, lib);
        }
    }

    lib->servers++;

    return NGX_OK;
}


static ngx_int_t
ngx_http_link_func_find_handlers(ngx_http_link_func_srv_conf_t *scf)
{
    char                         err[LF_ERR_LEN];
    ngx_uint_t                   i;
    ngx_http_link_func_call_t  **calls;

    if (scf->calls == NULL) {
        return NGX_OK;
    }

    calls = scf->calls->elts;

    for (i = 0; i < scf->calls->nelts; i++) {
        calls[i]->handler = lf_app_handler(&scf->lib->app,
                                           (const char *) calls[i]->name.data,
                                           err);
        if (calls[i]->handler == NULL) {
            ngx_log_error(NGX_LOG_EMERG, ngx_cycle->log, 0,
                          "\"ngx_link_func_call\": %s in %V:%ui", err,
                          &calls[i]->pos.file, calls[i]->pos.line);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_link_func_run_init(ngx_cycle_t *cycle,
    ngx_http_link_func_srv_conf_t *scf)
{
    scf->cycle.props = &scf->props;
    scf->cycle.zone = scf->zone;
    scf->cycle.cycle.__cycle__ = cycle;
    scf->cycle.cycle.__srv_cf__ = scf;
    scf->cycle.cycle.__pl__ = cycle->pool;
    scf->cycle.cycle.__log__ = cycle->log;

    if (lf_call_init(&scf->cycle, &scf->lib->app) != 0) {
        ngx_log_error(NGX_LOG_EMERG, cycle->log, 0, "\"%V\" refuses to start: "
                      "its init hook set has_error, for the server with "
                      "\"ngx_link_func_lib\" in %V:%ui", &scf->path,
                      &scf->pos.file, scf->pos.line);
        return NGX_ERROR;
    }

    scf->init_done = 1;

    return NGX_OK;
}


ngx_int_t
ngx_http_link_func_start_apps(ngx_cycle_t *cycle,
    ngx_http_link_func_main_conf_t *mcf)
{
    ngx_uint_t                       i;
    ngx_http_link_func_srv_conf_t  **servers;

    lf_process_start();
    servers = mcf->servers.elts;

    for (i = 0; i < mcf->servers.nelts; i++) {
        if (ngx_http_link_func_open_lib(servers[i]) != NGX_OK
            || ngx_http_link_func_find_handlers(servers[i]) != NGX_OK)
        {
            goto failed;
        }
    }

    for (i = 0; i < mcf->servers.nelts; i++) {
        if (ngx_http_link_func_run_init(cycle, servers[i]) != NGX_OK) {
            goto failed;
        }
    }

    return NGX_OK;

failed:

    ngx_http_link_func_stop_apps(mcf);

    return NGX_ERROR;
}


void
ngx_http_link_func_stop_apps(ngx_http_link_func_main_conf_t *mcf)
{
    ngx_uint_t                       i;
    ngx_http_link_func_lib_t        *lib;
    ngx_http_link_func_srv_conf_t  **servers;

    servers = mcf->servers.elts;

#if (NGX_THREADS)
    ngx_http_link_func_thread_wait();
#endif

    for (i = 0; i < mcf->servers.nelts; i++) {
        lib = servers[i]->lib;

        if (servers[i]->init_done) {
            servers[i]->init_done = 0;
            (void) lf_call_exit(&servers[i]->cycle, &lib->app);
        }

        if (lib != NULL && lib->servers > 0 && --lib->servers == 0) {
            lib->open = 0;
            lf_app_close(&lib->app);
        }
    }
}
