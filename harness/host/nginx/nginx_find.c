/* SPDX-License-Identifier: BSD-2-Clause */
/* The paths where nginx and the module may be; see play_nginx.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/host/nginx/play_nginx.h"

#define MODULE  "ngx_http_link_func_module.so"


static int
take(char *to, size_t size, const char *path, int mode)
{
    return access(path, mode) == 0
           && snprintf(to, size, "%s", path) < (int) size;
}


static int
find_in_path(char *to, size_t size)
{
    int          n;
    char         path[4096];
    size_t       len;
    const char  *dir = getenv("PATH");

    for ( ; dir != NULL && *dir != '\0'; dir += len + (dir[len] != '\0')) {
        len = strcspn(dir, ":");
        n = snprintf(path, sizeof(path), "%.*s/nginx", (int) len, dir);
        if (len > 0 && n < (int) sizeof(path) && take(to, size, path, X_OK)) {
            return 1;
        }
    }

    return 0;
}


static int
find_program(const char *named, char *to, size_t size, char *err)
{
    const char  *from = "--nginx";

    if (named == NULL) {
        named = getenv("LINKFUNC_NGINX");
        from = "LINKFUNC_NGINX";
    }

    if (named != NULL && *named != '\0') {
        if (take(to, size, named, X_OK)) {
            return 0;
        }
        (void) snprintf(err, LF_ERR_LEN, "no program %s (%s)", named, from);
        return -1;
    }

    if (take(to, size, "/usr/sbin/nginx", X_OK) || find_in_path(to, size)) {
        return 0;
    }

    (void) snprintf(err, LF_ERR_LEN, "no nginx in /usr/sbin or $PATH; install "
                    "it (apt-get install nginx), or name it with --nginx or "
                    "LINKFUNC_NGINX");

    return -1;
}


/* In a directory beside that of this program; to has PATH_MAX bytes. */
static int
find_beside(const char *dir, char *to)
{
    char      path[4096 + 64], *slash;
    ssize_t   n = readlink("/proc/self/exe", path, 4096);

    if (n <= 0 || n >= 4096) {
        return 0;
    }

    path[n] = '\0';
    slash = strrchr(path, '/');
    if (slash == NULL) {
        return 0;
    }

    (void) snprintf(slash, 64, "/../%s/" MODULE, dir);

    return access(path, R_OK) == 0 && realpath(path, to) != NULL;
}


static int
find_module(const char *named, char *to, size_t size, char *err)
{
    size_t                    i;
    const char               *from = "--module";
    static const char *const  paths[] = {
        "/usr/lib/nginx/modules/" MODULE, "/usr/share/nginx/modules/" MODULE,
        "/usr/local/lib/nginx/modules/" MODULE,
        "/usr/lib64/nginx/modules/" MODULE
    };

    if (named == NULL) {
        named = getenv("LINKFUNC_MODULE");
        from = "LINKFUNC_MODULE";
    }

    if (named != NULL) {
        if (*named == '\0') {
            to[0] = '\0';
            return 0;
        }
        if (access(named, R_OK) == 0 && realpath(named, to) != NULL) {
            return 0;
        }
        (void) snprintf(err, LF_ERR_LEN, "no module %s (%s)", named, from);
        return -1;
    }

    /* a build tree, an installed prefix */
    if (find_beside("module", to) || find_beside("lib/nginx/modules", to)) {
        return 0;
    }

    for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        if (take(to, size, paths[i], R_OK)) {
            return 0;
        }
    }

    (void) snprintf(err, LF_ERR_LEN, "no " MODULE " in ../module or "
                    "../lib/nginx/modules of this program, or where nginx "
                    "has its modules; build it with scripts/build-module.sh "
                    "(it needs nginx-dev), or set --module or "
                    "LINKFUNC_MODULE");

    return -1;
}


int
play_nginx_find(const char *program, const char *module,
                struct play_nginx_paths *paths, char *err)
{
    return find_program(program, paths->program, sizeof(paths->program), err)
           != 0
           || find_module(module, paths->module, sizeof(paths->module), err)
              != 0 ? -1 : 0;
}
