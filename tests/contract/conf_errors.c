/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is wrong with a configuration: the mock says it in nginx's words, with
 * nginx's file and line. Every row is given to both.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/base/arena.h"
#include "harness/conf/conf.h"
#include "harness/conf/conf_load.h"
#include "harness/host/mock/mock_vars.h"

#define COUNT(array)  (sizeof(array) / sizeof((array)[0]))

/* The inside of http. */
static const char *const  rows[] = {
    "server { listen 80; }",
    "server { merge_slashes maybe; }",
    "server { merge_slashes on on; }",
    "server { merge_slashes on; merge_slashes on; }",
    "server { underscores_in_headers 1; }",
    "server { ignore_invalid_headers; }",
    "location / { }",
    "server { server { } }",
    "server { client_max_body_size x; }",
    "server { client_max_body_size 1g; client_max_body_size 1g; }",
    "server { client_body_buffer_size \"\"; }",
    "server { large_client_header_buffers 0 8k; }",
    "server { large_client_header_buffers 4; }",
    "server { listen 0; }",
    "server { listen 70000; }",
    "server { listen :80; }",
    "server { listen a:b; }",
    "server { listen 127.0.0.1:80:80; }",
    "server { listen [::1; }",
    "server { listen [::1]:x; }",
    "server { listen unix:; }",
    "server { listen; }",
    "server { listen 80 wrong; }",
    "server { listen 80 backlog=5; }",
    "server { listen 80; listen 80; }",
    "server { listen 80;\n listen *:80; }",
    "server { listen 80; listen 0.0.0.0:80; }",
    "server { listen 80 default_server; }\n"
    "server { listen 80 default_server; }",
    "server { location / { } location / { } }",
    "server { location = / { }\n location = / { } }",
    "server { location /a { } location ^~ /a { } }",
    "server { location ~ ( { } }",
    "server { location ~* a[ { } }",
    "server { location /a { location /b { } } }",
    "server { location = /a { location /a/b { } } }",
    "server { location / { location @x { } } }",
    "server { location @x { location / { } } }",
    "server { location ! /a { } }",
    "server { location { } }",
    "server { location a b c { } }",
    "server { location /; }",
    "server { listen 80 { } }",
    "server { server_name ~(; }",
    "server { server_name \"~\"; }",
    "server { server_name *x; }",
    "server { server_name; }",
    "server { internal; }",
    "server { location / { internal on; } }",
    "server { error_log /dev/null wrong; }",
    "server { location / { ngx_link_func_add_req_header X \"$\"; } }",
    "server { location / { ngx_link_func_add_req_header X \"${a\"; } }",
    "server { location / { ngx_link_func_add_req_header X; } }",
    "server { location / { ngx_link_func_call; } }",
    "server { ngx_link_func_call x; }",
    "server { ngx_link_func_add_prop a; }",
    "server { ngx_link_func_shm_size 1m; }",
    "ngx_link_func_shm_size abc;",
    "server { underscores_in_headers on",
    "server { listen 80",
    "server { listen 80;",
    "server {\n listen \"80; }\n",
    "server { listen '80; }",
    "server { listen \"80\"x; }",
    "server { include %s/none.conf; }",
    "server { include %s/none*.conf; }",
    "server {\r\n listen 0;\r\n}",
    ";",
    "{ }",
    "server { location ~ a( { } }",
    "server { location ~* \"a)b\" { } }",
    "server { location ~ ^/[z-a]x { } }",
    "server { server_name ~(a; }",
    "server { server_name ~a)b; }",
    "server { ; }",
    "server { listen 0; # a comment\n}"
};

static char         folder[] = "/tmp/lf-conf-XXXXXX";
static char         path[64];
static const char  *nginx, *module;


static void
write_conf(const char *inside)
{
    FILE  *file = fopen(path, "we");

    assert_non_null(file);
    (void) fprintf(file, "load_module %s;\npid %s/pid;\nevents { }\nhttp {\n",
                   module, folder);

    for ( ; *inside != '\0'; inside++) {
        if (strncmp(inside, "%s", 2) == 0) {
            (void) fputs(folder, file);
            inside++;
        } else {
            (void) fputc(*inside, file);
        }
    }

    (void) fprintf(file, "\n}\n");
    assert_int_equal(fclose(file), 0);
}


/* "WHAT in FILE:LINE", or nothing: it is accepted. Yours. */
static char *
ask_nginx(void)
{
    int      status;
    char    *command, *said, *at, line[4096];
    FILE    *out;
    size_t   len;

    assert_true(asprintf(&command, "'%s' -t -p %s -c %s -e stderr 2>&1", nginx,
                         folder, path) > 0);
    out = popen(command, "re");
    assert_non_null(out);
    free(command);
    said = strdup("");

    while (fgets(line, sizeof(line), out) != NULL) {
        at = strstr(line, "[emerg] ");
        if (at != NULL && *said == '\0') {
            at += 8;
            len = strspn(at, "0123456789#");
            at += strncmp(at + len, ": ", 2) == 0 ? len + 2 : 0;
            len = strcspn(at, "\n");
            free(said);
            said = strndup(at, len);
            assert_non_null(said);
        }
    }

    status = pclose(out);

    if ((WEXITSTATUS(status) != 0) != (*said != '\0')) {
        fail_msg("nginx ended with %d: %s", WEXITSTATUS(status), line);
    }

    return said;
}


static char *
ask_mock(void)
{
    char              *said;
    struct arena      *arena = arena_new();
    struct conf_node  *root;
    struct conf_error  error;

    assert_non_null(arena);

    if (conf_load(arena, path, &root, &error) == 0
        && conf_build(arena, root, mock_is_variable, &error) != NULL)
    {
        said = strdup("");
    } else {
        assert_true(asprintf(&said, "%s in %s:%u", error.text, error.file,
                             error.line) > 0);
    }

    arena_free(&arena);
    assert_non_null(said);

    return said;
}


static void
both_say_the_same(void **state)
{
    int     bad = 0;
    char   *theirs, *ours;
    size_t  i;

    (void) state;

    for (i = 0; i < COUNT(rows); i++) {
        write_conf(rows[i]);
        theirs = ask_nginx();
        ours = ask_mock();

        if (strcmp(theirs, ours) != 0) {
            print_error("%s\nnginx: %s\nmock:  %s\n", rows[i], theirs, ours);
            bad++;
        }

        free(theirs);
        free(ours);
    }

    print_message("%zu configurations\n", COUNT(rows));
    assert_int_equal(bad, 0);
}


static int
set_up(void **state)
{
    (void) state;

    if (mkdtemp(folder) == NULL) {
        return -1;
    }

    (void) snprintf(path, sizeof(path), "%s/nginx.conf", folder);

    return 0;
}


static int
tear_down(void **state)
{
    char  pid[64];

    (void) state;
    (void) unlink(path);
    (void) snprintf(pid, sizeof(pid), "%s/pid", folder);
    (void) unlink(pid);

    return rmdir(folder);
}


int
main(int argc, char **argv)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(both_say_the_same)
    };

    if (argc != 3) {
        (void) fprintf(stderr, "usage: contract_conf_errors NGINX MODULE\n");
        return 2;
    }

    nginx = argv[1];
    module = argv[2];

    if (access(nginx, X_OK) != 0 || access(module, R_OK) != 0) {
        (void) fprintf(stderr, "SKIPPED: no nginx with the module here\n");
        return 77;
    }

    return cmocka_run_group_tests_name("conf_errors", tests, set_up,
                                       tear_down);
}
