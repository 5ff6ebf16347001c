# Every lesson, read as a student would: at most 80 columns, no escapes in a pipe, ASCII where the locale is ASCII
# and no letter lost there. Each is run once, in the language whose words are longer; whatever the others and ASCII
# make of each verdict, test_NAME.c sees from observations that were made up (inject.h).
. "$(dirname "$0")/lib.sh"
languages=en
! speaks_portuguese || languages='en pt_BR'
for lesson in $lessons; do
    run 0 teach "$lesson" --no-ask --time-limit 0.3s --lang "${languages##* }"
    widest=$(columns stdout)
    [ "$widest" -le 80 ] || { LC_ALL=C.UTF-8 grep -nE '.{81,}' stdout; fail "$lesson: $widest columns"; }
    no_escapes stdout
    for language in $languages; do
        for part in --hint --solution --quiz; do
            run 0 teach "$lesson" $part --lang $language
            cp stdout unicode
            [ "$(columns unicode)" -le 80 ] || fail "$lesson $part in $language is too wide"
            LANG=C run 0 teach "$lesson" $part --lang $language
            if LC_ALL=C grep -n '[^ -~]' stdout; then fail "$lesson $part in $language is not ASCII"; fi
            marks=$(tr -cd '?' <stdout | wc -c)
            [ "$marks" -eq "$(tr -cd '?' <unicode | wc -c)" ] || fail "$lesson $part in $language loses letters in ASCII"
        done
    done
done
# A whole run in ASCII.
LANG=C run 0 teach capacity --no-ask --time-limit 0.3s --lang "${languages##* }"
if LC_ALL=C grep -n '[^ -~]' stdout; then fail "it is not ASCII"; fi
[ "$(columns stdout)" -le 80 ] || fail "too wide in ASCII"
