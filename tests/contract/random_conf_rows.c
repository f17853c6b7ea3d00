/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows about server names, uris, headers and variables, and what all rows
 * have in common.
 */
#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "tests/contract/random_conf.h"

#define LIB   "ngx_link_func_lib ./libapp_contract.so;\n"
#define CALL  "ngx_link_func_call contract_ops;\n"

int  conf_other_version;

static uint64_t  state;


void
conf_seed(unsigned long seed)
{
    state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
}


/* xorshift64* */
size_t
conf_below(size_t n)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;

    return (size_t) ((state * UINT64_C(2685821657736338717)) >> 33) % n;
}


/* Text of a script: what could mean something there is written as \u{..}. */
static void
put(FILE *script, const char *text)
{
    for ( ; *text != '\0'; text++) {
        if ((unsigned char) *text < 0x80 && !isalnum((unsigned char) *text)
            && strchr("/._-?&=%:", *text) == NULL)
        {
            (void) fprintf(script, "\\u{%02x}", (unsigned char) *text);
        } else {
            (void) fputc(*text, script);
        }
    }
}


void
conf_entry(FILE *script, const char *method, const char *base,
          const char *target, const char *headers)
{
    (void) fprintf(script, "%s %s", method, base);
    put(script, target);
    (void) fprintf(script, "\n%sX-Do: walk,uri,args\n[Options]\n"
                   "path-as-is: true\nHTTP *\n\n", headers);
}


void
conf_target(char *target, size_t size)
{
    size_t                    n, len = 1;
    const char               *piece;
    static const char *const  pieces[] = {
        "/", "/", "/", "/", ".", "..", "/../", "/./", "//", "a", "b", "A",
        "ab", "x1", "c.txt", "%61", "%2f", "%2F", "%2e", "%2E%2e", "%20", "%25",
        "%3f", "%23", "%c3%a9", "\xc3\xa9", "+", "%", "%4", "%zz", "%00",
        "%0a", "%7f", "%ff", ";", "~", "?", "?q=1", "?a=%41/../b", "&b=2",
        "/a/", "/a/b", "/ab", "/b", "/x", "/img/", ":", "@", "*", "'", "\"",
        "<", "|", "\\", "^", "`", "{", "}", "[", "]", "!", "$", ",", "=", "(",
        "%5c", "..;", "...", ".a", "%2e/", "/%2e%2e/", "?/../", "??"
    };

    (void) strcpy(target, "/");

    for (n = conf_below(7); n > 0; n--) {
        /* most rows are of what locations are made of */
        piece = conf_below(3) ? pieces[conf_below(20)] : WAY_PICK(pieces);

        if (len + strlen(piece) < size) {
            (void) strcpy(target + len, piece);
            len += strlen(piece);
        }
    }
}


/* ---- servers ----------------------------------------------------------- */

static const char *const  server_names[] = {
    "a.test", "A.Test", "b.a.test", "*.test", "*.a.test", ".test", ".a.test",
    "a.*", "b.a.*", "www.a.*", "test", "\"\"", "~^a", "~^(?<sub>[a-z]+)\\.",
    "~^(?<sub>.+)\\.(?<top>t.*)$", "~A\\.t", "~test$", "\"~^b{1,2}\\.\"",
    "localhost", "127.0.0.1", "[::1]", "_", "*.b.test", "a_b", "www.*",
    "a.test.", "xn--e1afmkfd", "\xc3\xa9.test", "~\xc3\xa9", "~^$", "*.com",
    "*.x.com", ".x.com", "x.com", "y.x.com", "x.*", "y.x.*", "-", "1.2.3.4"
};

