// Tables as the reader sees them: {title, heads, columns: [[text, kind]], rows, total}; kinds: text count signed percent decimal.
const TOTAL = "Insgesamt";

const WRITERS = {
  count: (value) => (value === 0 ? NOTHING : number(value)), signed: (value) => (value === 0 ? NOTHING : signed(value)), percent, decimal: (value) => number(value, 1), text: String,
};
const cellText = (kind, value) => (typeof value === "string" ? value : value === null || value === undefined ? HIDDEN : WRITERS[kind](value));

function tableHtml(table, { sortable = false, where = "" } = {}) {
  const head = table.columns.map(([text, kind], k) => `<th scope="col" class="${k < table.heads ? "text" : ""}${k === 0 && table.heads > 1 ? " key" : ""}">${escaped(text)}</th>`).join("");
  const rows = table.rows.map((row, r) => {
    const cells = row.map((value, k) => {
      const text = escaped(cellText(table.columns[k][1], value));
      if (k === table.heads - 1) return `<th scope="row">${text}</th>`;
      return k < table.heads ? `<td class="text${k === 0 ? " key" : ""}">${text}</td>` : `<td>${text}</td>`;
    }).join("");
    return `<tr${table.total && r === 0 ? ' class="sum"' : ""}>${cells}</tr>`;
  }).join("");
  return `<div class="scroll" tabindex="0" role="region" aria-label="Tabelle: ${escaped(table.title)}${where ? `, ${escaped(where)}` : ""}"><table${sortable ? ' class="sortable"' : ""}>`
    + `<caption>${escaped(table.title)}</caption><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

const columns = (kind, texts) => texts.map((text) => [String(text), kind]);
const table = (title, heads, cols, rows, total = false) => ({ title, heads, columns: cols, rows, total });
const years = (data) => [...new Set([data.baseYear, ...data.keyYears])];
const withYear = (list, year) => [...new Set([...list, year])].sort((a, b) => a - b);

function linesTable(data, place) {
  return table("Bevölkerung nach Szenarien", 1, [["Stichtag 31.12.", "text"], ...columns("count", data.scenarios)], data.years.map((year, y) => [String(year), ...place.total.map((row) => row[y])]));
}

function componentsTable(data, place, s) {
  const flows = data.flows.map((flow, f) => [flow, place.flows[f][s]]), balance = (t) => sum(flows.map(([flow, row]) => flow.sign * row[t]));
  const rows = data.years.slice(1).map((year, t) => [String(year), balance(t), ...flows.map(([, row]) => row[t])]);
  return table(`Komponenten der Bevölkerungsentwicklung, ${data.scenarios[s]}`, 1, [["Jahr", "text"], ["Veränderung", "signed"], ...columns("count", data.flows.map((flow) => flow.name))], rows);
}

function agesTable(data, place, s) {
  const ages = data.milestones.map((year) => broadAges(data, place, s, year));
  if (!ages[0]) return null;
  return table(`Altersgruppen am 31.12., ${data.scenarios[s]}`, 1, [["Alter", "text"], ...columns("count", data.milestones)], ages[0][0].map(([, , label], k) => [label, ...ages.map(([, counts]) => counts[k])]));
}

const RATIOS = [
  ["Jugendquotient", [0, 20], [20, 65]], ["Altenquotient", [65, Infinity], [20, 65]], ["80 und älter in %", [80, Infinity], [0, Infinity]],
];

// Ratios of a place in some years: [name, value of every year]; those that cannot be formed are left out.
function ratiosOf(data, place, s, list) {
  const ages = list.map((year) => broadAges(data, place, s, year)), found = [];
  for (const [name, part, whole] of RATIOS) {
    const values = ages.map((own) => own && [peopleBetween(own, ...part), peopleBetween(own, ...whole)]);
    if (isCity(place) && values.some((pair) => pair.includes(null))) continue;
    found.push([name, values.map((pair) => (pair && !pair.includes(null) ? relative(...pair) ?? SENSELESS : null))]);
  }
  if (data.places[0].foreign) found.push(["Ausländeranteil in %", list.map((year) => place.foreign && (relative(place.foreign[s][milestoneAt(data, year)], totalAt(data, place, s, year)) ?? SENSELESS))]);
  return found;
}

function ratiosTable(data, place, s, year) {
  const list = withYear(years(data), year), rows = ratiosOf(data, place, s, list).map(([name, values]) => [name, ...values]);
  return rows.length ? table(`Kennzahlen, ${data.scenarios[s]}`, 1, [["Stichtag 31.12.", "text"], ...columns("decimal", list)], rows) : null;
}

function indexTable(data, place, s) {
  const row = (name, own) => [name, ...data.milestones.map((year) => (100 * totalAt(data, own, s, year)) / startOf(own, s))];
  return table(`${data.baseYear} = 100, ${data.scenarios[s]}`, 1, [["Stichtag 31.12.", "text"], ...columns("decimal", data.milestones)], [row(place.name, place), row(TOTAL, data.places[0])]);
}

const spanText = (pair) => (pair && pair[0] !== null ? `${number(pair[0])}–${number(pair[1])}` : SENSELESS);

function spansTable(data, place) {
  const names = isCity(place) ? data.bands.cityBroad : data.bands.broad;
  const bands = place.ageSpans ? names.map(([, , label], k) => [label, ...place.ageSpans[k].map(spanText)]) : [];
  return table("Spannen (80 von 100 Fällen)", 1, [["Alter", "text"], ...columns("text", data.keyYears)], [["insgesamt", ...data.keyYears.map((year) => spanText(limitsAt(data, place, year)))], ...bands]);
}

// Limits of the city, then of areas or districts.
function allSpansTable(data, places, unit) {
  const list = data.milestones.slice(1), cells = (place) => list.flatMap((year) => (place.fan ? limitsAt(data, place, year) ?? [SENSELESS, SENSELESS] : [null, null]));
  const rows = [["", TOTAL, ...cells(data.places[0])], ...places.map((place) => [place.key, place.name, ...cells(place)])];
  return table(`Spannen (80 von 100 Fällen): Bevölkerung der ${unit[1]}`, 2, [[unit[0], "text"], ["Name", "text"], ...columns("count", list.flatMap((year) => [`${year} von`, `${year} bis`]))], rows, true);
}

// The same without the column of keys, for places that are called by their names alone.
const namedOnce = (made) => ({ ...made, heads: 1, columns: [made.columns[0], ...made.columns.slice(2)], rows: made.rows.map((row) => row.slice(1)) });

// One row per place: what matters first (change until the chosen year), then the years between, then the other scenarios.
function overviewTable(data, places, unit, s, year) {
  const between = data.milestones.filter((other) => other !== data.baseYear && other !== year), others = data.scenarios.map((_, k) => k).filter((k) => k !== s);
  const row = (place, key, name) => {
    if (!place.total) return [key, name, ...Array(4 + between.length + others.length).fill(null)];
    const start = startOf(place, s), end = totalAt(data, place, s, year);
    return [key, name, start, end, end - start, relative(end - start, start) ?? SENSELESS, ...between.map((other) => totalAt(data, place, s, other)), ...others.map((k) => totalAt(data, place, k, year))];
  };
  const cols = [[unit[0], "text"], ["Name", "text"], ...columns("count", [data.baseYear, year]), [`Veränderung ${data.baseYear}–${year}`, "signed"], ["in %", "percent"], ...columns("count", between), ...columns("count", others.map((k) => `${year}: ${data.scenarios[k]}`))];
  return table(`Bevölkerung der ${unit[1]}, ${data.scenarios[s]}`, 2, cols, [row(data.places[0], "", TOTAL), ...places.map((place) => row(place, place.key, place.name))], true);
}

function rowsOfPlaces(data, cells, width) {
  return data.places.map((place) => [place.key, isCity(place) ? TOTAL : place.name, ...(place.total ? cells(place) : Array(width).fill(null))]);
}

function agesOverview(data, s, year) {
  const bands = data.bands.broad, rows = rowsOfPlaces(data, (place) => {
    const ages = broadAges(data, place, s, year);
    return bands.map(([first], k) => ages && peopleBetween(ages, first, k + 1 < bands.length ? bands[k + 1][0] : Infinity));
  }, bands.length);
  return table(`Altersgruppen der ${data.unit[1]} am 31.12.${year}, ${data.scenarios[s]}`, 2, [[data.unit[0], "text"], ["Name", "text"], ...columns("count", bands.map(([, , label]) => label))], rows, true);
}

function componentsOverview(data, s, year) {
  const until = yearsUntil(data, year), rows = rowsOfPlaces(data, (place) => {
    const sums = data.flows.map((_, f) => sum(place.flows[f][s].slice(0, until)));
    return [sum(sums.map((value, f) => data.flows[f].sign * value)), ...sums];
  }, 1 + data.flows.length);
  return table(`Komponenten der ${data.unit[1]}, Summe ${data.baseYear + 1}–${year}, ${data.scenarios[s]}`, 2, [[data.unit[0], "text"], ["Name", "text"], ["Veränderung", "signed"], ...columns("count", data.flows.map((flow) => flow.name))], rows, true);
}

function ratiosOverview(data, s, year) {
  const names = ratiosOf(data, data.places[0], s, [year]).map(([name]) => name), list = [data.baseYear, year];
  const rows = rowsOfPlaces(data, (place) => { const found = new Map(ratiosOf(data, place, s, list)); return names.flatMap((name) => found.get(name) ?? [null, null]); }, 2 * names.length);
  return table(`Kennzahlen der ${data.unit[1]}, ${data.scenarios[s]}`, 2, [[data.unit[0], "text"], ["Name", "text"], ...columns("decimal", names.flatMap((name) => list.map((y) => `${name} ${y}`)))], rows, true);
}

const demandAt = (data, need, s, year, at) => need.demand[s][milestoneAt(data, year)][at];
const laterYears = (data, year) => withYear([data.baseYear, ...data.keyYears.slice(-2)], year);

// Demand of one place for all services: 120 (85–155); 120 (mind. ±30 %) where only chance is known.
function placeNeeds(data, at, s, year) {
  const list = laterYears(data, year), text = (need, y) => {
    const m = milestoneAt(data, y), value = need.demand[s][m][at], low = need.low && need.low[s][m][at], high = need.high && need.high[s][m][at];
    if (low !== null && high !== null) return `${number(value)} (${number(low)}–\u2060${number(high)})`;
    if (!need.calibrated || y === data.baseYear || need.margin[at] === 0) return number(value);
    return `${number(value)} (mind.\u00a0±${need.margin[at]}${THIN}%)`;
  };
  const rows = data.needs.filter((need) => need.demand[s].every((row) => row[at] !== null)).map((need) => [need.title, ...list.map((y) => text(need, y))]);
  return rows.length ? table(`Bedarf, ${data.scenarios[s]}`, 1, [["Stichtag 31.12.", "text"], ...columns("text", list)], rows) : null;
}

function needTable(data, need, s, year) {
  const list = withYear([data.baseYear], year).concat(data.milestones.filter((y) => y !== data.baseYear && y !== year));
  const ranged = need.low ? laterYears(data, year).filter((y) => y !== data.baseYear) : [], others = data.scenarios.map((_, k) => k).filter((k) => k !== s);
  const limit = (side, m, at) => (need.demand[s][m][at] === null ? null : need[side][s][m][at] ?? SENSELESS);
  const first = (at) => (need.demand[s].some((row) => row[at] === null) ? null : need.short[s][at] === null ? "reichen" : String(need.short[s][at]));
  const gap = (at) => { const demand = demandAt(data, need, s, year, at); return demand === null ? null : need.places[at] - demand; };
  const rows = data.places.map((place, at) => [
    place.key, isCity(place) ? TOTAL : place.name, ...list.slice(0, 2).map((y) => demandAt(data, need, s, y, at)), ...(need.places ? [need.places[at], gap(at), first(at)] : []),
    ...ranged.flatMap((y) => ["low", "high"].map((side) => limit(side, milestoneAt(data, y), at))), ...list.slice(2).map((y) => demandAt(data, need, s, y, at)), ...others.map((k) => demandAt(data, need, k, year, at)),
  ]);
  const cols = [
    [data.unit[0], "text"], ["Name", "text"], ...columns("count", list.slice(0, 2)), ...(need.places ? [["Plätze", "count"], [`Plätze − Bedarf ${year}`, "signed"], ["Plätze fehlen ab", "text"]] : []),
    ...columns("count", ranged.flatMap((y) => [`${y} von`, `${y} bis`])), ...columns("count", list.slice(2)), ...columns("count", others.map((k) => `${year}: ${data.scenarios[k]}`)),
  ];
  return table(`${need.title}, ${data.scenarios[s]}`, 2, cols, rows, true);
}

function needSentence(data, need, s, year) {
  const known = laterYears(data, year).map((y) => [y, demandAt(data, need, s, y, 0)]).filter(([, value]) => value !== null);
  const text = known.length ? `Insgesamt ${known.map(([y, value]) => `${y} rund ${about(value)}`).join(", ")}.` : UNKNOWN_NEED;
  if (!need.places) return text;
  const places = need.places[0], there = places === 1 ? "Vorhanden ist 1 Platz." : `Vorhanden sind ${number(places)} Plätze.`;
  return known.length ? `${text} ${there} ${enough(data, need, s, year)}` : `${text} ${there}`;
}

const UNKNOWN_NEED = "Aus den veröffentlichten Altersgruppen lässt sich diese Zahl nicht bilden.";

function enough(data, need, s, year) {
  const at = milestoneAt(data, year), short = need.lacking[s][at];
  if (data.places.length > 2 && short) return `${year} reichen sie in ${counted(short, data.unit[0], data.words.dative)} nicht.`;
  if (need.places[0] < demandAt(data, need, s, year, 0)) return `${year} reichen sie insgesamt nicht.`;
  return `${year} reichen sie überall${need.blank[s][at] ? ", wo der Bedarf ausgewiesen ist" : ""}.`;
}

function about(value) {
  const step = 10 ** Math.max(String(Math.round(Math.abs(value))).length - 3, 0), units = value / step, below = Math.floor(units);
  return number((units - below === 0.5 ? below + (below % 2) : Math.round(units)) * step);
}

// A table as a German CSV file: semicolons, decimal comma, no points between thousands, keys and texts as they are.
function csvOf(rows, isText) {
  const plain = (text) => { const found = text.replace(/\u202f?%$/, "").replace("−", "-").replace(/^\+/, ""); return /^-?\d{1,3}(\.\d{3})*(,\d+)?$/.test(found) ? found.replace(/\./g, "") : text; };
  const field = (text) => { const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(,\d+)?$/.test(text) ? `'${text}` : text; return /[";\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe; };
  return "\ufeff" + rows.map((row, r) => row.map((text, k) => field(r && !isText[k] ? plain(text) : text)).join(";") + "\r\n").join("");
}
