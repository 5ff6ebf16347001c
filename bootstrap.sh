#!/bin/sh
# From a bare system to a speedup table: installs what is missing, builds, runs. Refuses to be more than a
# convenience: everything after the packages is plain CMake (see README.md), and no package is installed
# without being named first.
set -eu

root=$(cd "$(dirname "$0")" && pwd)
build=$root/build/release
log=$root/build/bootstrap.log

usage() {
    cat <<'END'
bootstrap.sh: from a bare system to a speedup table

  ./bootstrap.sh run [OPTION…]   install what is missing, build, then `acelera run` with these options
  ./bootstrap.sh test            the same set-up, then the whole test suite
  ./bootstrap.sh deps            install what is missing, and stop
  ./bootstrap.sh deps cross      also what the tests need to build for aarch64 and to emulate other CPUs
  ./bootstrap.sh help            this text

Packages come from the system's own package manager: apt, dnf, pacman, apk or zypper.
END
}

say() {
    printf 'bootstrap: %s\n' "$*" >&2
}

fail() {
    say "$*"
    exit 1
}

# ---- what is needed ----

# One line each: need, then its packages for apt, dnf, pacman, apk and zypper ('-': part of another one).
# An optional need is followed by a question mark.
packages='
compiler    gcc,libc6-dev    gcc                 gcc     gcc,musl-dev,linux-headers gcc
make        make             make                make    make                       make
cmake       cmake            cmake               cmake   cmake                      cmake
pkg-config  pkg-config       pkgconf-pkg-config  pkgconf pkgconf                    pkg-config
hwloc       libhwloc-dev     hwloc-devel         hwloc   hwloc-dev                  hwloc-devel
hwloc-xml   libhwloc-plugins -                   -       -                          -
jansson     libjansson-dev   jansson-devel       jansson jansson-dev                libjansson-devel
cmocka      libcmocka-dev    libcmocka-devel     cmocka  cmocka-dev                 libcmocka-devel
libomp?     libomp-dev       libomp-devel        openmp  openmp-dev                 libomp-devel
gnuplot?    gnuplot-nox      gnuplot             gnuplot gnuplot                    gnuplot
gettext?    gettext          gettext             gettext gettext                    gettext-tools
'
# Only for `deps cross`. Without them those tests are skipped.
cross_packages='
cross-compiler? gcc-aarch64-linux-gnu,libc6-dev-arm64-cross - aarch64-linux-gnu-gcc - -
emulator?       qemu-user qemu-user qemu-user qemu-aarch64,qemu-x86_64 qemu-linux-user
'

any_file() {
    for candidate in "$@"; do
        [ -e "$candidate" ] && return 0
    done
    return 1
}

cmake_is_new_enough() {
    command -v cmake >/dev/null || return 1
    version=$(cmake --version | sed -n '1s/[^0-9]*\([0-9]*\)\.\([0-9]*\).*/\1 \2/p')
    [ "${version% *}" -gt 3 ] || { [ "${version% *}" -eq 3 ] && [ "${version#* }" -ge 22 ]; }
}

# Does this compiler find the C library's headers and OpenMP?
compiles() {
    printf '#include <omp.h>\n#include <stdio.h>\nint main(void) { return 0; }\n' |
        "$@" -fopenmp -x c -o /dev/null - >/dev/null 2>&1
}

# Is this need met?
is_there() {
    # shellcheck disable=SC2086 # CC may come with flags
    case $1 in
    compiler) compiles ${CC:-cc} ;;
    cross-compiler) compiles aarch64-linux-gnu-gcc ;;
    emulator) command -v qemu-aarch64 >/dev/null || command -v qemu-aarch64-static >/dev/null ;;
    make) command -v make >/dev/null || command -v ninja >/dev/null ;;
    cmake) cmake_is_new_enough ;;
    pkg-config) command -v pkg-config >/dev/null ;;
    hwloc) pkg-config --exists 'hwloc >= 2.4' 2>/dev/null ;;
    hwloc-xml) any_file /usr/lib/*/hwloc/hwloc_xml_libxml.so /usr/lib/hwloc/hwloc_xml_libxml.so ;;
    jansson) pkg-config --exists 'jansson >= 2.10' 2>/dev/null ;;
    cmocka) pkg-config --exists cmocka 2>/dev/null ;;
    gnuplot) command -v gnuplot >/dev/null ;;
    gettext) command -v msgfmt >/dev/null && command -v msgcat >/dev/null ;;
    libomp) any_file /usr/lib*/libomp.so* /usr/lib/*/libomp.so* /usr/lib*/llvm*/lib*/libomp.so* ;;
    esac
}

# ---- how it is installed ----

find_manager() {
    for candidate in apt-get dnf pacman apk zypper; do
        if command -v "$candidate" >/dev/null; then
            echo "$candidate"
            return
        fi
    done
}

