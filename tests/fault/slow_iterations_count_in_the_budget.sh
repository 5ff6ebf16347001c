# A budget pays for every iteration, the slow ones too: the median of a pilot on a busy machine hides them.
. "$(dirname "$0")/lib.sh"
mkdir skewed
# A worker whose pilot says: three iterations of 1 ms and one of 1 s. Six blocks of their mean need 1.5 s.
cat >skewed/acelera-worker-faulty-gomp <<END
#!/bin/sh
[ "\$1" = --run ] || exec "$ACELERA_WORKER_PATH/acelera-worker-faulty-gomp" "\$@"
for word; do case \$word in pus=*) pus=\${word#pus=} ;; iterations=*) iterations=\${word#iterations=} ;; esac; done
sample='"kind":"sample","warmup":false,"busy_max_s":0,"busy_mean_s":0,"cpu_s":0,"involuntary_switches":0,"minor_faults":0'
check='"kind":"check","passed":true,"digest":"0000000000000001","what":"","index":-1,"got":0,"expected":0,"tolerance":0'
echo "{\"kind\":\"process\",\"pid\":\$\$,\"threads_delivered\":1,\"bound\":true,\"pus\":[\$pus],\"runtime\":\"gomp\",\"setup_s\":0}"
echo "{\$check,\"when\":\"before\"}"
if [ "\$iterations" -eq 0 ]; then # the pilot
    for i in 0 1 2; do echo "{\$sample,\"iteration\":\$i,\"seconds\":0.001}"; done
    echo "{\$sample,\"iteration\":3,\"seconds\":1}"
fi
i=0
while [ "\$i" -lt "\$iterations" ]; do
    echo "{\$sample,\"iteration\":\$i,\"seconds\":0.001}"
    i=\$((i + 1))
done
echo "{\$check,\"when\":\"after\"}"
echo '{"kind":"end_process","status":"done","repeat":1,"error":null}'
END
chmod +x skewed/acelera-worker-faulty-gomp
ACELERA_WORKER_PATH=$scratch/skewed
run 0 --kernel faulty --budget 1s
wants stderr 'over budget'
wants "$(the_run)/samples.jsonl" '"over_budget":true'
