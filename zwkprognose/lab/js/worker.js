// The engine at work beside the page: it keeps the last answers and gives what is shown of them.
let town = null, latest = 0;
const answers = new Map();

const plus = (into, values) => { for (let k = 0; k < into.length; k++) into[k] += values[k]; return into; };

// Persons of every area, and of the city first, on every 31.12.
function totals(found) {
  const { areas, cells } = town.city;
  return found.population.map((stock) => {
    const row = new Float64Array(areas + 1);
    for (let a = 0; a < areas; a++) { let sum = 0; for (let c = a * cells; c < (a + 1) * cells; c++) sum += stock[c]; row[a + 1] = sum; row[0] += sum; }
    return row;
  });
}

// Persons by sex and age in some areas on every 31.12.
function pyramid(found, places) {
  const { cells, ages, sexes, groups } = town.city;
  return found.population.map((stock) => {
    const sides = Array.from({ length: sexes }, () => new Float64Array(ages));
    for (const a of places) for (let g = 0; g < groups; g++) for (let s = 0; s < sexes; s++) plus(sides[s], stock.subarray(a * cells + (g * sexes + s) * ages, a * cells + (g * sexes + s + 1) * ages));
    return sides;
  });
}

// Births, deaths and moves of some areas in every year.
function flows(found, places) {
  const result = {};
  for (const [name, years] of Object.entries(found)) {
    if (name === "population") continue;
    const cells = years[0].length / town.city.areas;
    result[name] = years.map((values) => { let sum = 0; for (const a of places) for (let c = a * cells; c < (a + 1) * cells; c++) sum += values[c]; return sum; });
  }
  return result;
}

function answerOf(document) {
  const key = JSON.stringify(document, (name, value) => (["name", "titel", "text", "autor", "datum"].includes(name) ? undefined : value));
  let found = answers.get(key);
  if (!found) {
    const result = laboratory.project(town, document);
    found = { result, totals: totals(result) };
  }
  answers.delete(key);
  answers.set(key, found);
  while (answers.size > 6) answers.delete(answers.keys().next().value);
  return found;
}

function shown({ documents, places }) {
  return documents.map((document) => {
    try {
      const { result, totals: people } = answerOf(document);
      return { totals: people, pyramid: pyramid(result, places), flows: flows(result, places) };
    } catch (error) {
      if (error instanceof Refusal) return { refused: error.message };
      throw error;
    }
  });
}

// What every lever contributes to the persons of some areas and ages: the mean over all orders (Shapley).
async function effects({ id, common, levers, places, ages: [first, last] }) {
  const n = levers.length, value = [];
  for (let set = 0; set < 1 << n; set++) {
    if (latest !== id) return null;
    const document = { ...common };
    levers.forEach(({ section, off, on }, k) => { const said = set & (1 << k) ? on : off; if (said) document[section] = [...(document[section] ?? []), said]; });
    const found = laboratory.project(town, document);
    value.push(pyramid(found, places).map((sides) => sides.reduce((sum, side) => sum + side.reduce((all, persons, age) => all + (age >= first && age <= last ? persons : 0), 0), 0)));
    await new Promise((done) => setTimeout(done));
  }
  const factorial = (k) => (k < 2 ? 1 : k * factorial(k - 1));
  return levers.map((_, k) => value[0].map((_, t) => {
    let sum = 0;
    for (let set = 0; set < 1 << n; set++) {
      if (set & (1 << k)) continue;
      const size = [...Array(n).keys()].filter((j) => set & (1 << j)).length;
      sum += ((factorial(size) * factorial(n - size - 1)) / factorial(n)) * (value[set | (1 << k)][t] - value[set][t]);
    }
    return sum;
  }));
}

self.onmessage = async ({ data: { id, ask, ...said } }) => {
  latest = ask === "effects" ? id : latest;
  try {
    const begun = performance.now();
    let answer = null;
    if (ask === "load") { town = laboratory.town(said.head, new Float64Array(said.numbers)); answers.clear(); }
    else if (ask === "show") answer = shown(said);
    else answer = await effects({ id, ...said });
    self.postMessage({ id, answer, took: performance.now() - begun });
  } catch (error) {
    self.postMessage({ id, failed: error instanceof Refusal ? error.message : `Unerwarteter Fehler: ${error.message}` });
  }
};
