/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests of the contract suite: what an app reads of its request, as far as
 * no script can say it: raw bytes, odd lines, and what nginx logs of rules.
 */
#include "tests/contract/contract.h"

#define COUNT(array)  (sizeof(array) / sizeof((array)[0]))

static const struct contract_place  places[] = {
    { "/", "contract_ops", "" },
    { "/echo", "contract_echo", "" },
    { "/upper", "contract_upper", "" },
    { "/kept", "contract_kept", "" },
    { "/file/echo", "contract_echo", "client_body_in_file_only clean;" },
    { "/file/body", "contract_ops", "client_body_in_file_only clean;" },
    { "/file/upper", "contract_upper", "client_body_in_file_only clean;" },
    { "/tiny/echo", "contract_echo", "client_body_buffer_size 1k;" },
    { "/tiny/body", "contract_ops", "client_body_buffer_size 1k;" },
    { "/single/echo", "contract_echo", "client_body_in_single_buffer on;" },
    { "/large/echo", "contract_echo", "client_body_buffer_size 16m;" },
    { 0 }
};

static const char *const  props[] = {
    "greeting", "hello", "Greeting", "second", "empty", "", "MiXed", "8\xe9",
    "dollar", "a$$b", NULL
};

static const char *const  req_headers[] = {
    "X-Conf", "from conf", "X-Conf", "second", NULL
};

const struct contract_setup  contract_setup_app = {
    .shm_size = "1m", .workers = 1, .places = places, .props = props,
    .req_headers = req_headers, .ready = "init macro 34"
};

static const struct contract_request  items[] = {
    /* path */
    { .name = "uri keeps raw 8-bit bytes",
      .target = "/\xc3\xa9?do=uri", .want = { "uri=\"/\\xc3\\xa9\"" } },
    { .name = "uri of an absolute request line is its path",
      .target = "http://other/x?do=uri,header:Host",
      .want = { "uri=\"/x\"", "header=\"contract\"" } },
    { .name = "uri ends before a fragment, and so do the arguments",
      .target = "/x?do=uri,args#frag",
      .want = { "uri=\"/x\"", "args=\"do=uri,args\"" } },

    /* query string */
    { .name = "args keep 8-bit bytes",
      .target = "/args?a=\xff\x80", .headers = "X-Do: args\r\n",
      .want = { "args=\"a=\\xff\\x80\"" } },

    /* headers in */
    { .name = "header is trimmed of spaces",
      .target = "/h?do=header:X-Test", .headers = "X-Test:   v w  \r\n",
      .want = { "header=\"v w\"" } },
    { .name = "a header without a colon has an empty value",
      .target = "/h?do=header:X-Test", .headers = "X-Test\r\n",
      .want = { "header=\"\"" } },
    { .name = "a request of 1.1 without Host is refused",
      .target = "/h?do=uri", .no_host = 1, .want = { "400 Bad Request" } },
    { .name = "a request of 1.0 needs no Host",
      .target = "/h?do=header:Host", .no_host = 1, .http_1_0 = 1,
      .want = { "200 OK", "header=NULL", "Connection: close" } },

    /* headers added to the request */
    { .name = "framing headers cannot be added in",
      .target = "/i?do=in:Content-Length:5,in:transfer-encoding:chunked,"
                "in:HOST:x,in:Connection:close,in:Expect:100-continue",
      .want = { "in.rc=-1\nin=NULL\nin.rc=-1\nin=NULL\nin.rc=-1\n"
                "in=\"contract\"\nin.rc=-1" }, .never = "in.rc=0" },
    { .name = "a single header cannot be added in when it is there",
      .target = "/i?do=in:Authorization:b", .headers = "Authorization: a\r\n",
      .want = { "in.rc=-1", "in=\"a\"" } },
    { .name = "a single header can be added in once",
      .target = "/i?do=in:authorization:a,in:Authorization:b",
      .want = { "in.rc=0\nin=\"a\"\nin.rc=-1\nin=\"a\"" } },
    { .name = "headers with CR, LF or NUL cannot be added in",
      .target = "/i?do=in:X-A:a%0d,in:X-B:%0ab,in:X-C:a%00b,in:X%0a:a",
      .want = { "in.rc=-1\nin=NULL\nin.rc=-1\nin=NULL\nin.rc=-1\nin=NULL\n"
                "in.rc=-1\nin=NULL" }, .never = "in.rc=0" },
    { .name = "a header without a name cannot be added in",
      .target = "/i?do=in::v", .want = { "in.rc=-1" } },
    { .name = "known headers can be added in, in any case",
      .target = "/i?do=in:User-Agent:me,in:COOKIE:a=1,in:Range:bytes=0-0",
      .want = { "in.rc=0\nin=\"me\"", "in=\"a=1\"", "200 OK" } },

    /* version 35 */
    { .name = "get_method gives the method, whichever it is",
      .method = "MY_OWN-VERB", .target = "/m?do=method",
      .want = { "method.rc=0\nmethod=\"MY_OWN-VERB\"" } },
    { .name = "request_body and request_length when the body was read",
      .method = "POST", .target = "/v?do=var:request_body,var:request_length",
      .body = "hello", .want = { "var=\"hello\"" } },
    { .name = "request_body and request_length of a method without body",
      .target = "/v?do=var:request_body,var:request_length",
      .want = { "var.rc=-1" } },

    /* methods */
    { .name = "a method in lower case is refused", .method = "get",
      .target = "/m?do=uri", .want = { "400 Bad Request" } },
};

const struct contract_list  contract_requests_in = { items, COUNT(items) };
