# As users of gettext expect it, on systems without any locale too.
. "$(dirname "$0")/lib.sh"
speaks_portuguese || exit 77
hears() {
    words=$1
    shift
    env "$@" "$acelera" teach >stdout 2>stderr </dev/null || fail "teach fails with $*"
    wants stdout "$words"
}
english='measured on this machine' portuguese='medidos nesta'
hears "$english" LANG=C
hears "$english" LANG=
hears "$english" LANG=en_US.UTF-8
hears "$english" LANG=fr_FR.UTF-8
hears "$portuguese" LANG=pt_BR.UTF-8
hears "$portuguese" LANG=pt_BR
hears "$portuguese" LANG=pt_PT.UTF-8
hears "$portuguese" LANG=en_US.UTF-8 LC_MESSAGES=pt_BR.UTF-8
hears "$english" LANG=pt_BR.UTF-8 LC_ALL=C
hears "$english" LANG=pt_BR.UTF-8 LC_ALL=en_US.UTF-8
hears "$portuguese" LANG=en_US.UTF-8 LANGUAGE=fr:pt_BR:en
hears "$english" LANG=pt_BR.UTF-8 LANGUAGE=en
hears "$english" LANG=C LANGUAGE=pt_BR
# --lang counts more, and an ASCII terminal gets letters without accents, not question marks.
LANG=C run 0 teach --lang pt_BR
wants stdout 'Concorrencia e paralelismo, medidos nesta maquina'
if LC_ALL=C grep -n '[^ -~]' stdout; then fail "not ASCII under LANG=C"; fi
LANG=C run 2 teach capacity --predict muitos --lang pt_BR
wants stderr 'nao e um numero'
if LC_ALL=C grep -n '[^ -~]' stderr; then fail "a refusal is not ASCII under LANG=C"; fi
LANG=pt_BR.UTF-8 run 0 teach --lang en
wants stdout "$english"
# Programs read English verdicts, numbers with a point, and names that are never translated.
run 0 teach capacity --no-ask --time-limit 0.5s --lang pt_BR --format json
grep -Eq '"verdict": "(supported|contradicted|inconclusive|not demonstrable here)"' stdout || fail "a verdict in JSON is translated"
wants stdout '"language": "pt_BR"'
grep -Eq '"seconds": [0-9]+\.[0-9]' stdout || fail "numbers in JSON have no point"
