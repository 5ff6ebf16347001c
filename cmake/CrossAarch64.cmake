# Toolchain: aarch64 Linux, built with Debian's cross compiler, run under qemu's user emulation. It has neither
# hwloc nor jansson, so use it with -DACELERA_ONLY_WORKERS=ON:
#
#   cmake -B build/aarch64 -DCMAKE_TOOLCHAIN_FILE=cmake/CrossAarch64.cmake -DACELERA_ONLY_WORKERS=ON
#   cmake --build build/aarch64 && ctest --test-dir build/aarch64
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)

# Programs of this machine, libraries and headers of the other.
set(CMAKE_FIND_ROOT_PATH /usr/aarch64-linux-gnu)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)

find_program(ACELERA_QEMU NAMES qemu-aarch64 qemu-aarch64-static)
if(ACELERA_QEMU)
  set(CMAKE_CROSSCOMPILING_EMULATOR ${ACELERA_QEMU} -L /usr/aarch64-linux-gnu)
endif()
