// The engine at work beside the page: it keeps what can be shown of the last answers and gives what is asked of them.
let town = null, goals = [], latest = 0;
const answers = new Map(), space = year.room(), ROOM = 48e6, FEWEST = 6;  // bytes of answers that are kept, and answers at least

// The numbers of the page: text → bytes → arrays, each when it is needed.
async function load({ text, head, byFactors, goals: asked }) {
  const stream = new Blob([bytesOf(text)]).stream().pipeThrough(new DecompressionStream("deflate"));
  const arrays = unpacking.arrays(new Uint8Array(await new Response(stream).arrayBuffer()), head.arrays, byFactors), known = new Map();
  town = laboratory.town(head, (name) => {
    while (!known.has(name)) known.set(...arrays.next().value);
    return known.get(name);
  });
  goals = asked;
}

function bytesOf(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const signs = atob(text), bytes = new Uint8Array(signs.length);
  for (let i = 0; i < signs.length; i++) bytes[i] = signs.charCodeAt(i);
  return bytes;
}

const spoken = (name, value) => (["name", "titel", "text", "autor", "datum"].includes(name) ? undefined : value);
function answerOf(document) {
  const key = JSON.stringify(document, spoken);
  let found = answers.get(key);
  if (!found) {
    found = measures.summary(town, goals);
    laboratory.follow(town, document, found.see, space);
    found.totals = measures.totals(town, found.persons);
  }
  answers.delete(key);
  answers.set(key, found);
  if (answers.size > Math.max(FEWEST, ROOM / found.persons.byteLength)) answers.delete(answers.keys().next().value);
  return found;
}

function shown({ documents, places }) {
  return documents.map((document) => {
    try {
      const { persons, events, totals, reached } = answerOf(document);
      return { totals, pyramid: measures.pyramid(town, persons, places), flows: measures.flows(town, events, places), goals: reached };
    } catch (error) {
      if (error instanceof Refusal) return { refused: error.message };
      throw error;
    }
  });
}

// The next of many pieces of work, after the questions that came meanwhile.
const { port1: inward, port2: outward } = new MessageChannel();
const turn = () => new Promise((done) => { inward.onmessage = done; outward.postMessage(null); });

// Persons of some areas and ages on every 31.12.
function counted(document, areas, ages) {
  const found = [measures.counted(town, town.start, { areas, ages })];
  laboratory.follow(town, document, (_, { population }) => { found.push(measures.counted(town, population, { areas, ages })); }, space);
  return found;
}

// What every lever contributes to the persons of some areas and ages: the mean over all orders (Shapley).
async function effects({ id, common, levers, places, ages }) {
  const n = levers.length, value = [];
  for (let set = 0; set < 1 << n; set++) {
    await turn();
    if (latest !== id) return null;
    const document = { ...common };
    levers.forEach(({ section, off, on }, k) => { const said = set & (1 << k) ? on : off; if (said) document[section] = [...(document[section] ?? []), said]; });
    value.push(counted(document, places, ages));
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
    if (ask === "load") await load(said);
    else if (ask === "show") answer = shown(said);
    else answer = await effects({ id, ...said });
    self.postMessage({ id, answer });
  } catch (error) {
    self.postMessage({ id, failed: error instanceof Refusal ? error.message : `Unerwarteter Fehler: ${error.message}` });
  }
};
