// SPDX-License-Identifier: BSD-2-Clause
// An app in Go: its runtime starts threads when it is loaded.
package main

/*
#cgo CFLAGS: -I../../include
#include <ngx_link_func_module.h>
*/
import "C"

import "unsafe"

//export ngx_link_func_init_cycle
func ngx_link_func_init_cycle(cycle *C.ngx_link_func_cycle_t) {}

//export ngx_link_func_exit_cycle
func ngx_link_func_exit_cycle(cycle *C.ngx_link_func_cycle_t) {}

//export go_hello
func go_hello(ctx *C.ngx_link_func_ctx_t) {
	done := make(chan string)
	go func() { done <- "hello from Go\n" }()
	text := <-done
	c := C.CString(text)
	C.ngx_link_func_write_resp(ctx, 200, nil, nil, c, C.size_t(len(text)))
	C.free(unsafe.Pointer(c))
}

//export go_nil
func go_nil(ctx *C.ngx_link_func_ctx_t) {
	var p *int
	*p = 1
}

func main() {}
