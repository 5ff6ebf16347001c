# Where there is no python3, `acelera teach python` says so; where there is one, its script keeps the protocol of the
# worker, and the suite's product called through ctypes is right. How fast anything is, is not asked.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || { echo "no python3"; exit 77; }

# A PATH without python3.
mkdir none
PATH=$PWD/none "$acelera" teach python --no-ask --format json >stdout 2>stderr || fail "teach python failed without python3"
wants stdout "not demonstrable here"
wants stdout 'python3'

# The script alone: the same lines as the worker, and nothing when nobody listens.
script=$source_folder/lessons/python/work.py
if printf '' | python3 -I -S "$script" --run threads=1 work=loop chunks=10 >stdout 2>stderr; then
    fail "the script goes on though nobody waits for it"
fi
printf 'aa' | python3 -I -S "$script" --run threads=2 work=loop chunks=10 >stdout 2>stderr || fail "the script fails alone"
wants stdout '"kind":"ready"'
wants stdout '"name":"right","unit":"1","value":1'
wants stdout '"kind":"bye"'

# The product of the suite, by the library that stands beside the program.
library=$(dirname "$acelera")/libacelera-lessons-kernels.so
printf 'aa' | python3 -I -S "$script" --run threads=2 work=kernel chunks=4 library="$library" >stdout 2>stderr ||
    fail "the library cannot be used"
wants stdout '"name":"right","unit":"1","value":1'
