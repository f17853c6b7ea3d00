/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests of the contract suite: what an app answers, and what a host makes
 * of it, as far as no script can say it: status lines, the case and order of
 * headers, raw bytes, and what nginx logs of rules. The rows of
 * golden/response_cases.tsv are played beside these.
 */
#include "tests/contract/contract.h"

#define COUNT(array)  (sizeof(array) / sizeof((array)[0]))

static const struct contract_request  items[] = {
    { .name = "a response has the status, line, type and body given",
      .target = "/r?do=resp:201:201%20Made%20it:text/x-made:yes",
      .want = { "HTTP/1.1 201 Made it\n", "Content-Type: text/x-made\n",
                "Content-Length: 3\n", "yes" } },
    { .name = "what was given to write_resp may go at once",
      .target = "/kept",
      .want = { "HTTP/1.1 201 Kept\n", "text/kept", "kept" } },
    { .name = "a line of 4000 bytes is sent whole",
      .target = "/r?do=respline:4000", .want = { "HTTP/1.1 200 aaaa" } },
    { .name = "a line that breaks the head is replaced",
      .target = "/r?do=resp:200:200%20OK%0d%0aX-Evil%3a%201:-:x",
      .want = { "HTTP/1.1 200 OK\n" }, .never = "X-Evil" },
    { .name = "a type that breaks the head is replaced",
      .target = "/r?do=resp:200:-:text/html%0aX-Evil%3a%201:x",
      .want = { "Content-Type: text/plain\n" }, .never = "X-Evil" },
    { .name = "an 8-bit type is sent as it is",
      .target = "/r?do=resp:200:-:text/%e9:x",
      .want = { "Content-Type: text/\xe9\n" } },
    { .name = "a status below 200 is a 500",
      .target = "/r?do=resp:199:-:-:x", .want = { "HTTP/1.1 500 " } },
    { .name = "a status above 999 is a 500",
      .target = "/r?do=resp:1000:-:-:x", .want = { "HTTP/1.1 500 " } },
    { .name = "a status of 65736 is a 500",
      .target = "/r?do=resp:65736:-:-:x", .want = { "HTTP/1.1 500 " } },
    { .name = "a status of 2^64 - 1 is a 500",
      .target = "/r?do=resp:18446744073709551615:-:-:x",
      .want = { "HTTP/1.1 500 " } },
    { .name = "a status of 2^32 + 200 is a 500",
      .target = "/r?do=resp:4294967496:-:-:x", .want = { "HTTP/1.1 500 " } },
    { .name = "a bad status that is followed by a good one is forgotten",
      .target = "/r?do=resp:0:-:-:x,resp:200:-:-:y",
      .want = { "HTTP/1.1 200 OK\n", "Content-Length: 1\n" } },
    { .name = "a HEAD of a 404 with a line has no body", .method = "HEAD",
      .target = "/r?do=resp:404:404%20Nope:text/x:hello",
      .want = { "404 Nope", "Content-Length: 5\n" }, .never = "hello" },

    /* several responses, or none */
    { .name = "of two responses the last is sent, wholly",
      .target = "/r?do=resp:200:200%20First:text/first:one,"
                "resp:201:-:-:second",
      .want = { "HTTP/1.1 201 Created\n", "Content-Type: text/plain\n",
                "Content-Length: 6\n" }, .never = "First" },
    { .name = "of two responses the last may be empty",
      .target = "/r?do=resp:200:-:-:one,resp:200:-:-:-",
      .want = { "Content-Length: 0\n" } },

    /* write_resp_l */
    { .name = "lengths shorter than the strings are honoured",
      .target = "/l?do=respl:200:200%20OK:3:text/html:4:hello:2",
      .want = { "HTTP/1.1 200\n", "Content-Type: text\n",
                "Content-Length: 2\n" } },
    { .name = "NULL with a length is the default",
      .target = "/l?do=respl:200:-:6:-:9:hello:5",
      .want = { "HTTP/1.1 200 OK\n", "Content-Type: text/plain\n",
                "Content-Length: 5\n" } },
    { .name = "a NULL body with a length is none",
      .target = "/l?do=respl:200:-:0:-:0:-:99",
      .want = { "Content-Length: 0\n" } },
    { .name = "a line with a NUL is replaced",
      .target = "/l?do=respl:200:200%20O%00K:7:-:0:x:1",
      .want = { "HTTP/1.1 200 OK\n" } },

    /* headers out */
    { .name = "headers out keep their case, order and duplicates",
      .target = "/o?do=out:X-b:1,out:x-A:2,out:X-b:3",
      .want = { "X-b: 1\nx-A: 2\nX-b: 3\n", "out.rc=0" } },
    { .name = "a header out may hold 8-bit bytes and tabs",
      .target = "/o?do=out:X-Eight:%e9%09%ff",
      .want = { "X-Eight: \xe9\t\xff\n" } },
    { .name = "headers with CR, LF or NUL are not sent",
      .target = "/o?do=out:X-A:a%0d,out:X-B:%0aX-Evil%3a1,out:X-C:a%00b,"
                "out:X-D%0a:a,out:X-E%0d:a,out:X-F%00:a",
      .want = { "out.rc=-1\nout.rc=-1\nout.rc=-1\nout.rc=-1\nout.rc=-1\n"
                "out.rc=-1\n" }, .never = "X-Evil" },
    { .name = "a header without a name is not sent",
      .target = "/o?do=out::v", .want = { "out.rc=-1" } },
    { .name = "framing headers are refused, in any case",
      .target = "/o?do=out:Content-Length:99,out:TRANSFER-ENCODING:chunked,"
                "out:connection:close",
      .want = { "out.rc=-1\nout.rc=-1\nout.rc=-1", "Content-Length: 30\n",
                "Connection: keep-alive\n" }, .never = "chunked" },
    { .name = "a hundred headers are sent in order",
      .target = "/o?do=outs:100", .want = { "X-Many-0: 0\nX-Many-1: 1\n",
                                            "X-Many-99: 99\n" } },
    { .name = "a header of 100000 bytes is sent whole",
      .target = "/o?do=outlong:100000", .want = { "outlong.rc=0" } },
};

const struct contract_list  contract_requests_out = { items, COUNT(items) };
