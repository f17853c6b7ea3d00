/* SPDX-License-Identifier: BSD-2-Clause */
/* Plays requests on the mock, in this process. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/contract/contract.h"
#include "fakes/lf_fake.h"

struct contract_mock {
    int                     log_fd;
    struct lf_app           app;
    struct lf_fake         *host;
    struct contract_setup   setup;
};


/* "64k" in bytes. */
static size_t
bytes(const char *size)
{
    char    *unit;
    size_t   n;

    n = strtoul(size, &unit, 10);

    return *unit == 'k' ? n << 10 : *unit == 'm' ? n << 20 : n;
}


/* 0, or -1: no memory. */
static int
configure(struct contract_mock *mock)
{
    int                 rc;
    const char *const  *text;

    rc = 0;

    for (text = mock->setup.props; text && *text; text += 2) {
        rc |= lf_fake_add_prop(mock->host, text[0], text[1]);
    }

    for (text = mock->setup.req_headers; text && *text; text += 2) {
        rc |= lf_fake_add_req_header(mock->host, text[0], text[1]);
    }

    return rc;
}


struct contract_mock *
contract_mock_new(const struct contract_setup *setup, char *err)
{
    struct contract_mock   *mock;
    struct lf_fake_options  options = {
        .pool = LF_FAKE_POOL_GUARD, .log_fd = -1, .log_level = LF_DEBUG,
        .keep_log = 1
    };

    mock = calloc(1, sizeof(*mock));

    if (mock == NULL) {
        return NULL;
    }

    options.shm_size = bytes(setup->shm_size);
    mock->setup = *setup;
    mock->log_fd = memfd_create("app-log", MFD_CLOEXEC);
    lf_app_log_to(mock->log_fd);
    mock->host = lf_fake_new(&options, err);

    if (mock->host == NULL || configure(mock) != 0
        || lf_app_open(&mock->app, setup->app, err) != 0
        || lf_fake_init(mock->host, &mock->app) != 0)
    {
        contract_mock_free(&mock);
    }

    return mock;
}


void
contract_mock_free(struct contract_mock **mock)
{
    if (*mock == NULL) {
        return;
    }

    if ((*mock)->app.handle != NULL) {
        (void) lf_fake_exit((*mock)->host, &(*mock)->app);
        lf_app_close(&(*mock)->app);
    }

    lf_fake_free(&(*mock)->host);
    lf_app_log_to(-1);
    (void) close((*mock)->log_fd);
    free(*mock);
    *mock = NULL;
}


static int
add_header(struct lf_fake_request *to, const char *line, size_t len)
{
    size_t       name_len;
    const char  *value, *colon;

    colon = memchr(line, ':', len);
    name_len = colon != NULL ? (size_t) (colon - line) : len;
    value = colon != NULL ? colon + 1 : line + len;
    value += colon != NULL && *value == ' ';     /* no part of it: ": " */

    return lf_fake_add_header(to, line, name_len, value,
                              (size_t) (line + len - value));
}


static int
add_headers(struct lf_fake_request *to, const struct contract_request *from,
            size_t body_len)
{
    int          rc;
    char         line[64];
    size_t       len;
    const char  *at;

    rc = from->no_host ? 0 : add_header(to, "Host: contract", 14);

    if (body_len > 0 && from->sending == CONTRACT_CHUNKED) {
        rc |= add_header(to, "Transfer-Encoding: chunked", 26);

    } else if (body_len > 0 && !from->own_length) {
        rc |= add_header(to, line, (size_t) snprintf(line, sizeof(line),
                         "Content-Length: %zu", body_len));
    }

    if (from->sending == CONTRACT_LATE) {
        rc |= add_header(to, "Expect: 100-continue", 20);
    }

    for (at = from->headers; at != NULL && *at != '\0'; at += len + 2) {
        len = (size_t) (strstr(at, "\r\n") - at);
        rc |= add_header(to, at, len);
    }

    return rc;
}


