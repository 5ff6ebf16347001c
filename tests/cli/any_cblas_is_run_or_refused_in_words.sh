. "$(dirname "$0")/lib.sh"
libraries=$(dirname "$acelera")/tests/kernel

# product EXIT LIBRARY ARGUMENTS…: a product with the library; a smaller one would be measured half a million times.
product() {
    wanted_code=$1
    path=$2
    shift 2
    rm -rf results
    run "$wanted_code" run --kernel matmul:blas --set "matmul.blas=$path" --shape m=133,n=120,k=117 --threads 1 \
        --blocks 2 --format csv "$@"
}

# Any library with the two functions is run, and verified in every process.
for type in f32 f64; do
    product 0 "$libraries/libcblas-right.so" --type "$type"
    grep "^matmul,blas,$type," stdout | grep -q ',true,' || fail "no verified row of $type"
done
cat results/*/samples.jsonl >samples
wants samples 'unknown CBLAS, '
wants samples 'libcblas-right.so'

# One that computes wrongly has no time.
product 3 "$libraries/libcblas-wrong.so"
grep '^matmul,blas,' stdout | grep -q ',true,' && fail "a wrong product counts as verified"

# A thread of its own is seen and bound.
product 0 "$libraries/libcblas-crowd.so"
cat results/*/samples.jsonl >samples
wants samples '"strangers":1'

# What is no CBLAS for this machine is refused before anything is measured.
rm -rf results
right=$libraries/libcblas-right.so
head -c 2000 "$right" >cut.so
echo 'INPUT(-lcblas)' >script.so
: >empty.so
mkfifo pipe.so
cp "$right" other.so
printf '\377\376' | dd of=other.so bs=1 seek=18 conv=notrunc status=none # e_machine: no CPU has it
asked() {
    refused matmul "$1" -- run --kernel matmul:blas --set "matmul.blas=$2" --threads 1 --size tiny --blocks 1
}
asked 'no such CBLAS library' ./nowhere.so
asked 'finds no CBLAS library of that name' libacelera-nowhere.so.7
asked 'is a folder' "$libraries/"
asked 'no regular file' ./pipe.so
asked 'no ELF header' ./script.so
asked 'no ELF header' ./empty.so
asked 'cut short or damaged' ./cut.so
asked 'another kind of CPU' ./other.so
asked 'no cblas_sgemm and cblas_dgemm' "$libraries/libcblas-none.so"
asked 'no cblas_sgemm and cblas_dgemm' "$libraries/libcblas-half.so"
asked '64-bit integers (ILP64)' "$libraries/libcblas-wide.so"
asked '64-bit integers (ILP64)' "$libraries/libcblas-wide_names.so"
cp "$right" libany_ilp64.so
asked '64-bit integers (ILP64)' ./libany_ilp64.so

# Its integers have 32 bits. The problem is too large for most machines, so the worker is asked what it would cost.
worker=
for candidate in "$(dirname "$acelera")"/acelera-worker-*; do
    "$candidate" --self-test clock --threads 1 >/dev/null 2>&1 && worker=$candidate
done
for extents in '1 2147483648 1' '2147483648 1 1' '1 1 2147483648'; do
    # shellcheck disable=SC2086 # three words
    set -- $extents
    "$worker" --cost kernel=matmul type=f64 variant=blas "set.blas=$right" set.data=real \
        shape.m="$1" shape.n="$2" shape.k="$3" >stdout 2>stderr || fail "no cost of $extents"
    wants stdout '2^31 - 1 = 2147483647'
done

# In a ladder it is skipped, and the reason is said.
run 0 run --kernel matmul --variants all --set matmul.blas=./nowhere.so --size tiny --threads 1 --dry-run
wants stdout 'no such CBLAS library'
