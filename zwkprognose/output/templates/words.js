"use strict";
// Numbers, signs and sentences, written as zwkprognose/german.py and output/report/words.py write them.
const HIDDEN = ".", NOTHING = "–", SENSELESS = "x", THIN = "\u202f";

// Halves go to the even digit; only a binary number that is exactly a half has two nearest.
function fixed(value, digits) {
  const size = Math.abs(value), doubled = size * 2 ** (digits + 1);
  if (!Number.isInteger(doubled) || doubled % 2 === 0) return size.toFixed(digits);
  const below = Math.floor(size * 10 ** digits);
  return ((below + (below % 2)) / 10 ** digits).toFixed(digits);
}

function number(value, digits = 0) {
  if (value === null || Number.isNaN(value)) return HIDDEN;
  const [whole, rest] = fixed(value, digits).split(".");
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ".") + (rest ? "," + rest : "");
  return value < 0 && /[1-9]/.test(text) ? "−" + text : text;
}

function signed(value, digits = 0) {
  const text = number(value, digits);
  return value > 0 && /[1-9]/.test(text) ? "+" + text : text;
}

const percent = (value, digits = 1) => (value === null ? HIDDEN : signed(value, digits) + THIN + "%");
const counted = (count, one, many) => `${number(count)} ${count === 1 ? one : many}`;
const noun = (persons) => (Math.abs(persons) === 1 ? "Person" : "Personen");
const sum = (values) => values.reduce((total, value) => total + value, 0);
// Change in per cent; null where nobody was there.
const relative = (change, base) => (base > 0 ? (100 * change) / base : null);
// A change as it is printed, with one decimal: the class on the map is that of the printed number.
const printed = (value) => (value === null ? null : Math.sign(value) * Number(fixed(value, 1)));

const yearAt = (data, year) => data.years.indexOf(year);
const milestoneAt = (data, year) => data.milestones.indexOf(year);
const isCity = (place) => place.key === "";
const totalAt = (data, place, s, year) => {
  const row = place.total[s];
  return row[row.length === data.years.length ? yearAt(data, year) : milestoneAt(data, year)];
};
const startOf = (place, s) => place.total[s][0];

function changeText(start, end) {
  const share = relative(end - start, start), text = `${signed(end - start)} ${noun(end - start)}`;
  return share === null ? text : `${text}, ${percent(share)}`;
}

function way(start, end, first, last) {
  if (start === end) return ["bleibt", `vom 31.12.${first} bis zum 31.12.${last} mit ${counted(end, "Person", "Personen")} unverändert.`];
  const course = `von ${number(start)} am 31.12.${first} auf ${number(end)} am 31.12.${last} (${changeText(start, end)}).`;
  return [end > start ? "wächst" : "sinkt", course];
}

function headline(data, place, s, year) {
  const [verb, course] = way(startOf(place, s), totalAt(data, place, s, year), data.baseYear, year);
  if (data.scenarios.length === 1) return `Die Bevölkerung ${verb} ${course}`;
  const ends = place.total.map((_, k) => totalAt(data, place, k, year));
  return `Im Szenario „${data.scenarios[s]}“ ${verb} die Bevölkerung ${course} ${between(data, ends, year)}`;
}

function between(data, ends, year) {
  const low = ends.indexOf(Math.min(...ends)), high = ends.indexOf(Math.max(...ends));
  if (ends[low] === ends[high]) return `In allen Szenarien ist sie ${year} gleich groß.`;
  return `In den Szenarien liegt die Bevölkerung ${year} zwischen ${number(ends[low])} („${data.scenarios[low]}“) und ${number(ends[high])} („${data.scenarios[high]}“).`;
}

// The balances [balance][t] of one place and scenario; moves between areas are none for the city.
function balancesOf(data, place, s) {
  const kept = data.balances.filter(([, , inside]) => !(inside && isCity(place)));
  return kept.map(([name, flows]) => ({
    name, values: place.flows[0][s].map((_, t) => sum(flows.map((f) => data.flows[f].sign * place.flows[f][s][t]))),
  }));
}

const yearsUntil = (data, year) => data.years.filter((y) => y > data.baseYear && y <= year).length;

