. "$(dirname "$0")/lib.sh"
run 0 list
for word in matmul kmeans normalize naive spread one-pu serial 'medium *'; do
    wants stdout "$word"
done
no_escapes stdout
run 0 list matmul
wants stdout 'n=1536'
! grep -q kmeans stdout || fail "list matmul shows kmeans"
run 0 list --format csv
wants stdout 'kind,kernel,name,value,meaning,why,chosen'
run 0 list --format markdown
wants stdout '|---|'
run 0 list --format json
wants stdout '"schema": "acelera/list/1"'
# Exactly one default variant for each kernel.
kernels=$(grep -c '"rate_unit"' stdout)
defaults=$(grep '"why"' stdout | grep -c '"default": true')
[ "$kernels" -ge 3 ] || fail "$kernels kernels are listed"
[ "$kernels" -eq "$defaults" ] || fail "$kernels kernels, but $defaults default variants"
