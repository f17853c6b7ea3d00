// SPDX-License-Identifier: BSD-2-Clause
// An app in Rust.
use std::os::raw::{c_char, c_void};

extern "C" {
    fn ngx_link_func_write_resp(
        ctx: *mut c_void, status: usize, line: *const c_char,
        kind: *const c_char, body: *const c_char, len: usize);
}

#[no_mangle]
pub extern "C" fn ngx_link_func_init_cycle(_cycle: *mut c_void) {}

#[no_mangle]
pub extern "C" fn ngx_link_func_exit_cycle(_cycle: *mut c_void) {}

#[no_mangle]
pub extern "C" fn rust_hello(ctx: *mut c_void) {
    let text = format!("hello from {}\n", "Rust");
    unsafe {
        ngx_link_func_write_resp(
            ctx, 200, std::ptr::null(), std::ptr::null(),
            text.as_ptr() as *const c_char, text.len());
    }
}

#[no_mangle]
pub extern "C" fn rust_panic(_ctx: *mut c_void) {
    panic!("out of tea");
}
