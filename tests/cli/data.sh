# A table of a person's own: what --data reads becomes the problem, and what is no table is refused in one line.
. "$(dirname "$0")/lib.sh"
tables=$source_folder/tests/fixtures/data

# npy FILE VERSION HEADER BYTES: a .npy file with this header and so many zero bytes behind it.
npy() {
    length=$((${#3} + 1))
    {
        printf '\223NUMPY'
        # shellcheck disable=SC2059 # octal escapes are what is wanted
        printf "$(printf '\\%03o\\000\\%03o\\%03o' "$2" $((length % 256)) $((length / 256)))"
        printf '%s\n' "$3"
        head -c "$4" /dev/zero
    } >"$1"
}
entries() {
    printf "{'descr': '%s', 'fortran_order': False, 'shape': %s, }" "$1" "$2"
}

# ---- what is no table of numbers ----

npy short.npy 1 "$(entries '<f8' '(3, 4)')" 95
npy long.npy 1 "$(entries '<f8' '(3, 4)')" 97
npy negative.npy 1 "$(entries '<f8' '(-3, 4)')" 96
npy overflow.npy 1 "$(entries '<f8' '(4611686018427387904, 4)')" 96
npy cube.npy 1 "$(entries '<f8' '(2, 2, 3)')" 96
npy object.npy 1 "$(entries '|O' '(3, 4)')" 96
npy big-endian.npy 1 "$(entries '>f8' '(3, 4)')" 96
npy integers.npy 1 "$(entries '<i8' '(3, 4)')" 96
npy structured.npy 1 "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (12,), }" 96
npy version.npy 9 "$(entries '<f8' '(3, 4)')" 96
printf '\223NUMPY\002\000\377\377\377\377{' >huge-header.npy
printf '\223NUM' >magic.npy
: >empty.npy
printf 'a,b\n1,2\n3\n' >ragged.csv
printf 'a,b\n1,2\n3,four\n' >word.csv
printf 'a,b\n1,"2\n3,4\n' >unclosed.csv
printf 'a,b\n1,\0002\n' >nul.csv
printf 'a,b\n1,1e400\n' >too-large.csv
printf 'a,b\n' >header.csv
: >empty.csv
mkfifo pipe.csv
refused '--data short.npy' 'announces 3 × 4 numbers' -- run --data short.npy
refused '--data long.npy' 'announces 3 × 4 numbers' -- run --data long.npy
refused '--data negative.npy' '(-3, 4)' -- run --data negative.npy
refused '--data overflow.npy' 'larger than any file' -- run --data overflow.npy
refused '--data cube.npy' '(2, 2, 3)' -- run --data cube.npy
refused '--data object.npy' '|O' -- run --data object.npy
refused '--data big-endian.npy' '>f8' "astype('<f8')" -- run --data big-endian.npy
refused '--data integers.npy' '<i8' "astype('<f8')" -- run --data integers.npy
refused '--data structured.npy' "[('a', '<f8')]" -- run --data structured.npy
refused '--data version.npy' 'version 9.0' -- run --data version.npy
refused '--data huge-header.npy' '4294967295 bytes' -- run --data huge-header.npy
refused '--data magic.npy' 'does not begin with' -- run --data magic.npy
refused '--data empty.npy' 'is empty' -- run --data empty.npy
refused '--data ragged.csv:3:1' '1 cells, the first has 2' 'NA' -- run --data ragged.csv
refused '--data word.csv:3:2' 'four' -- run --data word.csv
refused '--data unclosed.csv:2:2' 'never closed' -- run --data unclosed.csv
refused '--data nul.csv:2:2' 'NUL' -- run --data nul.csv
refused '--data too-large.csv:2:2' '1e400' -- run --data too-large.csv
refused '--data header.csv' 'no rows' -- run --data header.csv
printf 'PK\003\004rest' >archive.npz
refused '--data archive.npz' 'numpy.save' -- run --data archive.npz
refused '--data empty.csv' 'is empty' -- run --data empty.csv
refused '--data pipe.csv' 'not a file' -- run --data pipe.csv
refused '--data .' 'not a file' -- run --data .
refused '--data nowhere.csv' 'No such file' -- run --data nowhere.csv

# ---- what does not go together ----

points=$tables/points.npy
printf '1,2\n3,\n5,6\n' >missing.csv
printf '1,2\n3,inf\n5,6\n' >infinite.csv
printf '1,2\n3,1e300\n5,6\n' >wide.csv
refused 'matmul' 'normalize, kmeans' -- run --data "$points" --kernel matmul
refused '--scaling weak' -- run --data "$points" --scaling weak
refused '--size auto' -- run --data "$points" --size auto
refused '--shape n=5' -- run --data "$points" --kernel kmeans --shape n=5
refused '--shape rows=5' -- run --data "$points" --kernel normalize --shape rows=5
refused 'k must not exceed n' -- run --data "$points" --kernel kmeans --shape k=41
refused 'missing.csv' 'kmeans wants finite numbers' 'line 2, column 2' -- run --data missing.csv --shape k=2
refused 'infinite.csv' 'kmeans wants finite numbers' "'inf'" -- run --data infinite.csv --shape k=2
refused '--type f32' 'wide.csv' '1e+300' -- run --data wide.csv --kernel normalize --type f32
refused 'wide.csv' 'kmeans takes numbers up to 3.27e+150' '1e+300' 'scale the table' -- run --data wide.csv --shape k=2

# ---- what a table means for the plan: its shape, its type, the kernels that take one ----

run 0 run --data "$points" --shape k=2 --dry-run --format json
wants stdout '"n=40,d=3,k=2,iterations=10"'
wants stdout '"rows=40,columns=3"'
wants stdout '"f64"'
if grep -q matmul stdout; then fail "matmul is planned beside a table"; fi
run 0 run --data "$tables/points-fortran-f32.npy" --shape k=2 --dry-run --format json
wants stdout '"f32"'
run 0 run --data "$tables/column-version-3.npy" --kernel normalize --dry-run --format json
wants stdout '"rows=40,columns=1"'
run 0 run --data missing.csv --kernel normalize --dry-run
[ ! -e results ] || fail "--dry-run left a results folder"

# ---- the same numbers from every kind of file ----

for table in points.npy points-fortran-f32.npy points.csv; do
    run 0 run --data "$tables/$table" --shape k=2,iterations=3 --type f64 --threads 1 --blocks 1 --budget 5s
    wants stdout 'kmeans'
    wants stdout '· data ·'
    cat results/*/samples.jsonl | grep -o '"digest":"[0-9a-f]*"' | sort -u >"$table.digests"
    [ -s "$table.digests" ] || fail "no result of $table has a digest"
    cmp -s points.npy.digests "$table.digests" || fail "$table gives other results than points.npy"
    copies=$(find results -name data.npy | wc -l)
    [ "$copies" -eq "$(if [ "$table" = points.csv ]; then echo 1; else echo 0; fi)" ] ||
        fail "$copies copies of $table: a CSV is converted once, other tables are read where they lie"
    rm -r results
done
run 0 run --data missing.csv --kernel normalize --set normalize.missing=mean --threads 1 --blocks 1 --budget 5s

# ---- a file that is another one by the time a worker opens it ----

worker() {
    wanted=$1
    words=$2
    shift 2
    "$(ls "${acelera%/*}"/acelera-worker-*-serial | head -n 1)" --run kernel=normalize type=f64 iterations=1 \
        shape.rows=3 shape.columns=4 data=table.npy "$@" >stdout 2>stderr
    code=$?
    [ "$code" -eq "$wanted" ] || fail "a worker exits with code $code instead of $wanted for: $*"
    [ -z "$words" ] || wants stderr "$words"
}
head -c 160 /dev/zero >table.npy
worker 0 '' data_offset=64
worker 0 '' data_offset=64 data_bytes=160 "data_mtime_ns=$(stat -c %.9Y table.npy | tr -d .)"
worker 2 'was changed after the run had been planned' data_bytes=161
worker 2 'was changed after the run had been planned' data_mtime_ns=1
worker 2 'not a multiple of a number' data_offset=60
worker 2 'data_order=rows' data_order=rows
truncate -s 159 table.npy
worker 2 'is shorter than its shape says' data_offset=64
