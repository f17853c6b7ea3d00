/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The eight log calls of an app, and their copy for test drivers: written
 * before any level filter, so that both hosts can be compared.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/uio.h>

#include "core/lf_abi.h"
#include "core/lf_port.h"

#define APP_LOG_ENV  "LINKFUNC_APP_LOG"

static _Atomic int      app_log_fd = -1;
static pthread_mutex_t  app_log_lock = PTHREAD_MUTEX_INITIALIZER;


const char *
lf_level_name(enum lf_level level)
{
    static const char *const  names[] = {
        "", "emerg", "alert", "crit", "error", "warn", "notice", "info",
        "debug"
    };

    if (level < LF_EMERG || level > LF_DEBUG) {
        return "";
    }

    return names[level];
}


void
lf_app_log_to(int fd)
{
    atomic_store(&app_log_fd, fd);
}


void
lf_app_log_init(void)
{
    char        *end;
    long         fd;
    const char  *text;

    text = getenv(APP_LOG_ENV);

    if (text == NULL || *text < '0' || *text > '9') {
        return;
    }

    errno = 0;
    fd = strtol(text, &end, 10);

    if (*end == '\0' && errno == 0 && fd <= INT32_MAX
        && fcntl((int) fd, F_GETFL) != -1)
    {
        lf_app_log_to((int) fd);
    }
}


/* Writes all; an error gives up: a log must not stop an app. */
static void
write_all(int fd, struct iovec *parts, int count)
{
    ssize_t  n;

    while (count > 0) {
        n = writev(fd, parts, count);

        if (n < 0) {
            if (errno == EINTR) {
                continue;
            }

            return;
        }

        while (count > 0 && (size_t) n >= parts->iov_len) {
            n -= (ssize_t) parts->iov_len;
            parts++;
            count--;
        }

        if (count > 0) {
            parts->iov_base = (char *) parts->iov_base + n;
            parts->iov_len -= (size_t) n;
        }
    }
}


static void
copy_to_driver(int fd, unsigned long number, enum lf_level level,
               const char *msg, size_t len)
{
    int           n, saved;
    char          head[64];
    struct iovec  parts[3];

    saved = errno;
    n = snprintf(head, sizeof(head), "%lu %s %zu\n", number,
                 lf_level_name(level), len);

    parts[0].iov_base = head;
    parts[0].iov_len = (size_t) n;
    parts[1].iov_base = (void *) msg;
    parts[1].iov_len = len;
    parts[2].iov_base = (void *) "\n";
    parts[2].iov_len = 1;

    (void) pthread_mutex_lock(&app_log_lock);
    write_all(fd, parts, 3);
    (void) pthread_mutex_unlock(&app_log_lock);

    errno = saved;
}


static void
app_log(struct lf_request *request, enum lf_level level, const char *msg,
        const struct lf_abi_call *call)
{
    int     fd;
    size_t  len;

    if (msg == NULL) {
        lf_abi_null(request, call, "msg");
        return;
    }

    len = strlen(msg);
    fd = atomic_load_explicit(&app_log_fd, memory_order_relaxed);

    if (fd >= 0) {
        copy_to_driver(fd, request != NULL ? request->number : 0, level, msg,
                       len);
    }

    lf_port_log(request, level, msg, len);
}


static void
ctx_log(ngx_link_func_ctx_t *ctx, enum lf_level level, const char *msg,
        const struct lf_abi_call *call)
{
    struct lf_request  *request;

    request = lf_abi_request(ctx, call);

    if (request != NULL) {
        app_log(request, level, msg, call);
    }
}


static void
cyc_log(ngx_link_func_cycle_t *cyc, enum lf_level level, const char *msg,
        const struct lf_abi_call *call)
{
    if (lf_abi_cycle(cyc, call) != NULL) {
        app_log(NULL, level, msg, call);
    }
}


#define LOG_CALL(function, handle_t, log, level)                             \
    void                                                                     \
    function(handle_t *handle, const char *msg)                              \
    {                                                                        \
        struct lf_abi_call  call = LF_ABI_CALL;                              \
                                                                             \
        log(handle, level, msg, &call);                                      \
    }

LOG_CALL(ngx_link_func_log_debug, ngx_link_func_ctx_t, ctx_log, LF_DEBUG)
LOG_CALL(ngx_link_func_log_info, ngx_link_func_ctx_t, ctx_log, LF_INFO)
LOG_CALL(ngx_link_func_log_warn, ngx_link_func_ctx_t, ctx_log, LF_WARN)
LOG_CALL(ngx_link_func_log_err, ngx_link_func_ctx_t, ctx_log, LF_ERROR)

LOG_CALL(ngx_link_func_cyc_log_debug, ngx_link_func_cycle_t, cyc_log, LF_DEBUG)
LOG_CALL(ngx_link_func_cyc_log_info, ngx_link_func_cycle_t, cyc_log, LF_INFO)
LOG_CALL(ngx_link_func_cyc_log_warn, ngx_link_func_cycle_t, cyc_log, LF_WARN)
LOG_CALL(ngx_link_func_cyc_log_err, ngx_link_func_cycle_t, cyc_log, LF_ERROR)
