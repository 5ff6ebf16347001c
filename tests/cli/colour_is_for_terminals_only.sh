. "$(dirname "$0")/lib.sh"
run 0 topology
no_escapes stdout
run 0 topology --color never
no_escapes stdout
# util-linux: the way to a terminal from a test; a chroot may have no terminals.
script -qec true /dev/null >/dev/null 2>&1 || exit 77
on_terminal() {
    TERM=xterm script -qec "$*" /dev/null >stdout 2>stderr </dev/null
}
on_terminal "$acelera" topology
grep -q "$(printf '\033')" stdout || fail "no colour on a terminal"
on_terminal env NO_COLOR=1 "$acelera" topology
no_escapes stdout
on_terminal "$acelera" topology --color never
no_escapes stdout
on_terminal env TERM=dumb "$acelera" topology
no_escapes stdout
run 0 topology --color always
grep -q "$(printf '\033')" stdout || fail "--color always adds no escape"
