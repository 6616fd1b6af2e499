"use strict";
(() => {
  // The page is complete without this script; it only switches what is shown.
  const data = JSON.parse(document.getElementById("daten").textContent);
  const form = document.getElementById("wahl");
  const chooser = document.getElementById("gebiet");
  const reading = document.getElementById("lesung");
  const links = [...document.querySelectorAll("#karte a")];
  const number = new Intl.NumberFormat("de-DE");
  const share = new Intl.NumberFormat("de-DE", { minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: "exceptZero" });
  let chosen = 0;

  const state = () => form.elements.s.value + "-" + form.elements.y.value;
  const radio = (name) => form.querySelector(`input[name=${name}]:checked`);
  const change = (i) => (data.base[i] ? (100 * (data.states[state()][i] - data.base[i])) / data.base[i] : null);
  const changeText = (i) => (change(i) === null ? "ohne Angabe" : share.format(change(i)).replace("-", "−") + " %");
  const count = (value) => (value === null ? "•" : number.format(value));
  const countText = (i) => `${count(data.base[i])} → ${count(data.states[state()][i])}`;
  const css = (value) => (value === null ? "k-none" : "k" + data.limits.filter((limit) => value >= limit).length);

  function showState() {
    const key = state();
    const text = `${radio("y").value}, ${radio("s").dataset.title}`;
    for (const group of document.querySelectorAll(".state")) {
      const on = group.dataset.state === key, svg = group.ownerSVGElement;
      group.classList.toggle("on", on);
      if (on) svg.setAttribute("aria-label", `${svg.dataset.lead} Flächen ${text}: ${[...group.querySelectorAll("text")].map((side) => side.textContent).join(", ")}.`);
    }
    for (const place of document.querySelectorAll(".stand")) place.textContent = text;
    links.forEach((link, i) => {
      link.querySelector("path").setAttribute("class", css(change(i)));
      link.querySelector("title").textContent = `${data.names[i]}: ${changeText(i)} (${countText(i)})`;
    });
  }

  function read(i) {
    outline(".near", links[i]);
    const bold = document.createElement("b");
    bold.textContent = data.names[i];
    const text = `${changeText(i)} von ${data.baseYear} bis ${radio("y").value} (${countText(i)}), ${radio("s").dataset.title}`;
    reading.replaceChildren(bold, text);
  }

  // Outlines lie on top of all areas; the area itself would be covered by its neighbours.
  function outline(selector, link) {
    const frame = document.querySelector("#karte " + selector);
    if (frame && link) frame.setAttribute("d", link.querySelector("path").getAttribute("d"));
  }

  function open(id, jump) {
    const head = document.getElementById(id);
    if (!head) return;
    for (const area of document.querySelectorAll("details.area")) area.open = area.contains(head);
    chosen = [...chooser.options].findIndex((option) => option.value === id);
    chooser.selectedIndex = chosen;
    outline(".frame.chosen", links[chosen]);
    if (jump) { head.scrollIntoView(); head.focus({ preventScroll: true }); }
  }

  // One tab stop for the whole map; arrow keys go to the nearest area in that direction.
  function neighbour(from, dx, dy) {
    const at = (link) => [Number(link.dataset.x), Number(link.dataset.y)];
    const [x, y] = at(from);
    let best = null, least = Infinity;
    for (const link of links) {
      const [u, v] = at(link), along = (u - x) * dx + (v - y) * dy, aside = Math.abs((u - x) * dy) + Math.abs((v - y) * dx);
      if (link !== from && along > 0 && along + 2 * aside < least) { best = link; least = along + 2 * aside; }
    }
    return best;
  }

  function setUpMap() {
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    links.forEach((link, i) => {
      link.setAttribute("tabindex", i ? "-1" : "0");
      link.addEventListener("click", (event) => { event.preventDefault(); open(link.getAttribute("href").slice(1), true); });
      link.addEventListener("pointerenter", () => read(i));
      link.addEventListener("focus", () => {
        links.forEach((other) => other.setAttribute("tabindex", other === link ? "0" : "-1"));
        read(i);
      });
      link.addEventListener("keydown", (event) => {
        const arrow = arrows[event.key], next = arrow && neighbour(link, ...arrow);
        if (arrow) event.preventDefault();
        if (next) next.focus();
      });
    });
  }

  function setUpTable(table) {
    const body = table.tBodies[0];
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = document.createElement("button");
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") === "descending" || (head.classList.contains("text") && head.getAttribute("aria-sort") !== "ascending");
        for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        const value = (row) => row.cells[column].textContent;
        const parsed = (text) => Number(text.replace(/[.\s%+]/g, "").replace("−", "-").replace(",", "."));
        const order = head.classList.contains("text")
          ? (a, b) => value(a).localeCompare(value(b), "de")
          : (a, b) => (parsed(value(a)) || 0) - (parsed(value(b)) || 0);
        const rows = [...body.rows].filter((row) => !row.classList.contains("sum")).sort((a, b) => (up ? order(a, b) : order(b, a)));
        body.append(...rows);
      });
    });
  }

  function setUpPrint() {
    const shut = [];
    const unfold = (selector) => document.querySelectorAll(selector).forEach((d) => { if (!d.open) { d.open = true; shut.push(d); } });
    addEventListener("beforeprint", () => unfold("#stadt .tab"));
    addEventListener("afterprint", () => { shut.splice(0).forEach((d) => { d.open = false; }); });
    document.getElementById("drucken")?.addEventListener("click", () => { unfold(".area"); print(); });
  }

  form.addEventListener("change", showState);
  setUpMap();
  setUpPrint();
  document.querySelectorAll("table.sortable").forEach(setUpTable);
  if (chooser) {
    chooser.addEventListener("change", () => open(chooser.value, false));
    const wanted = location.hash.slice(1);
    open(wanted.startsWith("g-") ? decodeURIComponent(wanted) : chooser.value, wanted.startsWith("g-"));
    addEventListener("hashchange", () => open(decodeURIComponent(location.hash.slice(1)), true));
  }
})();
