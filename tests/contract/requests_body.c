/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests of the contract suite: bodies of all sizes, sent and kept in all
 * ways. What small bodies mean to an app stands in scripts/body.hurl.
 */
#include "tests/contract/contract.h"

#define COUNT(array)  (sizeof(array) / sizeof((array)[0]))

/* A body that the echo handler must give back whole. */
#define ECHO(what, how, bytes)                                                \
    { .name = what, .method = "POST", .target = how, .size = bytes,           \
      .want = { "200 OK", "NUL" } }

#define ECHO_BY(what, how, bytes, way)                                        \
    { .name = what, .method = "POST", .target = how, .size = bytes,           \
      .sending = way, .want = { "200 OK", "NUL" } }

static const struct contract_request  items[] = {
    { .name = "a chunked body of no bytes is NULL", .method = "POST",
      .target = "/b?do=body", .body = "", .want = { "body=NULL" } },
    { .name = "a body that comes late is given whole", .method = "POST",
      .target = "/b?do=body,header:Expect", .body = "late",
      .sending = CONTRACT_LATE,
      .want = { "body.len=4", "header=\"100-continue\"" } },

    ECHO("a body of 1 byte comes back", "/echo", 1),
    ECHO("a body of 1k comes back", "/echo", 1024),
    ECHO("a body of 8k less 1 comes back", "/echo", 8191),
    ECHO("a body of 8k comes back", "/echo", 8192),
    ECHO("a body of 8k and 1 comes back", "/echo", 8193),
    ECHO("a body below 1.25 buffers comes back", "/echo", 10239),
    ECHO("a body of 1.25 buffers comes back", "/echo", 10240),
    ECHO("a body above 1.25 buffers comes back", "/echo", 10241),
    ECHO("a body that came with its head comes back", "/echo", 11188),
    ECHO("a body that nearly came with its head comes back", "/echo", 11190),
    ECHO("a body of 16k comes back", "/echo", 16384),
    ECHO("a body of 64k comes back", "/echo", 65536),
    ECHO("a body of 1m comes back", "/echo", 1048576),
    ECHO("a body of 10m comes back", "/echo", 10485760),
    ECHO("a body of 10m in one buffer comes back", "/large/echo", 10485760),
    ECHO("a body in a file comes back", "/file/echo", 1),
    ECHO("a body of 8k in a file comes back", "/file/echo", 8192),
    ECHO("a body of 1m in a file comes back", "/file/echo", 1048576),
    ECHO("a body in a tiny buffer comes back", "/tiny/echo", 1000),
    ECHO("a body above a tiny buffer comes back", "/tiny/echo", 1281),
    ECHO("a body far above a tiny buffer comes back", "/tiny/echo", 100000),
    ECHO("a body in a single buffer comes back", "/single/echo", 10000),
    ECHO("a large body in a single buffer comes back", "/single/echo",
         1048576),
    ECHO_BY("a chunked body of 1 byte comes back", "/echo", 1,
            CONTRACT_CHUNKED),
    ECHO_BY("a chunked body of 8k comes back", "/echo", 8192,
            CONTRACT_CHUNKED),
    ECHO_BY("a chunked body of 8179 comes back", "/echo", 8179,
            CONTRACT_CHUNKED),
    ECHO_BY("a chunked body of 1m comes back", "/echo", 1048576,
            CONTRACT_CHUNKED),
    ECHO_BY("a chunked body of 10m comes back", "/echo", 10485760,
            CONTRACT_CHUNKED),
    ECHO_BY("a chunked body in a file comes back", "/file/echo", 5000,
            CONTRACT_CHUNKED),
    ECHO_BY("a chunked body in a tiny buffer comes back", "/tiny/echo", 5000,
            CONTRACT_CHUNKED),
    ECHO_BY("a late body of 1 byte comes back", "/echo", 1, CONTRACT_LATE),
    ECHO_BY("a late body of 8k comes back", "/echo", 8192, CONTRACT_LATE),
    ECHO_BY("a late body of 10239 comes back", "/echo", 10239, CONTRACT_LATE),
    ECHO_BY("a late body of 10240 comes back", "/echo", 10240, CONTRACT_LATE),
    ECHO_BY("a late body of 1m comes back", "/echo", 1048576, CONTRACT_LATE),
    ECHO_BY("a late body in a file comes back", "/file/echo", 5000,
            CONTRACT_LATE),
    { .name = "a PUT of 1m comes back", .method = "PUT", .target = "/echo",
      .size = 1048576, .want = { "200 OK" } },
    { .name = "a PATCH of 1m comes back", .method = "PATCH",
      .target = "/echo", .size = 1048576, .want = { "200 OK" } },
    { .name = "the figures of a body that was spilled are right",
      .method = "POST", .target = "/tiny/body?do=body", .size = 300000,
      .want = { "body.len=300000", "body.end=00" } }
};

const struct contract_list  contract_requests_body = { items, COUNT(items) };
