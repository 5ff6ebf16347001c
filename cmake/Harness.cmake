# The harness: one static library for each station of the journey, so that a missing edge between two of them
# is a link error. Files are found by folder.
find_package(PkgConfig REQUIRED)
pkg_check_modules(hwloc REQUIRED IMPORTED_TARGET hwloc>=2.4)
pkg_check_modules(jansson REQUIRED IMPORTED_TARGET jansson>=2.10)

function(acelera_station name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/harness/${name}/*.c)
  list(FILTER sources EXCLUDE REGEX "/main\\.c$")
  add_library(${name} STATIC ${sources})
  target_link_libraries(${name} PUBLIC project_options ${ARGN})
endfunction()

acelera_station(base m)
acelera_station(analysis m)
acelera_station(machine base PkgConfig::hwloc)
acelera_station(data base m)
acelera_station(measure base data machine analysis PkgConfig::jansson)
acelera_station(store base data machine measure PkgConfig::jansson)
acelera_station(report base analysis store PkgConfig::jansson)
# The style and the script of pages stand in the program itself.
include(cmake/Embed.cmake)
acelera_embed(report page_style ${CMAKE_SOURCE_DIR}/harness/report/page/page.css)
acelera_embed(report page_script ${CMAKE_SOURCE_DIR}/harness/report/page/page.js)
acelera_embed(report topology_style ${CMAKE_SOURCE_DIR}/harness/report/page/topology.css)
acelera_lessons_stations()
acelera_station(commands base data machine measure store report lessons lessons_show lessons_class)

# An installed program finds its workers relative to itself, so that the tree can be moved.
file(RELATIVE_PATH workers_from_program /${CMAKE_INSTALL_BINDIR} /${CMAKE_INSTALL_LIBEXECDIR}/acelera)
target_compile_definitions(measure PRIVATE ACELERA_WORKERS_FROM_PROGRAM="${workers_from_program}")

# So are the scripts that draw; in the build tree they are the source's own.
file(RELATIVE_PATH plots_from_program /${CMAKE_INSTALL_BINDIR} /${CMAKE_INSTALL_DATADIR}/acelera/plots)
target_compile_definitions(commands PRIVATE ACELERA_PLOTS_FROM_PROGRAM="${plots_from_program}")
if(NOT CMAKE_SOURCE_DIR STREQUAL CMAKE_BINARY_DIR)
  file(CREATE_LINK ${CMAKE_SOURCE_DIR}/plots ${CMAKE_BINARY_DIR}/plots SYMBOLIC)
endif()
install(DIRECTORY plots/ DESTINATION ${CMAKE_INSTALL_DATADIR}/acelera/plots FILES_MATCHING PATTERN "*.gp")

add_executable(acelera harness/commands/main.c)
target_link_libraries(acelera PRIVATE commands)
install(TARGETS acelera RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
