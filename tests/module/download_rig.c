/* SPDX-License-Identifier: BSD-2-Clause */
/* See download_rig.h. */
#include <dirent.h>

#include "tests/module/download_rig.h"

#define APP_MAX  (1u << 20)

#define SERVER_CONF                                                           \
    "server { listen @SOCK@; ngx_link_func_download_link_lib "                \
    "http://u:secret@127.0.0.1:%u/a \"X-A: b\\r\\n\" app.so; "                \
    "location / { return 200 up; } " CALL("/build", "build") "}"


int
rig_setup(void **state)
{
    struct rig  *rig = calloc(1, sizeof(*rig));

    if (rig == NULL) {
        return -1;
    }

    *state = rig;
    rig->server = nginx_server_new(TEST_MODULE);
    rig->from = fetch_server_new(NULL, NULL);

    if (rig->server == NULL || rig->from == NULL) {
        return -1;
    }

    (void) snprintf(rig->dest, sizeof(rig->dest), "%s/app.so",
                    nginx_server_prefix(rig->server));
    rig_conf(rig, SERVER_CONF);

    return 0;
}


int
rig_teardown(void **state)
{
    struct rig  *rig = *state;

    nginx_server_free(&rig->server);
    fetch_server_free(&rig->from);
    free(rig);

    return 0;
}


void
rig_answer(struct rig *rig, const char *text)
{
    fetch_server_answer(rig->from, text, strlen(text), 0);
}


/* The bytes of a file: yours; NULL: none. */
static char *
read_file(const char *path, size_t *size)
{
    char  *data;
    FILE  *file;

    file = fopen(path, "r");
    if (file == NULL) {
        return NULL;
    }

    data = malloc(APP_MAX);
    assert_non_null(data);
    *size = fread(data, 1, APP_MAX, file);
    (void) fclose(file);

    return data;
}


void
rig_answer_file(struct rig *rig, const char *path, const char *etag)
{
    int     n;
    char   *app, *data;
    size_t  size = 0;

    app = read_file(path, &size);
    data = malloc(APP_MAX + 256);
    assert_non_null(app);
    assert_non_null(data);
    n = sprintf(data, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n"
                "ETag: \"%s\"\r\n\r\n", size, etag);
    memcpy(data + n, app, size);
    fetch_server_answer(rig->from, data, size + (size_t) n, 0);
    free(app);
    free(data);
}


void
rig_conf(struct rig *rig, const char *format)
{
    size_t       n = 0;
    const char  *at;

    for (at = format; *at != '\0' && n < sizeof(rig->conf) - 16; at++) {
        if (at[0] == '%' && at[1] == 'u') {
            n += (size_t) sprintf(rig->conf + n, "%u",
                                  fetch_server_port(rig->from));
            at++;
        } else {
            rig->conf[n++] = *at;
        }
    }

    rig->conf[n] = '\0';
    assert_int_equal(*at, '\0');
    assert_int_equal(nginx_server_conf(rig->server, NULL, rig->conf), 0);
}


void
rig_expect_refusal(struct rig *rig, const char *text)
{
    int    status;
    char  *output = NULL;

    status = nginx_server_check(rig->server, &output);

    if (status != 1 || output == NULL || strstr(output, text) == NULL
        || strstr(output, "nginx.conf:") == NULL)
    {
        fail_msg("%d: \"%s\" lacks \"%s\"", status, output ? output : "",
                 text);
    }

    free(output);
    assert_int_equal(rig_left_over(rig), 0);
}


unsigned
rig_left_over(struct rig *rig)
{
    DIR            *dir;
    unsigned        count = 0;
    struct dirent  *entry;

    dir = opendir(nginx_server_prefix(rig->server));
    assert_non_null(dir);

    while ((entry = readdir(dir)) != NULL) {
        count += strncmp(entry->d_name, "app.so", 6) == 0
                 && strcmp(entry->d_name, "app.so") != 0
                 && strcmp(entry->d_name, "app.so.meta") != 0;
    }

    (void) closedir(dir);

    return count;
}


static int
has_bytes(const char *path, const char *data, size_t size)
{
    int     same;
    char   *other;
    size_t  other_size = 0;

    other = read_file(path, &other_size);
    same = other != NULL && other_size == size
           && memcmp(other, data, size) == 0;
    free(other);

    return same;
}


int
rig_is_file(const char *path, const char *one, const char *two)
{
    int     same;
    char   *data;
    size_t  size = 0;

    data = read_file(path, &size);
    same = data != NULL && (has_bytes(one, data, size)
                            || (two != NULL && has_bytes(two, data, size)));
    free(data);

    return same;
}
