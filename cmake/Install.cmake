# What is installed beside the programs: the man page and the shell completions. The program writes them itself,
# from its option tables, so they cannot fall behind it.
add_custom_target(programs DEPENDS acelera ${ACELERA_WORKERS})

if(NOT CMAKE_CROSSCOMPILING)
  set(generated ${CMAKE_BINARY_DIR}/generated)
  file(MAKE_DIRECTORY ${generated})

  # Runs `acelera ARGN…` after each build of it and installs what it prints as FOLDER/FILE.
  function(acelera_install_printed file folder)
    add_custom_command(OUTPUT ${generated}/${file}
      COMMAND acelera ${ARGN} > ${generated}/${file}.new
      COMMAND ${CMAKE_COMMAND} -E rename ${generated}/${file}.new ${generated}/${file}
      DEPENDS acelera VERBATIM)
    set_property(GLOBAL APPEND PROPERTY acelera_printed ${generated}/${file})
    install(FILES ${generated}/${file} DESTINATION ${folder})
  endfunction()

  acelera_install_printed(acelera.1 ${CMAKE_INSTALL_MANDIR}/man1 manual)
  acelera_install_printed(acelera ${CMAKE_INSTALL_DATADIR}/bash-completion/completions completion bash)
  acelera_install_printed(_acelera ${CMAKE_INSTALL_DATADIR}/zsh/site-functions completion zsh)
  acelera_install_printed(acelera.fish ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d completion fish)
  get_property(printed GLOBAL PROPERTY acelera_printed)
  add_custom_target(printed ALL DEPENDS ${printed})
endif()
