// What a scenario builds, opens and promises, as arrays: persons who move into new dwellings, facilities, Eckwerte.
const plans = (() => {
  const zeros = (n) => new Float64Array(n);
  const addAll = (values) => { let sum = values[0]; for (let k = 1; k < values.length; k++) sum += values[k]; return sum; };

  // Shares of age bands spread over cells (group, sex, age): inside a band like the population of all areas.
  function profile(town, shares, said = {}) {
    const { cells } = town.city, { age } = town.sizes, people = zeros(cells), risk = statements.atRisk(town).data;
    for (let c = 0; c < cells; c++) { let sum = risk[c]; for (let a = 1; a < town.city.areas; a++) sum += risk[a * cells + c]; people[c] = sum; }
    const { nationality, sex } = statements.selection(town, {}, { staatsangehoerigkeit: said.staatsangehoerigkeit, geschlecht: said.geschlecht });
    const found = zeros(cells), sexes = town.sexes.length;
    Object.entries(shares).forEach(([text, share], k) => {
      const [first, last] = statements.agesOf(text);
      const chosen = people.map((value, c) => {
        const x = c % age, row = (c - x) / age;
        return x >= first && x <= (last ?? Infinity) && (!nationality || nationality[Math.floor(row / sexes)]) && (!sex || sex[row % sexes]) ? value : 0;
      });
      const whole = addAll(summedByAxis(chosen, town));
      if (whole === 0 && share > 0) throw new Refusal(`Im Alter ${text} wohnt niemand im Bestand; das Profil lässt sich nicht bilden.`);
      const factor = whole ? share / whole : 0;
      for (let c = 0; c < cells; c++) found[c] = k ? found[c] + chosen[c] * factor : chosen[c] * factor;
    });
    return found;
  }

  // Sums by age of the cells (group, sex, age): groups first, then sexes, as `arithmetic.total` takes its axes.
  function summedByAxis(cells, town) {
    const { age, sex, nationality } = town.sizes, byAge = zeros(age);
    for (let x = 0; x < age; x++) {
      for (let s = 0; s < sex; s++) {
        let sum = cells[s * age + x];
        for (let g = 1; g < nationality; g++) sum += cells[(g * sex + s) * age + x];
        byAge[x] = s ? byAge[x] + sum : sum;
      }
    }
    return byAge;
  }

  // Persons by year, or null: cells moving in from inside and from outside of the city.
  function housing(town, document) {
    const kinds = new Map(), only = town.areas.length === 1;
    for (const said of document.erstbezug ?? []) {
      const kind = said.typ ?? "gemischt", persons = said.personen_je_wohnung || town.dwellings.persons[kind], ages = said.alter ?? town.dwellings.ages[kind];
      const moved = movingIn(said), coming = [...moved].filter(([year]) => town.years.includes(year));
      if (!coming.length) continue;
      const [area] = statements.areasOf(town, document, said.gebiet), key = JSON.stringify([persons, said.anteil_von_aussen, Object.entries(ages)]);
      if (!kinds.has(key)) kinds.set(key, { persons: only ? persons * said.anteil_von_aussen : persons, outside: only ? 1 : said.anteil_von_aussen, profile: profile(town, ages), built: new Map() });
      const { built } = kinds.get(key), own = new Map();
      for (const [year, number] of coming) own.set(`${year} ${area}`, number);
      for (const [place, number] of own) built.set(place, (built.get(place) ?? 0) + number);
    }
    if (!kinds.size) return () => null;
    const { areas, cells } = town.city, fromInside = zeros(areas * cells), fromOutside = zeros(areas * cells);
    return (year) => {
      [...kinds.values()].forEach(({ persons, outside, profile: shares, built }, k) => {
        for (let a = 0; a < areas; a++) {
          const people = (built.get(`${year} ${a}`) ?? 0) * persons, inside = people * (1 - outside), from = people * outside;
          for (let c = 0; c < cells; c++) {
            const i = a * cells + c;
            fromInside[i] = k ? fromInside[i] + inside * shares[c] : inside * shares[c];
            fromOutside[i] = k ? fromOutside[i] + from * shares[c] : from * shares[c];
          }
        }
      });
      return { fromInside, fromOutside };
    };
  }

  function movingIn(said) {
    const first = said.von, last = said.bis ?? first, moved = new Map(), each = said.wohnungen / (last - first + 1);
    for (let year = first; year <= last; year++) {
      (said.einzug ?? [1]).forEach((share, lag) => moved.set(year + lag, (moved.get(year + lag) ?? 0) + each * share));
    }
    return moved;
  }

  // Residents before and after a year, and those released by a closing; null without facilities.
  function facilities(town, document) {
    const all = (document.sondergruppe ?? []).map((said) => ({
      area: [...statements.areasOf(town, document, said.gebiet)][0], shares: profile(town, said.alter, said), stay: said.bleibeanteil ?? 0,
      residents: (end) => {
        if (said.schliesst !== undefined && end >= said.schliesst) return 0;
        const begun = Object.keys(said.plaetze).map(Number).filter((year) => year <= end);
        return begun.length ? said.plaetze[Math.max(...begun)] : 0;
      },
    }));
    if (!all.length) return () => null;
    const { areas, cells } = town.city;
    const stock = (persons) => {
      const found = zeros(areas * cells);
      all.forEach((one, k) => { for (let c = 0; c < cells; c++) found[one.area * cells + c] += persons[k] * one.shares[c]; });
      return found;
    };
    const begin = stock(all.map((one) => one.residents(town.base)));
    if (begin.some((value, i) => value > town.start[i])) throw new Refusal("In einzelnen Zellen wohnen am Anfang weniger Personen, als die Einrichtungen haben. Plätze oder Alter der Einrichtung an den Bestand anpassen.");
    return (end) => {
      const before = all.map((one) => one.residents(end - 1)), after = all.map((one) => one.residents(end));
      const leaving = all.map((one, k) => before[k] * (before[k] > 0 && after[k] === 0 ? one.stay : 0));
      return { before: stock(before), after: stock(after), released: year.aged(stock(leaving), town.sizes.age) };
    };
  }

  // Eckwerte of a year: persons in cells that no other Eckwert of the year touches.
  function margins(town, document) {
    const all = (document.eckwert ?? []).map((said) => margin(town, document, said));
    return (end) => {
      const held = all.flatMap((one) => { const target = one.target(end); return target === null ? [] : [{ ...one, target }]; }), seen = new Set();
      if (held.length > 1) for (const one of held) for (const i of one.cells) {
        if (seen.has(i)) throw new Refusal("Eckwerte, die sich überschneiden, rechnet diese Seite nicht. Das Szenario speichern und mit zwkprognose rechnen.");
        seen.add(i);
      }
      return held;
    };
  }

  // The cells of some ages, told apart once: a year asks for newborns, for all others, or for both.
  function byAges(town, cells) {
    const known = new Map();
    return (from, to) => {
      const key = `${from} ${to}`;
      if (!known.has(key)) known.set(key, cells.filter((i) => { const x = i % town.sizes.age; return x >= from && x < to; }));
      return known.get(key);
    };
  }

  function margin(town, document, said) {
    if (said.personen === undefined || said.je !== undefined) throw new Refusal("Grenzen, Wohnungen als Eckwert und Eckwerte je Gebiet rechnet diese Seite nicht. Das Szenario speichern und mit zwkprognose rechnen.");
    const masks = statements.selection(town, document, said), shape = statements.CELL, found = [];
    const hits = Object.entries(masks).map(([dim, data]) => ({ dims: [dim], shape: [data.length], data }));
    statements.walk(shape, shape.map((dim) => town.sizes[dim]), hits, (i, at) => { if (hits.every((hit, k) => hit.data[at[k]])) found.push(i); });
    const cells = Int32Array.from(found);
    const known = new Map(Object.entries(said.personen).map(([end, persons]) => [Number(end), persons]));
    if (said.verlauf === "gleitend") known.set(town.base, addAll(Float64Array.from(cells, (i) => town.start[i])));
    const ends = [...known.keys()].sort((a, b) => a - b), glides = said.verlauf === "gleitend";
    const target = (end) => {
      if (known.has(end)) return known.get(end);
      if (!glides || end < ends[0] || end > ends.at(-1)) return null;
      const before = ends.filter((e) => e < end).at(-1), after = ends.find((e) => e > end), share = (end - before) / (after - before);
      return known.get(before) + share * (known.get(after) - known.get(before));
    };
    const spansBirths = cells.some((i) => i % town.sizes.age === 0) && cells.some((i) => i % town.sizes.age > 0);
    return { name: said.text || "der Bevölkerung", cells, atAges: byAges(town, cells), target, spansBirths };
  }

  return { housing, facilities, margins };
})();
