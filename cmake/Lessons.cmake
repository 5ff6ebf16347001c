# The lessons: a worker that carries out their experiments, and the station that plans, judges and explains.
#
#   acelera-worker-lessons   lessons/experiments/*.c, OpenMP, and the kernels of the first level, so that
#                            experiments may call them
file(GLOB experiment_sources CONFIGURE_DEPENDS lessons/experiments/*.c)
add_library(lessons-main-omp OBJECT ${experiment_sources}
  harness/worker/binding.c harness/worker/cpu.c harness/worker/output.c)
target_link_libraries(lessons-main-omp PRIVATE project_options)
target_compile_options(lessons-main-omp PRIVATE ${OpenMP_C_FLAGS})

list(GET worker_levels 0 lessons_level)
list(GET worker_runtimes 0 lessons_runtime)
acelera_worker(acelera-worker-lessons ${lessons_level} ${lessons_runtime} lessons-main kernels)
install(TARGETS acelera-worker-lessons RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/acelera)

# Called where the stations of the harness are made, because they stand between some of them: what measures and
# judges, and what shows it.
function(acelera_lessons_stations)
  file(GLOB sources CONFIGURE_DEPENDS lessons/*.c lessons/engine/*.c)
  add_library(lessons STATIC ${sources})
  target_compile_definitions(lessons PRIVATE ACELERA_SCRIPTS_FROM_WORKERS="${scripts_from_workers}")
  target_link_libraries(lessons PUBLIC project_options base machine measure analysis language PkgConfig::jansson)

  file(GLOB sources CONFIGURE_DEPENDS lessons/show/*.c)
  add_library(lessons_show STATIC ${sources})
  target_link_libraries(lessons_show PUBLIC lessons report store PkgConfig::jansson)

  # What learners leave behind: their progress, and a class's results side by side.
  file(GLOB sources CONFIGURE_DEPENDS lessons/class/*.c)
  add_library(lessons_class STATIC ${sources})
  target_link_libraries(lessons_class PUBLIC lessons_show store PkgConfig::jansson)
  acelera_embed(lessons_show lesson_style ${CMAKE_SOURCE_DIR}/lessons/show/picture.css)
endfunction()

# The lesson `python`: a script, and the suite's product as a library that it opens. Serial, and of the first level.
# The script is found from the workers' folder, as the library is.
acelera_kernel_sources(${CMAKE_SOURCE_DIR}/kernels matmul product_sources)
add_library(acelera-lessons-kernels MODULE lessons/python/kernels.c ${product_sources})
target_link_libraries(acelera-lessons-kernels PRIVATE project_options m ${CMAKE_DL_LIBS})
target_compile_definitions(acelera-lessons-kernels PRIVATE ELEMENT_BITS=32)
target_compile_options(acelera-lessons-kernels PRIVATE
  ${kernel_flags} ${level_flags_${lessons_level}} -Wno-unknown-pragmas)
if(ACELERA_SANITIZE) # an interpreter without sanitizers opens it
  target_compile_options(acelera-lessons-kernels PRIVATE -fno-sanitize=all)
  target_link_options(acelera-lessons-kernels PRIVATE -fno-sanitize=all)
endif()
set_target_properties(acelera-lessons-kernels PROPERTIES C_VISIBILITY_PRESET hidden
  LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
install(TARGETS acelera-lessons-kernels LIBRARY DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/acelera)
file(RELATIVE_PATH scripts_from_workers /${CMAKE_INSTALL_LIBEXECDIR}/acelera /${CMAKE_INSTALL_DATADIR}/acelera/lessons)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/lessons)
file(CREATE_LINK ${CMAKE_SOURCE_DIR}/lessons/python/work.py ${CMAKE_BINARY_DIR}/lessons/work.py SYMBOLIC)
install(FILES lessons/python/work.py DESTINATION ${CMAKE_INSTALL_DATADIR}/acelera/lessons)
