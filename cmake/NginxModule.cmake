# Builds the nginx module with nginx's own build, by scripts/build-module.sh.
# Sets LINKFUNC_MODULE_SO to the file, or leaves it empty and says why; and
# LINKFUNC_TEST_NGINX to an nginx that can load it, empty for the installed one.
set(LINKFUNC_NGINX_SRC /usr/share/nginx/src CACHE PATH
    "Sources of nginx, or what Debian's nginx-dev installs")

# The runtime of the sanitizer must be there before nginx. What nginx itself
# leaks when it ends is its own affair, and apps that crash on purpose do so.
function(linkfunc_sanitized_nginx)
    find_program(LINKFUNC_NGINX nginx PATHS /usr/sbin)
    execute_process(COMMAND ${CMAKE_C_COMPILER} -print-file-name=libasan.so
                    OUTPUT_VARIABLE runtime OUTPUT_STRIP_TRAILING_WHITESPACE)
    set(script ${PROJECT_BINARY_DIR}/module/nginx-with-sanitizers)
    file(WRITE ${script} "#!/bin/sh\n"
         "export LD_PRELOAD='${runtime}'\n"
         "ASAN_OPTIONS=detect_leaks=0:abort_on_error=1\n"
         "ASAN_OPTIONS=$ASAN_OPTIONS:allocator_may_return_null=1\n"
         "ASAN_OPTIONS=$ASAN_OPTIONS:handle_segv=0:handle_sigbus=0\n"
         "export ASAN_OPTIONS\n"
         "exec '${LINKFUNC_NGINX}' \"$@\"\n")
    file(CHMOD ${script} PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE
         GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
    set(LINKFUNC_TEST_NGINX ${script} CACHE INTERNAL "the nginx of the tests")
endfunction()


function(linkfunc_nginx_module)
    set(LINKFUNC_MODULE_SO "" CACHE INTERNAL "the nginx module")
    set(LINKFUNC_TEST_NGINX "" CACHE INTERNAL "the nginx of the tests")
    if(NOT LINKFUNC_BUILD_MODULE)
        return()
    endif()
    if(LINKFUNC_SANITIZE AND NOT LINKFUNC_SANITIZE MATCHES address)
        message(STATUS "nginx module: not built, only AddressSanitizer can be "
                       "loaded into an nginx that knows nothing of it")
        return()
    endif()
    if(NOT EXISTS ${LINKFUNC_NGINX_SRC}/configure
       AND NOT EXISTS ${LINKFUNC_NGINX_SRC}/auto/configure)
        message(STATUS "nginx module: not built, ${LINKFUNC_NGINX_SRC} has no "
                       "nginx sources (install nginx-dev)")
        return()
    endif()

    set(flags "")
    set(link_flags "")
    set(werror)
    if(LINKFUNC_WERROR)
        set(werror --werror)
    endif()
    if(LINKFUNC_FAULTS)
        string(APPEND flags " -DLINKFUNC_FAULTS")
    endif()
    if(LINKFUNC_COVERAGE)
        list(JOIN LINKFUNC_COVERAGE_FLAGS " " coverage)
        string(APPEND flags " ${coverage}"
               " -fprofile-prefix-map=src/=${LINKFUNC_NGINX_SRC}/src/")
        string(APPEND link_flags " ${coverage}")
    endif()

    if(LINKFUNC_SANITIZE)
        string(APPEND flags " -fsanitize=${LINKFUNC_SANITIZE}"
               " -fno-omit-frame-pointer -fno-sanitize-recover=undefined")
        string(APPEND link_flags " -fsanitize=${LINKFUNC_SANITIZE}")
        linkfunc_sanitized_nginx()
    endif()

    set(out ${PROJECT_BINARY_DIR}/module)
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/module/*.[ch]
         ${PROJECT_SOURCE_DIR}/core/*.[ch] ${PROJECT_SOURCE_DIR}/core/elf/*.[ch]
         ${PROJECT_SOURCE_DIR}/lib/*/*.[ch] ${PROJECT_SOURCE_DIR}/include/*.h)

    add_custom_command(
        OUTPUT ${out}/ngx_http_link_func_module.so
        COMMAND ${CMAKE_COMMAND} -E env CC=${CMAKE_C_COMPILER}
            ${PROJECT_SOURCE_DIR}/scripts/build-module.sh
            --nginx-src ${LINKFUNC_NGINX_SRC} --out ${out}
            --cc-opt "${flags}" --ld-opt "${link_flags}" ${werror}
        DEPENDS ${sources}
            ${PROJECT_SOURCE_DIR}/module/config
            ${PROJECT_SOURCE_DIR}/module/lib-sources.txt
            ${PROJECT_SOURCE_DIR}/core/sources.txt
            ${PROJECT_SOURCE_DIR}/core/elf/sources.txt
            ${PROJECT_SOURCE_DIR}/scripts/build-module.sh
        COMMENT "Building the nginx module"
        VERBATIM)
    add_custom_target(linkfunc_module ALL
                      DEPENDS ${out}/ngx_http_link_func_module.so)
    set(LINKFUNC_MODULE_SO ${out}/ngx_http_link_func_module.so
        CACHE INTERNAL "the nginx module")
endfunction()


# These tests start the nginx that can load the module.
function(linkfunc_on_test_nginx)
    if(LINKFUNC_TEST_NGINX)
        set_property(TEST ${ARGN} APPEND PROPERTY
                     ENVIRONMENT LINKFUNC_NGINX=${LINKFUNC_TEST_NGINX})
    endif()
endfunction()
