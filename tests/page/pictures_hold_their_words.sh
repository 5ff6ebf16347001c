# In a real browser: no word of a picture leaves it or covers another one, and the pictures of a large machine have the
# points of its data: a point for each row in the curves and their efficiency, one for each variant under the roof.
. "$(dirname "$0")/lib.sh"
wants_browser
made() {
    mkdir "$1"
    awk -v folder="$1" "${@:3}" -f "$source_folder/tests/page/$2"
    make_page "$1"
}
made machine make_machine.awk -v packages=2 -v cores=32 -v blocks=12 -v host=machine
made many make_run.awk -v threads=384 -v cores=192 -v variants=20 -v fault=
make_page recorded

# asked FOLDER: the answers of its page stand in the file answers, a line each.
asked() {
    sed -E "s/script-src '[^;\"]*/script-src 'unsafe-inline'/" "$1/report.html" >asked.html
    cat >>asked.html <<'SCRIPT'
<script>
"use strict";
const told = [];
const list = (selector, within) => Array.from((within || document).querySelectorAll(selector));
for (const svg of list("main svg[id]")) {
  const [, , width, height] = svg.getAttribute("viewBox").split(/\s+/).map(Number);
  const words = list("text", svg).map((text) => ({ text: text.textContent, box: text.getBBox() }));
  for (const { text, box } of words)
    if (box.x < -0.5 || box.y < -2 || box.x + box.width > width + 0.5 || box.y + box.height > height + 2)
      told.push(`BROKEN: ${svg.id}: outside: ${text}`);
  words.forEach((a, i) => words.slice(i + 1).forEach((b) => {
    const wide = Math.min(a.box.x + a.box.width, b.box.x + b.box.width) - Math.max(a.box.x, b.box.x);
    const high = Math.min(a.box.y + a.box.height, b.box.y + b.box.height) - Math.max(a.box.y, b.box.y);
    if (wide > 1 && high > 3.5) told.push(`BROKEN: ${svg.id}: ${a.text} covers ${b.text}`);
  }));
  told.push(`words: ${svg.id} ${words.length}`);
  told.push(`points: ${svg.id} ${list("g.point", svg).length}`);
}
for (const svg of list("svg[role=img]"))
  if (!(svg.querySelector("title") || {}).textContent) told.push(`BROKEN: ${svg.id} has no name`);
for (const part of list("div.scroll > table"))
  if (part.scrollWidth > part.parentNode.clientWidth && part.parentNode.tabIndex < 0)
    told.push("BROKEN: a table scrolls, but not by keyboard");
document.title = "asked";
document.body.append(Object.assign(document.createElement("pre"), { id: "answers", textContent: told.join("\n") }));
</script>
SCRIPT
    browse "$PWD/asked.html" --dump-dom --window-size=800,1000 >dom
    grep -q '<title>asked' dom || fail "the questions did not run: $(grep CONSOLE log)"
    sed -n '/<pre id="answers">/,$p' dom | sed 's/<[^>]*>//g' >answers
    ! grep BROKEN answers || fail "the page of $1: see above"
    [ "$(grep -c words: answers)" -gt 6 ] || fail "the page of $1 has too few pictures: $(cat answers)"
}
points() {
    grep -qx "points: $1 $2" answers || fail "not $2 points in $1: $(grep points: answers)"
}
asked recorded
asked many
asked machine
points curve-0 14 # 7 teams, over one thread and over the serial build
points efficiency-0 14 # of a PU and of a core
points speedup 21
points roofline-1 6
