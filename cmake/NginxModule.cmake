# Builds the nginx module with nginx's own build, by scripts/build-module.sh.
# Sets LINKFUNC_MODULE_SO to the file, or leaves it empty and says why; and
# LINKFUNC_NGINX_ENV to what the environment of a sanitized nginx must hold.
# LINKFUNC_NGINX_TESTS: whether an nginx can load the module and apps built here.
set(LINKFUNC_NGINX_SRC /usr/share/nginx/src CACHE PATH
    "Sources of nginx, or what Debian's nginx-dev installs")

# Debian's nginx has no sanitizer in it: the runtime is loaded before it. A
# report ends the process and stands in a file that a test looks for.
function(linkfunc_nginx_sanitizer)
    set(LINKFUNC_NGINX_ENV "" CACHE INTERNAL "environment of a sanitized nginx")
    if(NOT LINKFUNC_SANITIZE MATCHES address OR NOT CMAKE_C_COMPILER_ID STREQUAL
                                                "GNU")
        return()
    endif()

    execute_process(COMMAND ${CMAKE_C_COMPILER} -print-file-name=libasan.so
                    OUTPUT_VARIABLE runtime OUTPUT_STRIP_TRAILING_WHITESPACE)
    if(NOT IS_ABSOLUTE ${runtime})
        return()
    endif()

    # Crashes stay signals: the log of nginx tells them, and some are wanted.
    # Leaks are left to the soak: nginx frees little before it ends.
    string(CONCAT options "detect_leaks=0:allocator_may_return_null=1"
           ":handle_segv=0:handle_abort=0"
           ":handle_sigbus=0:handle_sigfpe=0:handle_sigill=0"
           ":log_path=${PROJECT_BINARY_DIR}/sanitizer/report")
    string(CONCAT env "LD_PRELOAD=${runtime};ASAN_OPTIONS=${options};"
           "UBSAN_OPTIONS=print_stacktrace=1")
    set(LINKFUNC_NGINX_ENV "${env}" CACHE INTERNAL
        "environment of a sanitized nginx")
endfunction()

function(linkfunc_nginx_module)
    set(LINKFUNC_MODULE_SO "" CACHE INTERNAL "the nginx module")
    set(LINKFUNC_NGINX_TESTS OFF CACHE INTERNAL "nginx can load what we build")
    linkfunc_nginx_sanitizer()
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

    if(LINKFUNC_NGINX_ENV)
        string(APPEND flags " -fsanitize=${LINKFUNC_SANITIZE}"
               " -fno-omit-frame-pointer -fno-sanitize-recover=undefined")
        string(APPEND link_flags " -fsanitize=${LINKFUNC_SANITIZE}")
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
    if(LINKFUNC_NGINX_ENV OR NOT LINKFUNC_SANITIZE)
        set(LINKFUNC_NGINX_TESTS ON CACHE INTERNAL
            "nginx can load what we build")
    endif()
endfunction()

# linkfunc_nginx_tests(NAME...): these start nginx. With sanitizers in it, a
# report of any of them fails module.sanitizer_reports, which runs after them.
function(linkfunc_nginx_tests)
    if(NOT LINKFUNC_NGINX_ENV)
        return()
    endif()

    set_tests_properties(${ARGN} PROPERTIES ENVIRONMENT "${LINKFUNC_NGINX_ENV}"
                         FIXTURES_REQUIRED sanitized_nginx)
endfunction()

function(linkfunc_nginx_reports)
    if(NOT LINKFUNC_NGINX_ENV)
        return()
    endif()

    # workers of another user write there too
    add_test(NAME module.sanitizer_folder COMMAND sh -c
             "rm -rf sanitizer && mkdir -m 1777 sanitizer")
    add_test(NAME module.sanitizer_reports COMMAND sh -c
             "! grep -E -A 30 'ERROR: |runtime error: ' -r sanitizer")
    set_tests_properties(module.sanitizer_folder module.sanitizer_reports
                         PROPERTIES WORKING_DIRECTORY ${PROJECT_BINARY_DIR})
    set_tests_properties(module.sanitizer_folder PROPERTIES
                         FIXTURES_SETUP sanitized_nginx)
    set_tests_properties(module.sanitizer_reports PROPERTIES
                         FIXTURES_CLEANUP sanitized_nginx)
endfunction()
