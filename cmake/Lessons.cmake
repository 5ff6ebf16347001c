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
