. "$(dirname "$0")/lib.sh"
goes_on() {
    run 0 teach capacity --no-ask --time-limit 0.3s --format json
    wants stdout '"schema": "acelera/lesson/1"'
    [ "$(wc -l <stderr)" -eq "$1" ] || fail "$(wc -l <stderr) lines instead of $1 on standard error: $2"
}
goes_on 0 "an empty state folder"
[ -s state/acelera/lessons.json ] || fail "the state is not kept"
: >file
XDG_STATE_HOME=$PWD/file/below goes_on 1 "a state folder that cannot be made"
mkdir -p taken/acelera/lessons.json
XDG_STATE_HOME=$PWD/taken goes_on 1 "a folder in the place of the file"
for spoiled in '' '{' '[]' '{"schema":"acelera/learner/2","lessons":[]}' '{"schema":"acelera/learner/1","lessons":[{"name":"../x","begun":1,"finished":0}]}' \
    '{"schema":"acelera/learner/1","lessons":[{"name":"race","begun":1e99,"finished":0}]}' '{"schema":"acelera/learner/1","lessons":7}'; do
    mkdir -p spoiled/acelera
    printf '%s' "$spoiled" >spoiled/acelera/lessons.json
    XDG_STATE_HOME=$PWD/spoiled goes_on 1 "spoiled: $spoiled"
    [ "$(cat spoiled/acelera/lessons.json)" = "$spoiled" ] || fail "a spoiled file was overwritten: $spoiled"
done
rm -r spoiled/acelera/lessons.json
mkfifo spoiled/acelera/lessons.json
XDG_STATE_HOME=$PWD/spoiled goes_on 1 "a pipe in the place of the file"
unset XDG_STATE_HOME
HOME=$PWD/home goes_on 0 "HOME"
[ -s home/.local/state/acelera/lessons.json ] || fail "without XDG_STATE_HOME the state is not in ~/.local/state"
unset HOME
goes_on 0 "no HOME at all"
