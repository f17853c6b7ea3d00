/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of directives and the checks of their arguments. It knows no
 * configuration file: hosts add file and line to its texts.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/lf_conf.h"

#define ROW(name, ...)  { __VA_ARGS__ },

const struct lf_directive  lf_directives[LF_DIRECTIVE_COUNT] = {
    LF_DIRECTIVES(ROW)
};

#define FITS(name, text, blocks, least, most, once)                           \
    _Static_assert((least) <= (most) && (most) <= LF_DIRECTIVE_ARGS, text);

LF_DIRECTIVES(FITS)


const struct lf_directive *
lf_directive_find(const lf_str_t *name)
{
    size_t  i;

    for (i = 0; i < LF_DIRECTIVE_COUNT; i++) {
        if (strlen(lf_directives[i].name) == name->len
            && memcmp(lf_directives[i].name, name->data, name->len) == 0)
        {
            return &lf_directives[i];
        }
    }

    return NULL;
}


int
lf_conf_size(const lf_str_t *text, size_t *size)
{
    size_t  i, len, unit, n;

    len = text->len;
    unit = 1;

    if (len > 0 && (text->data[len - 1] | 0x20) == 'k') {
        unit = 1024;
        len--;

    } else if (len > 0 && (text->data[len - 1] | 0x20) == 'm') {
        unit = 1024 * 1024;
        len--;
    }

    if (len == 0) {
        return -1;
    }

    n = 0;

    for (i = 0; i < len; i++) {
        unsigned  digit = (unsigned) text->data[i] - '0';

        if (digit > 9 || n > (SIZE_MAX / 2 / unit - digit) / 10) {
            return -1;
        }

        n = n * 10 + digit;
    }

    *size = n * unit;

    return 0;
}


static int
check_shm_size(const lf_str_t *args, char *err)
{
    size_t  size;

    if (lf_conf_size(&args[0], &size) != 0) {
        (void) snprintf(err, LF_ERR_LEN, "invalid size \"%.*s\": give bytes, "
                        "or a number with k or m, as in 64k or 4m",
                        (int) args[0].len, (char *) args[0].data);
        return -1;
    }

    if (size < LF_ZONE_MIN) {
        (void) snprintf(err, LF_ERR_LEN, "size \"%.*s\" of the shared memory "
                        "is too small: at least %zuk is needed",
                        (int) args[0].len, (char *) args[0].data,
                        (size_t) LF_ZONE_MIN / 1024);
        return -1;
    }

    if (size > LF_ZONE_MAX) {
        (void) snprintf(err, LF_ERR_LEN, "size \"%.*s\" of the shared memory "
                        "is too large: at most %zum is allowed",
                        (int) args[0].len, (char *) args[0].data,
                        (size_t) LF_ZONE_MAX / 1024 / 1024);
        return -1;
    }

    return 0;
}


static int
check_call(const lf_str_t *args, char *err)
{
    size_t                 i;
    static const lf_str_t  hooks[] = {
        LF_STR("ngx_link_func_init_cycle"), LF_STR("ngx_link_func_exit_cycle")
    };

    for (i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++) {
        if (args[0].len == hooks[i].len
            && memcmp(args[0].data, hooks[i].data, hooks[i].len) == 0)
        {
            (void) snprintf(err, LF_ERR_LEN, "\"%s\" is a hook of the app: "
                            "it cannot handle requests", hooks[i].data);
            return -1;
        }
    }

    return 0;
}


static int
check_req_header(const lf_str_t *args, char *err)
{
    size_t  i;

    if (lf_header_frames_request(&args[0])) {
        (void) snprintf(err, LF_ERR_LEN, "header \"%.*s\" controls the framing "
                        "of the request and cannot be added",
                        (int) args[0].len, (char *) args[0].data);
        return -1;
    }

    for (i = 0; i < 2; i++) {
        if (memchr(args[i].data, '\r', args[i].len) != NULL
            || memchr(args[i].data, '\n', args[i].len) != NULL
            || memchr(args[i].data, '\0', args[i].len) != NULL)
        {
            (void) snprintf(err, LF_ERR_LEN,
                            "a header must not hold CR, LF or NUL");
            return -1;
        }
    }

    return 0;
}


unsigned
lf_conf_subrequest_flag(const lf_str_t *name)
{
    size_t                i;
    static const struct {
        lf_str_t  name;
        unsigned  flag;
    } flags[] = {
        { LF_STR("incl_args"), LF_SUBREQUEST_ARGS },
        { LF_STR("incl_body"), LF_SUBREQUEST_BODY },
        { LF_STR("check_status"), LF_SUBREQUEST_STATUS }
    };

    for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
        if (lf_str_equal_nocase(name, &flags[i].name)) {
            return flags[i].flag;
        }
    }

    return 0;
}


