# Sanitizers and coverage must reach every object, also the apps under test.
if(LINKFUNC_SANITIZE)
    add_compile_options(-fsanitize=${LINKFUNC_SANITIZE} -fno-omit-frame-pointer
                        -fno-sanitize-recover=undefined)
    add_link_options(-fsanitize=${LINKFUNC_SANITIZE})
endif()
if(LINKFUNC_COVERAGE)
    add_compile_options(--coverage)
    add_link_options(--coverage)
endif()
if(LINKFUNC_FAULTS)
    add_compile_definitions(LINKFUNC_FAULTS)
endif()
