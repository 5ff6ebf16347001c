. "$(dirname "$0")/lib.sh"
for shell in bash zsh fish; do
    run 0 completion $shell
    [ -s stdout ] || fail "no script for $shell"
    cp stdout completion.$shell
    [ ! -s stderr ] || fail "completion $shell writes on standard error"
    wants completion.$shell one-pu
done
bash -n completion.bash 2>stderr || fail "bash cannot parse its script"
# What the shells that are here make of it.
if command -v zsh >/dev/null; then zsh -n completion.zsh 2>stderr || fail "zsh cannot parse its script"; fi
if command -v fish >/dev/null; then fish -n completion.fish 2>stderr || fail "fish cannot parse its script"; fi
# compopt works inside a real completion only.
compopt() { :; }
# shellcheck disable=SC1091 # written above
. ./completion.bash
complete_words() {
    COMP_WORDS=(acelera "$@")
    COMP_CWORD=$#
    _acelera
    echo "${COMPREPLY[*]}"
}
[ "$(complete_words ru)" = run ] || fail "'ru' is not completed"
[ "$(complete_words run --size sm)" = small ] || fail "'--size sm' is not completed"
[ "$(complete_words run --prec)" = --precision ] || fail "'--prec' is not completed"
[ "$(complete_words completion z)" = zsh ] || fail "'completion z' is not completed"
[ -z "$(complete_words topology --prec)" ] || fail "topology is offered an option of run"
