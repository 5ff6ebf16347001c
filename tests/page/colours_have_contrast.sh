# Whatever is text has a contrast of 4.5 to 1 with what it stands on (WCAG 2.1, 1.4.3 AA), and whatever else must be seen 3
# to 1 (1.4.11): on paper and panels, light, dark and printed, and on the parts of bars.
. "$(dirname "$0")/lib.sh"
awk '
function channel(hex,    value) {
    value = (index("0123456789abcdef", substr(hex, 1, 1)) - 1) * 16 + index("0123456789abcdef", substr(hex, 2, 1)) - 1
    value /= 255
    return value <= 0.03928 ? value / 12.92 : exp(2.4 * log((value + 0.055) / 1.055))
}
function luminance(hex) {
    return 0.2126 * channel(substr(hex, 2, 2)) + 0.7152 * channel(substr(hex, 4, 2)) + 0.0722 * channel(substr(hex, 6, 2))
}
function wants(theme, what, front, back, least,    a, b, ratio) {
    if (front == "" || back == "") {
        printf("%s: %s is not defined\n", theme, what)
        bad = 1
        return
    }
    a = luminance(front)
    b = luminance(back)
    ratio = a > b ? (a + 0.05) / (b + 0.05) : (b + 0.05) / (a + 0.05)
    pairs++
    if (ratio < least) {
        printf("%s: %s, %s on %s: %.2f, not %.1f\n", theme, what, front, back, ratio, least)
        bad = 1
    }
}
function judge(theme,    i, n, names) {
    n = split("ink soft link good bad s0 s1 s2 s3 s4 s5", names, " ")
    for (i = 1; i <= n; i++)
        wants(theme, names[i], colour[names[i]], colour["paper"], 4.5)
    wants(theme, "ink on panels", colour["ink"], colour["panel"], 4.5)
    wants(theme, "soft on panels", colour["soft"], colour["panel"], 4.5)
    wants(theme, "ink of a lit row", colour["ink"], colour["mark"], 4.5)
    wants(theme, "soft of a lit row", colour["soft"], colour["mark"], 4.5)
    if ("focus" in colour)
        wants(theme, "focus", colour["focus"], colour["paper"], 3)
    for (i = 0; i < 7; i++)
        wants(theme, "words on part " i, i == 2 ? "#ffffff" : "#14181f", colour["p" i], 4.5)
    themes++
    delete colour
}
/^ *:root/ { inside = $0; gsub(/[{].*/, "", inside) }
inside != "" {
    line = $0
    while (match(line, /--[a-z0-9]+: #[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]/)) {
        split(substr(line, RSTART + 2, RLENGTH - 2), pair, ": ")
        colour[pair[1]] = pair[2]
        line = substr(line, RSTART + RLENGTH)
    }
    if ($0 ~ /}/) {
        judge(inside)
        inside = ""
    }
}
END {
    printf("%d pairs in %d themes\n", pairs, themes)
    exit bad || themes < 3
}' "$source_folder/harness/report/page/page.css" || fail "see above"
