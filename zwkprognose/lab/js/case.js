// The case that a page carries, and the answer to a document: every year, every component.
const laboratory = (() => {
  const KEYS = new Set(["schema", "name", "titel", "text", "autor", "datum", "gebietstypen", "annahme", "halten", "anziehen", "ereignis", "erstbezug", "sondergruppe", "eckwert"]);

  // From the numbers of the page: arrays, sizes, and what the year needs to know of the city.
  function town({ facts, arrays }, numbers) {
    const rates = Object.fromEntries(Object.entries(arrays).map(([name, { dims, shape, at }]) => [name, { dims, shape, data: numbers.subarray(at, at + shape.reduce((a, b) => a * b, 1)) }]));
    const data = { ...facts, rates, start: rates.start.data }, otherwise = {};
    delete rates.start;
    for (const name of Object.keys(rates).filter((one) => one.endsWith("@"))) { otherwise[name.slice(0, -1)] = rates[name]; delete rates[name]; }
    const sizes = { year: data.years.length, area: data.areas.length, nationality: data.groups.length, nationality_child: data.groups.length, sex: data.sexes.length, age: data.ages };
    const cells = sizes.nationality * sizes.sex * sizes.age, exposure = new Float64Array(sizes.age).fill(data.timing.early);
    exposure[0] = data.timing.newborn;
    const city = {
      areas: sizes.area, groups: sizes.nationality, sexes: sizes.sex, ages: sizes.age, cells, order: data.order, exposure,
      female: data.sexes.indexOf("female"), citizens: data.citizens, mothersStart: data.timing.mothersStart,
    };
    const whole = { ...data, sizes, city, laidOut: new Map() };
    return { ...whole, other: Object.keys(otherwise).length ? { ...whole, rates: { ...rates, ...otherwise }, laidOut: new Map() } : null };
  }

  // Does a document say how mortality goes on in the whole city? Under a rule for totals its moves depend on that.
  const saysMortality = (document) => (document.annahme ?? []).some((said) => said.groesse === "sterblichkeit" && (said.verlauf ?? "sprung") !== "sprung" && !said.gebiete);

  // Stocks (year_end 0 … n) and components (year 0 … n − 1) under a document, each a list of arrays over cells.
  function project(town, document) {
    const one = town.other && saysMortality(document) !== town.saysMortality ? town.other : town;
    const unknown = Object.keys(document).find((key) => !KEYS.has(key));
    if (unknown) throw new Refusal(`Die Angabe „${unknown}“ kennt diese Seite nicht. Das Szenario mit zwkprognose rechnen.`);
    const rates = statements.changedRates(one, document), housing = plans.housing(one, document), facilities = plans.facilities(one, document), margins = plans.margins(one, document);
    const result = { population: [one.start] };
    one.years.forEach((end, t) => {
      const given = { rates: rates(t), arrivals: housing(end), special: facilities(end), margins: margins(end) };
      const found = year.advance(one.city, result.population[t], given);
      if (found.population.some((value) => !(value >= 0))) throw new Refusal(`Am 31.12.${end} blieben in einzelnen Zellen weniger als null Personen. Die Annahmen abschwächen.`);
      for (const [name, values] of Object.entries(found)) (result[name] ??= []).push(values);
    });
    return result;
  }

  return { town, project };
})();
