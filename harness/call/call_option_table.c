/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The options of `linkfunc call`: all that is said about an option, its
 * paragraph of the manual page included.
 */
#include "harness/call/call_options.h"
#include "harness/worker/worker.h"

static const struct call_data_kind  data_text = { .file = 1, .strip = 1 };
static const struct call_data_kind  data_raw = { .file = 0 };
static const struct call_data_kind  data_binary = { .file = 1 };
static const struct call_data_kind  data_encoded = { .encode = 1 };
static const struct call_data_kind  data_json = { .file = 1, .json = 1 };

const struct opt_row  call_option_rows[] = {
    { OPT_HEADING("The request, as curl sends it:") },
    { 'X', "request", "METHOD", OPT_CALLBACK(call_set_method),
      .help = "Method; default GET, POST with data",
      .manual = "Use this method. The default is GET; POST with data; PUT "
                "with --upload-file; HEAD with --head." },
    { 'H', "header", "LINE|@FILE", OPT_CALLBACK(call_add_header),
      .help = "'Name: value'; 'Name;' sends it empty, 'Name:' not at all",
      .manual = "Send a header: 'Name: value'. 'Name;' sends it with an empty "
                "value; 'Name:' removes one that would be sent otherwise. A "
                "file holds one header per line. May be repeated." },
    { 'd', "data", "DATA|@FILE", OPT_CALLBACK(call_add_data),
      .data = &data_text,
      .help = "Body; several are joined by '&'; '@-' is standard input",
      .manual = "Send data as the body. Several are joined by '&'. Carriage "
                "returns, newlines and NUL bytes of a file are left out; '@-' "
                "is standard input. A file may hold up to 256 MiB, here and "
                "below." },
    { 0, "data-raw", "DATA", OPT_CALLBACK(call_add_data), .data = &data_raw,
      .help = "Body; '@' has no special meaning",
      .manual = "As --data, but '@' has no special meaning." },
    { 0, "data-binary", "DATA|@FILE", OPT_CALLBACK(call_add_data),
      .data = &data_binary,
      .help = "Body; a file is sent as it is",
      .manual = "As --data, but a file is sent as it is." },
    { 0, "data-urlencode", "DATA", OPT_CALLBACK(call_add_data),
      .data = &data_encoded,
      .help = "Body, encoded: [NAME=]TEXT or [NAME]@FILE",
      .manual = "Encode the data: TEXT, NAME=TEXT, @FILE or NAME@FILE. The "
                "name is sent as it is." },
    { 0, "json", "DATA|@FILE", OPT_CALLBACK(call_add_data), .data = &data_json,
      .help = "Body, and the headers of JSON",
      .manual = "Send data as the body, with the headers 'Content-Type: "
                "application/json' and 'Accept: application/json'." },
    { 'G', "get", NULL, OPT_FLAG(struct call_options, get),
      .help = "Append the data to the URL",
      .manual = "Append the data to the URL; send no body." },
    { 'I', "head", NULL, OPT_FLAG(struct call_options, head),
      .help = "HEAD; show only the headers",
      .manual = "Send HEAD, and show the headers." },
    { 'T', "upload-file", "FILE", OPT_TEXT(struct call_options, upload),
      .help = "PUT the file; '-' is standard input",
      .manual = "PUT a file; '-' is standard input. Its name is appended to a "
                "URL that ends with a slash." },
    { 'A', "user-agent", "NAME", OPT_TEXT(struct call_options, agent),
      .help = "User-Agent; '' sends none",
      .manual = "The User-Agent; an empty name sends none." },
    { 'b', "cookie", "NAME=VALUE", OPT_CALLBACK(call_add_cookie),
      .help = "Cookie; several are joined by ';'",
      .manual = "Send a cookie. May be repeated; several are joined by ';'." },
    { 'e', "referer", "URL", OPT_TEXT(struct call_options, referer),
      .help = "Referer" },
    { 'u', "user", "NAME:PASS", OPT_CALLBACK(call_set_user),
      .help = "Authorization: Basic",
      .manual = "Send an Authorization header (Basic)." },
    { 0, "path-as-is", NULL, OPT_FLAG(struct call_options, path_as_is),
      .help = "Leave '/../' and '/./' in the path" },
    { '0', "http1.0", NULL, OPT_FLAG(struct call_options, http_1_0),
      .help = "HTTP/1.0",
      .manual = "Send the request as HTTP/1.0." },

    { OPT_HEADING("The response:") },
    { 'i', "include", NULL, OPT_FLAG(struct call_options, include),
      .help = "Show the headers too",
      .manual = "Show status line and headers before the body." },
    { 'o', "output", "FILE", OPT_TEXT(struct call_options, output),
      .help = "Write it to a file",
      .manual = "Write the response to a file. It is opened when the first "
                "response is there: a call that fails before leaves it as "
                "it was." },
    { 'D', "dump-header", "FILE", OPT_TEXT(struct call_options, dump_header),
      .help = "Write the headers to a file; '-' is standard output",
      .manual = "Write status line and headers to a file; '-' is standard "
                "output." },
    { 'w', "write-out", "TEXT|@FILE", OPT_CALLBACK(call_set_write_out),
      .help = "Print this after each response: %{http_code} ...",
      .manual = "Print this after each response. Known are \\n, \\r, \\t, %% "
                "and the variables %{http_code}, %{response_code}, "
                "%{content_type}, %{size_download}, %{size_upload}, "
                "%{size_header}, %{size_request}, %{num_headers}, "
                "%{time_total}, %{time_starttransfer}, %{method}, %{url}, "
                "%{url_effective}, %{http_version}, %{filename_effective}, "
                "%{alloc_count}, %{alloc_bytes}, %header{name}, %{stdout} and "
                "%{stderr}. Times are those spent in the function." },
    { 0, "format", "text|json", OPT_CHOICE(struct call_options, json_format, 0),
      .help = "json: one object for each response, with all details",
      .manual = "With json each request gives one object on a line of its "
                "own, with the response, its headers, log lines, findings, "
                "figures, and the error if there was one; nothing of that is "
                "then on standard error. --output, --dump-header to a file, "
                "--head and --verbose work as usual; with --fail the "
                "object has the body. --include, --write-out and --no-fork "
                "cannot be used with it. docs/call-json.md has the fields." },
    { 's', "silent", NULL, OPT_FLAG(struct call_options, silent),
      .help = "No warnings",
      .manual = "Print no warnings. Errors are always printed." },
    { 'v', "verbose", NULL, OPT_FLAG(struct call_options, verbose),
      .help = "Show request, headers, pool and zone on stderr",
      .manual = "Show the request, the headers of the response, and figures of "
                "pool and shared memory on standard error." },
    { 'f', "fail", NULL, OPT_FLAG(struct call_options, fail),
      .help = "Exit with 4 and no body if the status is >= 400",
      .manual = "Exit with 4, and print no body, if the status is 400 or "
                "more." },

    { OPT_HEADING("The host:") },
    { 0, "prop", "KEY=VALUE", OPT_PAIRS(struct call_options, props),
      .rerun = true,
      .help = "ngx_link_func_add_prop",
      .manual = "A property of the app, as the directive "
                "ngx_link_func_add_prop defines it. May be repeated." },
    { 0, "var", "NAME=VALUE", OPT_CALLBACK(call_add_var), .rerun = true,
      .help = "A variable of nginx, for get_variable",
      .manual = "A variable of nginx, as ngx_link_func_get_variable finds it; "
                "it wins over the one that the request would have. May be "
                "repeated. Without it, the variables of request line, "
                "headers, time and server are there as for a client at "
                "127.0.0.1 and a server at port 80; those that need more than "
                "a request, such as $document_root, $remote_port or those of "
                "a proxy, are named in the log and not set." },
    { 0, "req-header", "LINE", OPT_CALLBACK(call_add_req_header),
      .rerun = true,
      .help = "ngx_link_func_add_req_header 'Name: value'",
      .manual = "Add a header to each request, as "
                "ngx_link_func_add_req_header does. May be repeated." },
    { 0, "shm-size", "SIZE",
      OPT_SIZE(struct call_options, shm_size, LF_ZONE_MIN), .rerun = true,
      .help = "Shared memory, at least 32k; default 1m",
      .manual = "The size of the shared memory: bytes, or with k, m or g. At "
                "least 32k; 1m by default." },
    { 0, "shm", "NAME", OPT_TEXT(struct call_options, shm), .rerun = true,
      .help = "Name of a zone that outlives the call; see linkfunc shm",
      .manual = "Use a named zone of shared memory, which is still there "
                "with its contents at the next call. It has at most 1g. "
                "linkfunc-shm(1) lists and removes named zones." },
    { 0, "workers", "N", OPT_COUNT(struct call_options, workers, 1, 256),
      .rerun = true,
      .help = "Worker processes that share the memory; default 1",
      .manual = "Run the app in N processes that share the memory." },
    { 0, "threads", "N",
      OPT_COUNT(struct call_options, threads, 1, WORKER_THREADS_MAX),
      .rerun = true,
      .help = "Threads of each worker that run requests in parallel",
      .manual = "Run requests in N threads of each worker, from 1 to 256, "
                "in parallel: they share the app, its global variables and "
                "the memory, as with 'aio threads' of nginx. A crash or a "
                "time-out ends the process, with the requests of its other "
                "threads. Without this option each worker runs one request at "
                "a time on its main thread." },
    { 0, "repeat", "M", OPT_COUNT(struct call_options, repeat, 1, 1000000000),
      .rerun = true,
      .help = "Requests, spread over workers and threads; default 1",
      .manual = "Send the request M times, spread over the workers and their "
                "threads. Responses are printed whole, in the order in "
                "which they come." },
    { 0, "timeout", "TIME", OPT_DURATION(struct call_options, timeout),
      .help = "For loading, each hook and each request; default 10s, 0: none",
      .manual = "How long loading, each hook and each request may take: 10s, "
                "500ms, 2m. 10s by default; 0 is no limit." },
    { 0, "log-level", "LEVEL",
      OPT_CHOICE(struct call_options, log_level, LF_EMERG), .words = LF_LEVELS,
      .help = "Lowest level to show: debug ... emerg; default info",
      .manual = "Show log lines from this level on: debug, info, notice, "
                "warn, error, crit, alert or emerg. The default is info." },
    { 0, "pool", "guard|fast",
      OPT_CHOICE(struct call_options, pool, LF_FAKE_POOL_GUARD), .rerun = true,
      .help = "Request memory: checked (default), or as in nginx",
      .manual = "Memory of requests: guard (the default) checks each "
                "allocation, fast works as in nginx." },
    { 0, "no-fork", NULL, OPT_FLAG(struct call_options, no_fork),
      .help = "Run the app in the process of the command, for debuggers",
      .manual = "Run the app in the process of the command itself, for "
                "debuggers. A crash is not reported then, and --timeout has no "
                "effect." },
    { OPT_HELP },
    { .help = NULL }
};
