# linkfunc_add_app(NAME SOURCE...)
#
# Builds the app lib<NAME>.so, as nginx wants it: a module that links against
# no host, whose calls to its own functions stay its own (-Bsymbolic: without
# it a function called "login" is libc's), and that exports its handlers even
# where the project hides symbols by default.
function(linkfunc_add_app name)
    add_library(${name} MODULE ${ARGN})
    target_link_libraries(${name} PRIVATE LinkFunc::abi)
    target_link_options(${name} PRIVATE -Wl,-Bsymbolic)
    set_target_properties(${name} PROPERTIES
        PREFIX lib SUFFIX .so
        POSITION_INDEPENDENT_CODE ON
        C_VISIBILITY_PRESET default CXX_VISIBILITY_PRESET default
        VISIBILITY_INLINES_HIDDEN OFF)
endfunction()

# linkfunc_add_unit_test(NAME SOURCE... [APP NAME] [LIBS LIBRARY...])
#
# Builds the cmocka test NAME and registers it with ctest. Either the sources
# of the app stand among the SOURCEs, or APP names the app to be opened as
# nginx does: linkfunc_test_open(host, LINKFUNC_TEST_APP).
function(linkfunc_add_unit_test name)
    cmake_parse_arguments(TEST "" "APP" "LIBS" ${ARGN})

    find_path(LINKFUNC_CMOCKA_INCLUDE cmocka.h)
    find_library(LINKFUNC_CMOCKA cmocka)
    if(NOT LINKFUNC_CMOCKA OR NOT LINKFUNC_CMOCKA_INCLUDE)
        message(FATAL_ERROR "linkfunc_add_unit_test(${name}) needs cmocka: "
                            "install libcmocka-dev")
    endif()

    add_executable(${name} ${TEST_UNPARSED_ARGUMENTS})
    target_include_directories(${name} SYSTEM PRIVATE ${LINKFUNC_CMOCKA_INCLUDE})
    target_link_libraries(${name} PRIVATE LinkFunc::test ${LINKFUNC_CMOCKA}
                                          ${TEST_LIBS})
    if(TEST_APP)
        add_dependencies(${name} ${TEST_APP})
        target_compile_definitions(${name} PRIVATE
            "LINKFUNC_TEST_APP=\"$<TARGET_FILE:${TEST_APP}>\"")
    endif()
    add_test(NAME ${name} COMMAND ${name})
endfunction()
