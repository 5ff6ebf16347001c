. "$(dirname "$0")/lib.sh"
run 0 topology --format json
for key in schema packages numa_nodes cores pus usable_cores usable_pus max_smt domains classes orders \
    ladder_cores ladder ladder_reasons cpu_kinds caches cpu_quota capacity memory_available_bytes limits warnings; do
    wants stdout "\"$key\""
done
wants stdout '"acelera/topology/1"'
run 0 topology --topology 'pack:2 core:4 pu:2' --format json
tr -d ' \n' <stdout >flat
wants flat '"packages":2'
wants flat '"cores":8'
wants flat '"pus":16'
wants flat '"cpu_quota":null'
wants flat '"memory_available_bytes":null'
for format in table markdown csv; do
    run 0 topology --format $format
    [ -s stdout ] || fail "topology prints nothing as $format"
done
run 1 topology --topology 'no such thing'
[ "$(wc -l <stderr)" -eq 1 ] || fail "an unreadable topology is one line"
wants stderr 'no such thing'
