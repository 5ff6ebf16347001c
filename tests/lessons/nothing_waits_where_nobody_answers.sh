# Standard input that is no terminal is never asked, though it stays open for ever.
. "$(dirname "$0")/lib.sh"
mkfifo silent
exec 9<>silent
for words in 'teach capacity' 'teach capacity --present' 'teach capacity --quiz' 'teach capacity --format json'; do
    # shellcheck disable=SC2086 # words
    timeout 60 "$acelera" $words --time-limit 0.5s <&9 >stdout 2>stderr || fail "it waits or fails: $words"
    [ -s stdout ] || fail "nothing is said: $words"
    no_escapes stdout
    [ "$(columns stdout)" -le 80 ] || [ "$words" = 'teach capacity --format json' ] || fail "too wide: $words"
done
