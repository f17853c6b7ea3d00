# Sanitizers and coverage must reach every object, also the apps under test.
if(LINKFUNC_SANITIZE)
    add_compile_options(-fsanitize=${LINKFUNC_SANITIZE} -fno-omit-frame-pointer
                        -fno-sanitize-recover=undefined)
    add_link_options(-fsanitize=${LINKFUNC_SANITIZE})
endif()
# Threads count, too.
set(LINKFUNC_COVERAGE_FLAGS "")
if(LINKFUNC_COVERAGE)
    set(LINKFUNC_COVERAGE_FLAGS --coverage -fprofile-update=atomic)
    add_compile_options(${LINKFUNC_COVERAGE_FLAGS})
    add_link_options(${LINKFUNC_COVERAGE_FLAGS})

    # Children that end by _exit, too.
    set(exit ${PROJECT_BINARY_DIR}/coverage_exit.o)
    execute_process(COMMAND ${CMAKE_C_COMPILER} -fPIC -fvisibility=hidden -c
                            ${CMAKE_CURRENT_LIST_DIR}/coverage_exit.c -o ${exit}
                    COMMAND_ERROR_IS_FATAL ANY)
    add_link_options(-Wl,--wrap=_exit ${exit})
endif()
if(LINKFUNC_FAULTS)
    add_compile_definitions(LINKFUNC_FAULTS)
endif()
