. "$(dirname "$0")/lib.sh"
make_run a
make_run same order=5
make_run slow order=5 scale=1.05
make_run hot order=5 scale=1.05 ceiling=1.06
run 0 a same
wants stdout "2 equivalent"
wants stdout "between-run variance not measured"
run 4 a slow
wants stdout "2 slower"
# The machine itself became slower by more: nothing may be said of the code.
run 0 a hot
wants stdout "2 inconclusive"
# An effect that is not worth a word is none, however sure it is.
make_run little order=5 scale=1.015
run 0 a little
wants stdout "2 equivalent within 2 %"
