# The warnings every target of this project is built with.
add_compile_options(-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes
                    -Wpointer-arith -Wwrite-strings -Wformat=2 -Wvla)
if(LINKFUNC_WERROR)
    add_compile_options(-Werror)
endif()
