/* SPDX-License-Identifier: BSD-2-Clause */
/* Plays requests on a real nginx, byte for byte over its socket. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/contract/contract.h"
#include "tests/support/nginx_server.h"
#include "tests/support/raw_client.h"

struct contract_real {
    size_t                log_at;      /* of app.log, compared so far */
    size_t                error_at;    /* of error.log */
    struct nginx_server  *server;
};


const char *
contract_real_missing(const char *module)
{
    static char  why[512];

    /* empty: the nginx that is named has the module built in */
    if (module == NULL
        || (*module == '\0' && getenv("LINKFUNC_NGINX") == NULL))
    {
        return "the nginx module is not built";
    }

    if (*module != '\0' && access(module, R_OK) != 0) {
        (void) snprintf(why, sizeof(why), "%s is not there", module);
        return why;
    }

    if (getenv("LINKFUNC_NGINX") == NULL
        && access("/usr/sbin/nginx", X_OK) != 0)
    {
        return "nginx is not installed";
    }

    return NULL;
}


/* The http block: one server, its places and properties. */
static char *
conf_text(const struct contract_setup *setup)
{
    char                         *text;
    FILE                         *file;
    size_t                        len;
    const char *const            *pair;
    const struct contract_place  *place;

    file = open_memstream(&text, &len);

    if (file == NULL) {
        return NULL;
    }

    (void) fprintf(file, "ngx_link_func_shm_size %s;\n"
                   "client_max_body_size 20m;\n"
                   "server {\n    listen @SOCK@;\n    server_name contract;\n"
                   "    root @PREFIX@/html;\n"
                   "    ngx_link_func_lib %s;\n", setup->shm_size,
                   setup->app);

    for (pair = setup->props; pair && *pair; pair += 2) {
        (void) fprintf(file, "    ngx_link_func_add_prop \"%s\" \"%s\";\n",
                       pair[0], pair[1]);
    }

    for (pair = setup->req_headers; pair && *pair; pair += 2) {
        (void) fprintf(file, "    ngx_link_func_add_req_header %s \"%s\";\n",
                       pair[0], pair[1]);
    }

    for (place = setup->places; place->prefix != NULL; place++) {
        (void) fprintf(file, "    location %s {\n        %s\n"
                       "        ngx_link_func_call %s;\n    }\n",
                       place->prefix, place->conf, place->handler);
    }

    (void) fprintf(file, "    %s\n}\n", setup->more ? setup->more : "");

    return fclose(file) == 0 ? text : NULL;
}


/* What a file of nginx holds from a place on; the place moves to its end. */
static char *
read_new(struct contract_real *real, const char *name, size_t *at)
{
    char    *text;
    size_t   len;

    text = nginx_server_read(real->server, name);

    if (text == NULL) {
        return NULL;
    }

    len = strlen(text);

    if (*at > len) {
        *at = len;
    }

    memmove(text, text + *at, len - *at + 1);
    *at = len;

    return text;
}


/* Configured, started, and each worker has run the init hook. */
static int
start(struct nginx_server *server, const struct contract_setup *setup)
{
    int    rc;
    char  *conf;

    conf = conf_text(setup);

    if (conf == NULL) {
        return -1;
    }

    nginx_server_set_workers(server, setup->workers);
    nginx_server_set_log_level(server, "info");

    rc = nginx_server_conf(server, NULL, conf) != 0
         || nginx_server_start(server) != 0
         || (setup->ready != NULL
             && nginx_server_wait_text(server, "app.log", setup->ready,
                                       setup->workers) != 0) ? -1 : 0;
    free(conf);

    return rc;
}


struct contract_real *
contract_real_new(const struct contract_setup *setup, char *err)
{
    char                  *log;
    struct contract_real  *real;

    real = calloc(1, sizeof(*real));

    if (real == NULL) {
        return NULL;
    }

    real->server = nginx_server_new(*setup->module != '\0' ? setup->module
                                                            : NULL);

    if (real->server == NULL || start(real->server, setup) != 0) {
        log = real->server ? nginx_server_read(real->server, "error.log")
                           : NULL;
        (void) snprintf(err, CONTRACT_ERR, "%s\n%s", real->server
                        ? nginx_server_error(real->server) : "no memory",
                        log != NULL ? log : "");
        free(log);
        free(contract_real_free(&real));
    }

    return real;
}


const char *
contract_real_socket(const struct contract_real *real)
{
    return nginx_server_socket(real->server);
}


char *
contract_real_free(struct contract_real **real)
{
    int    rc;
    char  *log, *trouble;

    trouble = NULL;

    if (*real == NULL) {
        return NULL;
    }

    if ((*real)->server != NULL && nginx_server_pid((*real)->server) > 0) {
        rc = nginx_server_stop((*real)->server, SIGQUIT);
        log = nginx_server_read((*real)->server, "error.log");

        if (rc != 0 || (log != NULL && strstr(log, "exited on signal"))) {
            if (asprintf(&trouble, "nginx ended with %d and logged:\n%s", rc,
                         log != NULL ? log : "") < 0)
            {
                trouble = NULL;
            }
        }

        free(log);
    }

    nginx_server_free(&(*real)->server);
    free(*real);
    *real = NULL;

    return trouble;
}