# The packages of a line of the table for the manager, separated by blanks; nothing for '-'.
packages_of() {
    # shellcheck disable=SC2086 # the columns are words
    set -- $1
    case $manager in
    apt-get) names=$2 ;;
    dnf) names=$3 ;;
    pacman) names=$4 ;;
    apk) names=$5 ;;
    zypper) names=$6 ;;
    *) names=$2 ;;
    esac
    [ "$names" = - ] || echo "$names" | tr ',' ' '
}

# Runs a package manager's command as root, its output in the log.
as_root() {
    become=
    if [ "$(id -u)" -ne 0 ]; then
        become=$(command -v sudo || command -v doas) ||
            fail "installing needs root, and neither sudo nor doas is there; run as root: $0 deps"
    fi
    ${become:+"$become"} "$@" >>"$log" 2>&1
}

install_packages() {
    case $manager in
    apt-get)
        [ "$lists_are_fresh" = yes ] || as_root apt-get update || return 1
        lists_are_fresh=yes
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
        ;;
    dnf) as_root dnf install -y --setopt=install_weak_deps=False "$@" ;;
    pacman) as_root pacman -Sy --noconfirm --needed "$@" ;;
    apk) as_root apk add --no-cache "$@" ;;
    zypper) as_root zypper --non-interactive install --no-recommends "$@" ;;
    esac
}

# Sets `missing` (names of needs) and `wanted` (their packages); $1: of the optional ones, yes or no?
collect_missing() {
    missing=
    wanted=
    while read -r line; do
        need=${line%% *}
        optional=no
        [ "$need" = "${need%\?}" ] || optional=yes
        need=${need%\?}
        if [ -z "$need" ] || [ "$optional" != "$1" ] || is_there "$need"; then
            continue
        fi
        names=$(packages_of "$line")
        [ -n "$names" ] || continue
        missing="$missing $need"
        wanted="$wanted $names"
    done <<END
$packages
END
}

install_missing() {
    manager=$(find_manager)
    lists_are_fresh=no
    mkdir -p "$root/build" || fail "$root/build cannot be made; is the checkout writable?"
    : >"$log"
    collect_missing no
    if [ -n "$missing" ]; then
        [ -n "$manager" ] ||
            fail "missing:$missing; no apt, dnf, pacman, apk or zypper here: install them by hand (Debian calls them:$wanted)"
        say "missing:$missing"
        say "installing with $manager:$wanted"
        # shellcheck disable=SC2086 # a list of words
        install_packages $wanted || {
            tail -n 5 "$log" >&2
            fail "$manager failed (is there a network?); its output is in $log; install by hand:$wanted"
        }
        collect_missing no
        [ -z "$missing" ] || fail "still missing after installing:$missing; cmake must be 3.22 or newer, hwloc 2.4"
    fi
    collect_missing yes
    if [ -n "$missing" ] && [ -n "$manager" ]; then
        say "installing with $manager, optional:$wanted"
        # shellcheck disable=SC2086 # a list of words
        install_packages $wanted || say "not installed:$missing; going on without"
    fi
}

# ---- building ----

# One compiler for each processor, but no more than one for each GiB that is free.
build_jobs() {
    processors=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
    gibibytes=$(awk '/^MemAvailable:/ { print int($2 / 1048576) }' /proc/meminfo 2>/dev/null || echo 1)
    [ "${gibibytes:-1}" -ge 1 ] || gibibytes=1
    [ "$processors" -le "$gibibytes" ] || processors=$gibibytes
    echo "$processors"
}

logged() {
    "$@" >"$log" 2>&1 || {
        tail -n 40 "$log" >&2
        fail "failed: $*; the whole output is in $log"
    }
}

# $1: what to build.
build_target() {
    cd "$root"
    if [ ! -e "$build/build.ninja" ] && [ ! -e "$build/Makefile" ]; then
        if command -v ninja >/dev/null; then
            CMAKE_GENERATOR=Ninja
            export CMAKE_GENERATOR
        fi
        say "configuring (cmake --preset release)"
        logged cmake --preset release
    fi
    say "building"
    logged cmake --build "$build" --parallel "$(build_jobs)" --target "$1"
}

action=${1:-help}
[ $# -eq 0 ] || shift
case $action in
run)
    install_missing
    (build_target programs)
    exec "$build/acelera" run "$@"
    ;;
test)
    [ $# -eq 0 ] || fail "$1: test takes no arguments; for single tests: ctest --preset release -R NAME"
    install_missing
    build_target all
    exec ctest --preset release
    ;;
deps)
    [ $# -eq 0 ] || [ "$*" = cross ] || fail "$*: deps takes no argument but cross"
    [ $# -eq 0 ] || packages=$packages$cross_packages
    install_missing
    collect_missing yes
    if [ -z "$missing" ]; then say "everything is there"; else say "all that is needed is there, but not:$missing"; fi
    ;;
help | --help | -h)
    usage
    ;;
*)
    say "$action: not one of run test deps help"
    exit 2
    ;;
esac
