# Builds the nginx module with nginx's own build, by scripts/build-module.sh.
# Sets LINKFUNC_MODULE_SO to the file, or leaves it empty and says why.
set(LINKFUNC_NGINX_SRC /usr/share/nginx/src CACHE PATH
    "Sources of nginx, or what Debian's nginx-dev installs")

function(linkfunc_nginx_module)
    set(LINKFUNC_MODULE_SO "" CACHE INTERNAL "the nginx module")
    if(NOT EXISTS ${LINKFUNC_NGINX_SRC}/configure
       AND NOT EXISTS ${LINKFUNC_NGINX_SRC}/auto/configure)
        message(STATUS "nginx module: not built, ${LINKFUNC_NGINX_SRC} has no "
                       "nginx sources (install nginx-dev)")
        return()
    endif()

    set(flags "")
    set(link_flags "")
    if(LINKFUNC_FAULTS)
        string(APPEND flags " -DLINKFUNC_FAULTS")
    endif()
    if(LINKFUNC_COVERAGE)
        string(APPEND flags " --coverage")
        string(APPEND link_flags " --coverage")
    endif()

    set(out ${PROJECT_BINARY_DIR}/module)
    file(STRINGS ${PROJECT_SOURCE_DIR}/core/sources.txt core)
    list(TRANSFORM core PREPEND ${PROJECT_SOURCE_DIR}/core/)
    file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/core/*.h
         ${PROJECT_SOURCE_DIR}/module/*.h ${PROJECT_SOURCE_DIR}/include/*.h)
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/module/*.c)

    add_custom_command(
        OUTPUT ${out}/ngx_http_link_func_module.so
        COMMAND ${CMAKE_COMMAND} -E env CC=${CMAKE_C_COMPILER}
            ${PROJECT_SOURCE_DIR}/scripts/build-module.sh
            --nginx-src ${LINKFUNC_NGINX_SRC} --out ${out}
            --cc-opt "${flags}" --ld-opt "${link_flags}"
        DEPENDS ${core} ${headers} ${sources}
            ${PROJECT_SOURCE_DIR}/module/config
            ${PROJECT_SOURCE_DIR}/core/sources.txt
            ${PROJECT_SOURCE_DIR}/scripts/build-module.sh
        COMMENT "Building the nginx module"
        VERBATIM)
    add_custom_target(linkfunc_module ALL
                      DEPENDS ${out}/ngx_http_link_func_module.so)
    set(LINKFUNC_MODULE_SO ${out}/ngx_http_link_func_module.so
        CACHE INTERNAL "the nginx module")
endfunction()
