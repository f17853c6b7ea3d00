/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is wrong with a configuration: the mock says it in nginx's words, with
 * nginx's file and line. Every row is given to both, and so is each directive
 * of link functions where it may and may not stand, with each number of
 * arguments, and twice.
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

#define SUBREQUEST(flags)                                                     \
    "server { location / { ngx_link_func_subrequest /a" flags "; } }"
#define FLAGS_6                                                               \
    " incl_args incl_body check_status Incl_Args Incl_Body Check_Status"

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
    "server { client_max_body_size 8589934591G; }",
    "server { client_max_body_size 8589934592g; }",
    "server { client_max_body_size 1kg; }",
    "server { client_max_body_size 1gg; }",
    "server { client_max_body_size g; }",
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
    ("server { listen 80 default_server; }\n"
     "server { listen 80 default_server; }"),
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
    "server { ngx_link_func_lib x { } }",
    "server { ngx_link_func_lib \"\"; }",
    "server { ngx_link_func_download_link_lib http://h/a b.so;\n"
    "ngx_link_func_lib b.so; }",
    "server { ngx_link_func_download_link_lib http://h/a b.so;\n"
    "ngx_link_func_lib \"\"; }",
    "server { ngx_link_func_lib b.so;\n"
    "ngx_link_func_download_link_lib http://h/a b.so; }",
    "server { ngx_link_func_lib b.so;\n"
    "ngx_link_func_download_link_lib http://h/a; }",
    "types { ngx_link_func_lib so; ngx_link_func_lbi os; } server { }",
    "map $uri $x { ngx_link_func_call a; ngx_link_func_cal a; } server { }",
    "server { location / { limit_except GET { deny all;\n"
    "ngx_link_func_call f; } } }",
    "upstream u { server 127.0.0.1;\n ngx_link_func_lib x; }",
    SUBREQUEST(FLAGS_6),
    SUBREQUEST(FLAGS_6 " incl_args"),
    SUBREQUEST(FLAGS_6 FLAGS_6 FLAGS_6 FLAGS_6 FLAGS_6 FLAGS_6 FLAGS_6),
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


/* ---- the table of directives ------------------------------------------- */

static const struct block { unsigned bit; const char *open, *close; } blocks[]
= {
    { LF_IN_LOCATION, "server { location / {\n", "} }" },
    { LF_IN_SERVER, "server {\n", "}" },
    { LF_IN_HTTP, "", "server { }" },
    { LF_IN_IF, "server { location / { if ($arg_a) {\n", "} } }" },
    { 0, "server { if ($arg_a) {\n", "} }" },
    { 0, "server { location / { limit_except GET {\n", "} } }" },
    { 0, "upstream u { server 127.0.0.1;\n", "}" }
};

#define HEX  "0123456789abcdef"

/* Arguments that nginx accepts, as long as no file is looked for. */
static const char *const  samples[LF_DIRECTIVE_COUNT] = {
    [LF_DIRECTIVE_SHM_SIZE] = " 1m", [LF_DIRECTIVE_LIB] = " /none.so",
    [LF_DIRECTIVE_CALL] = " f", [LF_DIRECTIVE_ADD_PROP] = " a b",
    [LF_DIRECTIVE_ADD_REQ_HEADER] = " a b",
    [LF_DIRECTIVE_SUBREQUEST] = " /a incl_args",
    [LF_DIRECTIVE_DOWNLOAD] = " http://127.0.0.1:1/a /none/a.so",
    [LF_DIRECTIVE_CA_CERT] = " a.pem",
    [LF_DIRECTIVE_SHA256] = " " HEX HEX HEX HEX
};


/* want NULL: the table has nothing against it. Returns 1 when it is wrong. */
static int
check_directive(const struct block *block, const struct lf_directive *d,
                const char *args, int twice, const char *want)
{
    int          bad;
    char        *conf, *theirs, *ours;
    const char  *again = twice ? d->name : "";

    assert_true(asprintf(&conf, "%s%s%s;\n%s%s%s%s", block->open, d->name,
                         args, again, twice ? args : "", twice ? ";" : "",
                         block->close) > 0);
    write_conf(conf);
    theirs = ask_nginx();
    ours = ask_mock();

    if (want != NULL) {
        bad = strcmp(theirs, ours) != 0 || strstr(theirs, want) == NULL;
    } else {
        bad = strstr(theirs, "\" directive") != NULL
              || strstr(theirs, "invalid number") != NULL
              || strstr(ours, "\" directive") != NULL
              || strstr(ours, "invalid number") != NULL;
    }

    if (bad) {
        print_error("%s\nnginx: %s\nmock:  %s\nwant:  %s\n", conf, theirs,
                    ours, want == NULL ? "(none of the table)" : want);
    }

    free(conf);
    free(theirs);
    free(ours);

    return bad;
}


static int
check_counts(const struct block *block, const struct lf_directive *d)
{
    int       bad = 0;
    char      args[128];
    size_t    i;
    unsigned  counts[] = {
        0, d->least - 1, d->least, d->most, d->most + 1, LF_DIRECTIVE_ARGS + 1,
        50
    };

    for (i = 0; i < COUNT(counts); i++) {
        if (i > 0 && counts[i] == counts[i - 1]) {
            continue;
        }

        (void) snprintf(args, sizeof(args), "%.*s", (int) counts[i] * 2,
                        " x x x x x x x x x x x x x x x x x x x x x x x x x"
                        " x x x x x x x x x x x x x x x x x x x x x x x x x");
        bad += check_directive(block, d, args, 0,
                               counts[i] < d->least || counts[i] > d->most
                               ? "invalid number of arguments in" : NULL);
    }

    return bad;
}


static void
both_obey_the_table(void **state)
{
    int                         bad = 0;
    size_t                      i;
    const struct block         *b, *home;
    const struct lf_directive  *d;

    (void) state;

    for (i = 0; i < LF_DIRECTIVE_COUNT; i++) {
        d = &lf_directives[i];
        home = NULL;

        for (b = blocks; b < blocks + COUNT(blocks); b++) {
            bad += check_directive(b, d, samples[i], 0, d->blocks & b->bit
                                   ? NULL : "directive is not allowed here");
            home = home == NULL && (d->blocks & b->bit) ? b : home;
        }

        bad += check_counts(home, d);
        bad += check_directive(home, d, samples[i], 1,
                               d->once ? "directive is duplicate" : NULL);
    }

    assert_int_equal(bad, 0);
}


/* What is no directive is one that somebody misspelt: it names the nearest. */
static void
a_misspelt_directive_is_unknown_in_any_block(void **state)
{
    char                *conf, *theirs, *ours;
    const struct block  *b;

    (void) state;

    for (b = blocks; b < blocks + COUNT(blocks); b++) {
        assert_true(asprintf(&conf, "%sngx_link_func_lbi x;%s", b->open,
                             b->close) > 0);
        write_conf(conf);
        theirs = ask_nginx();
        ours = ask_mock();

        if (strstr(theirs, "unknown directive \"ngx_link_func_lbi\"") == NULL
            || strstr(ours, "unknown directive \"ngx_link_func_lbi\"; did you "
                      "mean \"ngx_link_func_lib\"") == NULL)
        {
            fail_msg("%s\nnginx: %s\nmock:  %s", conf, theirs, ours);
        }

        free(conf);
        free(theirs);
        free(ours);
    }
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
        cmocka_unit_test(both_say_the_same),
        cmocka_unit_test(both_obey_the_table),
        cmocka_unit_test(a_misspelt_directive_is_unknown_in_any_block)
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
