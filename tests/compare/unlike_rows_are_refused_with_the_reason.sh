. "$(dirname "$0")/lib.sh"
make_run a
# refused REASON CODE SETTING…: a run with these settings is beside `a`, and every row is refused for that.
refused() {
    reason=$1 wanted_code=$2
    shift 2
    rm -rf other
    make_run other order=5 "$@"
    run "$wanted_code" a other
    wants stdout "$reason"
}
refused "other data: seed 1 in a, 2 in other" 1 seed=2
wants stdout "Nothing could be compared: 2 rows refused."
wants stderr "nothing could be compared"
refused "other machine: 'CPU' in a, 'Other' in other" 1 model=Other
refused "other PUs: 0 in a, 3 in other" 1 pus=3
refused "only on side A" 1 size=large
wants stdout "only on side B"
# A wrong result outranks whatever else there is.
refused "not verified in other: wrong result" 3 status=unverified scale=1.1
wants stdout "1 slower"
# A row without a time is refused, the others are compared.
refused "no result in other: it went wrong" 4 status=failed scale=1.1
wants stdout "1 slower"
rm -rf other
make_run auto size=auto
make_run other size=auto order=5
run 1 auto other --format json
wants stdout "size auto follows the machine and is not comparable"
# What is interrupted is compared, and so are other bits: both are said.
rm -rf other
make_run other order=5 end=0 digest=0b
run 0 a other
wants stdout "2 equivalent"
wants stdout "other was interrupted; what it measured is compared"
wants stdout "did not compute the same bits"
# The table behind the data is part of the problem.
rm -rf other
make_run other order=5
sed -i 's/"request":/"data":{"path":"t.npy","digest":"0f"},"request":/' other/run.json
run 1 a other
wants stdout "other data: the tables behind a and other are not the same"
# The same row twice in one run.
rm -rf other
make_run other live=1
sed -i 's/"side":"[AB]"/"side":null/g' other/run.json
run 1 other a
wants stdout "other has this row twice"