static const char *const  hosts[] = {
    "a.test", "A.TEST", "b.a.test", "c.b.a.test", "test", "x.test", ".test",
    "a.", "a.test.", "a.test..", "a..test", "a.test:80", "a.test:8080",
    "a.test.:80", "a.test:", "a.test:x", "a:80:90", "a.com", "b.a.com",
    "www.a.org", "www.x", "localhost", "127.0.0.1", "127.0.0.1:80", "[::1]",
    "[::1]:80", "[::1", "::1", "[::1].", "[", "]", "_", "a_b", "b.test",
    "bb.test", "x.com", "y.x.com", "z.y.x.com", "com", "-", "a/b", "a b",
    "a\\\\b", "a%41", "\xc3\xa9.test", "\xc3\x89.test", "a@b", "a,b", "*",
    "*.test", "1.2.3.4", "xn--e1afmkfd", ".", "..", ":80", "a.test/", "a?b",
    "~^a", "a..", "A.B.C", "x.y.x.com", "a\\u{23}b"
};

static const char *const  listens[] = {
    "80", "80", "80", "8080", "*:80", "127.0.0.1:80", "127.0.0.1",
    "127.0.0.1:8080", "0.0.0.0:80", "localhost:80", "[::]:80"
};


static void
write_server(FILE *conf, size_t i, int *has_default)
{
    size_t       n;
    const char  *listen = WAY_PICK(listens);

    (void) fprintf(conf, "server {\n");

    if (conf_below(4)) {
        (void) fprintf(conf, "listen %s", listen);

        /* one for one socket: the list of them all is nginx's to compare */
        if (strcmp(listen, "8080") == 0 && !*has_default && conf_below(2)) {
            (void) fprintf(conf, " default_server");
            *has_default = 1;
        }
        (void) fprintf(conf, ";\n");

        if (conf_below(4) == 0) {
            (void) fprintf(conf, "listen %s;\n",
                           strstr(listen, "80") != NULL && listen[0] == '8'
                           ? "127.0.0.1:8081" : "8081");
        }
    }

    if (conf_below(8)) {
        (void) fprintf(conf, "server_name");
        for (n = conf_below(3) + 1; n > 0; n--) {
            (void) fprintf(conf, " %s", WAY_PICK(server_names));
        }
        (void) fprintf(conf, ";\n");
    }

    (void) fprintf(conf, LIB "location / {\n"
                   "ngx_link_func_add_req_header X-Loc \"S%zu [$1] [$2] "
                   "[$sub] [$top] [$host] [$server_name] [$http_host] "
                   "[$server_port] [$sub/$host]\";\n" CALL "}\n}\n", i);
}


void
conf_servers(FILE *conf, FILE *script, size_t rows)
{
    int     has_default = 0;
    char    header[256];
    size_t  i, n = conf_below(8) + 1;
    static const char *const  bases[] = {
        "http://localhost:80", "http://localhost:8080", "http://localhost:80",
        "http://localhost:8081"
    };

    for (i = 0; i < n; i++) {
        write_server(conf, i, &has_default);
    }

    /* so that the groups are variables */
    (void) fprintf(conf, "server {\nlisten 9;\nserver_name "
                   "~(?<sub>x)(?<top>y);\n}\n");

    for (i = 0; i < rows; i++) {
        (void) snprintf(header, sizeof(header), "Host: %s\n",
                        WAY_PICK(hosts));
        conf_entry(script, "GET", WAY_PICK(bases), "/x",
                  conf_below(20) ? header : "Host:\n");
    }
}


/* ---- uris -------------------------------------------------------------- */

void
conf_uris(FILE *conf, FILE *script, size_t rows)
{
    char    target[160];

    (void) fprintf(conf, "server {\n%s" LIB
                   "location / {\nngx_link_func_add_req_header X-Loc "
                   "\"[$uri] [$args] [$is_args] [$request_uri] "
                   "[$document_uri] [$query_string] [$arg_q] [$arg_a] "
                   "[$request]\";\n" CALL "}\n}\n",
                   conf_below(2) ? "merge_slashes off;\n" : "");

    for ( ; rows > 0; rows--) {
        conf_target(target, sizeof(target));
        conf_entry(script, "GET", "{{base}}", target, "");
    }
}


/* ---- headers ----------------------------------------------------------- */