static int
keep_head(struct contract_answer *answer,
          const struct lf_fake_response *response)
{
    size_t                        i;
    const struct lf_fake_header  *header;

    answer->status = response->status;

    if (asprintf(&answer->head, "HTTP/1.1 %.*s\n",
                 (int) response->status_line.len,
                 (char *) response->status_line.data) < 0)
    {
        answer->head = NULL;
        return -1;
    }

    for (i = 0; i < response->header_count; i++) {
        header = &response->headers[i];

        if (contract_head_add(&answer->head, (char *) header->name.data,
                              header->name.len, (char *) header->value.data,
                              header->value.len) != 0)
        {
            return -1;
        }
    }

    answer->body_len = response->body.len;

    return contract_keep((char **) &answer->body, response->body.len > 0
                         ? (char *) response->body.data : "",
                         response->body.len);
}


/* A line that ends with the id of a rule that only the mock tells. */
static int
is_quiet(const struct lf_fake_log_line *line)
{
    size_t       i, len;
    const char  *id;

    for (i = 0; i < LF_RULE_COUNT; i++) {
        id = lf_rules[i].id;
        len = strlen(id) + 1;

        if (lf_rules[i].quiet && line->len > len
            && memcmp(line->text + line->len - len, id, len - 1) == 0)
        {
            return 1;
        }
    }

    return 0;
}


/* Rules that a server tells as well, one on a line. */
static int
keep_reports(struct contract_mock *mock, struct contract_answer *answer)
{
    FILE                           *file;
    size_t                          len;
    const struct lf_fake_log_line  *line;

    file = open_memstream(&answer->reports, &len);

    if (file == NULL) {
        return -1;
    }

    for (line = lf_fake_log(mock->host); line != NULL; line = line->next) {
        if (!line->app && line->level <= LF_WARN && !is_quiet(line)) {
            (void) fprintf(file, "%s: %.*s\n", lf_level_name(line->level),
                           (int) line->len, line->text);
        }
    }

    return fclose(file);
}


static int
keep_log(struct contract_mock *mock, struct contract_answer *answer)
{
    char   *data;
    off_t   size;

    size = lseek(mock->log_fd, 0, SEEK_END);
    data = calloc(1, (size_t) size + 1);

    if (data == NULL || pread(mock->log_fd, data, (size_t) size, 0) != size) {
        free(data);
        return -1;
    }

    answer->log = contract_log_lines(data, (size_t) size);
    free(data);

    return answer->log != NULL && ftruncate(mock->log_fd, 0) == 0
           && lseek(mock->log_fd, 0, SEEK_SET) == 0 ? 0 : -1;
}


int
contract_mock_hooks(struct contract_mock *mock,
                    struct contract_answer *answer)
{
    int  rc;

    rc = keep_reports(mock, answer) != 0 || keep_log(mock, answer) != 0 ? -1
                                                                        : 0;
    lf_fake_clear(mock->host);

    return rc;
}


int
contract_mock_play(struct contract_mock *mock,
                   const struct contract_request *request,
                   struct contract_answer *answer, char *err)
{
    int                             rc;
    size_t                          body_len;
    unsigned char                  *body;
    lf_handler_pt                   handler;
    struct lf_fake_request         *fake;
    const struct lf_fake_response  *response;

    rc = -1;
    body = contract_body(request, &body_len);
    handler = lf_app_handler(&mock->app,
                             contract_handler(&mock->setup, request->target),
                             err);
    fake = lf_fake_request_new(mock->host, request->method ? request->method
                                                           : "GET",
                               request->target);

    if (handler == NULL || fake == NULL
        || (request->http_1_0 && (lf_fake_set_http_1_0(fake), 0))
        || add_headers(fake, request, body_len) != 0
        || (body != NULL && lf_fake_set_body(fake, body, body_len) != 0))
    {
        goto done;
    }

    lf_fake_run(fake, handler);
    response = lf_fake_get_response(fake);

    if (response == NULL) {
        (void) snprintf(err, CONTRACT_ERR, "the mock gave no response");
        goto done;
    }

    rc = keep_head(answer, response) != 0 || keep_reports(mock, answer) != 0
         || keep_log(mock, answer) != 0 ? -1 : 0;

done:

    lf_fake_request_free(&fake);
    lf_fake_clear(mock->host);
    free(body);

    return rc;
}
