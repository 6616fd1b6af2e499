// The page: what is chosen, where it is drawn, and how it is read, saved, compared and printed.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector), $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const data = JSON.parse($("#daten").textContent), form = $("#wahl"), links = $$("#karte a"), makers = new Map(), readers = new WeakMap();
  const detailed = data.places.length > 1 && Boolean(data.places.find((place, i) => i && place.flows));
  const several = data.places.length > 1, position = new Map(data.places.map((place, i) => [place.key, i]));
  const state = { s: data.main, year: data.milestones.at(-1), area: several ? 1 : 0, beside: null, section: "" };
  const title = (s) => data.scenarios[s];

  const fanOfPlace = (place) => (place.fan && place.fan.some(([low]) => low !== null) ? { years: data.milestones.slice(1), pairs: place.fan } : null);

  // Lines of all scenarios of a place with its limits.
  function placeLines(place, s, height = FIGURE.height) {
    const styles = scenarioStyles(data.scenarios.length, data.main);
    const lines = data.scenarios.map((scenario, k) => ({ name: scenario, values: place.total[k], style: styles[k], strong: k === s }));
    const ends = data.scenarios.map((scenario, k) => `${scenario} ${number(place.total[k].at(-1))}`).join(", ");
    const label = `Linien der Bevölkerung ${place.name}; ${data.years.at(-1)}: ${ends}. Die Werte stehen in der Tabelle.`;
    return linesFigure(data.years, [lines[s], ...lines.filter((_, k) => k !== s)], { past: place.past, fan: fanOfPlace(place), height, marked: state.year, label });
  }

  // What is drawn for one place under one scenario.
  function portrait(place, s, level, id, marks) {
    const { year } = state, h = (text, rest = "") => `<h${level}>${text}${rest}</h${level}>`, name = place.name, where = id.endsWith("-1") ? `${name}, ${title(s)} (daneben)` : name;
    const figure = (heading, caption, drawn, tableId, make) => {
      marks.push(drawn);
      return `<figure><figcaption>${heading}<p>${caption}</p></figcaption><div class="plot" data-plot="${marks.length - 1}">${drawn.html}</div><p class="read" aria-live="polite"></p>${folded(tableId, make, where)}</figure>`;
    };
    const balances = balancesOf(data, place, s), flowYears = data.years.slice(1);
    const left = [figure(h("Bevölkerung nach Szenarien"), `Personen am 31.12.; Punkte: Bestand laut Quelle${fanOfPlace(place) ? "; graue Fläche: Spanne, in der die Zahl in 80 von 100 Fällen liegt" : ""}. Die senkrechte Achse beginnt nicht bei null.`,
      placeLines(place, s), `${id}-linien`, () => linesTable(data, place))];
    const texts = flowYears.map((y, t) => `${y}: ${balances.map((b) => `${b.name} ${signed(b.values[t])}`).join("; ")}. ${data.flows.map((flow, f) => `${flow.name} ${number(place.flows[f][s][t])}`).join(", ")}`);
    const parts = balances.map((b) => `${b.name} ${signed(sum(b.values))}`).join(", ");
    left.push(figure(h("Komponenten der Bevölkerungsentwicklung", ` <span>${escaped(title(s))}</span>`), "Personen im Jahr: Salden über und unter der Nulllinie, Linie: Veränderung insgesamt. Geburten, Sterbefälle, Zuzüge und Fortzüge stehen in der Tabelle.",
      stacksFigure(flowYears, balances, { texts, marked: year, label: `Komponenten ${name}, Summe ${flowYears[0]} bis ${flowYears.at(-1)}: ${parts}. Die Jahreswerte stehen in der Tabelle.` }), `${id}-komponenten`, () => componentsTable(data, place, s)));
    if (place.fan) {
      const made = spansTable(data, place), silent = made.rows.every((row) => row.slice(1).every((cell) => cell === SENSELESS));
      left.push(`<div class="spans">${h("Wie sicher ist das?")}<p>${escaped(spanSentence(data, place, s))}</p>${silent ? "" : tableHtml(made, { where })}</div>`);
    }
    const right = [ages(place, s, h, name, id, figure)], ratios = ratiosTable(data, place, s, year), needs = placeNeeds(data, data.places.indexOf(place), s, year);
    if (ratios) right.push(`<div class="spans">${h(escaped(ratios.title))}${tableHtml(ratios, { where })}</div>`);
    if (!isCity(place) && startOf(place, s) > 0) {
      const city = data.places[0], index = (own) => own.total[s].map((value) => (100 * value) / startOf(own, s));
      right.push(figure(h(`Vergleich mit ${data.words.toTheWhole}`, ` <span>${escaped(title(s))}</span>`), `Bevölkerung, ${data.baseYear} = 100.`, linesFigure(data.years, [{ name: place.name, values: index(place), style: 0, strong: true }, { name: city.name, values: index(city), style: 4 }],
        { height: FIGURE.low, marked: year, digits: 1, label: `Zwei Linien, ${data.baseYear} = 100; ${data.years.at(-1)}: ${name} ${number(index(place).at(-1), 1)}, ${city.name} ${number(index(city).at(-1), 1)}. Die Werte stehen in der Tabelle.` }), `${id}-index`, () => indexTable(data, place, s)));
    }
    if (needs) right.push(`<div class="spans needs">${h(escaped(needs.title))}<p>Auf Vielfache von 5 gerundet; in Klammern die Spanne, soweit bekannt.</p>${tableHtml(needs, { where })}</div>`);
    return `<div class="figures"><div>${left.join("")}</div><div>${right.join("")}</div></div>`;
  }

  function ages(place, s, h, name, id, figure) {
    const { year } = state, heading = h("Altersaufbau", ` <span>${year}, ${escaped(title(s))}</span>`), make = () => agesTable(data, place, s);
    if (data.sexes !== 2 || place.kind > 1) {
      const why = place.kind > 1 ? "Der Altersaufbau wird hier nicht gezeigt (Schutz kleiner Zahlen)." : "Die Daten sind nicht nach Geschlecht gegliedert.";
      return `<figure><figcaption>${heading}</figcaption><p class="hidden-note">${why}</p>${place.ages ? folded(`${id}-alter`, make, name) : ""}</figure>`;
    }
    const all = data.scenarios.flatMap((_, k) => data.milestones.map((y) => agesBySex(data, place, k, y)[1]));
    const [bands, shown] = agesBySex(data, place, s, year), base = agesBySex(data, place, s, data.baseYear)[1];
    const sexes = ([women, men]) => `${counted(sum(men), "Mann", "Männer")} und ${counted(sum(women), "Frau", "Frauen")}`;
    const label = `Bevölkerungspyramide ${name}: Männer links, Frauen rechts, Werte in der Tabelle darunter. Umriss ${data.baseYear}: ${sexes(base)}. Flächen ${year}, ${title(s)}: ${sexes(shown)}.`;
    return figure(heading, `Flächen: gewähltes Jahr. Umriss: ${data.baseYear}. Die offene Altersgruppe ist auf fünf Altersjahre verteilt.`, pyramidFigure(bands, base, shown, all, { label, year, baseYear: data.baseYear }), `${id}-alter`, make);
  }

  // A table that is written when it is opened; it stays open when the choice changes.
  function folded(id, make, where = "") {
    const made = make();
    if (!made) return "";
    makers.set(id, { make, where });
    return `<details class="tab" data-table="${escaped(id)}"><summary>Tabelle: ${escaped(made.title)}</summary><div></div></details>`;
  }

  function fold(details) {
    const known = makers.get(details.dataset.table);
    if (known && details.open) put($("div", details), tableHtml(known.make(), { where: known.where, sortable: details.dataset.table.startsWith("alle") }));
  }

  function put(host, html) {
    const open = $$("details[data-table]", host).filter((details) => details.open).map((details) => details.dataset.table);
    host.innerHTML = html;
    for (const details of $$("details[data-table]", host)) if (open.includes(details.dataset.table)) { details.open = true; fold(details); }
    $$("table.sortable", host).forEach(setUpSorting);
    $$(".scroll", host).forEach(addSaving);
  }

  function putPortrait(host, place, s, level, id, lead = "") {
    const marks = [];
    put(host, lead + (place.flows ? portrait(place, s, level, id, marks) : '<p class="hidden-note">Hier wird keine Zahl gezeigt (Schutz kleiner Zahlen).</p>'));
    $$("[data-plot]", host).forEach((plot) => setUpReading(plot, marks[plot.dataset.plot]));
  }

  // Values at the pointer, at the finger and under the arrow keys.
  function setUpReading(plot, figure) {
    const picture = $("svg", plot), cursor = $(".cursor", picture), reading = plot.nextElementSibling, across = figure.axis === "x";
    let at = -1;
    const show = (k) => {
      at = Math.max(0, Math.min(figure.marks.length - 1, k));
      const { at: place, text } = figure.marks[at];
      cursor.setAttribute("d", across ? `M${place} ${figure.from}V${figure.to}` : `M${figure.from} ${place}H${figure.to}`);
      reading.textContent = text;
    };
    const clear = () => { cursor.setAttribute("d", ""); reading.textContent = ""; };
    picture.setAttribute("tabindex", "0");
    picture.addEventListener("pointermove", (event) => {
      const box = picture.getBoundingClientRect(), view = picture.viewBox.baseVal;
      const value = across ? ((event.clientX - box.left) / box.width) * view.width : ((event.clientY - box.top) / box.height) * view.height;
      const gaps = figure.marks.map((mark) => Math.abs(mark.at - value));
      show(gaps.indexOf(Math.min(...gaps)));
    });
    picture.addEventListener("pointerleave", clear);
    picture.addEventListener("focus", () => show(at < 0 ? figure.marks.length - 1 : at));
    picture.addEventListener("blur", clear);
    picture.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1 }[event.key];
      if (step) { event.preventDefault(); show(at + step); }
    });
  }

  const tilesHtml = (place, s) => `<ul class="tiles">${tilesOf(data, place, s, state.year).map(([head, value, text]) => `<li><span>${escaped(head)}</span><strong>${escaped(value)}</strong><span>${escaped(text)}</span></li>`).join("")}</ul>`;

  function drawCity() {
    const city = data.places[0];
    $("#kurz").textContent = headline(data, city, state.s, state.year);
    $("#kacheln").innerHTML = tilesHtml(city, state.s);
    putPortrait($("#stadt-inhalt"), city, state.s, 3, "stadt");
    if ($("#bezirke-inhalt")) {
      const spans = data.districts.some((place) => place.fan) ? folded("alle-bezirke-spannen", () => namedOnce(allSpansTable(data, data.districts, data.words.district))) : "";
      put($("#bezirke-inhalt"), tableHtml(namedOnce(overviewTable(data, data.districts, data.words.district, state.s, state.year)), { sortable: true }) + spans);
      drawDistricts();
    }
  }

  // Lines of the districts, drawn when somebody opens them.
  function drawDistricts() {
    const host = $("#bezirke-bilder");
    if (!host || !host.open) return;
    const marks = [], list = $("div", host);
    list.innerHTML = data.districts.filter((place) => place.total).map((place) => {
      marks.push(placeLines(place, state.s, FIGURE.low));
      return `<figure><figcaption><h3>${escaped(place.name)}</h3></figcaption><div class="plot" data-plot="${marks.length - 1}">${marks.at(-1).html}</div><p class="read" aria-live="polite"></p></figure>`;
    }).join("");
    $$("[data-plot]", list).forEach((plot) => setUpReading(plot, marks[plot.dataset.plot]));
  }

  const OVERVIEWS = { bevoelkerung: (s, y) => overviewTable(data, data.places.slice(1), data.unit, s, y), altersgruppen: (s, y) => agesOverview(data, s, y), komponenten: (s, y) => componentsOverview(data, s, y), kennzahlen: (s, y) => ratiosOverview(data, s, y) };

  function drawAll() {
    if (!several) return;
    if ($("#alle-inhalt")) put($("#alle-inhalt"), tableHtml(OVERVIEWS[$("#tabelle").value](state.s, state.year), { sortable: true }));
    if ($("#spannen-inhalt")) put($("#spannen-inhalt"), folded("alle-spannen", () => allSpansTable(data, data.places.slice(1), data.unit)));
    if ($("#kleine")) {
      const until = yearAt(data, state.year) + 1, shown = data.places.slice(1).filter((place) => place.flows && startOf(place, state.s) > 0);
      $("#kleine").innerHTML = multiplesFigure(shown.map((place) => ({ ...place, values: place.total[state.s].slice(0, until) })), data.places[0].total[state.s].slice(0, until));
    }
  }

  function drawNeeds() {
    data.needs.forEach((need, k) => {
      $(`#bedarf-satz-${k}`).textContent = needSentence(data, need, state.s, state.year);
      put($(`#bedarf-inhalt-${k}`), folded(`alle-bedarf-${k}`, () => needTable(data, need, state.s, state.year)));
    });
  }

  const change = (i) => { const place = data.places[i + 1]; return place.total ? relative(totalAt(data, place, state.s, state.year) - startOf(place, state.s), startOf(place, state.s)) : null; };
  const changeWords = (i) => (change(i) === null ? "ohne Angabe" : percent(change(i)));
  const countWords = (i) => { const place = data.places[i + 1]; return place.total ? `${number(startOf(place, state.s))} → ${number(totalAt(data, place, state.s, state.year))}` : HIDDEN; };
  const css = (value) => (value === null ? "k-none" : `k${data.limits.filter((limit) => printed(value) >= limit).length}`);

  function drawMap() {
    links.forEach((link, i) => {
      $("path", link).setAttribute("class", css(change(i)));
      $("title", link).textContent = `${data.places[i + 1].name}: ${changeWords(i)} (${countWords(i)})`;
    });
  }

  function readMap(i) {
    outline(".near", links[i]);
    const bold = document.createElement("b");
    bold.textContent = data.places[i + 1].name;
    $("#lesung").replaceChildren(bold, `${changeWords(i)} von ${data.baseYear} bis ${state.year} (${countWords(i)}), ${title(state.s)}`);
  }

  // Outlines lie on top of all areas; the area itself would be covered by its neighbours.
  function outline(selector, link) {
    const frame = $(`#karte ${selector}`);
    if (frame && link) frame.setAttribute("d", $("path", link).getAttribute("d"));
  }

  function drawAreas() {
    if (!$("#gebiet")) return;
    const pairs = [[state.area, state.s], ...(state.beside ? [[state.beside.area, state.beside.s]] : [])], host = $("#portraets");
    host.classList.toggle("beside", pairs.length > 1);
    while (host.children.length < pairs.length) host.append(document.createElement("article"));
    while (host.children.length > pairs.length) host.lastChild.remove();
    pairs.forEach(([i, s], k) => putPortrait(host.children[k], data.places[i], s, 4, `gebiet-${k}`, areaHead(data.places[i], s, k)));
    $("#gebiet").value = nameOf(data.places[state.area]);
    $("#daneben").value = state.beside && state.beside.area !== state.area ? nameOf(data.places[state.beside.area]) : "";
    $("#daneben-szenario").value = state.beside ? String(state.beside.s) : "";
    outline(".frame.chosen", links[state.area - 1]);
  }

  const nameOf = (place) => (place.name === place.key ? place.name : `${place.name} (${place.key})`);

  function areaHead(place, s, k) {
    const beside = [...(place.name === place.key ? [] : [place.key]), ...(state.beside ? [title(s)] : [])].join(" · ");
    const head = `<h3 id="titel-${k}" tabindex="-1">${escaped(place.name)} <small>${escaped(beside)}</small></h3>`;
    return place.flows ? `${head}<p class="lead">${escaped(headline(data, place, s, state.year))}</p>${tilesHtml(place, s)}` : head;
  }

  function drawState() {
    for (const place of $$(".stand")) place.textContent = `${state.year}, ${title(state.s)}`;
    form.elements.s.value = String(state.s);
    form.elements.y.value = String(state.year);
    for (const plan of $$("[data-plan]")) plan.hidden = Number(plan.dataset.plan) !== state.s;
    drawCity(); drawMap(); drawAll(); drawNeeds(); drawAreas();
  }

  // The address: area, scenario, year and what stands beside, after the section.
  function address() {
    const own = [["gebiet", several ? data.places[state.area].key : ""], ["szenario", data.scenarios.length > 1 ? state.s + 1 : ""], ["jahr", state.year], ["daneben", state.beside ? data.places[state.beside.area].key : ""], ["daneben-szenario", state.beside ? state.beside.s + 1 : ""]];
    return "#" + [state.section, ...own.filter(([, value]) => value !== "").map(([key, value]) => `${key}=${encodeURIComponent(value)}`)].filter(Boolean).join("&");
  }

  function follow(hash) {
    const parts = hash.slice(1).split("&"), known = new Map(parts.filter((part) => part.includes("=")).map((part) => part.split("=").map(decodeURIComponent)));
    const scenario = (key) => (Number(known.get(key)) >= 1 && Number(known.get(key)) <= data.scenarios.length ? Number(known.get(key)) - 1 : null);
    state.section = parts.find((part) => part && !part.includes("=")) ?? "";
    state.s = scenario("szenario") ?? state.s;
    if (data.milestones.slice(1).includes(Number(known.get("jahr")))) state.year = Number(known.get("jahr"));
    if (detailed && position.get(known.get("gebiet")) > 0) state.area = position.get(known.get("gebiet"));
    state.beside = detailed && position.get(known.get("daneben")) > 0 ? { area: position.get(known.get("daneben")), s: scenario("daneben-szenario") ?? state.s } : null;
  }

  function remember() { if (location.hash !== address()) history.replaceState(null, "", address()); }

  function jump(id) {
    const target = document.getElementById(id);
    if (target) { target.scrollIntoView({ behavior: "instant" }); target.focus({ preventScroll: true }); }
  }

  function open(i) {
    if (!$("#gebiet") || !data.places[i]) return;
    state.area = i; state.section = "gebiete";
    drawAreas(); history.pushState(null, "", address()); jump("titel-0");
  }

  // A name, a key, or the beginning or a part of a name.
  function find(text) {
    const plain = (value) => value.toLocaleLowerCase("de").trim(), wanted = plain(text), list = data.places.slice(1);
    if (!wanted) return 0;
    const tests = [(p) => plain(nameOf(p)) === wanted, (p) => plain(p.key) === wanted, (p) => plain(p.name) === wanted, (p) => plain(p.name).startsWith(wanted), (p) => plain(p.name).includes(wanted) || plain(p.key).startsWith(wanted)];
    for (const test of tests) { const i = list.findIndex(test); if (i >= 0) return i + 1; }
    return 0;
  }

  function setUpAreas() {
    if (!$("#gebiet")) return;
    $("#gebiete-liste").innerHTML = data.places.slice(1).map((place) => `<option value="${escaped(nameOf(place))}"></option>`).join("");
    const search = (input, then) => {
      const i = find(input.value);
      $("#gesucht").textContent = input.value && !i ? `${data.words.none} heißt „${input.value}“.` : "";
      if (i || !input.value) then(i);
    };
    const beside = () => search($("#daneben"), (i) => {
      const s = $("#daneben-szenario").value;
      state.beside = i || s !== "" ? { area: i || state.area, s: s === "" ? state.s : Number(s) } : null;
      drawAreas(); remember();
    });
    $("#gebiet").addEventListener("focus", (event) => event.target.select());
    $("#gebiet").addEventListener("change", (event) => search(event.target, (i) => { state.area = i || state.area; state.section = "gebiete"; drawAreas(); history.pushState(null, "", address()); }));
    $("#daneben").addEventListener("change", beside);
    $("#daneben-szenario").addEventListener("change", beside);
    $("#allein").addEventListener("click", () => { state.beside = null; drawAreas(); remember(); });
    $("#kleine")?.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      if (link) { event.preventDefault(); open(position.get(link.dataset.key)); }
    });
  }

  // One tab stop for the whole map; arrow keys go to the nearest area in that direction.
  function neighbour(from, dx, dy) {
    const at = (link) => [Number(link.dataset.x), Number(link.dataset.y)], [x, y] = at(from);
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
      link.addEventListener("click", (event) => { event.preventDefault(); open(i + 1); });
      link.addEventListener("pointerenter", () => readMap(i));
      link.addEventListener("focus", () => {
        links.forEach((other) => other.setAttribute("tabindex", other === link ? "0" : "-1"));
        readMap(i);
      });
      link.addEventListener("keydown", (event) => {
        const arrow = arrows[event.key], next = arrow && neighbour(link, ...arrow);
        if (arrow) event.preventDefault();
        if (next) next.focus();
      });
    });
  }

  function setUpSorting(sorted) {
    const body = sorted.tBodies[0];
    [...sorted.tHead.rows[0].cells].forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const text = head.classList.contains("text"), up = head.getAttribute("aria-sort") === "descending" || (text && head.getAttribute("aria-sort") !== "ascending");
        for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        const value = (row) => row.cells[column].textContent, parsed = (shown) => (shown === NOTHING ? 0 : Number(shown.replace(/[\s%+]/g, "").replace(/\./g, "").replace("−", "-").replace(",", ".") || NaN));
        const order = text ? (a, b) => value(a).localeCompare(value(b), "de", { numeric: true }) : (a, b) => (Number.isNaN(parsed(value(a))) ? -Infinity : parsed(value(a))) - (Number.isNaN(parsed(value(b))) ? -Infinity : parsed(value(b))) || 0;
        body.append(...[...body.rows].filter((row) => !row.classList.contains("sum")).sort((a, b) => (up ? order(a, b) : order(b, a))));
      });
    });
  }

  function addSaving(scroll) {
    const own = $("table", scroll);
    if (!own || scroll.nextElementSibling?.classList.contains("save")) return;
    const button = document.createElement("button"), name = scroll.getAttribute("aria-label").replace("Tabelle: ", "");
    button.type = "button"; button.className = "save"; button.textContent = "Als CSV speichern"; button.setAttribute("aria-label", `Tabelle „${name}“ als CSV speichern`);
    button.addEventListener("click", () => {
      const isText = [...own.tHead.rows[0].cells].map((cell) => cell.classList.contains("text")), rows = [...own.rows].map((row) => [...row.cells].map((cell) => cell.textContent));
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([csvOf(rows, isText)], { type: "text/csv;charset=utf-8" }));
      link.download = `${name.replace(/[^\wäöüÄÖÜß –-]+/g, " ").replace(/\s+/g, " ").trim()}.csv`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    });
    scroll.after(button);
  }

  function setUpPrint() {
    const root = document.documentElement, shut = [];
    addEventListener("beforeprint", () => $$("#stadt .tab, #portraets .tab").forEach((details) => { if (!details.open) { details.open = true; fold(details); shut.push(details); } }));
    addEventListener("afterprint", () => {
      shut.splice(0).forEach((details) => { details.open = false; });
      root.classList.remove("print-area");
      if ($("#druck")) $("#druck").replaceChildren();
    });
    $("#drucken")?.addEventListener("click", () => { root.classList.add("print-area"); print(); });
    $("#alle-drucken")?.addEventListener("click", () => {
      const host = $("#druck");
      data.places.slice(1).forEach((place, k) => { const article = document.createElement("article"); host.append(article); putPortrait(article, place, state.s, 4, `druck-${k}`, areaHead(place, state.s, `druck-${k}`)); });
      print();
    });
  }

  form.addEventListener("change", () => {
    state.s = Number(form.elements.s.value); state.year = Number(form.elements.y.value);
    drawState(); remember();
  });
  $("#tabelle")?.addEventListener("change", drawAll);
  document.addEventListener("toggle", (event) => { if (event.target.dataset?.table) fold(event.target); else if (event.target.id === "bezirke-bilder") drawDistricts(); }, true);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']"), id = link && link.getAttribute("href").slice(1);
    if (!id || id.includes("=") || link.closest("#karte")) return;
    event.preventDefault();
    state.section = id; history.pushState(null, "", address()); jump(id);
  });
  addEventListener("popstate", () => { follow(location.hash); drawState(); jump(state.section === "gebiete" ? "titel-0" : state.section); });
  setUpMap(); setUpAreas(); setUpPrint();
  follow(location.hash); drawState();
  $$(".scroll").forEach(addSaving);
  if (state.section) jump(state.section === "gebiete" && location.hash.includes("gebiet=") ? "titel-0" : state.section);
})();
