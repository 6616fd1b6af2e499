// The screen: what is moved, what is computed, and where it is drawn.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector), $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const page = JSON.parse($("#daten").textContent), { facts, words } = page, base = facts.base, years = [base, ...facts.years];
  const element = (html) => { const host = document.createElement("template"); host.innerHTML = html.trim(); return host.content.firstElementChild; };
  const cityName = page.total, placeNames = [cityName, ...facts.areas.map((area) => area.name || area.key)];
  if (new Set(placeNames.slice(1)).size === facts.areas.length) words.names = Object.fromEntries(facts.areas.map((area, k) => [area.key, placeNames[k + 1]]));
  let state = assumed.started(page.document), results = [], shown = { place: 0, year: facts.years.at(-1) }, playing = null, effectsOf = null, record = [];

  // --- the engine beside the page ------------------------------------------------------------------------------------

  const worker = new Worker(URL.createObjectURL(new Blob([$("#rechenwerk").textContent], { type: "text/javascript" })));
  const waiting = new Map();
  let asked = 0;
  worker.onmessage = ({ data: { id, answer, failed } }) => { waiting.get(id)(failed ? { failed } : { answer }); waiting.delete(id); };
  const ask = (what, said = {}) => new Promise((done) => { asked += 1; waiting.set(asked, done); worker.postMessage({ id: asked, ask: what, ...said }); });

  const placesOf = (place) => (place === 0 ? facts.areas.map((_, k) => k) : [place - 1]);

  // Only the newest question is asked while an answer is under way, and before this one is drawn: both take their time.
  let busy = false, again = false;
  async function compute() {
    if (busy) { again = true; return; }
    busy = true;
    const root = document.documentElement.dataset, begun = performance.now(), documents = [state.base, ...state.scenarios].map(assumed.documentOf);
    root.busy = "true";
    delete root.took;
    const { answer, failed } = await ask("show", { documents, places: placesOf(shown.place) });
    busy = false;
    const next = again ? compute() : null;
    again = false;
    if (failed) say(failed);
    else { results = answer.map(unfolded); draw(); }
    if (next) await next;
    else { root.busy = "false"; painted(() => { if (!busy) root.took = (performance.now() - begun).toFixed(1); }); }
  }

  // After the next picture of the browser.
  function painted(act) {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = act;
    requestAnimationFrame(() => port2.postMessage(null));
  }

  // An answer as it is read: persons by 31.12. and place, and by 31.12., sex and age.
  function unfolded(result) {
    if (result.refused) return result;
    const rows = (values, length) => Array.from({ length: values.length / length }, (_, k) => values.subarray(k * length, (k + 1) * length));
    return { ...result, totals: rows(result.totals, placeNames.length), pyramid: rows(result.pyramid, facts.sexes.length * facts.ages).map((ages) => rows(ages, facts.ages)) };
  }

  const say = (text) => { $("#meldung").textContent = text; };

  // --- changes -------------------------------------------------------------------------------------------------------

  const scenario = () => state.scenarios[state.current];

  function change(edit) { state = assumed.changed(state, edit); effectsOf = null; }
  function follow(next) { state = next; effectsOf = null; drawLevers(); compute(); }

  // While a slider is held the same step is rewritten, so that one pull is one step back.
  let held = false;
  function edit(k, value) {
    const write = (next) => value(next.scenarios[next.current].statements[k].said);
    if (held) { write(state); effectsOf = null; } else change(write);
    compute();
  }

  const nameOf = (key) => facts.areas.find((area) => area.key === key)?.name || key;
  const lever = (statement) => levers.of(statement, { people: results[0]?.totals?.[0]?.[0] ?? 1000, nameOf, words, observed: page.observed });

  const KINDS = {
    zuzuege: ["Zuzüge eines Gebiets oder einer Gruppe", () => ["annahme", { groesse: "zuzuege", prozent: 10, ...where() }]],
    fortzuege: ["Fortzüge eines Gebiets oder einer Gruppe", () => ["annahme", { groesse: "fortzuege", prozent: -10, ...where() }]],
    geburten: ["Geburten eines Gebiets oder einer Gruppe", () => ["annahme", { groesse: "geburten", prozent: 5, ...where() }]],
    halten: ["Halten: mehr bleiben", () => ["halten", { prozent: 5, ...where() }]],
    anziehen: ["Anziehen: mehr kommen", () => ["anziehen", { personen: 100, ...where() }]],
    ereignis: ["Ereignis: viele kommen in einem Jahr", () => ["ereignis", { name: `Ereignis ${scenario().statements.length}`, personen: 500, von: facts.years[0], bis: facts.years[0] }]],
    erstbezug: ["Neubau: Wohnungen werden bezogen", () => ["erstbezug", { name: `Neubau ${scenario().statements.length}`, gebiet: place().key, wohnungen: 100, von: facts.years[Math.min(1, facts.years.length - 1)], anteil_von_aussen: 0.5 }]],
    sondergruppe: ["Einrichtung: ein Heim öffnet", () => ["sondergruppe", { name: `Heim ${scenario().statements.length}`, gebiet: place().key, plaetze: { [facts.years[0]]: 80 }, alter: { "80+": 1 } }]],
    eckwert: ["Gesamtzahl vorgeben", () => ["eckwert", { personen: { [facts.years.at(-1)]: Math.round(results[0].totals.at(-1)[shown.place]) }, verlauf: "gleitend", ...where() }]],
  };
  // Areas that are not shown are one together; nothing can be assumed of them alone.
  const named = () => shown.place > 0 && shown.place - 1 !== page.rest;
  const place = () => facts.areas[named() ? shown.place - 1 : 0];
  const where = () => (named() ? { gebiete: [place().key] } : {});

  function drawLevers() {
    const host = $("#hebel"), open = $$("details[open]", host).map((details) => details.dataset.k), focused = document.activeElement?.id;
    host.replaceChildren(...scenario().statements.map(card));
    for (const details of $$("details", host)) details.open = open.includes(details.dataset.k);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    $("#szenarien").replaceChildren(...state.scenarios.map((one, k) => element(`<label><input type="radio" name="szenario" value="${k}"${k === state.current ? " checked" : ""}><span>${escaped(one.title)}</span></label>`)));
    $("#titel").value = scenario().title;
    $("#neu").disabled = state.scenarios.length >= assumed.MOST;
    $("#weg").disabled = state.scenarios.length < 2;
    $("#zurueck").disabled = !state.past.length;
    $("#vor").disabled = !state.future.length;
    drawSentences();
  }

  function card(statement, k) {
    const { name, unit, low, high, step, value, seen } = lever(statement), { section, said } = statement, min = Math.min(low, value), max = Math.max(high, value), known = state.base.statements.find((one) => one.id === statement.id);
    const mark = known ? lever(known).value : null, host = element(`<li class="lever"><label for="regler-${k}">${escaped(name)}${said.gebiete || said.alter !== undefined || said.staatsangehoerigkeit || said.geschlecht ? ` <small>${escaped(selected(said))}</small>` : ""}</label>
      <span class="value"><input id="zahl-${k}" type="number"${String(value).length > 6 ? ' class="long"' : ""} step="any" value="${value}" aria-label="${escaped(`${name}, Zahl`)}"> ${escaped(unit)}</span>
      <input id="regler-${k}" type="range" min="${min}" max="${max}" step="${step}" value="${value}">
      <span class="mark" aria-hidden="true"><i class="seen"></i><i class="now"></i></span>
      <span class="past"></span>
      <details data-k="${k}"><summary>Für wen und wann</summary><div class="more">${fields(section, said, k)}</div></details></li>`);
    const spot = (number) => Math.min(Math.max((number - min) / (max - min), 0), 1), scaleOf = $(".mark", host).style;
    if (mark !== null) scaleOf.setProperty("--at", spot(mark));
    $(".now", host).hidden = mark === null || mark < min || mark > max;
    if (seen) { scaleOf.setProperty("--low", spot(seen.low)); scaleOf.setProperty("--high", spot(seen.high)); }
    $(".seen", host).hidden = !seen || seen.high < min || seen.low > max;
    $(".past", host).textContent = seen ? `Balken: ${describe.decimal(seen.low, digitsOf(step))} bis ${describe.decimal(seen.high, digitsOf(step))} ${unit} (${seen.text})` : "";
    const slider = $("input[type=range]", host), figure = $("input[type=number]", host);
    slider.setAttribute("aria-valuetext", `${describe.decimal(value)} ${unit}`);
    slider.addEventListener("input", () => { const now = Number(slider.value); edit(k, (one) => lever(statement).write(one, now)); held = true; figure.value = now; slider.setAttribute("aria-valuetext", `${describe.decimal(now)} ${unit}`); drawSentences(); });
    slider.addEventListener("change", () => { held = false; noted(); drawLevers(); });
    figure.addEventListener("change", () => { if (Number.isFinite(figure.valueAsNumber)) { edit(k, (one) => lever(statement).write(one, figure.valueAsNumber)); noted(); } drawLevers(); });
    for (const field of $$("[data-key]", host)) field.addEventListener("change", () => { if (field.checkValidity()) { edit(k, (one) => writeField(one, field)); noted(); } drawLevers(); });
    $("[data-remove]", host)?.addEventListener("click", () => { change((next) => next.scenarios[next.current].statements.splice(k, 1)); noted(); drawLevers(); compute(); $("#art").focus(); });
    return host;
  }

  // The district that some areas are, if they are exactly one.
  const districtOf = (keys) => (keys.length ? Object.keys(page.districts).find((name) => page.districts[name].join() === keys.join()) : undefined);
  const digitsOf = (step) => (step >= 1 ? 0 : step >= 0.1 ? 1 : 2);
  const selected = (said) => [said.gebiete && (districtOf([].concat(said.gebiete)) ?? describe.listed([].concat(said.gebiete).map(nameOf))), said.staatsangehoerigkeit && describe.labelOf(words, said.staatsangehoerigkeit), said.geschlecht && { w: "Frauen", m: "Männer" }[said.geschlecht], said.alter !== undefined && `Alter ${said.alter}`].filter(Boolean).join(", ");

  const option = (value, text, chosen) => `<option value="${escaped(value)}"${value === chosen ? " selected" : ""}>${escaped(text)}</option>`;
  const areaOptions = (chosen) => facts.areas.filter((_, k) => k !== page.rest).map((area) => option(area.key, area.name ? `${area.name} (${area.key})` : area.key, chosen)).join("");

  // What else a statement says: whom, where, when.
  function fields(section, said, k) {
    const id = (key) => `${key}-${k}`, found = [], add = (key, title, control) => found.push(`<p><label for="${id(key)}">${title}</label> ${control}</p>`);
    const numeric = (key, title, rest) => add(key, title, `<input id="${id(key)}" data-key="${key}" type="number" value="${said[key] ?? ""}" ${rest}>`), year = `min="${facts.years[0]}" max="${facts.years.at(-1)}" step="1"`;
    if (section === "erstbezug" || section === "sondergruppe") {
      add("gebiet", "Gebiet", `<select id="${id("gebiet")}" data-key="gebiet">${areaOptions(said.gebiet)}</select>`);
      add("name", "Name", `<input id="${id("name")}" data-key="name" required value="${escaped(said.name)}">`);
    } else {
      const one = [].concat(said.gebiete ?? []), groups = [...Object.keys(facts.levels), ...Object.keys(page.document.gebietstypen ?? {}).map((type) => `@${type}`)], district = districtOf(one), several = one.length > 1 && !district;
      if (facts.areas.length > 1) add("gebiete", "Gebiet", `<select id="${id("gebiete")}" data-key="gebiete">${option("", "alle Gebiete", one[0] ?? "")}${several ? `<option value="…" selected>${escaped(describe.listed(one.map(nameOf)))}</option>` : ""}${Object.keys(page.districts).map((name) => option(`=${name}`, `${page.unit}: ${name}`, district && `=${district}`)).join("")}${groups.map((group) => option(group, group.replace("@", "Gebietstyp "), one[0])).join("")}${areaOptions(district || several ? undefined : one[0])}</select>`);
      if (facts.groups.length > 1) add("staatsangehoerigkeit", "Staatsangehörigkeit", `<select id="${id("staatsangehoerigkeit")}" data-key="staatsangehoerigkeit">${option("", "alle", said.staatsangehoerigkeit ?? "")}${facts.groups.map((group) => option({ german: "D", foreign: "A" }[group] ?? group, words.labels[group] ?? group, said.staatsangehoerigkeit)).join("")}</select>`);
      if (said.groesse !== "geburten") add("geschlecht", "Geschlecht", `<select id="${id("geschlecht")}" data-key="geschlecht">${option("", "beide", said.geschlecht ?? "")}${option("w", "Frauen", said.geschlecht)}${option("m", "Männer", said.geschlecht)}</select>`);
      add("alter", "Alter", `<input id="${id("alter")}" data-key="alter" value="${escaped(said.alter ?? "")}" placeholder="alle, oder 18-29, 65+" pattern="\\s*\\d{1,3}\\s*(\\+|-\\s*\\d{1,3})?\\s*">`);
    }
    if (section !== "sondergruppe" && section !== "eckwert") { numeric("von", section === "erstbezug" ? "bezogen von" : "von", year); numeric("bis", "bis", year); }
    if (section === "annahme") add("verlauf", "Verlauf", `<select id="${id("verlauf")}" data-key="verlauf">${option("sprung", "auf einmal", said.verlauf ?? "sprung")}${option("gleitend", "in gerader Linie (braucht „bis“)", said.verlauf)}${said.ziel === undefined ? option("jaehrlich", "jedes Jahr um so viel", said.verlauf) : ""}</select>`);
    if (section === "erstbezug") {
      numeric("anteil_von_aussen", "Anteil von außerhalb (0 bis 1)", 'min="0" max="1" step="0.05" required');
      numeric("personen_je_wohnung", `Personen je Wohnung (üblich ${describe.decimal(words.perDwelling[said.typ ?? "gemischt"])})`, 'min="0.1" max="10" step="0.01"');
    }
    if (section === "sondergruppe") { numeric("schliesst", "schließt am 31.12.", year); numeric("bleibeanteil", "Anteil, der dann in der Stadt bleibt", 'min="0" max="1" step="0.05"'); }
    add("text", "Warum", `<input id="${id("text")}" data-key="text" value="${escaped(said.text ?? "")}">`);
    return `${found.join("")}<p><button type="button" data-remove>Annahme streichen</button></p>`;
  }

  function writeField(said, field) {
    const { key } = field.dataset, value = field.type === "number" ? (Number.isFinite(field.valueAsNumber) ? field.valueAsNumber : "") : field.value.trim();
    if (key === "gebiete") { if (value !== "…") { if (value) said.gebiete = value.startsWith("=") ? [...page.districts[value.slice(1)]] : [value]; else delete said.gebiete; } return; }
    if (value === "") delete said[key];
    else said[key] = value;
    if (key === "verlauf" && value === "sprung") delete said.verlauf;
    if (said.verlauf === "gleitend" && said.bis === undefined && said.dauer === undefined && key !== "bis") said.bis = facts.years.at(-1);
    if (said.verlauf === "gleitend" && said.bis === undefined && said.dauer === undefined) delete said.verlauf;
    if (key === "bis") delete said.dauer;
    if (said.von !== undefined && said.bis !== undefined && said.bis < said.von) { if (key === "von") said.bis = said.von; else said.von = said.bis; }
    if (said.bleibeanteil && said.schliesst === undefined) delete said.bleibeanteil;
  }

  const told = (one) => describe.told(words, assumed.documentOf(one));
  function drawSentences() { morph.inside($("#saetze"), told(scenario()).map((text) => `<li>${escaped(text)}</li>`).join("")); }

  // --- the record of the evening -------------------------------------------------------------------------------------

  // One line for every change that stays: when, who, which scenario, what is assumed now.
  function noted() {
    const said = assumed.levers(state.base, scenario()).map((one) => assumed.sentence(words, one));
    record.push({ time: new Date().toLocaleTimeString("de-DE", { hour: "2-digit", minute: "2-digit" }), who: $("#wer").value.trim(), title: scenario().title, text: said.join(" ") || "Wie die Grundlage." });
    drawRecord();
  }

  function drawRecord() {
    $("#protokoll tbody").replaceChildren(...record.map((one) => element(`<table><tbody><tr><td>${escaped(one.time)}</td><td>${escaped(one.who || "–")}</td><td>${escaped(one.title)}</td><td>${escaped(one.text)}</td></tr></tbody></table>`).querySelector("tr")));
    $("#protokoll-leer").hidden = record.length > 0;
  }

  // --- drawing -------------------------------------------------------------------------------------------------------

  const lined = () => results.map((result, k) => ({ ...result, title: k ? state.scenarios[k - 1].title : `Grundlage: ${state.base.title}` })).filter((one) => !one.refused);
  const current = () => results[state.current + 1];
  const at = () => years.indexOf(shown.year);
  const total = (result, t = at()) => result.totals[t][shown.place];

  function draw() {
    const now = current();
    if (results.length !== state.scenarios.length + 1) return;  // the answer to what stands there is under way
    say(now.refused ? `So lässt sich nicht rechnen: ${now.refused}` : "");
    $("#jahr").value = shown.year;
    $("#jahr-zahl").textContent = shown.year;
    $("#ort-name").textContent = placeNames[shown.place];
    $("#ergebnis").classList.toggle("stale", Boolean(now.refused));
    if (now.refused) return;
    drawTiles(now);
    drawFigures(now);
    drawMap(now);
    drawAges();
    drawNeeds();
    drawGoals(now);
    drawEffects();
  }

  const BANDS = [["unter 3 Jahren (Krippe)", 0, 2], ["3 bis 5 Jahre (Kita)", 3, 5], ["6 bis 17 Jahre (Schule)", 6, 17], ["18 bis 64 Jahre (Erwerbsalter)", 18, 64], ["ab 65 Jahren", 65, null], ["ab 80 Jahren", 80, null]];
  const between = (result, first, last, t = at()) => sum(result.pyramid[t].map((side) => sum(Array.from(side.subarray(first, last === null ? side.length : last + 1)))));

  function drawTiles(now) {
    const start = total(now, 0), end = total(now), apart = end - total(results[0]);
    const tiles = [[`Bevölkerung ${base}`, number(start), "am 31.12., Ausgangsbestand"], [`Bevölkerung ${shown.year}`, number(end), changeText(start, end)],
      ["Gegenüber der Grundlage", signed(apart), apart ? `${noun(apart)} am 31.12.${shown.year}` : "kein Unterschied"],
      ["ab 65 Jahren", number(between(now, 65, null)), `${number((100 * between(now, 65, null)) / Math.max(end, 1e-9), 1)}${THIN}% der Bevölkerung`]];
    $("#kurz").textContent = `${shown.year}: ${number(end)} Personen, ${signed(apart)} gegenüber der Grundlage`;
    morph.inside($("#kacheln"), tiles.map(([head, value, text]) => `<li><span>${escaped(head)}</span><strong>${escaped(value)}</strong><span>${escaped(text)}</span></li>`).join(""));
  }

  function fiveYears(sides) {
    const count = Math.ceil(sides[0].length / 5);
    const bands = Array.from({ length: count }, (_, k) => (k === count - 1 ? [5 * k, null, `ab ${5 * k}`] : [5 * k, 5 * k + 4, `${5 * k} bis ${5 * k + 4}`]));
    return [bands, (two) => two.map((side) => bands.map(([first, last]) => sum(Array.from(side.subarray(first, last === null ? side.length : last + 1)))))];
  }

  const ordered = (sides) => [sides[facts.sexes.indexOf("female")], sides[facts.sexes.indexOf("male")]];

  function drawFigures(now) {
    const name = placeNames[shown.place], [bands, by] = fiveYears(now.pyramid[0]), states = now.pyramid.map((sides) => by(ordered(sides)));
    put("#pyramide", pyramidFigure(bands, states[0], states[at()], states, { year: shown.year, baseYear: base, label: `Bevölkerungspyramide ${name}: Männer links, Frauen rechts; Umriss ${base}, Flächen ${shown.year}, ${scenario().title}.` }));
    const all = lined(), main = all.findIndex((one) => one.title === scenario().title && one !== all[0]), styles = scenarioStyles(all.length, main);
    const lines = all.map((one, k) => ({ name: one.title, values: one.totals.map((row) => row[shown.place]), style: styles[k], strong: k === main }));
    const range = page.ranges[shown.place], fan = range && range.length ? { years: range.map(([year]) => year), pairs: range.map(([, low, high]) => [low, high]) } : null;
    put("#linien", linesFigure(years, [lines[main], ...lines.filter((_, k) => k !== main)], { past: page.past[shown.place] ?? [], fan, marked: shown.year, label: `Linien der Bevölkerung ${name} bis ${years.at(-1)} in ${counted(lines.length, "Szenario", "Szenarien")}.` }));
    $("#spanne").hidden = !fan;
    const flows = now.flows, balances = page.balances.map(([title, parts]) => ({ name: title, values: facts.years.map((_, t) => sum(parts.map(([flow, sign]) => (flows[flow] ? sign * flows[flow][t] : 0)))) })).filter(({ name: title, values }) => !(title === page.inside && shown.place === 0) && values.some(Boolean));
    put("#komponenten", stacksFigure(facts.years, balances, { marked: shown.year, label: `Komponenten der Bevölkerungsentwicklung ${name}, ${scenario().title}.`, texts: facts.years.map((year, t) => `${year}: ${balances.map((b) => `${b.name} ${signed(b.values[t])}`).join("; ")}`) }));
  }

  // A figure is read with the pointer or with the arrow keys; it stays the same element when it is drawn again.
  const readings = new Map();
  function put(selector, figure) {
    const host = $(selector), plot = $(".plot", host);
    morph.inside(plot, figure.html.replace("<svg ", '<svg tabindex="0" '));
    const known = readings.get(selector);
    readings.set(selector, { figure, k: known ? Math.min(known.k, figure.marks.length - 1) : figure.marks.length - 1 });
    const reading = $(".read", host);
    if (!known) listenTo(selector, $("svg", plot), reading);
    else if (reading.textContent) reading.textContent = figure.marks[readings.get(selector).k].text;
  }

  function listenTo(selector, picture, reading) {
    const show = (k) => { const one = readings.get(selector); one.k = Math.max(0, Math.min(one.figure.marks.length - 1, k)); reading.textContent = one.figure.marks[one.k].text; }, hush = () => { reading.textContent = ""; };
    picture.addEventListener("pointermove", (event) => {
      const { figure } = readings.get(selector), box = picture.getBoundingClientRect(), view = picture.viewBox.baseVal, value = figure.axis === "x" ? ((event.clientX - box.left) / box.width) * view.width : ((event.clientY - box.top) / box.height) * view.height;
      const gaps = figure.marks.map((mark) => Math.abs(mark.at - value));
      show(gaps.indexOf(Math.min(...gaps)));
    });
    picture.addEventListener("pointerleave", hush);
    picture.addEventListener("focus", () => show(readings.get(selector).k));
    picture.addEventListener("blur", hush);
    picture.addEventListener("keydown", (event) => { const step = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1 }[event.key]; if (step) { event.preventDefault(); show(readings.get(selector).k + step); } });
  }

  const changeOf = (result, a) => relative(result.totals[at()][a + 1] - result.totals[0][a + 1], result.totals[0][a + 1]);

  function drawMap(now) {
    if (facts.areas.length < 2) return;
    const against = $("#gegen").checked, shares = facts.areas.map((_, a) => (against ? relative(now.totals[at()][a + 1] - results[0].totals[at()][a + 1], results[0].totals[at()][a + 1]) : changeOf(now, a)));
    const text = (a) => (shares[a] === null ? "ohne Angabe" : percent(shares[a])), limits = against ? [-2, -0.5, 0, 0.5, 2] : page.limits;
    drawClasses(against ? `Abstand zur Grundlage am 31.12.${shown.year} in %` : `Veränderung seit dem 31.12.${base} in %`, limits);
    for (const { a, link, path, title } of shapes) {
      const value = a < 0 ? null : printed(shares[a]);
      morph.attribute(path, "class", value === null ? "k-none" : `k${limits.filter((limit) => value >= limit).length}`);
      title.textContent = a < 0 ? "nicht gezeigt (Schutz kleiner Zahlen)" : `${placeNames[a + 1]}: ${text(a)}`;
      if (a >= 0 && a + 1 === shown.place) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    const mine = shapes.find(({ a }) => a >= 0 && a + 1 === shown.place);
    if (shapes.length) morph.attribute($("#karte .chosen"), "d", mine ? mine.path.getAttribute("d") : "");
    for (const { a, button, persons, share } of rows) {
      morph.attribute(button, "aria-pressed", String(a + 1 === shown.place));
      morph.text(persons, number(now.totals[at()][a + 1]));
      morph.text(share, a < 0 ? percent(relative(now.totals[at()][0] - now.totals[0][0], now.totals[0][0])) : text(a));
    }
  }

  // What the colours of the map mean, from many more to many fewer.
  function drawClasses(title, limits) {
    if (!shapes.length) return;
    const said = limits.map((limit) => describe.decimal(limit)), names = [`unter ${said[0]}`, ...said.slice(1).map((high, k) => `${said[k]} bis unter ${high}`), `ab ${said.at(-1)}`];
    morph.inside($("#klassen"), `<p>${title}</p><ul class="legend">${names.map((name, k) => `<li><i class="k${k}"></i>${name}</li>`).reverse().join("")}</ul>`);
  }

  const shapes = $$("#karte a").map((link, k) => ({ a: page.map[k], link, path: $("path", link), title: $("title", link) }));
  const rows = placeNames.map((name, place) => {
    const row = element(`<li><button type="button" data-place="${place}"><span>${escaped(name)}</span> <b> </b> <i> </i></button></li>`), button = row.firstElementChild;
    return { a: place - 1, row, button, persons: $("b", button).firstChild, share: $("i", button).firstChild };
  });

  // The areas of the list: all, or those that have what is searched for in their name or key.
  function drawList() {
    const wanted = $("#suche").value.trim().toLowerCase(), found = rows.filter(({ a }) => a < 0 || `${facts.areas[a].name} ${facts.areas[a].key}`.toLowerCase().includes(wanted));
    $("#liste").replaceChildren(...found.map(({ row }) => row));
    $("#gefunden").textContent = wanted ? counted(found.length - 1, "Gebiet gefunden", "Gebiete gefunden") : "";
  }

  function drawAges() {
    const all = lined(), head = `<tr><th scope="col" class="text">Alter</th><th scope="col">${base}</th>${all.map((one, k) => `<th scope="col">${escaped(k ? one.title : "Grundlage")}</th>`).join("")}</tr>`;
    const rows = BANDS.map(([name, first, last]) => `<tr><th scope="row">${name}</th><td>${number(between(all[0], first, last, 0))}</td>${all.map((one) => `<td>${number(between(one, first, last))}</td>`).join("")}</tr>`);
    morph.inside($("#altersgruppen"), `<table><caption>${escaped(placeNames[shown.place])}, Personen am 31.12.${base} und am 31.12.${shown.year}</caption><thead>${head}</thead><tbody>${rows.join("")}</tbody></table>`);
  }

  // --- demand and milestones -----------------------------------------------------------------------------------------

  // Persons who need a service, in the chosen place; places stand beside where they are known.
  function drawNeeds() {
    const host = $("#bedarf");
    if (!host) return;
    const all = lined(), t = at(), needed = (one, need, k) => sum(one.pyramid[k].map((side, s) => sum(Array.from(side, (persons, x) => need.weights[s][x] * need.factors[k] * persons))));
    const rows = page.needs.map((need) => {
      const places = need.places ? need.places[shown.place] : null, short = places === null ? -1 : years.findIndex((_, k) => needed(current(), need, k) > places);
      const first = places === null ? "–" : short < 0 ? "reichen" : `ab ${years[short]} zu wenige`;
      return `<tr><th scope="row">${escaped(need.title)}</th><td>${number(needed(all[0], need, 0))}</td>${all.map((one) => `<td>${number(needed(one, need, t))}</td>`).join("")}<td>${places === null ? "–" : number(places)}</td><td class="text">${first}</td></tr>`;
    });
    morph.inside(host, `<table><caption>${escaped(placeNames[shown.place])}, Personen mit Bedarf am 31.12.${base} und am 31.12.${shown.year}. Quoten: ${escaped([...new Set(page.needs.map((need) => need.source))].join("; "))}</caption><thead><tr><th scope="col" class="text">Bedarf</th><th scope="col">${base}</th>${all.map((one, k) => `<th scope="col">${escaped(k ? one.title : "Grundlage")}</th>`).join("")}<th scope="col">Plätze</th><th scope="col" class="text">${escaped(scenario().title)}</th></tr></thead><tbody>${rows.join("")}</tbody></table>`);
  }

  // Milestones: value in the year of the goal, and from when on it is met to the end.
  function drawGoals(now) {
    const host = $("#ziele");
    if (!host) return;
    morph.inside(host, page.goals.map((goal, k) => {
      const values = now.goals[k], digits = goal.ratio ? 2 : 0, met = (value) => (goal.direction === "mindestens" ? value >= goal.target : value <= goal.target);
      const value = values[years.indexOf(goal.year)], reached = met(value), late = values.findLastIndex((one) => one === null || !met(one)), since = late + 1 < years.length ? years[late + 1] : null;
      const when = goal.flows ? `im Jahr ${goal.year}` : `am 31.12.${goal.year}`, lasting = reached ? (since === null ? ", aber nicht auf Dauer" : `, auf Dauer ab ${since}`) : since === null ? "" : `, erst ab ${since}`;
      return `<li class="${reached ? "met" : "missed"}"><b>${escaped(goal.name)}:</b> ${describe.decimal(value, digits)} ${escaped(goal.unit)} ${when}; Ziel ${goal.direction.replace("oe", "ö")} ${describe.decimal(goal.target, digits)}: ${reached ? "erreicht" : "nicht erreicht"}${lasting}.${escaped(goal.measure)}</li>`;
    }).join(""));
  }

  // --- what did it ---------------------------------------------------------------------------------------------------

  const MOST_LEVERS = 6;
  async function computeEffects() {
    const moved = assumed.levers(state.base, scenario()), host = $("#wirkung"), told = (text) => morph.inside(host, `<p>${escaped(text)}</p>`);
    if (!moved.length) { told("Noch ist nichts anders als in der Grundlage."); return; }
    if (moved.length > MOST_LEVERS) { told(`Zerlegt werden höchstens ${MOST_LEVERS} Annahmen, hier sind es ${moved.length}. Einige streichen oder in ein eigenes Szenario stellen.`); return; }
    told("Wird gerechnet …");
    const [name, first, last] = effectBands[$("#wirkung-alter").value];
    const { answer, failed } = await ask("effects", { common: assumed.common(state.base, scenario()), levers: moved, places: placesOf(shown.place), ages: [first, last] });
    if (failed) told(failed);
    else if (answer) { effectsOf = { moved, answer, name }; drawEffects(); }
  }
  const effectBands = [["alle", 0, null], ...BANDS];

  function drawEffects() {
    if (!effectsOf) { morph.inside($("#wirkung"), "<p>Zeigt, welche Annahme wie viel beiträgt; die Teile ergeben zusammen genau den Unterschied.</p>"); return; }
    const { moved, answer, name } = effectsOf, parts = answer.map((values) => values[at()]), most = Math.max(...parts.map(Math.abs), 1);
    const rows = moved.map((one, k) => `<tr><th scope="row">${escaped(assumed.sentence(words, one))}</th><td>${signed(parts[k])}</td><td class="bar"><svg viewBox="0 0 100 10" aria-hidden="true"><path class="${parts[k] < 0 ? "c3" : "c1"}" d="M50 1h${((48 * parts[k]) / most).toFixed(1)}v8H50Z"/><path class="zero" d="M50 0V10"/></svg></td></tr>`);
    morph.inside($("#wirkung"), `<table><caption>${escaped(placeNames[shown.place])}, ${name === "alle" ? "Personen" : `Personen ${escaped(name)}`} am 31.12.${shown.year}, Unterschied durch jede Annahme</caption><thead><tr><th scope="col" class="text">Annahme</th><th scope="col">Personen</th><th scope="col" class="text">weniger oder mehr</th></tr></thead><tbody>${rows.join("")}<tr class="sum"><th scope="row">zusammen</th><td>${signed(sum(parts))}</td><td></td></tr></tbody></table>`);
  }

  // --- files ---------------------------------------------------------------------------------------------------------

  function save(text, name, type) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  function saveScenario() {
    const own = assumed.documentOf(scenario()), one = page.office ? assumed.onTopOf(page.office, own) : own;
    save(`# ${page.source}\n${toml.write({ schema: 1, ...one })}`, `${one.name}.toml`, "application/toml");
  }

  async function openScenario(file) {
    try {
      const text = await file.text(), read = file.name.toLowerCase().endsWith(".json") ? JSON.parse(text) : toml.read(text);
      if (read === null || typeof read !== "object" || typeof read.name !== "string") throw new Refusal("Das ist kein Szenario: Es fehlt die Angabe „name“.");
      const opened = foundation.whole(read, page.foundations);
      const { answer, failed } = await ask("show", { documents: [opened], places: [] });
      if (failed || answer[0].refused) throw new Refusal(failed || answer[0].refused);
      change((next) => {
        const one = assumed.known(next.base, assumed.scenarioOf(opened));
        if (next.scenarios.length < assumed.MOST) { next.scenarios.push(one); next.current = next.scenarios.length - 1; } else next.scenarios[next.current] = one;
      });
      noted();
      drawLevers();
      await compute();
      say(`„${read.titel || read.name}“ ist geöffnet.`);
    } catch (error) {
      say(`${file.name} lässt sich nicht öffnen: ${error instanceof SyntaxError ? "Das ist kein gültiges JSON." : error.message}`);
    }
  }

  function saveRecord() {
    const cell = (text) => `"${String(text).replace(/^[=+\-@\t]/, "'$&").replace(/"/g, '""')}"`, rows = [["Zeit", "Wer", "Szenario", "Annahmen"], ...record.map((one) => [one.time, one.who, one.title, one.text])];
    save(`\ufeff${rows.map((row) => row.map(cell).join(";")).join("\r\n")}\r\n`, "protokoll.csv", "text/csv");
  }

  // --- listening -----------------------------------------------------------------------------------------------------

  function choose(next) { shown = { ...shown, ...next }; if (next.place !== undefined) { effectsOf = null; compute(); } else draw(); }

  function play() {
    if (playing) { clearInterval(playing); playing = null; } else {
      if (shown.year === years.at(-1)) choose({ year: base });
      playing = setInterval(() => { if (shown.year < years.at(-1)) choose({ year: shown.year + 1 }); else play(); }, 350);
    }
    $("#abspielen").textContent = playing ? "Anhalten" : "Abspielen";
    $("#abspielen").setAttribute("aria-pressed", String(Boolean(playing)));
  }

  function listen() {
    const on = (selector, event, act) => $(selector)?.addEventListener(event, act);
    on("#szenarien", "change", (event) => { state = { ...state, current: Number(event.target.value) }; effectsOf = null; drawLevers(); draw(); });
    on("#neu", "click", () => { follow(assumed.added(state)); noted(); $("#titel").select(); });
    on("#weg", "click", () => { change((next) => { next.scenarios.splice(next.current, 1); next.current = Math.max(0, next.current - 1); }); drawLevers(); compute(); });
    on("#titel", "change", () => { const title = $("#titel").value.trim(); if (title) change((next) => { next.scenarios[next.current].title = title; }); drawLevers(); draw(); });
    on("#zurueck", "click", () => follow(assumed.undone(state)));
    on("#vor", "click", () => follow(assumed.redone(state)));
    on("#anfang", "click", () => { change((next) => { next.scenarios[next.current] = { ...assumed.copy(next.base), title: next.scenarios[next.current].title }; }); noted(); drawLevers(); compute(); });
    on("#dazu", "click", () => { const [section, said] = KINDS[$("#art").value][1](); change((next) => next.scenarios[next.current].statements.push({ id: assumed.fresh(), section, said })); noted(); drawLevers(); compute(); const last = $$("#hebel details").at(-1); last.open = true; $("input[type=range]", last.parentElement).focus(); });
    on("#speichern", "click", saveScenario);
    on("#oeffnen", "change", (event) => { const [file] = event.target.files; if (file) openScenario(file); event.target.value = ""; });
    on("#protokoll-speichern", "click", saveRecord);
    on("#drucken", "click", () => print());
    on("#beamer", "click", () => $("#beamer").setAttribute("aria-pressed", String(document.documentElement.classList.toggle("beamer"))));
    on("#jahr", "input", () => choose({ year: Number($("#jahr").value) }));
    on("#abspielen", "click", play);
    on("#suche", "input", drawList);
    on("#gegen", "change", () => drawMap(current()));
    on("#liste", "click", (event) => { const button = event.target.closest("button"); if (button) choose({ place: Number(button.dataset.place) }); });
    on("#karte", "click", (event) => { const one = shapes.find(({ link }) => link === event.target.closest("a")); if (one) { event.preventDefault(); if (one.a >= 0) choose({ place: one.a + 1 }); } });
    on("#wirkung-los", "click", computeEffects);
    on("#wirkung-alter", "change", () => { effectsOf = null; drawEffects(); });
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !/^(text|number|search)$/.test(event.target.type ?? "")) { event.preventDefault(); follow(event.shiftKey ? assumed.redone(state) : assumed.undone(state)); }
    });
  }

  async function begin() {
    $("#art").innerHTML = Object.entries(KINDS).map(([key, [title]]) => `<option value="${key}">${title}</option>`).join("");
    $("#wirkung-alter").innerHTML = effectBands.map(([name], k) => `<option value="${k}">${name}</option>`).join("");
    const { failed } = await ask("load", { text: $("#zahlen").textContent.trim(), head: { facts, arrays: page.arrays }, byFactors: page.byFactors, goals: page.goals });
    if (failed) { say(failed); return; }
    listen();
    drawList();
    drawRecord();
    await compute();
    drawLevers();
    document.documentElement.dataset.ready = "true";
  }

  begin();
})();
