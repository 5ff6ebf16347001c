# Shared by the scripts of this folder: as tests/cli/lib.sh, with a state folder of their own and short runs.
. "$(dirname "$0")/../cli/lib.sh"
export XDG_STATE_HOME=$scratch/state
unset LC_ALL LC_MESSAGES LANGUAGE NO_COLOR
export LANG=C.UTF-8
lessons=$(sed -n 's/^LESSON(\(.*\))$/\1/p' "$source_folder/lessons/lesson_list.h")
# A build without gettext's tools speaks English only.
speaks_portuguese() {
    [ -e "$(dirname "$acelera")/locale/pt_BR/LC_MESSAGES/acelera.mo" ]
}

# columns FILE: the widest line, in columns. (wc -L knows them only in a UTF-8 locale.)
columns() {
    LC_ALL=C.UTF-8 wc -L <"$1"
}

# on_terminal INPUT WORDS…: runs on a pseudo-terminal of 80 columns; INPUT is a command whose output is typed; what
# it still sleeps when the program ends, nobody waits for.
on_terminal() {
    input=$1
    shift
    # shellcheck disable=SC2086 # a command line
    TERM=xterm timeout 100 script -qec "stty cols 80 rows 50; $acelera $*" screen \
        < <(eval "$input" 2>/dev/null) >/dev/null 2>stderr
    code=$?
    # Without the terminal's own escapes and carriage returns, what a person reads.
    sed 's/\r//g; s/\x1b\[[0-9;]*[A-Za-z]//g' screen >stdout
}
wants_terminal() {
    script -qec true /dev/null >/dev/null 2>&1 || exit 77
}
