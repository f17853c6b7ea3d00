! SPDX-License-Identifier: BSD-2-Clause
! An app in Fortran.
module app_fortran
    use iso_c_binding
    implicit none

    interface
        subroutine write_resp(ctx, status, line, kind, body, length) &
                bind(c, name="ngx_link_func_write_resp")
            import
            type(c_ptr), value :: ctx, line, kind
            integer(c_intptr_t), value :: status
            character(kind=c_char) :: body(*)
            integer(c_size_t), value :: length
        end subroutine
    end interface

contains

    subroutine init(cycle) bind(c, name="ngx_link_func_init_cycle")
        type(c_ptr), value :: cycle
    end subroutine

    subroutine exit_hook(cycle) bind(c, name="ngx_link_func_exit_cycle")
        type(c_ptr), value :: cycle
    end subroutine

    subroutine fortran_hello(ctx) bind(c, name="fortran_hello")
        type(c_ptr), value :: ctx
        character(len=19) :: text = "hello from Fortran" // c_new_line

        call write_resp(ctx, 200_c_intptr_t, c_null_ptr, c_null_ptr, text, &
                        19_c_size_t)
    end subroutine

end module
