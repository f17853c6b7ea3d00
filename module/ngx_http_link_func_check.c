/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Checks the libraries of a configuration before it is accepted. This process
 * may be the master and root: it reads the files but never opens them with the
 * loader, since that runs code of the app. A child does, as the worker's user,
 * and calls no function that it finds.
 */
#include "module/ngx_http_link_func_download.h"

/* after nginx's: its headers choose what the system's declare */
#include <grp.h>
#include <pwd.h>
#include <sys/wait.h>

#include "lib/fetch/lf_child.h"

#define CHILD_LIMIT_MS  5000

/* The child and its constructors write it: see child_read_report. */
typedef enum {
    CHILD_OK = 1,
    CHILD_NO_EXIT_HOOK,
    CHILD_LIB_FAILED,
    CHILD_CALL_FAILED
} ngx_http_link_func_child_result_e;

typedef struct {
    ngx_http_link_func_child_result_e  result;
    ngx_uint_t                         server;   /* indexes, */
    ngx_uint_t                         call;     /* CHILD_CALL_FAILED */
    char                               text[LF_ERR_LEN];
    char                               clashes[LF_ERR_LEN];
} ngx_http_link_func_child_report_t;

typedef struct {
    ngx_core_conf_t                    *ccf;
    ngx_http_link_func_main_conf_t     *mcf;
    ngx_http_link_func_lib_t           *lib;
    ngx_http_link_func_child_report_t  *report;
} ngx_http_link_func_child_task_t;


/* An [emerg] line of this module that ends as those of nginx do. */
static void
ngx_http_link_func_log_conf_error(ngx_conf_t *cf,
    const ngx_http_link_func_pos_t *pos, const char *what, const char *text)
{
    ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "\"%s\": %s in %V:%ui", what,
                  text, &pos->file, pos->line);
}


static ngx_http_link_func_lib_t *
ngx_http_link_func_find_lib(ngx_http_link_func_main_conf_t *mcf,
    ngx_str_t *path)
{
    ngx_uint_t                 i;
    ngx_http_link_func_lib_t  *libs;

    libs = mcf->libs.elts;

    for (i = 0; i < mcf->libs.nelts; i++) {
        if (ngx_http_link_func_str_eq(&libs[i].path, path)) {
            return &libs[i];
        }
    }

    return NULL;
}


