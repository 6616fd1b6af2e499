// What is read from an answer: persons, events, and what milestones ask for.
const measures = (() => {
  const plus = (into, values) => { for (let k = 0; k < into.length; k++) into[k] += values[k]; return into; };

  // Persons of every area, and of the city first, on every 31.12.
  function totals(town, found) {
    const { areas, cells } = town.city;
    return found.population.map((stock) => {
      const row = new Float64Array(areas + 1);
      for (let a = 0; a < areas; a++) { let sum = 0; for (let c = a * cells; c < (a + 1) * cells; c++) sum += stock[c]; row[a + 1] = sum; row[0] += sum; }
      return row;
    });
  }

  // Persons by sex and age in some areas on every 31.12.
  function pyramid(town, found, places) {
    const { cells, ages, sexes, groups } = town.city;
    return found.population.map((stock) => {
      const sides = Array.from({ length: sexes }, () => new Float64Array(ages));
      for (const a of places) for (let g = 0; g < groups; g++) for (let s = 0; s < sexes; s++) plus(sides[s], stock.subarray(a * cells + (g * sexes + s) * ages, a * cells + (g * sexes + s + 1) * ages));
      return sides;
    });
  }

  // Births, deaths and moves of some areas in every year.
  function flows(town, found, places) {
    const result = {};
    for (const [name, years] of Object.entries(found)) {
      if (name === "population") continue;
      const cells = years[0].length / town.city.areas;
      result[name] = years.map((values) => { let sum = 0; for (const a of places) for (let c = a * cells; c < (a + 1) * cells; c++) sum += values[c]; return sum; });
    }
    return result;
  }

  // The value of a milestone on every 31.12.; of events in the year before it, null for the first.
  function goal(town, found, { areas, group, sex, ages, per, flows: parts, need }) {
    if (parts) return [null, ...town.years.map((_, t) => parts.reduce((sum, [name, sign]) => (found[name] ? sum + sign * persons(town, found[name][t], { areas, group, sex, ages }) : sum), 0))];
    return found.population.map((stock, t) => {
      if (need) return persons(town, stock, { areas }, (s, x) => need.weights[s][x] * need.factors[t]);
      const counted = persons(town, stock, { areas, group, sex, ages });
      return per ? (100 * counted) / persons(town, stock, { areas, ages: per }) : counted;
    });
  }

  // Sum over some areas, one group, one sex, some ages, with a weight for sex and age; births have no age.
  function persons(town, values, { areas, group = null, sex = null, ages = [0, null] }, weight = () => 1) {
    const { groups, sexes } = town.city, count = values.length / (town.city.areas * groups * sexes), last = ages[1] ?? count - 1;
    let sum = 0;
    for (const a of areas) for (let g = 0; g < groups; g++) for (let s = 0; s < sexes; s++) {
      if ((group !== null && g !== group) || (sex !== null && s !== sex)) continue;
      const row = ((a * groups + g) * sexes + s) * count;
      for (let x = count === 1 ? 0 : ages[0]; x <= Math.min(last, count - 1); x++) sum += weight(s, x) * values[row + x];
    }
    return sum;
  }

  return { totals, pyramid, flows, goal };
})();
