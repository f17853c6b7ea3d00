/* SPDX-License-Identifier: BSD-2-Clause */
/* The configuration of a driven nginx, next to the one it was made from. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "lib/base/arena.h"
#include "harness/conf/conf_parse.h"
#include "harness/host/nginx/nginx_conf.h"

struct made {
    struct arena       *arena;
    struct conf        *conf;
    struct nginx_conf   written;
    struct conf_error   error;
    int                 rc;
};


static void
make(struct made *m, const char *text, const struct nginx_conf_options *more)
{
    struct conf_node           *root;
    struct nginx_conf_options   options = { .folder = "/f" };

    memset(m, 0, sizeof(*m));
    m->arena = arena_new();
    if (more != NULL) {
        options = *more;
    }

    if (conf_parse(m->arena, "a.conf", text, strlen(text), &root, &m->error)
        != 0
        || (m->conf = conf_build(m->arena, root, NULL, &m->error)) == NULL)
    {
        fail_msg("%s: %s", text, m->error.text);
    }

    options.conf = m->conf;
    m->rc = nginx_conf_write(root, &options, &m->written, &m->error);
}


static void
drop(struct made *m)
{
    nginx_conf_free(&m->written);
    arena_free(&m->arena);
}


static void
expect(const struct made *m, const char *text, int there)
{
    if (m->rc != 0 || (strstr(m->written.text.data, text) != NULL) != there) {
        fail_msg("\"%s\" is %sin: %s", text, there ? "not " : "",
                 m->written.text.data);
    }
}


static void
each_level_becomes_a_whole_file(void **state)
{
    size_t       i;
    struct made  m;
    static const struct { const char *text, *written; } rows[] = {
        { "location / { return 200; }",
          "server {\nlocation \"/\" {\nreturn \"200\";\n}\n"
          "listen \"unix:/f/0.sock\";\n}\n}\n" },
        { "server { location / { } }",
          "server {\nlocation \"/\" {\n}\nlisten \"unix:/f/0.sock\";\n}\n}\n" },
        { "http { server { listen 81; } }",
          "/temp\";\nserver {\nlisten \"unix:/f/0.sock\";\n}\n}\n" },
        { "events { worker_connections 5; } http { server { } }",
          "events {\nworker_connections \"5\";\n}\nhttp {\naccess_log off;" },
    };

    (void) state;

    for (i = 0; i < COUNT(rows); i++) {
        make(&m, rows[i].text, NULL);

        expect(&m, rows[i].written, 1);
        expect(&m, "daemon off;\nworker_processes 1;\npid \"/f/nginx.pid\";\n",
               1);
        expect(&m, "error_log \"/f/error.log\" notice;\n", 1);
        drop(&m);
    }
}


static void
what_belongs_to_the_deployed_nginx_is_left_out(void **state)
{
    size_t       i;
    char         text[256];
    struct made  m;
    static const char  *const http[] = {
        "access_log /var/log/a combined", "ssl_certificate /no/cert",
        "error_log /var/log/e debug", "proxy_temp_path /var/p",
        "client_body_temp_path /var/c 1 2",
    };
    static const char  *const top[] = {
        "user www", "pid /run/a", "daemon on", "master_process off",
        "worker_processes auto", "worker_cpu_affinity auto",
        "lock_file /run/l", "error_log /var/log/e",
        "load_module modules/ngx_http_link_func_module.so",
        "stream { server { listen 1; } }", "mail { }"
    };

    (void) state;

    for (i = 0; i < COUNT(http) + COUNT(top); i++) {
        (void) snprintf(text, sizeof(text), i < COUNT(http)
                        ? "http { %s; server { } }"
                        : "%s%s http { server { } }",
                        i < COUNT(http) ? http[i] : top[i - COUNT(http)],
                        i < COUNT(http)
                        || strchr(top[i - COUNT(http)], '}') ? "" : ";");
        make(&m, text, NULL);

        assert_int_equal(m.rc, 0);
        expect(&m, "/var", 0);
        expect(&m, "/run", 0);
        expect(&m, "/no/cert", 0);
        expect(&m, "www", 0);
        expect(&m, "auto", 0);
        expect(&m, "stream", 0);
        expect(&m, "mail", 0);
        expect(&m, "link_func_module", 0);
        drop(&m);
    }
}


static void
arguments_stay_what_they_are(void **state)
{
    size_t       i;
    struct made  m;
    static const struct { const char *text, *written; } rows[] = {
        { "return 200 \"a\\\"b\";", "return \"200\" \"a\\\"b\";\n" },
        { "set $a \"x\\ty\";", "set \"$a\" \"x\ty\";\n" },
        { "rewrite ^/(\\d+)$ /$1;", "rewrite \"^/(\\\\d+)$\" \"/$1\";\n" },
        { "if ($a = \"b c\") { return 200; }",
          "if \"($a\" \"=\" \"b c\" \")\" {\n" },
        { "return 200 \"\";", "return \"200\" \"\";\n" },
        { "return 200 \"{;}#\";", "return \"200\" \"{;}#\";\n" },
        { "return 200 ${host}x;", "return \"200\" \"${host}x\";\n" },
        { "ngx_link_func_add_req_header X '$http_remote_addr \"';",
          "ngx_link_func_add_req_header \"X\" \"$http_remote_addr \\\"\";" },
    };

    (void) state;

    for (i = 0; i < COUNT(rows); i++) {
        make(&m, rows[i].text, NULL);

        expect(&m, rows[i].written, 1);
        drop(&m);
    }
}


static void
addresses_that_unix_sockets_lack_are_filled_in(void **state)
{
    struct made  m;

    (void) state;
    make(&m, "server { ngx_link_func_add_req_header X-Real-IP $remote_addr;"
             "ngx_link_func_add_req_header Y"
             " 'a${server_addr}b$remote_addr.$remote_addr_x'; }",
         NULL);

    expect(&m, "ngx_link_func_add_req_header \"X-Real-IP\" \"127.0.0.1\";\n"
               "ngx_link_func_add_req_header \"Y\" "
               "\"a127.0.0.1b127.0.0.1.$remote_addr_x\";\n", 1);
    drop(&m);
}


static void
keys_of_tables_are_no_directives(void **state)
{
    struct made  m;

    (void) state;
    make(&m, "map $host $x { user 1; \"a b\" 2; \"\" 3; default 4; }"
             "server { }", NULL);

    expect(&m, "map \"$host\" \"$x\" {\nuser \"1\";\n\"a b\" \"2\";\n"
               "\"\" \"3\";\ndefault \"4\";\n}\n", 1);
    drop(&m);
}


static void
one_address_is_one_socket(void **state)
{
    struct made  m;

    (void) state;
    make(&m, "server { listen 80; listen 127.0.0.1:81 ssl http2; }"
             "server { listen *:80 default_server; server_name b; }"
             "server { server_name c; }", NULL);

    expect(&m, "server {\nlisten \"unix:/f/0.sock\";\n"
               "listen \"unix:/f/1.sock\";\n}\n"
               "server {\nlisten \"unix:/f/0.sock\" default_server;\n"
               "server_name \"b\";\n}\n"
               "server {\nserver_name \"c\";\nlisten \"unix:/f/0.sock\";\n}\n",
           1);
    assert_int_equal(nginx_conf_socket(&m.written, m.conf, 80), 0);
    assert_int_equal(nginx_conf_socket(&m.written, m.conf, 81), 1);
    assert_int_equal(nginx_conf_socket(&m.written, m.conf, 99), 0);
    drop(&m);
}


static void
libraries_and_modules_are_found_where_they_are(void **state)
{
    struct made                m;
    struct nginx_conf_options  options = {
        .folder = "/f\"g", .module = "/m/x.so", .lib_dir = "/l i",
        .prefix = "/nonexistent"
    };

    (void) state;
    make(&m, "load_module mine.so; http { server { "
             "ngx_link_func_lib ../build/liba.so; } }", &options);

    expect(&m, "load_module \"/m/x.so\";\n", 1);
    expect(&m, "load_module \"mine.so\";\n", 1);
    expect(&m, "ngx_link_func_lib \"/l i/liba.so\";\n", 1);
    expect(&m, "pid \"/f\\\"g/nginx.pid\";\n", 1);
    drop(&m);
}


static void
too_many_addresses_are_refused_with_a_place(void **state)
{
    int          i;
    char         text[4096];
    size_t       len = 0;
    struct made  m;

    (void) state;
    for (i = 0; i <= NGINX_CONF_SOCKETS_MAX; i++) {
        len += (size_t) snprintf(text + len, sizeof(text) - len,
                                 "server { listen %d; }\n", 8000 + i);
    }
    make(&m, text, NULL);

    assert_int_equal(m.rc, -1);
    assert_int_equal(m.error.line, NGINX_CONF_SOCKETS_MAX + 1);
    assert_non_null(strstr(m.error.text, "too many"));
    drop(&m);
}


static void
what_nginx_says_is_told_about_the_users_file(void **state)
{
    char           said[128];
    size_t         line = 1;
    const char    *c;
    struct made    m;
    struct strbuf  text = { 0 };

    (void) state;
    make(&m, "server {\n  listen 81;\n\n  location / {\n    a \"b\nc\" d;\n"
             "    wrong x;\n  }\n}\n", NULL);
    for (c = m.written.text.data; strncmp(c, "wrong", 5) != 0; c++) {
        line += *c == '\n';
    }

    (void) snprintf(said, sizeof(said), "unknown in /f/nginx.conf:%zu\n"
                    "unix:/f/0.sock in /f/nginx.conf:1 /f/nginx.conf", line);
    nginx_conf_map(&m.written, "/f", said, &text);

    assert_string_equal(text.data, "unknown in a.conf:7\n*:81 /f/nginx.conf");
    strbuf_free(&text);
    drop(&m);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(each_level_becomes_a_whole_file),
        cmocka_unit_test(what_belongs_to_the_deployed_nginx_is_left_out),
        cmocka_unit_test(arguments_stay_what_they_are),
        cmocka_unit_test(addresses_that_unix_sockets_lack_are_filled_in),
        cmocka_unit_test(keys_of_tables_are_no_directives),
        cmocka_unit_test(one_address_is_one_socket),
        cmocka_unit_test(libraries_and_modules_are_found_where_they_are),
        cmocka_unit_test(too_many_addresses_are_refused_with_a_place),
        cmocka_unit_test(what_nginx_says_is_told_about_the_users_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
