# SPDX-License-Identifier: BSD-2-Clause
# An app in Nim.
proc write_resp(ctx: pointer, status: uint, line, kind, body: cstring,
                len: csize_t) {.importc: "ngx_link_func_write_resp".}

proc init(cycle: pointer) {.exportc: "ngx_link_func_init_cycle", dynlib.} =
  discard

proc leave(cycle: pointer) {.exportc: "ngx_link_func_exit_cycle", dynlib.} =
  discard

proc nim_hello(ctx: pointer) {.exportc, dynlib.} =
  let text = "hello from " & "Nim\n"
  write_resp(ctx, 200, nil, nil, cstring(text), csize_t(text.len))
