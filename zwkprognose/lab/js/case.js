// The case that a page carries, and the answer to a document: every year, every component.
const laboratory = (() => {
  const KEYS = new Set(["schema", "name", "titel", "text", "autor", "datum", "gebietstypen", "annahme", "halten", "anziehen", "ereignis", "erstbezug", "sondergruppe", "eckwert"]);

  // From the numbers of the page: arrays, sizes, and what the year needs to know of the city. `dataOf` gives the numbers
  // of an array by its name; what the rates are otherwise is asked for when a document needs it.
  function town({ facts, arrays }, dataOf) {
    const array = (name, called = name) => [called, { dims: arrays[name].dims, shape: arrays[name].shape, data: dataOf(name) }];
    const names = Object.keys(arrays), other = names.filter((name) => name.endsWith("@")), start = dataOf("start");
    const rates = Object.fromEntries(names.filter((name) => name !== "start" && !other.includes(name)).map((name) => array(name)));
    const data = { ...facts, rates, start };
    const sizes = { year: data.years.length, area: data.areas.length, nationality: data.groups.length, nationality_child: data.groups.length, sex: data.sexes.length, age: data.ages };
    const cells = sizes.nationality * sizes.sex * sizes.age, exposure = new Float64Array(sizes.age).fill(data.timing.early);
    exposure[0] = data.timing.newborn;
    const city = {
      areas: sizes.area, groups: sizes.nationality, sexes: sizes.sex, ages: sizes.age, cells, order: data.order, exposure,
      female: data.sexes.indexOf("female"), citizens: data.citizens, mothersStart: data.timing.mothersStart,
    };
    const setOut = (own) => ({ ...data, sizes, city, rates: own, laidOut: new Map(), memory: new Map() });
    let known = null;
    const otherwise = () => (known ??= setOut({ ...rates, ...Object.fromEntries(other.map((name) => array(name, name.slice(0, -1)))) }));
    return { ...setOut(rates), otherwise: other.length ? otherwise : null };
  }

  // The numbers of each array by its name, from all numbers one after the other.
  const from = (arrays, numbers) => (name) => numbers.subarray(arrays[name].at, arrays[name].at + arrays[name].shape.reduce((a, b) => a * b, 1));

  // Does a document say how mortality goes on in the whole city? Under a rule for totals its moves depend on that.
  const saysMortality = (document) => (document.annahme ?? []).some((said) => said.groesse === "sterblichkeit" && (said.verlauf ?? "sprung") !== "sprung" && !said.gebiete);

  // Every year under a document is shown to `see` as it comes: its number from 1, the stock at its end, its components.
  // Afterwards their arrays are used again, if `space` takes them back.
  function follow(town, document, see, space) {
    const one = town.otherwise && saysMortality(document) !== town.saysMortality ? town.otherwise() : town;
    const unknown = Object.keys(document).find((key) => !KEYS.has(key));
    if (unknown) throw new Refusal(`Die Angabe „${unknown}“ kennt diese Seite nicht. Das Szenario mit zwkprognose rechnen.`);
    const rates = statements.changedRates(one, document), housing = plans.housing(one, document), facilities = plans.facilities(one, document), margins = plans.margins(one, document);
    let stock = one.start;
    one.years.forEach((end, t) => {
      const given = { rates: rates(t), arrivals: housing(end), special: facilities(end), margins: margins(end) };
      const found = year.advance(one.city, stock, given, space), { population, births, ...events } = found;
      if (belowZero(population)) throw new Refusal(`Am 31.12.${end} blieben in einzelnen Zellen weniger als null Personen. Die Annahmen abschwächen.`);
      see(t + 1, found);
      if (space) for (const values of [...Object.values(events), ...(t ? [stock] : [])]) space.give(values);
      stock = population;
    });
    if (space) space.give(stock);
  }

  function belowZero(stock) {
    for (let i = 0; i < stock.length; i++) if (!(stock[i] >= 0)) return true;
    return false;
  }

  // Stocks (year_end 0 … n) and components (year 0 … n − 1) under a document, each a list of arrays over cells.
  function project(town, document) {
    const result = { population: [town.start] };
    follow(town, document, (_, found) => { for (const [name, values] of Object.entries(found)) (result[name] ??= []).push(values); });
    return result;
  }

  return { town, from, follow, project };
})();
