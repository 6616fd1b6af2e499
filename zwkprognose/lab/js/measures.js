// What is read from an answer: persons, events, and what milestones ask for.
const measures = (() => {
  // Everything that can be shown of an answer, year by year as it comes: persons by area, sex and age, events by area,
  // and the values of milestones; cells are not kept.
  function summary(town, goals = []) {
    const ends = town.years.length + 1, { areas, sexes, ages } = town.city, size = areas * sexes * ages;
    const persons = new Float64Array(ends * size), events = {}, reached = goals.map(() => []);
    function see(t, found) {
      bySexAndAge(town, found.population, persons.subarray(t * size, (t + 1) * size));
      for (const [name, values] of Object.entries(found)) {
        if (name !== "population") byArea(town, values, (events[name] ??= new Float64Array((ends - 1) * areas)).subarray((t - 1) * areas, t * areas));
      }
      goals.forEach((one, k) => reached[k].push(goal(town, t, found, one)));
    }
    bySexAndAge(town, town.start, persons.subarray(0, size));
    goals.forEach((one, k) => reached[k].push(one.flows ? null : goal(town, 0, { population: town.start }, one)));
    return { see, persons, events, reached };
  }

  // Persons of each area by sex and age, groups together.
  function bySexAndAge({ city: { areas, groups, cells } }, stock, into) {
    const group = cells / groups;
    for (let a = 0; a < areas; a++) {
      const from = a * cells, to = a * group;
      for (let c = 0; c < group; c++) into[to + c] = stock[from + c];
      for (let g = 1; g < groups; g++) for (let c = 0; c < group; c++) into[to + c] += stock[from + g * group + c];
    }
  }

  // Events of each area. Several sums side by side: one addition need not wait for the other.
  function byArea({ city: { areas } }, values, into) {
    const cells = values.length / areas, even = cells - (cells % 4);
    for (let a = 0, first = 0; a < areas; a++, first += cells) {
      let one = 0, two = 0, three = 0, four = 0;
      for (let i = first; i < first + even; i += 4) { one += values[i]; two += values[i + 1]; three += values[i + 2]; four += values[i + 3]; }
      for (let i = first + even; i < first + cells; i++) one += values[i];
      into[a] = one + two + (three + four);
    }
  }

  // Persons of the city and of every area on every 31.12.
  function totals({ city: { areas, sexes, ages } }, persons) {
    const own = sexes * ages, found = new Float64Array((persons.length / (areas * own)) * (areas + 1));
    for (let k = 0, i = 0; k < found.length; k += areas + 1) {
      for (let a = 1; a <= areas; a++) {
        let sum = 0;
        for (let c = 0; c < own; c++) sum += persons[i++];
        found[k + a] = sum;
        found[k] += sum;
      }
    }
    return found;
  }

  // Persons by sex and age in some areas on every 31.12.
  function pyramid({ city: { areas, sexes, ages } }, persons, places) {
    const own = sexes * ages, found = new Float64Array(persons.length / areas);
    for (let to = 0, from = 0; to < found.length; to += own, from += areas * own) {
      for (const a of places) for (let c = 0; c < own; c++) found[to + c] += persons[from + a * own + c];
    }
    return found;
  }

  // Events of some areas in every year.
  function flows({ city: { areas } }, events, places) {
    return Object.fromEntries(Object.entries(events).map(([name, values]) => [name, Float64Array.from({ length: values.length / areas }, (_, t) => places.reduce((sum, a) => sum + values[t * areas + a], 0))]));
  }

  // The value of a milestone at the end of one year, counted from 0 on the first 31.12.; of events in that year.
  function goal(town, t, found, { areas, group, sex, ages, per, flows: parts, need }) {
    if (parts) return parts.reduce((sum, [name, sign]) => (found[name] ? sum + sign * counted(town, found[name], { areas, group, sex, ages }) : sum), 0);
    if (need) return counted(town, found.population, { areas }, (s, x) => need.weights[s][x] * need.factors[t]);
    const persons = counted(town, found.population, { areas, group, sex, ages });
    return per ? (100 * persons) / counted(town, found.population, { areas, ages: per }) : persons;
  }

  // Sum over some areas, one group, one sex, some ages, with a weight for sex and age; births have no age.
  function counted(town, values, { areas, group = null, sex = null, ages = [0, null] }, weight = null) {
    const { groups, sexes } = town.city, count = values.length / (town.city.areas * groups * sexes), last = Math.min(ages[1] ?? count - 1, count - 1);
    let sum = 0;
    for (const a of areas) for (let g = 0; g < groups; g++) for (let s = 0; s < sexes; s++) {
      if ((group !== null && g !== group) || (sex !== null && s !== sex)) continue;
      const row = ((a * groups + g) * sexes + s) * count;
      for (let x = count === 1 ? 0 : ages[0]; x <= last; x++) sum += weight ? weight(s, x) * values[row + x] : values[row + x];
    }
    return sum;
  }

  return { summary, totals, pyramid, flows, counted };
})();