static ngx_int_t
ngx_http_link_func_collect_libs(ngx_conf_t *cf,
    ngx_http_link_func_main_conf_t *mcf)
{
    ngx_uint_t                      i;
    ngx_http_link_func_lib_t       *lib;
    ngx_http_link_func_srv_conf_t **servers;

    /* room for all at once: servers point at the elements */
    if (ngx_array_init(&mcf->libs, cf->pool, mcf->servers.nelts + 1,
                       sizeof(ngx_http_link_func_lib_t))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    servers = mcf->servers.elts;

    for (i = 0; i < mcf->servers.nelts; i++) {
        lib = ngx_http_link_func_find_lib(mcf, &servers[i]->path);

        if (lib == NULL) {
            lib = ngx_array_push(&mcf->libs);
            if (lib == NULL) {
                return NGX_ERROR;
            }

            ngx_memzero(lib, sizeof(*lib));
            lib->path = servers[i]->path;
            lib->scf = servers[i];
        }

        servers[i]->lib = lib;
    }

    return NGX_OK;
}


/* A downloaded file is checked before it is installed. */
static const char *
ngx_http_link_func_get_check_path(const ngx_http_link_func_srv_conf_t *scf)
{
    return (const char *) (scf->check_path.len != 0 ? scf->check_path.data
                                                    : scf->path.data);
}


/* The file alone: what it lacks is found here with the line that wants it. */
static ngx_int_t
ngx_http_link_func_check_file(ngx_conf_t *cf,
    ngx_http_link_func_srv_conf_t *scf)
{
    char                         err[LF_ERR_LEN];
    const char                  *name, *path;
    ngx_uint_t                   i;
    ngx_http_link_func_call_t  **calls;

    path = ngx_http_link_func_get_check_path(scf);

    if (ngx_strchr(path, '/') == NULL) {
        return NGX_OK;
    }

    if (lf_elf_check(path, NULL, 0, err) < 0) {
        ngx_http_link_func_log_conf_error(cf, &scf->pos, "ngx_link_func_lib",
                                          err);
        return NGX_ERROR;
    }

    if (scf->calls == NULL) {
        return NGX_OK;
    }

    calls = scf->calls->elts;

    for (i = 0; i < scf->calls->nelts; i++) {
        name = (const char *) calls[i]->name.data;

        if (lf_elf_check(path, &name, 1, err) < 0) {
            ngx_http_link_func_log_conf_error(cf, &calls[i]->pos,
                                              "ngx_link_func_call", err);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* As a worker does. -1 with a text in err. */
static int
ngx_http_link_func_set_worker_user(ngx_core_conf_t *ccf, char *err)
{
    uid_t           uid;
    gid_t           gid;
    const char     *name;
    struct group   *grp;
    struct passwd  *pwd;

    if (geteuid() != 0) {
        return 0;
    }

    name = ccf->username;
    uid = ccf->user;
    gid = ccf->group;

    /* "user" is absent, or comes later in the file */
    if (uid == (uid_t) NGX_CONF_UNSET_UINT) {
        name = NGX_USER;
        pwd = getpwnam(NGX_USER);
        grp = getgrnam(NGX_GROUP);

        if (pwd == NULL || grp == NULL) {
            return 0;
        }

        uid = pwd->pw_uid;
        gid = grp->gr_gid;
    }

    if (setgid(gid) != 0 || initgroups(name, gid) != 0 || setuid(uid) != 0) {
        (void) snprintf(err, LF_ERR_LEN, "cannot become user \"%s\" to check "
                        "the library: %s", name, strerror(errno));
        return -1;
    }

    return 0;
}


/* NGX_ERROR: the report says which call. */
static ngx_int_t
ngx_http_link_func_check_calls(struct lf_app *app, ngx_array_t *list,
    ngx_http_link_func_child_report_t *report)
{
    ngx_uint_t                   i;
    ngx_http_link_func_call_t  **calls;

    calls = list != NULL ? list->elts : NULL;

    for (i = 0; calls != NULL && i < list->nelts; i++) {
        if (lf_app_handler(app, (const char *) calls[i]->name.data,
                           report->text)
            == NULL)
        {
            report->result = CHILD_CALL_FAILED;
            report->call = i;
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* As many as there is room for. */
static void
ngx_http_link_func_add_clash(void *data, const char *name, const char *library)
{
    size_t                              len;
    ngx_http_link_func_child_report_t  *report = data;

    len = ngx_strlen(report->clashes);
    (void) snprintf(report->clashes + len, sizeof(report->clashes) - len,
                    "%s\"%s\" (%s)", len != 0 ? ", " : "", name, library);
}


/* The library for all servers that name it. */
static void
ngx_http_link_func_child_check(ngx_core_conf_t *ccf,
    ngx_http_link_func_main_conf_t *mcf, ngx_http_link_func_lib_t *lib,
    ngx_http_link_func_child_report_t *report)
{
    const char                      *path;
    ngx_uint_t                       i;
    struct lf_app                    app;
    ngx_http_link_func_srv_conf_t  **servers;

    servers = mcf->servers.elts;
    path = ngx_http_link_func_get_check_path(lib->scf);
    report->result = CHILD_LIB_FAILED;

    if (ngx_http_link_func_set_worker_user(ccf, report->text) != 0
        || lf_app_open(&app, path, report->text) != 0)
    {
        return;
    }

    (void) lf_app_clashes(&app, path, ngx_http_link_func_add_clash, report);

    for (i = 0; i < mcf->servers.nelts; i++) {
        report->server = i;

        if (servers[i]->lib == lib
            && ngx_http_link_func_check_calls(&app, servers[i]->calls, report)
               != NGX_OK)
        {
            return;
        }
    }

    report->result = app.exit != NULL ? CHILD_OK : CHILD_NO_EXIT_HOOK;
}


static void
ngx_http_link_func_child_handler(void *data, struct strbuf *fields)
{
    ngx_http_link_func_child_task_t    *task = data;
    ngx_http_link_func_child_report_t  *report = task->report;

    ngx_http_link_func_child_check(task->ccf, task->mcf, task->lib, report);
    wire_put_number(fields, report->result);
    wire_put_number(fields, report->server);
    wire_put_number(fields, report->call);
    wire_put_string(fields, report->text);
    wire_put_string(fields, report->clashes);
}


/* A constructor can write this, too: the indexes must be of what there is. */
static int
ngx_http_link_func_child_read_report(void *data, struct wire_frame *fields)
{
    ngx_http_link_func_child_task_t    *task = data;
    ngx_array_t                        *servers = &task->mcf->servers;
    ngx_http_link_func_child_report_t  *report = task->report;
    ngx_http_link_func_srv_conf_t      *scf;

    report->result = wire_get_range(fields, CHILD_OK, CHILD_CALL_FAILED);
    report->server = wire_get_range(fields, 0, servers->nelts - 1);
    report->call = wire_get_number(fields);
    wire_copy_string(fields, report->text, sizeof(report->text));
    wire_copy_string(fields, report->clashes, sizeof(report->clashes));

    if (wire_finish(fields) != 0) {
        return -1;
    }

    scf = ((ngx_http_link_func_srv_conf_t **) servers->elts)[report->server];

    return report->result != CHILD_CALL_FAILED
           || (scf->lib == task->lib && scf->calls != NULL
               && report->call < scf->calls->nelts)
           ? 0 : -1;
}


static void
ngx_http_link_func_child_error(enum lf_child_end end, int status, char *text)
{
    if (end == LF_CHILD_SLOW) {
        (void) snprintf(text, LF_ERR_LEN, "the library was not open after %d "
                        "seconds: its constructors hang",
                        CHILD_LIMIT_MS / 1000);

    } else if (end == LF_CHILD_BAD_REPORT) {
        (void) snprintf(text, LF_ERR_LEN, "opening the library breaks the "
                        "report of its check: its constructors write to "
                        "descriptors that they did not open");

    } else if (WIFSIGNALED(status)) {
        (void) snprintf(text, LF_ERR_LEN, "opening the library ends with "
                        "signal %d (%s): its constructors crash",
                        WTERMSIG(status), strsignal(WTERMSIG(status)));

    } else {
        (void) snprintf(text, LF_ERR_LEN, "opening the library ends the "
                        "process: its constructors call exit");
    }
}


static ngx_int_t
ngx_http_link_func_run_child(ngx_conf_t *cf,
    ngx_http_link_func_main_conf_t *mcf, ngx_http_link_func_lib_t *lib,
    ngx_http_link_func_child_report_t *report)
{
    int                              status;
    ngx_http_link_func_child_task_t  data;
    enum lf_child_end                end;
    struct lf_child_task             task = {
        ngx_http_link_func_child_handler, ngx_http_link_func_child_read_report,
        &data, 2 * sizeof(*report), CHILD_LIMIT_MS
    };

    data.ccf = (ngx_core_conf_t *) ngx_get_conf(cf->cycle->conf_ctx,
                                                ngx_core_module);
    data.mcf = mcf;
    data.lib = lib;
    data.report = report;
    ngx_memzero(report, sizeof(*report));

    end = lf_child_run(&task, &status);

    if (end == LF_CHILD_NONE) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, ngx_errno, "no process to check "
                      "\"%V\" in: fork() failed", &lib->path);
        return NGX_ERROR;
    }

    if (end != LF_CHILD_REPORTED) {
        ngx_memzero(report, sizeof(*report));
        report->result = CHILD_LIB_FAILED;
        ngx_http_link_func_child_error(end, status, report->text);
    }

    return NGX_OK;
}


static void
ngx_http_link_func_log_clashes(ngx_conf_t *cf,
    ngx_http_link_func_srv_conf_t *scf,
    const ngx_http_link_func_child_report_t *report)
{
    if (report->clashes[0] == '\0') {
        return;
    }

    ngx_log_error(lf_rules[LF_RULE_CLASH].level, cf->log, 0, "symbols of "
                  "\"%V\" are taken from other libraries: %s; link it with "
                  "-Wl,-Bsymbolic (%s) in %V:%ui", &scf->path,
                  report->clashes, lf_rules[LF_RULE_CLASH].id,
                  &scf->pos.file, scf->pos.line);
}


static ngx_int_t
ngx_http_link_func_check_lib(ngx_conf_t *cf,
    ngx_http_link_func_main_conf_t *mcf, ngx_http_link_func_lib_t *lib)
{
    ngx_http_link_func_child_report_t  report;
    ngx_http_link_func_call_t        **calls;
    ngx_http_link_func_srv_conf_t     *scf, **servers;

    if (ngx_http_link_func_run_child(cf, mcf, lib, &report) != NGX_OK) {
        return NGX_ERROR;
    }

    servers = mcf->servers.elts;
    scf = lib->scf;
    ngx_http_link_func_log_clashes(cf, scf, &report);

    switch (report.result) {

    case CHILD_OK:
        return NGX_OK;

    case CHILD_NO_EXIT_HOOK:
        ngx_log_error(NGX_LOG_WARN, cf->log, 0, "\"%V\" has no function "
                      "\"ngx_link_func_exit_cycle\": nothing of it runs when "
                      "a worker ends (%s) in %V:%ui", &scf->path,
                      lf_rules[LF_RULE_NO_EXIT].id, &scf->pos.file,
                      scf->pos.line);
        return NGX_OK;

    case CHILD_CALL_FAILED:
        calls = servers[report.server]->calls->elts;
        ngx_http_link_func_log_conf_error(cf, &calls[report.call]->pos,
                                          "ngx_link_func_call", report.text);
        return NGX_ERROR;

    default:
        ngx_http_link_func_log_conf_error(cf, &scf->pos, "ngx_link_func_lib",
                                          report.text);
        return NGX_ERROR;
    }
}


ngx_int_t
ngx_http_link_func_check_libs(ngx_conf_t *cf,
    ngx_http_link_func_main_conf_t *mcf)
{
    ngx_uint_t                       i;
    ngx_http_link_func_lib_t        *libs;
    ngx_http_link_func_srv_conf_t  **servers;

    if (ngx_http_link_func_collect_libs(cf, mcf) != NGX_OK) {
        return NGX_ERROR;
    }

    /* "nginx -s" reads the configuration only to find the master */
    if (ngx_process == NGX_PROCESS_SIGNALLER) {
        return NGX_OK;
    }

    if (ngx_http_link_func_fetch_libs(cf, mcf) != NGX_OK) {
        return NGX_ERROR;
    }

    servers = mcf->servers.elts;

    for (i = 0; i < mcf->servers.nelts; i++) {
        if (ngx_http_link_func_check_file(cf, servers[i]) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    libs = mcf->libs.elts;

    for (i = 0; i < mcf->libs.nelts; i++) {
        if (ngx_http_link_func_check_lib(cf, mcf, &libs[i]) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}
