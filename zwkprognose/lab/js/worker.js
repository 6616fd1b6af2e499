// The engine at work beside the page: it keeps the last answers and gives what is shown of them.
let town = null, goals = [], latest = 0;
const answers = new Map();

function answerOf(document) {
  const key = JSON.stringify(document, (name, value) => (["name", "titel", "text", "autor", "datum"].includes(name) ? undefined : value));
  let found = answers.get(key);
  if (!found) {
    const result = laboratory.project(town, document);
    found = { result, totals: measures.totals(town, result) };
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
      return { totals: people, pyramid: measures.pyramid(town, result, places), flows: measures.flows(town, result, places), goals: goals.map((goal) => measures.goal(town, result, goal)) };
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
    value.push(measures.pyramid(town, found, places).map((sides) => sides.reduce((sum, side) => sum + side.reduce((all, persons, age) => all + (age >= first && age <= last ? persons : 0), 0), 0)));
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
    let answer = null;
    if (ask === "load") { town = laboratory.town(said.head, new Float64Array(said.numbers)); goals = said.goals; answers.clear(); }
    else if (ask === "show") answer = shown(said);
    else answer = await effects({ id, ...said });
    self.postMessage({ id, answer });
  } catch (error) {
    self.postMessage({ id, failed: error instanceof Refusal ? error.message : `Unerwarteter Fehler: ${error.message}` });
  }
};
