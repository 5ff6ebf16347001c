# Makes C out of a file: its bytes, their count and their SHA-256. As a script: cmake -DIN=… -DOUT=… -DNAME=… -P
# Embed.cmake. Included: acelera_embed(TARGET NAME FILE) gives the target what page code declares as extern.
if(CMAKE_SCRIPT_MODE_FILE)
  file(READ ${IN} bytes HEX)
  file(SHA256 ${IN} hash)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
  string(REGEX REPLACE "(..)" "0x\\1," hash "${hash}")
  file(WRITE ${OUT} "#include <stddef.h>
extern const unsigned char ${NAME}[], ${NAME}_sha256[32];
extern const size_t ${NAME}_length;
const unsigned char ${NAME}[] = {${bytes}};
const size_t ${NAME}_length = sizeof ${NAME};
const unsigned char ${NAME}_sha256[32] = {${hash}};
")
  return()
endif()

function(acelera_embed target name file)
  set(output ${CMAKE_BINARY_DIR}/embedded/${name}.c)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DIN=${file} -DOUT=${output} -DNAME=${name}
      -P ${CMAKE_SOURCE_DIR}/cmake/Embed.cmake
    DEPENDS ${file} ${CMAKE_SOURCE_DIR}/cmake/Embed.cmake VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
