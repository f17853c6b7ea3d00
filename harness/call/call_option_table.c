/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one place where the options of `linkfunc call` are named: parsing and
 * --help read it, and a test compares docs/man/linkfunc-call.1 with it. Lines
 * are long here so that an option is one line.
 */
#include "harness/call/call_options.h"

const struct opt_def  call_option_defs[] = {
    { 0, 0, NULL, NULL, "The request, as curl makes it:" },
    { O_REQUEST, 'X', "request", "METHOD", "Method; default GET, POST with data" },
    { O_HEADER, 'H', "header", "LINE|@FILE", "'Name: value'; 'Name;' sends it empty, 'Name:' not at all" },
    { O_DATA, 'd', "data", "DATA|@FILE", "Body; several are joined by '&'; '@-' is standard input" },
    { O_DATA_RAW, 0, "data-raw", "DATA", "Body; '@' means nothing" },
    { O_DATA_BINARY, 0, "data-binary", "DATA|@FILE", "Body; a file is taken as it is" },
    { O_DATA_URLENCODE, 0, "data-urlencode", "DATA", "Body, encoded: [NAME=]TEXT or [NAME]@FILE" },
    { O_JSON, 0, "json", "DATA|@FILE", "Body, and the headers of JSON" },
    { O_GET, 'G', "get", NULL, "Put the data behind the URL" },
    { O_HEAD, 'I', "head", NULL, "HEAD; shows the headers alone" },
    { O_UPLOAD, 'T', "upload-file", "FILE", "PUT the file; '-' is standard input" },
    { O_AGENT, 'A', "user-agent", "NAME", "User-Agent; '' sends none" },
    { O_COOKIE, 'b', "cookie", "NAME=VALUE", "Cookie; several are joined by ';'" },
    { O_REFERER, 'e', "referer", "URL", "Referer" },
    { O_USER, 'u', "user", "NAME:PASS", "Authorization: Basic" },
    { O_PATH_AS_IS, 0, "path-as-is", NULL, "Leave '/../' and '/./' in the path" },
    { O_HTTP_1_0, '0', "http1.0", NULL, "HTTP/1.0" },

    { 0, 0, NULL, NULL, "The answer:" },
    { O_INCLUDE, 'i', "include", NULL, "Show the headers too" },
    { O_OUTPUT, 'o', "output", "FILE", "Write it to a file" },
    { O_DUMP_HEADER, 'D', "dump-header", "FILE", "Write the headers to a file; '-' is standard output" },
    { O_WRITE_OUT, 'w', "write-out", "TEXT|@FILE", "Print this after each answer: %{http_code} ..." },
    { O_FORMAT, 0, "format", "text|json", "json: an object for each answer, with all there is to know" },
    { O_SILENT, 's', "silent", NULL, "No warnings" },
    { O_VERBOSE, 'v', "verbose", NULL, "Show request, headers, pool and zone on stderr" },
    { O_FAIL, 'f', "fail", NULL, "Exit with 4 and no body if the status is >= 400" },

    { 0, 0, NULL, NULL, "The host:" },
    { O_PROP, 0, "prop", "KEY=VALUE", "ngx_link_func_add_prop" },
    { O_VAR, 0, "var", "NAME=VALUE", "A variable of nginx, for get_variable" },
    { O_REQ_HEADER, 0, "req-header", "LINE", "ngx_link_func_add_req_header 'Name: value'" },
    { O_SHM_SIZE, 0, "shm-size", "SIZE", "Shared memory, at least 32k; default 1m" },
    { O_SHM, 0, "shm", "NAME", "Keep the shared memory under this name; see linkfunc shm" },
    { O_WORKERS, 0, "workers", "N", "Worker processes that share the memory; default 1" },
    { O_THREADS, 0, "threads", "N", "Threads of each worker that run requests side by side" },
    { O_REPEAT, 0, "repeat", "M", "Requests, spread over workers and threads; default 1" },
    { O_TIMEOUT, 0, "timeout", "TIME", "For loading, each hook and each request; default 10s, 0: none" },
    { O_LOG_LEVEL, 0, "log-level", "LEVEL", "Show log lines up to it: debug ... emerg; default info" },
    { O_POOL, 0, "pool", "guard|fast", "Request memory: checked (default), or as nginx has it" },
    { O_NO_FORK, 0, "no-fork", NULL, "Run the app in this very process, for debuggers" },
    { O_HELP, 'h', "help", NULL, "This text" },
    { 0, 0, NULL, NULL, NULL }
};