static int
check_subrequest(const lf_str_t *args, size_t count, char *err)
{
    size_t  i;

    if (args[0].data[0] != '/') {
        (void) snprintf(err, LF_ERR_LEN, "\"%.*s\" is not a URI of this "
                        "server: it must begin with \"/\"", (int) args[0].len,
                        (char *) args[0].data);
        return -1;
    }

    for (i = 1; i < count; i++) {
        if (lf_conf_subrequest_flag(&args[i]) == 0) {
            (void) snprintf(err, LF_ERR_LEN, "unknown flag \"%.*s\": give "
                            "incl_args, incl_body or check_status",
                            (int) args[i].len, (char *) args[i].data);
            return -1;
        }
    }

    return 0;
}


/* Header lines that end with CR LF, the last one need not. */
static int
check_header_block(const lf_str_t *block, char *err)
{
    size_t   i, start = 0, colon = 0;
    u_char   ch;

    for (i = 0; i <= block->len; i++) {
        ch = i < block->len ? block->data[i] : '\n';

        if (ch == ':' && colon == 0) {
            colon = i - start;

        } else if (ch == '\0' || (ch == '\r' && i + 1 < block->len
                                  && block->data[i + 1] != '\n'))
        {
            break;

        } else if (ch == '\n') {
            /* an empty line is what a block ending in CR LF leaves */
            if (colon == 0 && i > start + 1) {
                break;
            }

            start = i + 1;
            colon = 0;
        }
    }

    if (i <= block->len) {
        (void) snprintf(err, LF_ERR_LEN, "the header block is malformed: "
                        "write \"Name: value\\r\\nName: value\"");
        return -1;
    }

    return 0;
}


static int
check_download(const lf_str_t *args, size_t count, char *err)
{
    size_t      i;
    const char *url = (const char *) args[0].data;

    if (strncasecmp(url, "http://", 7) != 0
        && strncasecmp(url, "https://", 8) != 0)
    {
        (void) snprintf(err, LF_ERR_LEN, "the URL must begin with http:// or "
                        "https://; for a local file use "
                        "\"ngx_link_func_lib\"");
        return -1;
    }

    for (i = 1; i < count; i++) {
        if (args[i].len == 0) {
            (void) snprintf(err, LF_ERR_LEN, "the %s is empty", i + 1 < count
                            ? "header block: leave it out" : "target file");
            return -1;
        }
    }

    if (memchr(args[count - 1].data, '\0', args[count - 1].len) != NULL) {
        (void) snprintf(err, LF_ERR_LEN, "the target file holds a NUL");
        return -1;
    }

    return count == 3 ? check_header_block(&args[1], err) : 0;
}


static int
check_sha256(const lf_str_t *args, char *err)
{
    size_t  i = 0;

    while (i < args[0].len
           && memchr("0123456789abcdefABCDEF", args[0].data[i], 22) != NULL)
    {
        i++;
    }

    if (i != 64 || args[0].len != 64) {
        (void) snprintf(err, LF_ERR_LEN, "a SHA-256 is 64 hexadecimal digits, "
                        "as sha256sum prints them");
        return -1;
    }

    return 0;
}


int
lf_directive_check(enum lf_directive_name directive, const lf_str_t *args,
                   size_t count, char *err)
{
    if (count > 0 && args[0].len == 0) {
        (void) snprintf(err, LF_ERR_LEN, "the first argument is empty");
        return -1;
    }

    switch (directive) {
    case LF_DIRECTIVE_SHM_SIZE:
        return check_shm_size(args, err);
    case LF_DIRECTIVE_CALL:
        return check_call(args, err);
    case LF_DIRECTIVE_ADD_REQ_HEADER:
        return check_req_header(args, err);
    case LF_DIRECTIVE_SUBREQUEST:
        return check_subrequest(args, count, err);
    case LF_DIRECTIVE_DOWNLOAD:
        return check_download(args, count, err);
    case LF_DIRECTIVE_SHA256:
        return check_sha256(args, err);
    case LF_DIRECTIVE_CA_CERT:
    case LF_DIRECTIVE_LIB:
    case LF_DIRECTIVE_ADD_PROP:
    case LF_DIRECTIVE_COUNT:
        break;
    }

    return 0;
}
