# What learners read, in their language. The catalogues lessons/po/LANGUAGE/*.po (one for each lesson, so that
# each lesson is one place) become one, build/locale/LANGUAGE/LC_MESSAGES/acelera.mo. Without gettext's tools, or
# a C library that can read catalogues, everything is built and speaks English.
find_package(Intl)
find_program(ACELERA_MSGCAT msgcat)
find_program(ACELERA_MSGFMT msgfmt)

file(RELATIVE_PATH locale_from_program /${CMAKE_INSTALL_BINDIR} /${CMAKE_INSTALL_DATADIR}/locale)
if(Intl_FOUND)
  set(has_gettext 1)
else()
  set(has_gettext 0)
endif()
set_source_files_properties(${CMAKE_SOURCE_DIR}/lessons/engine/speak.c PROPERTIES COMPILE_DEFINITIONS
  "ACELERA_GETTEXT=${has_gettext};ACELERA_LOCALE_FROM_PROGRAM=\"${locale_from_program}\"")
add_library(language INTERFACE)
if(Intl_FOUND)
  target_include_directories(language INTERFACE ${Intl_INCLUDE_DIRS})
  target_link_libraries(language INTERFACE ${Intl_LIBRARIES})
endif()

set(catalogues)
if(ACELERA_MSGCAT AND ACELERA_MSGFMT AND Intl_FOUND)
  file(GLOB languages RELATIVE ${CMAKE_SOURCE_DIR}/lessons/po CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/lessons/po/*_*)
  foreach(language IN LISTS languages)
    file(GLOB parts CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/lessons/po/${language}/*.po)
    set(folder ${CMAKE_BINARY_DIR}/locale/${language}/LC_MESSAGES)
    file(MAKE_DIRECTORY ${folder})
    add_custom_command(OUTPUT ${folder}/acelera.mo
      COMMAND ${ACELERA_MSGCAT} --use-first -o ${folder}/acelera.po ${parts}
      COMMAND ${ACELERA_MSGFMT} --check-format -o ${folder}/acelera.mo ${folder}/acelera.po
      DEPENDS ${parts} VERBATIM)
    list(APPEND catalogues ${folder}/acelera.mo)
    install(FILES ${folder}/acelera.mo DESTINATION ${CMAKE_INSTALL_DATADIR}/locale/${language}/LC_MESSAGES)
  endforeach()
  message(STATUS "Languages: en;${languages}")
else()
  message(STATUS "Languages: en (no gettext: msgcat, msgfmt and a C library that reads catalogues)")
endif()
add_custom_target(catalogues ALL DEPENDS ${catalogues})
