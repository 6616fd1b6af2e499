// What a scenario says of rates, as zwkprognose/scenarios applies it: goals first, then relative changes, then persons.
//
// An array is {dims, shape, data}; dims are some of DIMS, in that order, ages innermost.
const statements = (() => {
  const DIMS = ["year", "area", "nationality", "sex", "age"];
  const RATE_OF = { geburten: "fertility_rate", sterblichkeit: "death_prob", zuzuege: "in_moves", fortzuege: "out_prob", umzuege: "move_out_prob", einbuergerungen: "naturalisation_prob" };
  const SIGNS = { w: "female", m: "male", D: "german", A: "foreign" };
  const product = (shape) => shape.reduce((a, b) => a * b, 1);

  // Positions along the data of one array for every cell of some dimensions; it stands still where it does not vary.
  function strides(values, dims) {
    const own = new Map();
    let step = 1;
    for (let k = values.dims.length - 1; k >= 0; k--) { own.set(values.dims[k], step); step *= values.shape[k]; }
    return dims.map((dim) => own.get(dim) ?? 0);
  }

  // Visits all cells of some dimensions: place in the result, positions in the arrays, index along the dimensions.
  function walk(dims, shape, arrays, visit) {
    const steps = arrays.map((values) => strides(values, dims)), index = new Array(dims.length).fill(0), at = arrays.map(() => 0), size = product(shape);
    for (let i = 0; i < size; i++) {
      visit(i, at, index);
      for (let k = dims.length - 1; k >= 0; k--) {
        index[k] += 1;
        for (let j = 0; j < at.length; j++) at[j] += steps[j][k];
        if (index[k] < shape[k]) break;
        for (let j = 0; j < at.length; j++) at[j] -= steps[j][k] * shape[k];
        index[k] = 0;
      }
    }
  }

  const shapeOf = (town, dims) => dims.map((dim) => town.sizes[dim]);
  const together = (...parts) => DIMS.filter((dim) => parts.some((dims) => dims.includes(dim)));

  function computed(town, dims, arrays, value) {
    const shape = shapeOf(town, dims), data = new Float64Array(product(shape));
    walk(dims, shape, arrays, (i, at, index) => { data[i] = value(at, index); });
    return { dims, shape, data };
  }

  // Sum over some dimensions, one after the other, each from the first term to the last.
  function summed(values, gone) {
    return values.dims.filter((dim) => gone.includes(dim)).reduce((left, dim) => {
      const k = left.dims.indexOf(dim), count = left.shape[k], inner = product(left.shape.slice(k + 1)), outer = product(left.shape.slice(0, k));
      const data = new Float64Array(outer * inner);
      for (let o = 0; o < outer; o++) {
        for (let i = 0; i < inner; i++) {
          let sum = left.data[o * count * inner + i];
          for (let j = 1; j < count; j++) sum += left.data[(o * count + j) * inner + i];
          data[o * inner + i] = sum;
        }
      }
      return { dims: left.dims.filter((d) => d !== dim), shape: left.shape.filter((_, j) => j !== k), data };
    }, values);
  }

  // --- whom and when -------------------------------------------------------------------------------------------------

  const asPattern = (word) => new RegExp(`^${[...word].map((c) => (c === "*" ? ".*" : c === "?" ? "." : c.replace(/[\\^$.|+()[\]{}]/, "\\$&"))).join("")}$`, "su");

  // Numbers of the areas that a key, a name, a group of areas, a pattern or a type of the document stands for.
  function areasOf(town, document, words) {
    const found = new Set();
    for (const word of typeof words === "string" ? [words] : words) {
      let hits;
      if (word.startsWith("@")) {
        const type = (document.gebietstypen ?? {})[word.slice(1)];
        if (!type) throw new Refusal(`Den Gebietstyp „${word}“ kennt das Szenario nicht.`);
        hits = [...areasOf(town, document, type)];
      } else {
        const key = town.areas.findIndex((area) => area.key === word), pattern = /[*?]/.test(word) ? asPattern(word) : null;
        hits = key >= 0 ? [key] : town.levels[word] ?? town.areas.flatMap((area, k) => (area.name === word || pattern?.test(area.key) ? [k] : []));
      }
      if (!hits.length) throw new Refusal(`Ein Gebiet „${word}“ gibt es in dieser Vorausberechnung nicht.`);
      hits.forEach((k) => found.add(k));
    }
    return found;
  }

  // First and last age; the last one is open if null.
  function agesOf(text) {
    const match = /^\s*(\d{1,3})\s*(?:(\+)|(?:[-–]|bis)\s*(\d{1,3}))?\s*$/.exec(String(text));
    const first = match && Number(match[1]), last = match && (match[2] ? null : Number(match[3] ?? match[1]));
    if (!match || (last !== null && last < first)) throw new Refusal(`„${text}“ ist keine Altersangabe.`);
    return [first, last];
  }

  function ageMask(town, text) {
    const [first, last] = agesOf(text), oldest = town.sizes.age - 1;
    if (first > oldest || (last !== null && last >= oldest)) throw new Refusal(`Ab ${oldest} Jahren gibt es keine einzelnen Alter mehr; die Altersspanne offen angeben, zum Beispiel „${Math.min(first, oldest)}+“.`);
    return Uint8Array.from({ length: oldest + 1 }, (_, x) => Number(x >= first && x <= (last ?? oldest)));
  }

  function one(labels, sign, what) {
    const label = SIGNS[sign] ?? sign;
    if (!labels.includes(label)) throw new Refusal(`${what} „${sign}“ gibt es in dieser Vorausberechnung nicht.`);
    return Uint8Array.from(labels, (l) => Number(l === label));
  }

  // Masks by dimension; none where everybody is meant.
  function selection(town, document, said) {
    const masks = {};
    if (said.gebiete) { const hits = areasOf(town, document, said.gebiete); masks.area = Uint8Array.from(town.areas, (_, k) => Number(hits.has(k))); }
    if (said.staatsangehoerigkeit) masks.nationality = one(town.groups, said.staatsangehoerigkeit, "Staatsangehörigkeit");
    if (said.geschlecht) masks.sex = one(town.sexes, said.geschlecht, "Geschlecht");
    if (said.alter !== undefined) masks.age = ageMask(town, said.alter);
    return masks;
  }

  // Values of the selected cells, zero elsewhere; what is selected by comes first, and sums are taken in this order.
  function inside(town, values, masks) {
    const hits = asArrays(masks), dims = [...hits.map((hit) => hit.dims[0]), ...values.dims.filter((dim) => !(dim in masks))];
    return hits.length ? computed(town, dims, [values, ...hits], (at) => (allHit(hits, at, 1) ? values.data[at[0]] : 0)) : values;
  }

  const asArrays = (masks) => Object.entries(masks).map(([dim, mask]) => ({ dims: [dim], shape: [mask.length], data: mask }));
  const allHit = (arrays, at, from) => { for (let j = 0; j < arrays.length; j++) if (!arrays[j].data[at[from + j]]) return false; return true; };

  function span(town, said) {
    const first = said.von ?? town.years[0];
    return [first, said.dauer ? first + said.dauer - 1 : said.bis ?? null];
  }

  const active = (town, said) => { const [first, last] = span(town, said); return town.years.map((t) => Number(t >= first && (last === null || t <= last))); };

  function elapsed(town, said) {
    const [first, last] = span(town, said);
    return town.years.map((t) => (t < first ? 0 : Math.min(t, last ?? Infinity) - first + 1));
  }

  // Share of the way that is gone in each year.
  function weights(town, said) {
    if ((said.verlauf ?? "sprung") === "sprung") return active(town, said);
    const [first, last] = span(town, said), whole = (last || first) - first + 1;
    return elapsed(town, said).map((years) => years / whole);
  }

  function factors(town, said) {
    const level = said.prozent !== undefined ? 1 + said.prozent / 100 : said.faktor ?? 1;
    if (said.verlauf === "jaehrlich") return elapsed(town, said).map((years) => arithmetic.power(level, years));
    return weights(town, said).map((way) => 1 + (level - 1) * way);
  }

  // --- changes -------------------------------------------------------------------------------------------------------

  const CELL = DIMS.slice(1), OF_WOMEN = ["area", "nationality", "age"], BY_CELL = Object.values(RATE_OF).concat("out_moves", "move_in_share");
  const dimsOf = (name) => (name === "fertility_rate" ? OF_WOMEN : CELL);

  function rateOf(town, quantity) {
    const name = RATE_OF[quantity];
    if (!town.rates[name]) throw new Refusal(`Die Raten enthalten keine Größe „${quantity}“.`);
    return name;
  }

  // Places of the selected among the cells of a rate; null if these are all.
  function chosenCells(town, name, masks) {
    const dims = dimsOf(name), hits = asArrays(masks), found = [];
    if (!hits.length) return null;
    walk(dims, shapeOf(town, dims), hits, (i, at) => { if (allHit(hits, at, 0)) found.push(i); });
    return Int32Array.from(found);
  }

  // The rates of every year: of each variable what it is without the document, and the steps that change it.
  function changedRates(town, document) {
    const steps = Object.fromEntries(BY_CELL.map((name) => [name, []]));
    goals(town, document, steps);
    const relative = [
      ...(document.annahme ?? []).filter((said) => said.ziel === undefined),
      ...(document.halten ?? []).map((said) => ({ ...said, groesse: "fortzuege", prozent: -said.prozent })),
      ...(document.anziehen ?? []).filter((said) => said.prozent !== undefined).map((said) => ({ ...said, groesse: "zuzuege" })),
    ];
    for (const said of relative) {
      const name = rateOf(town, said.groesse), cells = chosenCells(town, name, selection(town, document, said)), course = factors(town, said);
      steps[name].push({ acts: (t) => course[t] !== 1, change: (values, t, _, from) => multiply(from, values, cells, course[t]) });
    }
    const more = [...(document.ereignis ?? []), ...(document.anziehen ?? []).filter((said) => said.personen !== undefined)];
    for (const said of more) steps.in_moves.push(withPersons(town, document, said));
    const changed = {};
    return (t) => ofYear(town, steps, t, changed);
  }

  // The selected cells times a factor; what stands elsewhere until now comes along.
  function multiply(from, into, cells, factor) {
    if (!cells) { for (let i = 0; i < into.length; i++) into[i] = from[i] * factor; return; }
    if (from !== into) into.set(from);
    for (let k = 0; k < cells.length; k++) into[cells[k]] *= factor;
  }

  function largest(values) {
    let most = 0;
    for (let i = 0; i < values.length; i++) if (values[i] > most) most = values[i];
    return most;
  }

  // Changed rates stand in the same arrays year after year.
  function ofYear(town, steps, t, changed) {
    const found = {};
    for (const name of BY_CELL) {
      if (!town.rates[name]) continue;
      const base = dense(town, name, dimsOf(name), t), acting = steps[name].filter((step) => step.acts(t));
      found[name] = base;
      if (acting.length) found[name] = changed[name] ??= new Float64Array(base.length);
      acting.forEach((step, k) => step.change(found[name], t, base, k ? found[name] : base));
      if (acting.length && name !== "in_moves" && name !== "fertility_rate" && largest(found[name]) > 1) {
        throw new Refusal("Eine Wahrscheinlichkeit steigt über 1. Den Faktor verkleinern oder Alter und Gebiete enger fassen.");
      }
    }
    found.birth_group = dense(town, "birth_group_share", ["area", "nationality", "nationality_child"], t);
    const girls = dense(town, "female_birth_share", ["area"], t);
    found.birth_sex = Float64Array.from({ length: girls.length * town.sexes.length }, (_, k) => {
      const share = girls[Math.floor(k / town.sexes.length)];
      return town.sexes[k % town.sexes.length] === "female" ? share : 1 - share;
    });
    return found;
  }

  // A rate of one year for every cell of some dimensions; one that does not change over time is laid out once.
  function dense(town, name, dims, t) {
    const values = town.rates[name], yearly = values.dims[0] === "year", start = yearly ? t * (values.data.length / values.shape[0]) : 0;
    const shape = shapeOf(town, dims), varying = values.dims.length - Number(yearly);
    if (varying === dims.length) return values.data.subarray(start, start + product(shape));  // laid out already
    if (!yearly && town.laidOut.has(name)) return town.laidOut.get(name);
    const found = new Float64Array(product(shape));
    walk(dims, shape, [values], (i, at) => { found[i] = values.data[start + at[0]]; });
    if (!yearly) town.laidOut.set(name, found);
    return found;
  }

  function withPersons(town, document, said) {
    const when = active(town, said), { chosen, whole } = remembered(town, "persons", document, { ...whomOf(said), profil: said.profil }, (masks) => {
      const base = said.profil === "standard" ? standardProfile(town) : town.rates.in_moves, values = inside(town, base, masks);
      return { chosen: inOrder(town, values), whole: summed(values, values.dims.filter((dim) => dim !== "year")).data };
    });
    if (!whole.every((value) => value > 0)) throw new Refusal("In den genannten Gebieten, Gruppen und Altern zieht im Basiszeitraum niemand zu; die Personen lassen sich nicht verteilen.");
    return { acts: (t) => when[t] > 0, change: (values, t, _, before) => {
      const year = whole.length > 1 ? t : 0, all = whole[year], from = year * values.length;
      for (let i = 0; i < values.length; i++) values[i] = before[i] + said.personen * (chosen[from + i] / all);
    } };
  }

  // The values of every cell (and year) in the order of the arrays of the year.
  function inOrder(town, values) {
    const dims = values.dims.includes("year") ? DIMS : CELL;
    return dims.join() === values.dims.join() ? values.data : computed(town, dims, [values], (at) => values.data[at[0]]).data;
  }

  const whomOf = ({ gebiete, staatsangehoerigkeit, geschlecht, alter }) => ({ gebiete, staatsangehoerigkeit, geschlecht, alter });

  // What follows from the town and from whom a statement means is computed once: a slider changes only how much.
  const REMEMBERED = 8;
  function remembered(town, what, document, said, compute) {
    const key = JSON.stringify([what, said, document.gebietstypen ?? null]), found = town.memory.get(key) ?? compute(selection(town, document, said));
    town.memory.delete(key);
    town.memory.set(key, found);
    if (town.memory.size > REMEMBERED) town.memory.delete(town.memory.keys().next().value);
    return found;
  }

  // By age as people move everywhere, both sexes alike, areas and groups by their population.
  function standardProfile(town) {
    const people = summed(atRisk(town), ["sex", "age"]), byAge = { dims: ["age"], shape: [town.sizes.age], data: town.standard };
    return computed(town, town.rates.in_moves.dims, [people, byAge], (at) => people.data[at[0]] * byAge.data[at[1]]);
  }

  // The population by age reached at the end of the year; newborns count like those under one.
  function atRisk(town) {
    const { age } = town.sizes, data = new Float64Array(town.start.length);
    for (let row = 0; row < data.length; row += age) {
      data[row] = town.start[row];
      for (let x = 1; x < age; x++) data[row + x] = town.start[row + x - 1];
      data[row + age - 1] += town.start[row + age - 1];
    }
    return { dims: CELL, shape: shapeOf(town, CELL), data };
  }

  // --- goals ---------------------------------------------------------------------------------------------------------

  // What follows a goal is changed from what the rates are without the document; two goals for one cell contradict.
  function goals(town, document, steps) {
    const claimed = new Map();
    for (const said of document.annahme ?? []) {
      if (said.ziel === undefined) continue;
      const name = rateOf(town, said.groesse), masks = selection(town, document, said), cells = chosenCells(town, name, masks) ?? Int32Array.from(dense(town, name, dimsOf(name), 0).keys()), way = weights(town, said);
      const taken = claimed.get(name) ?? claimed.set(name, town.years.map(() => new Set())).get(name);
      way.forEach((share, t) => {
        if (share > 0) for (const i of cells) {
          if (taken[t].has(i)) throw new Refusal("Für dieselben Gebiete, Gruppen und Jahre nennt das Szenario schon einen Zielwert dieser Größe.");
          taken[t].add(i);
        }
      });
      const changed = said.groesse === "sterblichkeit" ? withLifeExpectancy(town, document, town.rates[name], said) : onPath(town, document, town.rates[name], said);
      steps[name].push({ acts: (t) => way[t] > 0, change: (values, t, base, before) => { if (before !== values) values.set(before); for (const i of cells) values[i] = changed(base[i], t); } });
    }
  }

  // Level of each year on the way to the goal, from that of today, a number or one for every year.
  const path = (town, now, said) => weights(town, said).map((way, t) => (1 - way) * (now.data[now.dims.length ? t : 0]) + way * said.ziel);

  function onPath(town, document, values, said) {
    const now = levelOf(town, document, values, said), wanted = path(town, now, said);
    if (!now.data.every((value) => value > 0)) throw new Refusal("Das Ausgangsniveau ist null; ein Ziel lässt sich so nicht erreichen.");
    return (value, t) => value * (wanted[t] / now.data[now.dims.length ? t : 0]);
  }

  const levelOf = (town, document, values, said) => remembered(town, `level ${said.groesse}`, document, whomOf(said), (masks) => level(town, said.groesse, values, masks));

  function level(town, quantity, values, masks) {
    const free = values.dims.filter((dim) => dim !== "year");
    if (quantity === "zuzuege") return summed(inside(town, values, masks), free);
    if (quantity === "geburten") return summed(byAge(town, values, masks, ofWomen(town)), ["age"]);
    if (quantity === "sterblichkeit") return lifeExpectancy(town, byAge(town, values, masks, atRisk(town)));
    const mean = meanOf(town, values, weightsOf(town, values, masks, atRisk(town)), free);
    return { ...mean, data: mean.data.map((value) => 100 * value) };
  }

  function ofWomen(town) {
    const all = atRisk(town), k = town.sexes.indexOf("female");
    return computed(town, all.dims.filter((dim) => dim !== "sex"), [{ ...all, data: all.data.subarray(k * town.sizes.age) }], (at) => all.data[at[0] + k * town.sizes.age]);
  }

  function byAge(town, values, masks, stock) {
    const dims = values.dims.filter((dim) => dim === "area" || dim === "nationality" || dim === "sex");
    return dims.length || masks.sex ? meanOf(town, values, weightsOf(town, values, masks, stock), dims) : values;
  }

  function weightsOf(town, values, masks, stock) {
    const chosen = inside(town, stock, masks);
    return summed(chosen, chosen.dims.filter((dim) => !values.dims.includes(dim)));
  }

  // Weighted mean; where nobody lives all areas and groups count the same.
  function meanOf(town, values, persons, dims) {
    const weighted = computed(town, together(values.dims, persons.dims), [values, persons], (at) => values.data[at[0]] * persons.data[at[1]]);
    const people = summed(persons, dims), top = summed(weighted, dims), alike = summed(values, dims), count = product(dims.map((dim) => town.sizes[dim]));
    return computed(town, together(top.dims, people.dims, alike.dims), [people, top, alike], (at) => (people.data[at[0]] > 0 ? top.data[at[1]] / people.data[at[0]] : alike.data[at[2]] / count));
  }

  // With S = 1 − q: L0 = S[0], L[x] = L[x−1]·S[x], and for the open group T = S·(L[A−1] + T).
  function lifeExpectancy(town, q) {
    const count = q.shape.at(-1), data = new Float64Array(q.data.length / count);
    for (let row = 0; row < data.length; row++) {
      const at = row * count;
      let lived = 1 - q.data[at], sum = lived;
      for (let x = 1; x < count - 1; x++) { lived *= 1 - q.data[at + x]; sum += lived; }
      const last = 1 - q.data[at + count - 1];
      data[row] = sum + (lived * last) / (1 - last);
    }
    return { dims: q.dims.slice(0, -1), shape: q.shape.slice(0, -1), data };
  }

  // q' = 1 − (1 − q)^θ with one θ a year, for which the selected have the life expectancy of the path.
  function withLifeExpectancy(town, document, values, said) {
    const wanted = path(town, levelOf(town, document, values, said), said), yearly = values.dims[0] === "year", size = yearly ? values.data.length / town.sizes.year : values.data.length;
    const exponents = [], masks = selection(town, document, said), alike = yearly ? null : expectancyUnder(town, values, masks);
    wanted.forEach((goal, t) => {
      const expected = alike ?? expectancyUnder(town, { dims: values.dims.slice(1), shape: values.shape.slice(1), data: values.data.subarray(t * size, (t + 1) * size) }, masks);
      exponents.push(exponent((theta) => expected(theta) - goal, goal, exponents.at(-1)));
    });
    return (value, t) => 1 - arithmetic.power(1 - value, exponents[t]);
  }

  // Life expectancy of the selected as a function of θ; only cells with a weight are raised to it.
  function expectancyUnder(town, values, masks) {
    const ages = town.sizes.age, people = new Float64Array(ages), dims = values.dims.filter((dim) => dim !== "age"), cells = [];
    const stock = dims.length || masks.sex ? weightsOf(town, values, masks, atRisk(town)) : { dims: ["age"], shape: [ages], data: new Float64Array(ages).fill(1) };
    walk(values.dims, values.shape, [stock], (i, [at]) => { people[i % ages] += stock.data[at]; if (stock.data[at] > 0) cells.push([i, stock.data[at]]); });
    const empty = people.map((persons) => Number(!(persons > 0)));
    if (empty.some(Boolean)) walk(values.dims, values.shape, [], (i) => { if (empty[i % ages]) { people[i % ages] += 1; cells.push([i, 1]); } });
    const place = Int32Array.from(cells, ([i]) => i), weight = Float64Array.from(cells, ([, persons]) => persons), logs = Float64Array.from(cells, ([i]) => arithmetic.log(1 - values.data[i]));
    return (theta) => {
      const q = new Float64Array(ages);
      for (let k = 0; k < place.length; k++) q[place[k] % ages] += weight[k] * (logs[k] === -Infinity ? 1 : 1 - arithmetic.exp(theta * logs[k]));
      for (let x = 0; x < ages; x++) q[x] /= people[x];
      return lifeExpectancy(town, { dims: ["age"], shape: [ages], data: q }).data[0];
    };
  }

  // The θ from 0.1 to 10 at which a falling function is zero: secants of its logarithm between two that enclose it.
  function exponent(gap, goal, near = 1) {
    const at = (x) => gap(arithmetic.exp(x)), [least, most] = [arithmetic.log(0.1), arithmetic.log(10)], refuse = () => {
      throw new Refusal(`${goal} Jahre Lebenserwartung lassen sich mit diesen Raten nicht erreichen.`);
    };
    let x = arithmetic.log(near), value = at(x), step = value > 0 ? 0.02 : -0.02, low = x, high = x, below = value, above = value;
    if (!Number.isFinite(value)) refuse();
    while (value !== 0 && (step > 0 ? above > 0 : below < 0)) {  // outwards until zero lies between
      if (step > 0 ? high >= most : low <= least) refuse();
      if (step > 0) low = high, below = above, high = Math.min(high + step, most), above = at(high);
      else high = low, above = below, low = Math.max(low + step, least), below = at(low);
      step *= 2;
    }
    for (let turn = 0; turn < 100 && below > 0 && above < 0 && high - low > 1e-13; turn++) {
      const secant = low + ((high - low) * below) / (below - above);
      x = turn % 3 === 2 ? (low + high) / 2 : Math.min(Math.max(secant, low), high);
      value = at(x);
      if (Math.abs(value) < 1e-12) return arithmetic.exp(x);
      if (value > 0) low = x, below = value;
      else high = x, above = value;
    }
    return arithmetic.exp(Math.abs(below) < Math.abs(above) ? low : high);
  }

  return { CELL, SIGNS, changedRates, areasOf, agesOf, selection, atRisk, walk };
})();
