# Results that are kept: .npy files with the right names and numbers, all of them or none.
. "$(dirname "$0")/lib.sh"
tables=$source_folder/tests/fixtures/data
quick=(--threads 1 --blocks 1 --budget 5s)

# The numbers of a .npy file, one a line. numbers FILE od-FORMAT
numbers() {
    od -An -v -w"${2#?}" -t "$2" -j $((10 + $(od -An -t u2 -j 8 -N 2 "$1"))) "$1" | tr -d ' '
}

# ---- k-means on two far groups of points in alternating rows ----

run 0 run --data "$tables/points.csv" --kernel kmeans --shape k=2 "${quick[@]}" --save found
labels=found/kmeans-fused-f64-labels.npy
wants stdout "saved: $labels"
wants stdout 'saved: found/kmeans-fused-f64-centroids.npy'
[ "$(numbers $labels d4 | tr -d '\n')" = 0101010101010101010101010101010101010101 ] || fail "these are not the labels"
head -c 128 $labels | grep -aq "'descr': '<i4', 'fortran_order': False, 'shape': (40,)" || fail "the header of labels is another"
head -c 128 found/kmeans-fused-f64-centroids.npy | grep -aq "'<f8', 'fortran_order': False, 'shape': (2, 3)" ||
    fail "the header of centroids is another"
[ "$(numbers found/kmeans-fused-f64-centroids.npy f8 | wc -l)" -eq 6 ] || fail "the centroids are not six numbers"

# ---- normalize, and reading back what was written ----

printf '1,10\n3,10\n2,10\n' >small.csv
run 0 run --data small.csv --kernel normalize --set normalize.method=minmax "${quick[@]}" --save found
[ "$(numbers found/normalize-fused-f64-table.npy f8 | tr '\n' ' ')" = '0 0 1 0 0.5 0 ' ] || fail "these are not the entries in [0, 1]"
run 0 run --data found/normalize-fused-f64-table.npy --dry-run --shape k=2

# ---- without a table; other formats; what has nothing to save ----

run 0 run --kernel normalize --size tiny "${quick[@]}" --variants all --format csv --save made
for variant in naive fused; do
    [ -s "made/normalize-$variant-f32-table.npy" ] || fail "normalize:$variant was not saved"
    wants stderr "made/normalize-$variant-f32-table.npy"
done
if grep -q saved stdout; then fail "a line of --save stands in the CSV"; fi
run 0 run --kernel matmul --shape n=32 "${quick[@]}" --save made
wants stdout 'matmul has nothing to save'
[ "$(ls made | grep -c tmp)" -eq 0 ] || fail "a temporary file was left"

# ---- where it cannot be written ----

: >file
run 1 run --kernel kmeans --size tiny "${quick[@]}" --out unused --save file
wants stderr '--save file'
run 1 run --kernel kmeans --size tiny "${quick[@]}" --out unused --save no/such/folder
wants stderr '--save no/such/folder'
[ ! -e unused ] || fail "a folder that cannot be written was found out after measuring"
(
    ulimit -f 8192 # KiB: half of the table; the record of the run is smaller
    # A budget that no busy machine exceeds: that would be said in a line more.
    run 1 run --kernel normalize --shape rows=1000000,columns=4 --threads 1 --blocks 1 --budget 2m --save full
) || exit 1
wants stderr 'cannot write this file'
[ "$(wc -l <stderr)" -eq 1 ] || fail "a full disk is more than one line"
[ -z "$(ls full)" ] || fail "something half written was left"