static const char *const  names[] = {
    "X-A", "x-a", "X_A", "X_B", "x.a", "X-\\u{21}", "X\\u{24}a", "X\\u{2a}", "X\\u{2b}",
    "X\\u{7c}Y", "X\\u{7e}", "1", "-", "_", "Content-Type", "Cookie", "Cookie", "Referer",
    "Accept", "Accept-Encoding", "User-Agent", "Authorization", "Range",
    "If-None-Match", "If-Modified-Since", "If-Match", "If-Unmodified-Since",
    "If-Range", "X-Forwarded-For", "X-Forwarded-For", "Via", "Upgrade",
    "Keep-Alive", "Expect", "TE", "X\\u{60}", "X\\u{27}", "X\\u{28}", "X\\u{2f}",
    "X\\u{22}", "X\\u{5e}Y", "X\\u{25}", "X\\u{26}", "X\\u{40}", "X\\u{3d}",
    "X\\u{2c}", "\xc3\xa9", "X-\xc3\xa9", "Host", "Connection",
    "Accept-Language", "Date", "Destination", "Depth", "Overwrite"
};

static const char *const  values[] = {
    "", "a", "a b", "a  b", "a, b", "\\u{22}q\\u{22}", "\xc3\xa9", "=", ":", "a:b",
    "*", "bytes=0-1", "close", "keep-alive", "100-continue", "gzip", "x=1; y=2",
    "a\\u{09}b", "\\u{09}a", "a\\u{7f}", "Basic YTpi", "Basic %", "%41", "0",
    "a\\u{01}b", "Mon, 01 Jan 2024 00:00:00 GMT"
};


/* Variables of nginx do not know "-" from "_". */
static int
is_same_name(const char *a, const char *b)
{
    for ( ; *a != ':' && *b != ':'; a++, b++) {
        if (tolower((unsigned char) (*a == '-' ? '_' : *a))
            != tolower((unsigned char) (*b == '-' ? '_' : *b)))
        {
            return 0;
        }
    }

    return *a == *b;
}


/* Adds a header line, if it may come a second time or is the first one. */
static void
add_header(char *to, size_t size, const char *line)
{
    const char  *at;

    for (at = to; conf_other_version && *at != '\0';
         at += strcspn(at, "\n") + 1)
    {
        if (is_same_name(at, line)) {
            return;
        }
    }

    (void) strncat(to, line, size - strlen(to) - 1);
}


static void
write_header(char *to, size_t size)
{
    char                  line[128];
    size_t                len = strlen(to), n;
    static const size_t   lengths[] = {
        1, 100, 500, 900, 1000, 1016, 1017, 1018, 1024, 2000, 2040, 2041,
        2042, 2043, 2044, 2045, 4088, 8000, 8184, 8185, 8186, 8187, 8188, 9000
    };

    if (conf_below(6) == 0) {
        n = WAY_PICK(lengths);
        if (len + n + 16 < size) {
            len += (size_t) sprintf(to + len, "X-Long: ");
            memset(to + len, 'v', n);
            (void) strcpy(to + len + n, "\n");
        }
        return;
    }

    (void) snprintf(line, sizeof(line), "%s: %s\n", WAY_PICK(names),
                    WAY_PICK(values));
    add_header(to, size, line);
}


void
conf_headers(FILE *conf, FILE *script, size_t rows)
{
    char                      lines[40000];
    size_t                    n;
    static const char *const  methods[] = { "GET", "GET", "HEAD", "OPTIONS" };
    static const char *const  buffers[] = {
        "", "", "large_client_header_buffers 4 8k;\n",
        "large_client_header_buffers 1 2k;\n",
        "large_client_header_buffers 2 1k;\n",
        "large_client_header_buffers 3 4k;\n"
    };

    (void) fprintf(conf, "server {\n%s%s%s" LIB
                   "location / {\nngx_link_func_add_req_header X-Loc "
                   "\"[$http_x_a] [$http_x_b] [$http_cookie] [$cookie_x] "
                   "[$http_x_forwarded_for] [$http_referer] [$remote_user] "
                   "[$http_user_agent] [$content_type]\";\n" CALL "}\n}\n",
                   conf_below(2) ? "underscores_in_headers on;\n" : "",
                   conf_below(2) ? "ignore_invalid_headers off;\n" : "",
                   WAY_PICK(buffers));

    for ( ; rows > 0; rows--) {
        lines[0] = '\0';
        for (n = conf_below(5); n > 0; n--) {
            write_header(lines, sizeof(lines));
        }
        conf_entry(script, WAY_PICK(methods), "{{base}}", "/h?x=1", lines);
    }
}


