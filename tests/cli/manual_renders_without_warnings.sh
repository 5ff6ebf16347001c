. "$(dirname "$0")/lib.sh"
run 0 manual
cp stdout acelera.1
wants acelera.1 '.TH ACELERA 1'
wants acelera.1 '\-\-precision'
if LC_ALL=C grep -n '[^ -~]' acelera.1 >stdout; then fail "the man page is not plain ASCII"; fi
run 0 manual
cmp -s stdout acelera.1 || fail "two calls print two pages"
if command -v groff >/dev/null; then
    groff -ww -man -Tutf8 -P-c -P-b -P-u acelera.1 >page 2>warnings || fail "groff fails"
    [ ! -s warnings ] || { cat warnings; fail "groff warns"; }
    grep -q 'EXIT STATUS' page || fail "the page has no exit status"
elif command -v mandoc >/dev/null; then
    mandoc -T lint -W warning acelera.1 >warnings || { cat warnings; fail "mandoc warns"; }
else
    exit 77
fi