// Limits of a place in a year to choose from, as they are printed; none in the base year and where nothing is known.
function limitsAt(data, place, year) {
  const pair = place.fan && place.fan[milestoneAt(data, year) - 1];
  return pair && pair[0] !== null ? pair : null;
}

function rangeText(data, place, year) {
  const pair = limitsAt(data, place, year);
  return pair ? `; Spanne ${number(pair[0])}–${number(pair[1])}` : "";
}

function tilesOf(data, place, s, year) {
  const start = startOf(place, s), end = totalAt(data, place, s, year), until = yearsUntil(data, year);
  const period = until === 1 ? `im Jahr ${year}` : `Summe ${data.baseYear + 1}–${year}`;
  const tiles = [
    [`Bevölkerung ${data.baseYear}`, number(start), "am 31.12., Ausgangsbestand"],
    [`Bevölkerung ${year}`, number(end), changeText(start, end) + rangeText(data, place, year)],
  ];
  for (const { name, values } of balancesOf(data, place, s).filter((b) => data.balances.some(([n, f]) => n === b.name && f.length === 2))) {
    tiles.push([name, signed(sum(values.slice(0, until))), period]);
  }
  const [then, now] = [data.baseYear, year].map((y) => shareFrom(data, place, s, y, 65));
  if (then !== null && now !== null) tiles.push(["Anteil ab 65 Jahren", `${number(now, 1)}${THIN}%`, `${data.baseYear}: ${number(then, 1)}${THIN}%`]);
  return tiles;
}

// Broad age bands of a place at a year to choose from: [bands, persons]; null where they are not shown.
function broadAges(data, place, s, year) {
  if (!place.ages) return null;
  const broad = isCity(place) ? data.bands.cityBroad : data.bands.broad, values = place.ages[s][milestoneAt(data, year)];
  if (place.kind === 2) return [broad, values];
  const [bands, sexes] = agesBySex(data, place, s, year);
  const counts = broad.map(([first], k) => {
    const end = k + 1 < broad.length ? broad[k + 1][0] : Infinity;
    return sum(bands.map(([age], b) => (age >= first && age < end ? sum(sexes.map((values) => values[b])) : 0)));
  });
  return [broad, counts];
}

function agesBySex(data, place, s, year) {
  const bands = isCity(place) ? data.bands.city : place.kind === 0 ? data.bands.fine : data.bands.broad;
  const values = place.ages[s][milestoneAt(data, year)], n = bands.length;
  return [bands, Array.from({ length: data.sexes }, (_, k) => values.slice(k * n, (k + 1) * n))];
}

// Persons from one age up to, not including, another; null where the bands do not know these limits.
function peopleBetween(ages, first, end) {
  const [bands, counts] = ages, firsts = bands.map(([age]) => age);
  if ([first, end].some((limit) => limit && limit !== Infinity && !firsts.includes(limit))) return null;
  return sum(counts.filter((_, k) => firsts[k] >= first && firsts[k] < end));
}

function shareFrom(data, place, s, year, age) {
  const ages = broadAges(data, place, s, year), old = ages && peopleBetween(ages, age, Infinity);
  return old === null ? null : relative(old, sum(ages[1]));
}

function spanSentence(data, place, s) {
  if (!place.fan) return "";
  const known = data.keyYears.slice(-2).map((year) => [year, limitsAt(data, place, year)]).filter(([, pair]) => pair);
  if (!known.length) return data.words.noSpan[isCity(place) ? 0 : 1];
  const target = data.years.at(-1), last = limitsAt(data, place, target), end = totalAt(data, place, s, target);
  const outside = !last ? "" : end < last[0] ? "darunter" : end > last[1] ? "darüber" : "";
  const text = ([low, high]) => `zwischen ${number(low)} und ${number(high)}`;
  const later = known.slice(1).map(([year, pair]) => `, ${year} ${text(pair)}`).join("");
  const note = outside ? ` Das Szenario „${data.scenarios[s]}“ liegt ${target} ${outside}.` : "";
  const wide = last && last[1] > data.words.wide[0] * last[0] ? ` ${data.words.wide[1]}` : "";
  return `In 80 von 100 Fällen liegt die Bevölkerung ${known[0][0]} ${text(known[0][1])}${later}.${wide}${note}`;
}
