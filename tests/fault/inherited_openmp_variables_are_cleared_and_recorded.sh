. "$(dirname "$0")/lib.sh"
export OMP_NUM_THREADS=7 OMP_PROC_BIND=close GOMP_CPU_AFFINITY=0 OMP_DYNAMIC=true
run 0 --kernel faulty --blocks 1
wants "$(the_run)/run.json" 'OMP_NUM_THREADS=7'
wants "$(the_run)/run.json" 'GOMP_CPU_AFFINITY=0'
wants "$(the_run)/samples.jsonl" '"threads_delivered":1'
