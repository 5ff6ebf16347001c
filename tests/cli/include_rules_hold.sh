. "$(dirname "$0")/lib.sh"
check() {
    bash "$source_folder/tests/cli/include_rules" "$1" >stdout 2>&1
}
check "$source_folder" || fail "the include graph breaks a rule"

# The same tree with one planted line must be refused, for every rule.
planted() {
    file=$1
    line=$2
    rm -rf tree
    mkdir tree
    cp -r "$source_folder/kernels" "$source_folder/harness" "$source_folder/lessons" tree
    [ -e "tree/$file" ] || fail "there is no $file to plant in"
    printf '#include %s\n' "$line" >>"tree/$file"
    if check tree; then fail "$line in $file passes"; fi
    wants stdout "$file"
}
planted kernels/random.h '"harness/base/text.h"'
planted kernels/random.h '<stdio.h>'
planted kernels/isa.h '<hwloc.h>'
planted harness/base/text.c '"harness/machine/machine.h"'
planted harness/analysis/interval.c '"harness/base/text.h"'
planted harness/analysis/interval.c '<stdio.h>'
planted harness/analysis/interval.c '<time.h>'
planted harness/machine/topology.h '"harness/measure/plan.h"'
planted harness/data/csv.h '"harness/measure/plan.h"'
planted harness/data/npy_header.h '"harness/base/text.h"'
planted harness/measure/plan.h '"harness/store/run_directory.h"'
planted harness/measure/plan.h '"kernels/kernel.h"'
planted harness/measure/plan.h '<hwloc.h>'
planted harness/measure/plan.h '<jansson.h>'
planted harness/store/run_record.h '"harness/report/summary.h"'
planted harness/report/summary.h '"harness/measure/plan.h"'
planted harness/report/summary.h '"harness/data/table.h"'
planted harness/report/summary.h '"harness/commands/output.h"'
planted harness/commands/run.c '<jansson.h>'
planted harness/commands/run.c '<hwloc.h>'
planted harness/commands/run.c '<omp.h>'
planted harness/commands/run.c '"harness/worker/worker.h"'
planted harness/worker/main.c '"harness/base/text.h"'
planted harness/worker/main.c '"harness/data/csv.h"'
planted harness/worker/main.c '<jansson.h>'
planted harness/worker/main.c '"worker.h"'
planted harness/commands/teach.c '"lessons/experiments/experiment.h"'
planted lessons/experiments/main.c '"harness/base/text.h"'
planted lessons/experiments/main.c '"lessons/engine/verdict.h"'
planted lessons/experiments/main.c '<jansson.h>'
planted lessons/engine/trial_lines.c '"harness/measure/child.h"'
planted lessons/engine/rounds.c '<jansson.h>'
planted lessons/engine/rounds.c '"lessons/experiments/experiment.h"'
planted lessons/engine/verdict.h '"harness/commands/output.h"'
planted lessons/capacity.c '"harness/measure/child.h"'
planted lessons/capacity.c '"lessons/engine/run.h"'
planted lessons/capacity.c '<time.h>'
