. "$(dirname "$0")/lib.sh"
# Teams in text and as a picture, for the placements that are asked for; a name that is none is refused.
machine='pack:2 core:2 pu:2'
run 0 topology --topology "$machine" --color never
wants stdout 'Threads of each team, spread'
! grep -q 'Threads of each team, packed' stdout || fail "a placement is drawn that nobody asked for"
run 0 topology --topology "$machine" --placement compact,packed --svg machine.svg --color never
wants stdout 'Threads of each team, compact'
wants stdout '        4  2 2║· ·'
! grep -q 'Threads of each team, spread' stdout || fail "spread is drawn although others are asked for"
wants machine.svg '<title id="topology-title">Where the threads of each team run: 2 packages, 1 memory domain, 4 cores, 8 PUs</title>'
[ "$(grep -o 'class="topology-team"' machine.svg | wc -l)" -eq 8 ] || fail "not four teams of two placements"
for word in http: https: '<script' '<image' 'url('; do
    ! sed 's|http://www.w3.org/2000/svg||' machine.svg | grep -Fq "$word" || fail "the picture refers to something: $word"
done
refused '--placement' 'did you mean packed?' -- topology --placement paked
run 1 topology --topology "$machine" --svg /nowhere/machine.svg
[ "$(wc -l <stderr)" -eq 1 ] || fail "a picture that cannot be written is one line"
wants stderr '/nowhere/machine.svg'
