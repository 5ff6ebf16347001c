. "$(dirname "$0")/lib.sh"
# The ceilings of a row are measured beside it, stand apart from the rows, and bound it.
run 0 run --kernel matmul,normalize --size tiny --threads 1 --blocks 2 --budget 20s --format json
awk '
    /^  "rows": \[/ { part = "rows" }
    /^  "ceilings": \[/ { part = "ceilings" }
    /^  "skipped": \[/ { part = "" }
    part == "rows" && /"kernel": "(flops|stream|forkjoin)"/ { print "a ceiling stands among the rows"; bad = 1 }
    part == "ceilings" && /"kernel": "flops"/ { flops = 1 }
    part == "ceilings" && /"kernel": "stream"/ { stream = 1 }
    part == "rows" && /"ceiling_fraction": [0-9]/ { bounded++ }
    part == "rows" && /"ceiling_fraction": null/ { print "a row has no ceiling"; bad = 1 }
    END { exit bad || !flops || !stream || bounded != 4 }' stdout || fail "ceilings and rows do not belong together"
# Points of f64 are scored in f32: so is what bounds that.
run 0 run --kernel kmeans --type f64 --shape n=2000,d=16,k=16 --threads 1 --blocks 2 --budget 20s --format json
awk '
    /^  "rows": \[/ { part = "rows" }
    /^  "ceilings": \[/ { part = "ceilings" }
    /^  "skipped": \[/ { part = "" }
    part == "ceilings" && /"kernel": "flops"/ { flops++; narrow += /"type": "f32"/ }
    part == "rows" && /"type": "f64"/ && /"ceiling_fraction": [0-9]/ { bounded++ }
    END { exit flops == 0 || narrow != flops || bounded != 2 }' stdout || fail "f64 k-means has other ceilings than f32 ones"
# Asked for by name, a ceiling is a row like any other.
run 0 run --kernel flops,stream:read,forkjoin:barrier,clock --size tiny --threads 1 --blocks 2 --budget 20s
for words in 'flops fma' 'stream read' 'forkjoin barrier' 'clock chain' GFLOP/s GB/s GHz; do
    wants stdout "$words"
done
