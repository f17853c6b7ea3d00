# linkfunc_folder(NAME SOURCE...)
#
# The library of one folder: linkfunc_NAME. What it may use of other folders is
# said by target_link_libraries, and checked by scripts/check-layers.sh.
function(linkfunc_folder name)
    add_library(linkfunc_${name} STATIC ${ARGN})
    target_include_directories(linkfunc_${name} PUBLIC ${PROJECT_SOURCE_DIR})
    target_compile_definitions(linkfunc_${name} PRIVATE _GNU_SOURCE)
endfunction()

# The headers of a package that a folder needs; its library is loaded when it
# is first used: linkfunc_header_of(NAME HEADER PACKAGE).
function(linkfunc_header_of name header package)
    string(MAKE_C_IDENTIFIER "LINKFUNC_HEADER_${header}" variable)
    find_path(${variable} ${header})
    mark_as_advanced(${variable})
    if(NOT ${variable})
        message(FATAL_ERROR "${header} not found: install ${package}")
    endif()
    target_include_directories(linkfunc_${name} PRIVATE ${${variable}})
endfunction()
