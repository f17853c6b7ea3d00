/* SPDX-License-Identifier: BSD-2-Clause */
/* The unit-test library from C++, without a framework. */
#include <linkfunc_test.h>

#include <cstring>
#include <string>

namespace {

void
greet(ngx_link_func_ctx_t *ctx)
{
    const char   *name = reinterpret_cast<const char *>(
                             ngx_link_func_get_header(ctx, "X-Name"));
    std::string   text = std::string("hello ") + (name ? name : "nobody");

    ngx_link_func_write_resp(ctx, 200, nullptr, nullptr, text.data(),
                             text.size());
}


void
tell_host(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_str_t  host = {0, nullptr};

    if (ngx_link_func_get_variable(ctx, "host", 4, &host) == 0) {
        ngx_link_func_write_resp(ctx, 200, nullptr, nullptr,
                                 reinterpret_cast<char *>(host.data),
                                 host.len);
    }
}

}


int
main()
{
    linkfunc_test_host      *host = linkfunc_test_host_new(nullptr);
    linkfunc_test_response  *r;
    linkfunc_test_request    request;

    r = LINKFUNC_TEST_CALL(host, greet);
    linkfunc_test_assert_body(r, "hello nobody");

    r = LINKFUNC_TEST_CALL(host, greet, .method = "PUT", .target = "/x",
                           .headers = {"A: b", "X-Name: Ada"}, .body = "x");
    linkfunc_test_assert_body(r, "hello Ada");

    r = LINKFUNC_TEST_CALL(host, tell_host, .variables = {"host=by hand"});
    linkfunc_test_assert_body(r, "by hand");

    request.handler = greet;
    request.headers[0] = "X-Name: Grace";
    r = linkfunc_test_call(host, &request);
    linkfunc_test_assert_body(r, "hello Grace");

    linkfunc_test_host_free(&host);

    return host != nullptr;
}
