/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests of the contract suite: what an app reads of its request. */
#include "contract.h"

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
    { .name = "uri is the path without arguments",
      .target = "/a/b?do=uri", .want = { "uri.rc=0\n", "uri=\"/a/b\"" } },
    { .name = "uri is percent-decoded",
      .target = "/a%20b/%41%e9?do=uri", .want = { "uri=\"/a b/A\\xe9\"" } },
    { .name = "uri keeps raw 8-bit bytes",
      .target = "/\xc3\xa9?do=uri", .want = { "uri=\"/\\xc3\\xa9\"" } },
    { .name = "uri has its slashes merged and dot segments resolved",
      .target = "/a//b/../c/./d?do=uri", .want = { "uri=\"/a/c/d\"" } },
    { .name = "uri decodes a slash and a question mark as characters",
      .target = "/a%2Fb%3Fc?do=uri", .want = { "uri=\"/a/b?c\"" } },
    { .name = "uri of an absolute request line is its path",
      .target = "http://other/x?do=uri,header:Host",
      .want = { "uri=\"/x\"", "header=\"contract\"" } },
    { .name = "a path above the root is refused",
      .target = "/../x?do=uri", .want = { "400 Bad Request" } },
    { .name = "a bad escape in the path is refused",
      .target = "/%zz?do=uri", .want = { "400 Bad Request" } },
    { .name = "uri ends before a fragment, and so do the arguments",
      .target = "/x?do=uri,args#frag",
      .want = { "uri=\"/x\"", "args=\"do=uri,args\"" } },

    /* query string */
    { .name = "args are NULL without a question mark",
      .target = "/args", .headers = "X-Do: args\r\n",
      .want = { "args=NULL" } },
    { .name = "args are NULL when nothing follows the question mark",
      .target = "/args?", .headers = "X-Do: args\r\n",
      .want = { "args=NULL" } },
    { .name = "args are raw",
      .target = "/args?a=%41+b&&c=%zz?d",
      .headers = "X-Do: args\r\n",
      .want = { "args=\"a=%41+b&&c=%zz?d\"" } },
    { .name = "args keep 8-bit bytes",
      .target = "/args?a=\xff\x80", .headers = "X-Do: args\r\n",
      .want = { "args=\"a=\\xff\\x80\"" } },
    { .name = "param finds the first of several and gives a copy each time",
      .target = "/p?a=1&a=2&do=param:a",
      .want = { "param=\"1\"", "param.own=1" } },
    { .name = "param is case-sensitive",
      .target = "/p?A=1&do=param:a", .want = { "param=NULL" } },
    { .name = "param with an empty value is an empty string",
      .target = "/p?a=&do=param:a", .want = { "param=\"\"" } },
    { .name = "param without an equals sign does not match",
      .target = "/p?a&do=param:a", .want = { "param=NULL" } },
    { .name = "param behind a bare namesake is found",
      .target = "/p?a&a=5&do=param:a", .want = { "param=\"5\"" } },
    { .name = "param never matches across pieces",
      .target = "/p?a=1&b=2&do=param:a%3d1%26b", .want = { "param=NULL" } },
    { .name = "param at the end without a value reads nothing behind it",
      .target = "/p?do=param:tok&x=1&tok",
      .headers = "X-Leak: =LEAK\r\n", .want = { "param=NULL" },
      .never = "LEAK" },
    { .name = "param is not decoded",
      .target = "/p?a=%41+%zz&do=param:a", .want = { "param=\"%41+%zz\"" } },
    { .name = "param with an empty name matches nothing",
      .target = "/p?=1&do=param:", .want = { "param=NULL" } },
    { .name = "param without a name matches nothing",
      .target = "/p?a=1&do=param:-", .want = { "param=NULL" } },
    { .name = "param is not split at a semicolon",
      .target = "/p?a=1;b=2&do=param:a,param:b",
      .want = { "param=\"1;b=2\"", "param=NULL" } },
    { .name = "a value that was written over does not change the next one",
      .target = "/p?a=abc&do=param:a,param:a,args",
      .want = { "param=\"abc\"", "args=\"a=abc&do=param:a,param:a,args\"" } },

    /* headers in */
    { .name = "header ignores case and gives a copy each time",
      .target = "/h?do=header:x-TEST", .headers = "X-Test: v\r\n",
      .want = { "header=\"v\"", "header.own=1" } },
    { .name = "header is trimmed of spaces",
      .target = "/h?do=header:X-Test", .headers = "X-Test:   v w  \r\n",
      .want = { "header=\"v w\"" } },
    { .name = "header keeps tabs and 8-bit bytes",
      .target = "/h?do=header:X-Test", .headers = "X-Test: a\tb\xe9\r\n",
      .want = { "header=\"a\\x09b\\xe9\"" } },
    { .name = "an empty header is an empty string",
      .target = "/h?do=header:X-Test", .headers = "X-Test:\r\n",
      .want = { "header=\"\"" } },
    { .name = "the first of several headers is found",
      .target = "/h?do=header:X-Test",
      .headers = "X-Test: one\r\nx-test: two\r\n",
      .want = { "header=\"one\"" } },
    { .name = "an absent header is NULL",
      .target = "/h?do=header:X-Test,header:X-Tes,header:X-Test2",
      .headers = "X-Test1: one\r\n", .want = { "header=NULL" } },
    { .name = "a name of no length matches nothing",
      .target = "/h?do=header:", .want = { "header=NULL" } },
    { .name = "the length of the name counts, not its end",
      .target = "/h?do=headern:X-Testing:6", .headers = "X-Test: v\r\n",
      .want = { "headern=\"v\"" } },
    { .name = "get_header without a length reads a C string",
      .target = "/h?do=header2:host,header2:-",
      .want = { "header2=\"contract\"", "header2=NULL" } },
    { .name = "a header with an underscore is dropped",
      .target = "/h?do=header:X_Test,header:X-Test",
      .headers = "X_Test: v\r\nX.Test: v\r\nX-Test: w\r\n",
      .want = { "header=NULL\nheader=\"w\"" } },
    { .name = "a header without a colon has an empty value",
      .target = "/h?do=header:X-Test", .headers = "X-Test\r\n",
      .want = { "header=\"\"" } },
    { .name = "single headers given twice are refused",
      .target = "/h?do=header:If-Match",
      .headers = "If-Match: a\r\nIf-Match: b\r\n",
      .want = { "400 Bad Request" } },
    { .name = "cookies and user agents may repeat",
      .target = "/h?do=header:Cookie,header:User-Agent",
      .headers = "Cookie: a=1\r\nCookie: b=2\r\nUser-Agent: u\r\n"
                 "User-Agent: v\r\n",
      .want = { "header=\"a=1\"", "header=\"u\"" } },
    { .name = "a request of 1.1 without Host is refused",
      .target = "/h?do=uri", .no_host = 1, .want = { "400 Bad Request" } },
    { .name = "a request of 1.0 needs no Host",
      .target = "/h?do=header:Host", .no_host = 1, .http_1_0 = 1,
      .want = { "200 OK", "header=NULL", "Connection: close" } },
    { .name = "a request of 1.0 may keep its connection",
      .target = "/h?do=header:Connection", .http_1_0 = 1,
      .headers = "Connection: keep-alive\r\n",
      .want = { "Connection: keep-alive" } },
    { .name = "a request of 1.1 may close its connection",
      .target = "/h?do=header:Connection", .headers = "Connection: close\r\n",
      .want = { "Connection: close", "header=\"close\"" } },
    { .name = "headers of the configuration stand behind those of the client",
      .target = "/h?do=header:x-conf", .headers = "X-Conf: client\r\n",
      .want = { "header=\"client\"" } },
    { .name = "the first header of the configuration is found",
      .target = "/h?do=header:x-conf", .want = { "header=\"from conf\"" } },

    /* headers added to the request */
    { .name = "a header added in is seen, whatever became of its memory",
      .target = "/i?do=in:X-New:v,header:x-new",
      .want = { "in.rc=0", "in=\"v\"", "header=\"v\"" } },
    { .name = "a header added in twice keeps the first",
      .target = "/i?do=in:X-New:v,in:X-New:w",
      .want = { "in=\"v\"", "in.rc=0\nin=\"v\"" } },
    { .name = "a header added in does not hide that of the client",
      .target = "/i?do=in:X-Test:w", .headers = "X-Test: v\r\n",
      .want = { "in.rc=0", "in=\"v\"" } },
    { .name = "a header added in may be empty",
      .target = "/i?do=in:X-New:", .want = { "in.rc=0", "in=\"\"" } },
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

    /* properties */
    { .name = "a property is found in any case, the first of two",
      .target = "/prop?do=prop:GREETING,prop:greeting",
      .want = { "prop=\"hello\"\nprop.same=1\nprop=\"hello\"" } },
    { .name = "a property may be empty, 8-bit, or look like a variable",
      .target = "/prop?do=prop:empty,prop:mixed,prop:dollar",
      .want = { "prop=\"\"", "prop=\"8\\xe9\"", "prop=\"a$$b\"" } },
    { .name = "an absent property is NULL, and so is one of no name",
      .target = "/prop?do=prop:greetin,prop:greetings,prop:",
      .want = { "prop=NULL\nprop.same=1\nprop=NULL\nprop.same=1\nprop=NULL" }
    },
    { .name = "the length of the property's name counts",
      .target = "/prop?do=propn:greetings:8,propn:greeting:7,propn:greeting:0",
      .want = { "propn=\"hello\"\npropn=NULL\npropn=NULL" } },
    { .name = "the init hook sees the zone, its properties and no error",
      .target = "/init?do=init,get:init",
      .want = { "init.has_error=0\ninit.shared_mem=set\n"
                "init.prop=\"hello\"\ninit.prop_absent=NULL\n"
                "init.prop_no_length=NULL\ninit.prop_null_key=NULL\n"
                "init.prop_null_cycle=NULL", "get=\"by init\"" } },

    /* version 35 */
    { .name = "get_method gives the method, whichever it is",
      .method = "MY_OWN-VERB", .target = "/m?do=method",
      .want = { "method.rc=0\nmethod=\"MY_OWN-VERB\"" } },
    { .name = "variables of the request line",
      .target = "/a%20b/../v?do=var:uri,var:document_uri,var:request_uri,"
                "var:args,var:query_string,var:is_args,var:request_method,"
                "var:server_protocol,var:scheme,var:https",
      .want = { "var=\"/v\"\nvar.end=00\nvar.rc=0\nvar=\"/v\"",
                "var=\"/a%20b/../v?do=", "var=\"do=var", "var=\"?\"",
                "var=\"GET\"\nvar.end=00\nvar.rc=0\nvar=\"HTTP/1.1\"\n"
                "var.end=00\nvar.rc=0\nvar=\"http\"\nvar.end=00\nvar.rc=0\n"
                "var=\"\"" } },
    { .name = "variables of headers, arguments and cookies",
      .target = "/v?a=1%202&E=&do=var:http_x_one,var:HTTP_X_One,var:arg_a,"
                "var:arg_e,var:cookie_c,var:host",
      .headers = "X-One: eins\r\nCookie: b=1; c=2\r\n",
      .want = { "var=\"eins\"\nvar.end=00\nvar.rc=0\nvar=\"eins\"",
                "var=\"1%202\"", "var=\"\"", "var=\"2\"",
                "var=\"contract\"" } },
    { .name = "a variable that does not exist or is not set is -1",
      .target = "/v?do=var:no_such_thing,var:http_absent,var:arg_absent,"
                "var:cookie_absent,var:content_type,var:content_length,"
                "var:arg_,var:,var:1",
      .want = { "var.rc=-1\nvar.rc=-1\nvar.rc=-1\nvar.rc=-1\nvar.rc=-1\n"
                "var.rc=-1\nvar.rc=-1\nvar.rc=-1\nvar.rc=-1\n" },
      .never = "var.rc=0" },
    { .name = "a variable sees a header that the app added",
      .target = "/v?do=in:X-Mine:yes,var:http_x_mine",
      .want = { "var=\"yes\"" } },
    { .name = "get_query_arg decodes once and keeps plus",
      .target = "/q?a=%2541+%e9%00b&do=arg:a",
      .want = { "arg.rc=0\narg=\"%41+\\xe9\\x00b\"\narg.end=00" } },
    { .name = "get_query_arg leaves a malformed escape as it is",
      .target = "/q?a=%zz%4&b=%&c=%a&do=arg:a,arg:b,arg:c",
      .want = { "arg=\"%zz%4\"", "arg=\"%\"", "arg=\"%a\"" } },
    { .name = "get_query_arg compares the raw name and takes the first",
      .target = "/q?%61=1&A=2&ab=3&a&a=4&a=5&e=&do=arg:a,arg:%2561,arg:e",
      .want = { "arg=\"4\"", "arg=\"\"" } },
    { .name = "get_query_arg of an absent name is -1",
      .target = "/q?ab=3&a&do=arg:a,arg:b,arg:",
      .want = { "arg.rc=-1\narg.rc=-1\narg.rc=-1\n" } },
    { .name = "next_header walks all headers, those added at the end",
      .target = "/h?do=in:X-Last:l,walk", .headers = "X-A: 1\r\nx-a: 2\r\n",
      .want = { "name=\"X-A\"\nvalue=\"1\"\nname=\"x-a\"\nvalue=\"2\"",
                "name=\"X-Conf\"\nvalue=\"from conf\"",
                "name=\"X-Last\"\nvalue=\"l\"\nwalk.again=0" } },

    /* methods */
    { .name = "OPTIONS reaches the app", .method = "OPTIONS",
      .target = "/m?do=uri,body", .want = { "body=NULL\nbody.len=0" } },
    { .name = "a method of its own reaches the app", .method = "MY_OWN-VERB",
      .target = "/m?do=uri", .want = { "200 OK" } },
    { .name = "TRACE does not reach the app", .method = "TRACE",
      .target = "/m?do=uri", .want = { "405 Not Allowed" } },
    { .name = "a method in lower case is refused", .method = "get",
      .target = "/m?do=uri", .want = { "400 Bad Request" } },
    { .name = "HEAD runs the handler and sends its head alone",
      .method = "HEAD", .target = "/m?do=uri,log:info:head",
      .want = { "200 OK", "info: head", "Content-Length: 18\n" },
      .never = "uri" }
};

const struct contract_list  contract_requests_in = { items, COUNT(items) };
