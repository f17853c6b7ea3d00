/* SPDX-License-Identifier: BSD-2-Clause */
/* See call_data.h. */
#include "harness/call/call_data.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/message.h"

#define READ_SIZE  65536


static int
read_all(const char *option, const char *path, int fd, struct strbuf *out)
{
    char    *space;
    size_t   start;
    ssize_t  n;

    start = out->len;

    for ( ;; ) {
        space = strbuf_reserve(out, READ_SIZE);
        if (space == NULL) {
            message_error("--%s %s: out of memory", option, path);
            return -1;
        }

        n = read(fd, space, READ_SIZE);

        if (n == -1 && errno == EINTR) {
            continue;
        }

        if (n == -1) {
            message_error("--%s %s: %s", option, path, strerror(errno));
            return -1;
        }

        if (n == 0) {
            break;
        }

        out->len += (size_t) n;

        if (out->len - start > CALL_BODY_MAX) {
            message_error("--%s %s: larger than the limit of %u MiB", option,
                          path, CALL_BODY_MAX >> 20);
            return -1;
        }
    }

    out->data[out->len] = '\0';

    return 0;
}


int
call_read_file(const char *option, const char *path, struct strbuf *out)
{
    int          fd, rc;
    struct stat  st;

    if (strcmp(path, "-") == 0) {
        return read_all(option, "(standard input)", STDIN_FILENO, out);
    }

    fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd == -1 || fstat(fd, &st) == -1) {
        message_error("--%s: cannot read \"%s\": %s", option, path,
                      strerror(errno));
        if (fd != -1) {
            (void) close(fd);
        }

        return -1;
    }

    if (S_ISDIR(st.st_mode)) {
        message_error("--%s: cannot read \"%s\": it is a directory", option,
                      path);
        rc = -1;

    } else {
        rc = read_all(option, path, fd, out);
    }

    (void) close(fd);

    return rc;
}


/* As curl -d @FILE does, so that a file with one line is that line. */
static void
strip_ends(struct strbuf *buf, size_t start)
{
    char    c;
    size_t  i, len;

    len = start;

    for (i = start; i < buf->len; i++) {
        c = buf->data[i];

        if (c != '\r' && c != '\n' && c != '\0') {
            buf->data[len++] = c;
        }
    }

    buf->len = len;
    buf->data[len] = '\0';
}


static void
add_encoded(struct strbuf *out, const char *text, size_t len)
{
    size_t  i;

    static const char  plain[] = "abcdefghijklmnopqrstuvwxyz"
                                 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";

    for (i = 0; i < len; i++) {
        if (text[i] != '\0' && strchr(plain, text[i]) != NULL) {
            strbuf_addch(out, text[i]);

        } else if (text[i] == ' ') {
            strbuf_addch(out, '+');

        } else {
            strbuf_printf(out, "%%%02X", (unsigned char) text[i]);
        }
    }
}


static int
add_urlencoded(struct call_data *data, const char *option, const char *value)
{
    int            rc;
    size_t         name_len;
    struct strbuf  file;
    const char    *content;

    memset(&file, 0, sizeof(file));
    rc = 0;

    name_len = strcspn(value, "=@");
    content = value + name_len;

    if (*content == '\0') {
        add_encoded(&data->bytes, value, name_len);
        return 0;
    }

    if (name_len != 0) {
        strbuf_add(&data->bytes, value, name_len);
        strbuf_addch(&data->bytes, '=');
    }

    if (*content == '=') {
        add_encoded(&data->bytes, content + 1, strlen(content + 1));

    } else {
        rc = call_read_file(option, content + 1, &file);
        if (rc == 0) {
            add_encoded(&data->bytes, file.data, file.len);
        }
    }

    strbuf_free(&file);

    return rc;
}


int
call_data_add(struct call_data *data, const struct call_data_kind *kind,
    const char *option, const char *value)
{
    size_t  start;

    if (data->pieces++ != 0 && !kind->json) {
        strbuf_addch(&data->bytes, '&');
    }

    data->json |= kind->json;
    data->file = NULL;
    start = data->bytes.len;

    if (kind->encode) {
        if (add_urlencoded(data, option, value) != 0) {
            return -1;
        }

    } else if (value[0] == '@' && kind->file) {
        if (call_read_file(option, value + 1, &data->bytes) != 0) {
            return -1;
        }

        if (kind->strip) {
            strip_ends(&data->bytes, start);

        } else if (data->pieces == 1 && strcmp(value, "@-") != 0) {
            data->file = value + 1;
        }

    } else {
        strbuf_addstr(&data->bytes, value);
    }

    if (data->bytes.failed) {
        message_error("--%s: out of memory", option);
        return -1;
    }

    return 0;
}


int
call_read_text(const char *option, const char *path, struct strbuf *out)
{
    size_t       start, line;
    const char  *p, *nul;

    start = out->len;

    if (call_read_file(option, path, out) != 0) {
        return -1;
    }

    nul = out->len == start ? NULL
          : memchr(out->data + start, '\0', out->len - start);

    if (nul == NULL) {
        return 0;
    }

    for (p = out->data + start, line = 1; p < nul; p++) {
        line += *p == '\n';
    }

    message_error("--%s: \"%s\" is not text: line %zu contains a NUL byte",
                  option, path, line);

    return -1;
}