/* The head of a request as it goes over the wire. */
static char *
wire_head(const struct contract_request *request, size_t body_len,
          size_t *len)
{
    char  *text;
    FILE  *file;

    file = open_memstream(&text, len);

    if (file == NULL) {
        return NULL;
    }

    (void) fprintf(file, "%s %s HTTP/1.%d\r\n%s",
                   request->method ? request->method : "GET",
                   request->target, request->http_1_0 ? 0 : 1,
                   request->no_host ? "" : "Host: contract\r\n");

    if (body_len > 0 && request->sending == CONTRACT_CHUNKED) {
        (void) fprintf(file, "Transfer-Encoding: chunked\r\n");

    } else if (body_len > 0 && !request->own_length) {
        (void) fprintf(file, "Content-Length: %zu\r\n", body_len);
    }

    if (request->sending == CONTRACT_LATE) {
        (void) fprintf(file, "Expect: 100-continue\r\n");
    }

    (void) fprintf(file, "%s\r\n", request->headers ? request->headers : "");

    return fclose(file) == 0 ? text : NULL;
}


/* Head and body in one buffer; chunks of growing sizes. */
static char *
wire_bytes(const struct contract_request *request, const char *head,
           size_t head_len, const unsigned char *body, size_t body_len,
           size_t *len)
{
    char    *text;
    FILE    *file;
    size_t   at, n;

    file = open_memstream(&text, len);

    if (file == NULL) {
        return NULL;
    }

    (void) fwrite(head, 1, head_len, file);

    if (request->sending != CONTRACT_CHUNKED && body_len > 0) {
        (void) fwrite(body, 1, body_len, file);
    }

    for (at = 0; request->sending == CONTRACT_CHUNKED && at < body_len;
         at += n)
    {
        n = at / 2 + 1 < body_len - at ? at / 2 + 1 : body_len - at;
        (void) fprintf(file, "%zx\r\n", n);
        (void) fwrite(body + at, 1, n, file);
        (void) fprintf(file, "\r\n");
    }

    if (request->sending == CONTRACT_CHUNKED && body_len > 0) {
        (void) fprintf(file, "0\r\n\r\n");
    }

    return fclose(file) == 0 ? text : NULL;
}


static int
send_request(struct raw_client *client,
             const struct contract_request *request)
{
    int                   rc;
    char                 *head, *wire;
    size_t                head_len, body_len, wire_len;
    unsigned char        *body;
    struct raw_response   go_on = { 0 };

    rc = -1;
    wire = NULL;
    body = contract_body(request, &body_len);
    head = wire_head(request, body_len, &head_len);

    if (head == NULL) {
        goto done;
    }

    if (request->sending == CONTRACT_LATE) {
        rc = raw_client_send(client, head, head_len) != 0
             || raw_client_read(client, 0, &go_on) != 0
             || go_on.status != 100
             || raw_client_send(client, body, body_len) != 0 ? -1 : 0;
        raw_response_free(&go_on);
        goto done;
    }

    wire = wire_bytes(request, head, head_len, body, body_len, &wire_len);
    rc = wire != NULL ? raw_client_send(client, wire, wire_len) : -1;

done:

    free(head);
    free(wire);
    free(body);

    return rc;
}


/* The mock's pages are of one version: another one of that length is its. */
static void
same_version(char *body)
{
    char                *at;
    static const char    page[] = "<center>nginx/", version[] = "1.22.1";
    const size_t         len = sizeof(version) - 1;

    at = body != NULL ? strstr(body, page) : NULL;

    if (at != NULL && strnlen(at, sizeof(page) + len) == sizeof(page) + len
        && at[sizeof(page) - 1 + len] == '<')
    {
        memcpy(at + sizeof(page) - 1, version, len);
    }
}


/* The head as lines, as the mock's is spelt. */
static int
keep_head(struct contract_answer *answer, const struct raw_response *response)
{
    size_t       len, name_len;
    const char  *at, *end, *colon;

    answer->status = response->status;
    end = strstr(response->head, "\r\n");

    if (end == NULL || asprintf(&answer->head, "%.*s\n",
                                (int) (end - response->head), response->head)
                       < 0)
    {
        answer->head = NULL;
        return -1;
    }

    for (at = end + 2; *at != '\r' && *at != '\0'; at += len + 2) {
        end = strstr(at, "\r\n");
        len = end != NULL ? (size_t) (end - at) : strlen(at);
        colon = memmem(at, len, ": ", 2);
        name_len = colon != NULL ? (size_t) (colon - at) : len;

        if (contract_head_add(&answer->head, at, name_len,
                              colon != NULL ? colon + 2 : "",
                              colon != NULL ? len - name_len - 2 : 0) != 0)
        {
            return -1;
        }
    }

    answer->body_len = response->body_len;

    return contract_keep((char **) &answer->body, response->body != NULL
                         ? response->body : "", response->body_len);
}


int
contract_real_hooks(struct contract_real *real,
                    struct contract_answer *answer)
{
    char  *text;

    text = read_new(real, "app.log", &real->log_at);
    answer->log = contract_log_lines(text ? text : "",
                                     text ? strlen(text) : 0);
    free(text);
    answer->reports = read_new(real, "error.log", &real->error_at);

    return answer->log != NULL && answer->reports != NULL ? 0 : -1;
}


int
contract_real_play(struct contract_real *real,
                   const struct contract_request *request,
                   struct contract_answer *answer, char *err)
{
    int                   rc;
    struct raw_client    *client;
    struct raw_response   response = { 0 };

    client = raw_client_open(nginx_server_socket(real->server));
    rc = client == NULL || send_request(client, request) != 0 ? -1 : 0;

    if (client != NULL
        && raw_client_read(client, request->method
                           && strcmp(request->method, "HEAD") == 0,
                           &response) == 0)
    {
        same_version(response.body);
        rc = keep_head(answer, &response);

    } else {
        (void) snprintf(err, CONTRACT_ERR, "nginx gave no answer%s",
                        rc != 0 ? " and did not take the request" : "");
        rc = -1;
    }

    rc |= contract_real_hooks(real, answer);
    raw_response_free(&response);
    raw_client_close(&client);

    return rc;
}
