/* SPDX-License-Identifier: BSD-2-Clause */
/* See module_test.h. */
#include "tests/module/module_test.h"


/* $LINKFUNC_MODULE: another file; empty: the nginx has the module built in. */
int
module_setup(void **state)
{
    const char  *module;

    module = getenv("LINKFUNC_MODULE");

    if (module == NULL) {
        module = TEST_MODULE;
    }

    *state = nginx_server_new(*module != '\0' ? module : NULL);

    return *state != NULL ? 0 : -1;
}


int
module_teardown(void **state)
{
    struct nginx_server  *server = *state;

    nginx_server_free(&server);

    return 0;
}


void
module_fail(struct nginx_server *server, const char *what)
{
    char  *log;

    log = nginx_server_read(server, "error.log");
    print_error("%s: %s\nerror.log: %s\n", what, nginx_server_error(server),
                log != NULL ? log : "");
    free(log);
    fail();
}


void
module_start(struct nginx_server *server, const char *main_text,
             const char *http_text)
{
    if (nginx_server_conf(server, main_text, http_text) != 0
        || nginx_server_start(server) != 0)
    {
        module_fail(server, "nginx does not start");
    }
}


void
module_send(struct nginx_server *server, const char *bytes,
            struct raw_response *response)
{
    if (raw_request(nginx_server_socket(server), bytes, strlen(bytes),
                    strncmp(bytes, "HEAD", 4) == 0, response)
        != 0)
    {
        print_error("request: %s\n", bytes);
        module_fail(server, "no response");
    }
}


static void
get(struct nginx_server *server, const char *path,
    struct raw_response *response)
{
    char  bytes[1024];

    (void) snprintf(bytes, sizeof(bytes), GET("%s"), path);
    module_send(server, bytes, response);
}


void
module_expect(struct nginx_server *server, const char *path, const char *text)
{
    struct raw_response  response;

    get(server, path, &response);

    if (response.status != 200 || strcmp(response.body, text) != 0) {
        print_error("%s: %d \"%s\", expected 200 \"%s\"\n", path,
                    response.status, response.body, text);
        module_fail(server, "another response");
    }

    raw_response_free(&response);
}


int
module_status(struct nginx_server *server, const char *path)
{
    int                  status;
    struct raw_response  response;

    get(server, path, &response);
    status = response.status;
    raw_response_free(&response);

    return status;
}


void
module_expect_header(const struct raw_response *response, const char *name,
                     const char *value)
{
    char  *is;

    is = raw_response_header(response, name);

    if (value == NULL) {
        assert_null(is);

    } else if (is == NULL) {
        print_error("no header %s in:\n%s", name, response->head);
        fail();

    } else {
        assert_string_equal(is, value);
    }

    free(is);
}


void
module_expect_log(struct nginx_server *server, const char *text,
                  unsigned count)
{
    char      *log, *at;
    unsigned   n = 0;

    log = nginx_server_read(server, "error.log");

    for (at = log; at != NULL && (at = strstr(at, text)) != NULL; at++) {
        n++;
    }

    free(log);

    if (n != count) {
        print_error("\"%s\" stands %u times in the log, not %u\n", text, n,
                    count);
        module_fail(server, "another log");
    }
}
