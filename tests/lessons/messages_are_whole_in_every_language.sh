# Missing, fuzzy, stale and doubly translated messages, formats and code that differ: none in the catalogues, and
# each is noticed when it is planted.
. "$(dirname "$0")/lib.sh"
bash "$source_folder/lessons/po/check" >stdout 2>stderr
code=$?
[ $code -ne 77 ] || exit 77
[ $code -eq 0 ] || fail "a catalogue is not whole"
planted() {
    what=$1
    shift
    rm -rf tree
    mkdir -p tree/harness/commands
    cp -r "$source_folder/lessons" tree
    cp "$source_folder"/harness/commands/teach*.c tree/harness/commands
    "$@"
    bash tree/lessons/po/check >stdout 2>stderr && fail "not noticed: $what"
    [ -s stdout ] || [ -s stderr ] || fail "nothing is said about: $what"
}
new_message() { echo 'static const char *const planted = N_("a message that nobody translated");' >>tree/lessons/capacity.c; }
wrong_format() { sed -i 's/^msgstr "Lição %d"/msgstr "Lição %s"/' tree/lessons/po/pt_BR/show.po; }
left_over() { printf '\nmsgid "gone"\nmsgstr "foi"\n' >>tree/lessons/po/pt_BR/show.po; }
fuzzy() { sed -i 's/^msgid "Key points"/#, fuzzy\n&/' tree/lessons/po/pt_BR/show.po; }
other_code() { sed -i '/^msgstr/s/`acelera doctor`/`acelera doutor`/' tree/lessons/po/pt_BR/teach.po; }
two_ways() { printf '\nmsgid "Key points"\nmsgstr "Outra coisa"\n' >>tree/lessons/po/pt_BR/teach.po; }
planted "a new message" new_message
planted "another format" wrong_format
planted "a message of no source" left_over
planted "a fuzzy message" fuzzy
planted "code that was translated" other_code
planted "two translations" two_ways
