. "$(dirname "$0")/lib.sh"
refused '--kernel' 'matmull' 'matmul' -- run --kernel matmull
refused '--kernel' 'packd' 'packed' -- run --kernel matmul:packd
refused '--kernel' 'fft' 'kmeans' -- run --kernel fft
refused '--size' 'medum' 'did you mean medium?' -- run --size medum
refused '--type' 'f16' 'f32, f64' -- run --type f16
refused '--placement' 'spred' 'did you mean spread?' -- run --placement spred
refused '--scaling' 'stong' 'did you mean strong?' -- run --scaling stong
refused '--format' 'jsn' 'did you mean json?' -- run --format jsn
refused '--worker' 'no-such' -- run --worker no-such
refused '--set' 'normalize' 'methd' 'did you mean method?' -- run --kernel normalize --set normalize.methd=l2
refused '--set' 'zcore' 'zscore' -- run --kernel normalize --set normalize.method=zcore
refused '--set' 'l2' -- run --kernel normalize --set l2
refused 'matmull' 'did you mean matmul?' -- list matmull
refused 'tcsh' 'bash, zsh, fish' -- completion tcsh
# However long the word, what is allowed still stands in the line.
long=$(printf 'x%.0s' $(seq 3000))
refused '--kernel' 'not one of' 'matmul' -- run --kernel "$long"
refused '--kernel' 'not one of' 'packed' -- run --kernel "matmul:$long"
refused '--set' 'not one of' 'method' -- run --set "normalize.$long=1"
refused '--shape' 'not one of' 'iterations' -- run --kernel kmeans --shape "$long=1"
refused '--shape' 'whole number' -- run --kernel kmeans --shape "n=$long"
refused '--threads' 'allowed are' -- run --threads "1,$long"
refused '--set method=l2' 'did you mean normalize.method=l2?' -- run --set method=l2
refused '--set nothing=1' "'acelera list'" -- run --set nothing=1
