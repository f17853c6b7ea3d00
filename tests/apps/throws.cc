/* SPDX-License-Identifier: BSD-2-Clause */
/* A C++ app that lets an exception out. */
#include <ngx_link_func_module.h>

#include <stdexcept>
#include <string>

extern "C" void
ngx_link_func_init_cycle(ngx_link_func_cycle_t *)
{
}


extern "C" void
ngx_link_func_exit_cycle(ngx_link_func_cycle_t *)
{
}


namespace shop {

void __attribute__((noinline))
order(const std::string &what)
{
    throw std::runtime_error("no " + what);
}

}


extern "C" void
throws(ngx_link_func_ctx_t *)
{
    shop::order("tea");
}


extern "C" void
catches(ngx_link_func_ctx_t *ctx)
{
    try {
        shop::order("tea");

    } catch (const std::exception &error) {
        std::string  text = std::string(error.what()) + "\n";

        ngx_link_func_write_resp(ctx, 200, nullptr, nullptr, text.c_str(),
                                 text.size());
    }
}
