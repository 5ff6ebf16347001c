. "$(dirname "$0")/lib.sh"
run 0 --version
grep -Eqx 'acelera [0-9]+\.[0-9]+\.[0-9]+' stdout || fail "--version is not 'acelera X.Y.Z'"
[ "$(wc -l <stdout)" -eq 1 ] || fail "--version prints more than a line"
refused '--version' -- --version extra
