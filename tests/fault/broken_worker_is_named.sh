. "$(dirname "$0")/lib.sh"
mkdir workers
cp "$ACELERA_WORKER_PATH"/acelera-worker-faulty-* workers
printf '#!/bin/sh\necho nonsense\n' >workers/acelera-worker-odd-gomp
chmod +x workers/acelera-worker-odd-gomp
ACELERA_WORKER_PATH=$PWD/workers "$acelera" list >stdout 2>stderr || fail "list fails because of one broken worker"
wants stderr 'worker left out: .*acelera-worker-odd-gomp: '
[ "$(wc -l <stderr)" -eq 1 ] || fail "more than one line on stderr"
