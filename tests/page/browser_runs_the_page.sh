# The page in a real browser: no complaint, no request, the table sorts and filters, a kernel can be chosen, the
# plot has the points of the data, rows light up everywhere, both themes, and a PDF can be printed.
. "$(dirname "$0")/lib.sh"
wants_browser
make_page run
page=$PWD/run/report.html

# What a page asked for, from the browser's log; the browser asks its maker for things of its own.
requests() {
    browse "$1" --dump-dom --log-net-log="$PWD/net.json" >dom
    [ -s net.json ] || fail "the browser kept no log of the network"
    grep -oE '"url":"(https?|ftp|wss?)://[^"]*"' net.json | grep -vE '://[a-z0-9.]*\.(google|googleapis|gvt1)\.com/' | sort -u
}
echo '<img src="http://stranger.invalid/x.png">' >asking.html
requests "$PWD/asking.html" | grep -q stranger.invalid || fail "a request of a page is not seen"
requests "$page" >requests
[ ! -s requests ] || fail "a request left the page: $(cat requests)"
grep -q '<html lang="en" class="live">' dom || fail "the script did not run: $(grep CONSOLE log)"
! grep -q CONSOLE log || fail "the browser complains: $(grep CONSOLE log)"

# The same page with questions at its end. Only this copy may run them: the policy of the real page has one hash.
sed -E "s/script-src '[^;\"]*/script-src 'unsafe-inline'/" "$page" >asked.html
cat >>asked.html <<'SCRIPT'
<script>
"use strict";
const told = [];
const ask = (what, holds) => told.push((holds ? "holds: " : "BROKEN: ") + what);
const list = (selector, within) => Array.from((within || document).querySelectorAll(selector));
const table = document.querySelector("table.sorts");
const values = (column) => Array.from(table.tBodies[0].rows, (row) => parseFloat(row.cells[column].dataset.value));
const sorted = (numbers, sign) => {
  const known = numbers.filter((number) => !Number.isNaN(number));
  const tail = numbers.slice(known.length).every(Number.isNaN);
  return known.length > 1 && tail && known.every((number, i) => i === 0 || sign * (number - known[i - 1]) >= 0);
};
const before = values(2).join();
const button = table.querySelectorAll("thead th button")[2];
button.click();
ask("sorts upwards", sorted(values(2), 1) && table.querySelectorAll("thead th")[2].getAttribute("aria-sort") === "ascending");
button.click();
ask("sorts downwards", sorted(values(2), -1) && values(2).join() !== before);
ask("heads are buttons", list("table.sorts thead th").every((head) => head.querySelector("button")));

const visible = () => list("section.rows:not([hidden]) tbody tr:not([hidden])");
const everything = visible().length;
const filter = document.getElementById("filter");
filter.value = "serial 1";
filter.dispatchEvent(new Event("input"));
ask("filters", visible().length > 0 && visible().length < everything);
filter.value = "no such words";
filter.dispatchEvent(new Event("input"));
ask("filters everything", visible().length === 0 && document.getElementById("found").textContent === "0 rows");
filter.value = "";
filter.dispatchEvent(new Event("input"));
ask("shows all again", visible().length === everything);

const kernel = document.getElementById("kernel");
if (kernel) {
  kernel.value = "0";
  kernel.dispatchEvent(new Event("change"));
  ask("a kernel is chosen", visible().length > 0 && visible().length < everything &&
    visible().every((row) => row.closest("section").dataset.kernel === "0"));
  ask("others are faint", list("#speedup g[data-kernel]").every((part) => part.classList.contains("faint") === (part.dataset.kernel !== "0")));
  kernel.value = "";
  kernel.dispatchEvent(new Event("change"));
}

/* A point is where its row says, to a pixel: heights are proportional to speedups. */
const points = list("#speedup g.point").map((point) => {
  const row = document.querySelector(`tr[data-row="${point.dataset.row}"]`);
  const box = point.querySelector(".dot").getBBox();
  return { speedup: parseFloat(row.cells[4].dataset.value), y: box.y + box.height / 2, row };
});
const low = points.reduce((a, b) => (a.speedup < b.speedup ? a : b));
const high = points.reduce((a, b) => (a.speedup > b.speedup ? a : b));
const scale = (high.y - low.y) / (high.speedup - low.speedup);
ask("the plot has points", points.length > 2 && scale < 0);
ask("points are where their rows say", points.every((point) => Math.abs(low.y + (point.speedup - low.speedup) * scale - point.y) < 3));

const point = document.querySelector("#speedup g.point");
point.querySelector(".dot").dispatchEvent(new PointerEvent("pointerover", { bubbles: true, clientX: 300, clientY: 300 }));
ask("a point lights its row", document.querySelector(`tr[data-row="${point.dataset.row}"]`).classList.contains("on"));
ask("exact values are shown", !document.getElementById("tip").hidden && document.getElementById("tip").textContent.includes("speedup"));

const theme = document.getElementById("theme");
const paper = () => getComputedStyle(document.body).backgroundColor;
const first = paper();
theme.click();
ask("the theme changes", paper() !== first);
theme.click();
ask("and back", paper() === first);
document.title = "asked";
document.body.append(Object.assign(document.createElement("pre"), { id: "answers", textContent: told.join("\n") }));
</script>
SCRIPT
browse "$PWD/asked.html" --dump-dom >dom
grep -q '<title>asked' dom || fail "the questions did not run: $(grep CONSOLE log)"
sed -n '/<pre id="answers">/,$p' dom | grep -oE '(holds|BROKEN): [^<]*' >answers
! grep BROKEN answers || fail "see above"
[ "$(wc -l <answers)" -eq 14 ] || fail "not all answered: $(cat answers)"

browse "$page" --print-to-pdf="$PWD/page.pdf" --no-pdf-header-footer >/dev/null
[ "$(head -c 5 page.pdf 2>/dev/null)" = %PDF- ] || fail "no PDF was printed"
[ "$(wc -c <page.pdf)" -gt 20000 ] || fail "the PDF is empty"