/* ---- variables --------------------------------------------------------- */

/*
 * Those of the request; of time, process and connection nothing is the same,
 * and the driver's Unix sockets have no binary_remote_addr.
 */
static const char *const  variables[] = {
    "arg_q", "arg_Q", "arg_", "arg_none", "args", "body_bytes_sent",
    "bytes_sent", "content_length", "content_type", "cookie_a", "cookie_A",
    "cookie_none", "document_uri", "host", "hostname", "http2", "http_host",
    "http_x_a", "http_X_A", "http_none", "http_user_agent", "http_cookie",
    "http_accept", "http_content_type", "http_content_length", "http_x_do",
    "https", "is_args", "limit_rate", "nginx_version", "pipe", "query_string",
    "remote_addr", "remote_user", "request", "request_completion",
    "request_body", "request_length", "request_method", "request_uri",
    "scheme", "sent_http_content_type", "sent_http_x", "sent_trailer_x",
    "server_addr", "server_name", "server_port", "server_protocol", "status",
    "uri", "proxy_protocol_addr", "upstream_addr",
    "upstream_http_x", "http_connection", "http_x_forwarded_for",
    "sent_http_content_length", "sent_http_location", "gzip_ratio",
    "secure_link", "slice_range", "http_authorization", "http_referer",
    "sent_http_cache_control", "sent_http_link", "sent_http_last_modified"
};

static const char *const  lines[] = {
    "X-A: one\n", "X-A: two\n", "x_a: three\n", "Cookie: a=1; A=2; q\n",
    "Cookie: b=3;a=4\n", "Content-Type: text/x; a=b\n", "User-Agent: me\n",
    "Referer: r\n", "Authorization: Basic bWU6aXQ=\n",
    "Authorization: Basic bWU=\n", "Authorization: Basic ???\n",
    "Authorization: basic  bWU6aXQ=\n", "Authorization: Bearer x\n",
    "X-Forwarded-For: 1.2.3.4\n", "Connection: close\n", "Accept: a\n",
    "Host: other.test:81\n", "Host: OTHER.\n", "Connection: keep-alive, x\n",
    "Authorization: Basic OmE=\n", "Cookie: a\n", "Cookie: a=\"x y\"\n"
};


void
conf_variables(FILE *conf, FILE *script, size_t rows)
{
    char                      target[160], head[1024];
    size_t                    i, n;
    static const char *const  methods[] = { "GET", "HEAD", "ODD", "PUT" };

    (void) fprintf(conf, "server {\nserver_name here;\n" LIB "location / {\n");

    for (i = 0; i < WAY_COUNT(variables); i++) {
        if (!conf_other_version || strcmp(variables[i], "nginx_version") != 0) {
            (void) fprintf(conf, "ngx_link_func_add_req_header X-V-%zu "
                           "\"%s [${%s}]\";\n", i, variables[i],
                           variables[i]);
        }
    }

    (void) fprintf(conf, CALL "}\n}\n");

    for ( ; rows > 0; rows--) {
        conf_target(target, sizeof(target));
        head[0] = '\0';
        for (n = conf_below(4); n > 0; n--) {
            add_header(head, sizeof(head), WAY_PICK(lines));
        }
        conf_entry(script, WAY_PICK(methods), "{{base}}", target, head);
    }
}


const struct conf_kind  conf_kinds[] = {
    { "locations", 40, conf_locations },
    { "servers", 40, conf_servers },
    { "uris", 100, conf_uris },
    { "headers", 40, conf_headers },
    { "variables", 40, conf_variables }
};

const size_t  conf_kind_count = WAY_COUNT(conf_kinds);
