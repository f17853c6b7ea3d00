# Run by cpack on the staged files: what Debian wants of them and
# "cmake --install" does not do.
file(GLOB_RECURSE files LIST_DIRECTORIES OFF ${CPACK_TEMPORARY_DIRECTORY}/*)

foreach(file ${files})
    if(file MATCHES "/share/doc/.*/changelog$")
        execute_process(COMMAND ${CMAKE_CURRENT_LIST_DIR}/make-changelog.sh
                                ${file} "${CPACK_DEBIAN_PACKAGE_MAINTAINER}"
                        OUTPUT_FILE ${file}.made COMMAND_ERROR_IS_FATAL ANY)
        file(RENAME ${file}.made ${file})
    endif()

    if(file MATCHES "/share/man/man1/.*[.]1$|/share/doc/.*/changelog$")
        execute_process(COMMAND gzip -9nf ${file} COMMAND_ERROR_IS_FATAL ANY)
    elseif(file MATCHES "/nginx/modules/.*[.]so$")
        execute_process(COMMAND strip --strip-unneeded --remove-section=.comment
                                --remove-section=.note ${file}
                        COMMAND_ERROR_IS_FATAL ANY)
    endif()
endforeach()
