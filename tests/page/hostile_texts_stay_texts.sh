# A run from a stranger: names that would be markup, script or attributes. The page shows them; it has the
# same elements as that of a harmless run, and a browser runs nothing of them.
. "$(dirname "$0")/lib.sh"
make_page harmless
cp -r "$source_folder/tests/golden/run" hostile
evil='<\/script><script>document.title=666<\/script><img src=x onerror=alert(1)>\\" onload=\\"x\\u202e\\n<!--'
sed -i -E "s/\"(host|cpu_model|command|message|remedy|value)\": \"[^\"]*\"/\"\\1\": \"$evil\"/g" hostile/run.json
[ "$(grep -o 'onerror' hostile/run.json | wc -l)" -ge 5 ] || fail "nothing hostile was planted"
make_page hostile
page=hostile/report.html
grep -q '&lt;img src=x' $page || fail "the hostile text is not shown"
! grep -qE '<img|<b>|<script>document' $page || fail "a hostile text became markup"
for tag in '<script' '<tr data-row' '<svg' '<h2' '</script'; do
    [ "$(grep -oF "$tag" harmless/report.html | wc -l)" -eq "$(grep -oF "$tag" $page | wc -l)" ] ||
        fail "the hostile page has another number of $tag"
done
wants_browser
browse "$PWD/$page" --dump-dom >dom
! grep -q '<title>666' dom || fail "a hostile text ran as script"
! grep -qE 'CONSOLE' log || fail "the browser complains: $(grep CONSOLE log)"
