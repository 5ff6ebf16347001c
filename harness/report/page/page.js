/* What a page can do beyond being read: choose a kernel, sort and filter tables, light up the same row in
 * tables and pictures, show exact values at the pointer, switch between light and dark. Everything is there
 * without it. It loads nothing, stores nothing, and puts text into the page as text only. */
"use strict";
(function () {
  const root = document.documentElement;
  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
  root.classList.add("live");

  /* light and dark */
  const theme = document.getElementById("theme");
  if (theme) {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
    const say = () => { theme.textContent = isDark() ? "Light" : "Dark"; };
    theme.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; say(); });
    dark.addEventListener("change", say);
    say();
  }

  /* which kernel, and which rows: a row is seen where both agree */
  const kernel = document.getElementById("kernel");
  const filter = document.getElementById("filter");
  const found = document.getElementById("found");
  function choose() {
    const chosen = kernel ? kernel.value : "";
    const words = filter ? filter.value.toLowerCase().split(/\s+/).filter(Boolean) : [];
    let shown = 0;
    for (const part of all("[data-kernel]")) {
      const other = chosen !== "" && part.dataset.kernel !== chosen;
      if (part instanceof SVGElement) part.classList.toggle("faint", other);
      else part.hidden = other;
    }
    for (const section of all("section.rows")) {
      const title = section.querySelector("h3").textContent.toLowerCase();
      let any = false;
      for (const row of all("tbody tr", section)) {
        const text = title + " " + row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
        any = any || !row.hidden;
        shown += row.hidden || (chosen !== "" && section.dataset.kernel !== chosen) ? 0 : 1;
      }
      if (!any) section.hidden = true;
    }
    if (found) found.textContent = shown === 1 ? "1 row" : shown + " rows";
  }
  if (kernel) kernel.addEventListener("change", choose);
  if (filter) filter.addEventListener("input", choose);
  if (kernel || filter) choose();

  /* tables: a number is compared as a number, an unknown one comes last either way */
  function compare(a, b, up) {
    if (a === b) return 0;
    const x = parseFloat(a), y = parseFloat(b);
    const number = !Number.isNaN(x), other = !Number.isNaN(y);
    if (number && other) return up ? x - y : y - x;
    if (number !== other) return number ? -1 : 1;
    return up ? a.localeCompare(b) : b.localeCompare(a);
  }
  function sort(table, column, up) {
    const body = table.tBodies[0];
    const keyed = Array.from(body.rows, (row, place) => {
      const cell = row.cells[column];
      return { row, place, key: cell.dataset.value === undefined ? cell.textContent : cell.dataset.value };
    });
    keyed.sort((a, b) => compare(a.key, b.key, up) || a.place - b.place);
    body.append(...keyed.map((entry) => entry.row));
    keyed.forEach((entry) => entry.row.classList.remove("begins"));
  }
  for (const table of all("table.sorts")) {
    all("thead th", table).forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        all("thead th", table).forEach((each) => each.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        sort(table, column, up);
      });
    });
  }

  /* the same row everywhere, and its exact values at the pointer */
  const parts = new Map();
  for (const part of all("[data-row]")) {
    const same = parts.get(part.dataset.row);
    if (same) same.push(part);
    else parts.set(part.dataset.row, [part]);
  }
  for (const title of all("svg g > title")) {
    title.parentNode.dataset.tip = title.textContent;
    title.remove();
  }
  const tip = document.createElement("div");
  tip.id = "tip";
  tip.hidden = true;
  document.body.append(tip);
  let lit = null;
  function light(row) {
    if (row === lit) return;
    for (const part of (lit !== null && parts.get(lit)) || []) part.classList.remove("on");
    for (const part of (row !== null && parts.get(row)) || []) part.classList.add("on");
    lit = row;
  }
  document.addEventListener("pointerover", (event) => {
    const part = event.target.closest("[data-row]");
    light(part ? part.dataset.row : null);
    const told = event.target.closest("[data-tip]");
    tip.hidden = !told;
    if (told) tip.textContent = told.dataset.tip;
  });
  document.addEventListener("pointermove", (event) => {
    if (tip.hidden) return;
    const box = tip.getBoundingClientRect();
    const left = Math.min(event.clientX + 14, innerWidth - box.width - 8);
    const above = event.clientY + 18 + box.height > innerHeight;
    tip.style.left = Math.max(8, left) + "px";
    tip.style.top = (above ? event.clientY - box.height - 12 : event.clientY + 18) + "px";
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") { tip.hidden = true; light(null); } });

  /* what is folded away is printed too */
  addEventListener("beforeprint", () => all("details").forEach((part) => { part.open = true; }));
})();
