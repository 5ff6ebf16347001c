# Shared by the tests of what stands beside the times of a run.

# share FIELD: the percentage of the timed seconds that this field makes up in all timed samples; unknown is 0.
share() {
    awk -v field="\"$1\":" '
        function value(key,  at) { at = index($0, key); return at ? substr($0, at + length(key)) + 0 : 0 }
        /"kind":"sample"/ && /"warmup":false/ { part += value(field); whole += value("\"seconds\":") }
        END { printf "%d", whole ? 100 * part / whole : 0 }' "$(the_run)/samples.jsonl"
}
