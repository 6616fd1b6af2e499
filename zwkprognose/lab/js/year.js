// One year of the cohort-component method in the order of zwkprognose/engine/reference.py; its lines are `formulas`.
//
// Everything is a Float64Array over cells (area, group, sex, age), ages innermost, by the age reached at the end of the
// year. What holds for a year stands in `given`: rates as whole arrays, persons who move into new dwellings, facilities,
// Eckwerte. `city` says what a cell is: numbers of areas, groups, sexes and ages, the order of areas in sums, the women,
// the citizens, and how much of the year movers share.
const year = (() => {
  const BLOCK = 64, ROUNDS = 60, SETTLED = 1e-12;
  const zeros = (n) => new Float64Array(n);

  // Arrays that are free again: who looks at each year as it comes needs no room for all of them.
  function room() {
    const free = [];
    return { take: (n) => (free.at(-1)?.length === n ? free.pop() : zeros(n)), give: (values) => { free.push(values); } };
  }
  const KEEPING = { take: zeros, give() {} };

  // Sums over the areas for every cell of one area: blocks of areas one by one in order, and then the blocks.
  function overAreas(city, values, from, to) {
    const { areas, cells, ages, order } = city, total = zeros(cells), block = zeros(cells);
    for (let first = 0; first < areas; first += BLOCK) {
      const last = Math.min(first + BLOCK, areas), sum = first === 0 ? total : block;
      for (let k = first; k < last; k++) {
        const area = order[k] * cells;
        for (let row = 0; row < cells; row += ages) for (let c = row + from; c < row + to; c++) sum[c] = k === first ? values[area + c] : sum[c] + values[area + c];
      }
      if (first > 0) for (let c = 0; c < cells; c++) total[c] += block[c];
    }
    return total;
  }

  // Everybody one year older; those in the open group stay in it, nobody is born yet.
  function aged(stock, ages, start = zeros(stock.length)) {
    for (let row = 0; row < stock.length; row += ages) {
      start[row] = 0;
      for (let x = 1; x < ages; x++) start[row + x] = stock[row + x - 1];
      start[row + ages - 1] += stock[row + ages - 1];
    }
    return start;
  }

  const plus = (a, b) => { const c = zeros(a.length); for (let i = 0; i < c.length; i++) c[i] = a[i] + b[i]; return c; };
  const minus = (a, b) => { const c = zeros(a.length); for (let i = 0; i < c.length; i++) c[i] = a[i] - b[i]; return c; };

  // The stock one year after `previous`, and every component.
  function advance(city, previous, given, space = KEEPING) {
    const base = given.special ? minus(previous, given.special.before) : previous, start = aged(base, city.ages, space.take(previous.length));
    const found = given.margins.some((margin) => margin.spansBirths) ? together(city, start, base, given, space) : inTurn(city, start, base, given, space);
    if (given.special) {
      found.sondergruppe = plus(minus(given.special.after, aged(given.special.before, city.ages)), found.sondergruppe);
      found.population = plus(found.population, given.special.after);
    }
    space.give(start);
    return found;
  }

  // First those who are born already, then their children.
  function inTurn(city, start, base, given, space) {
    const found = results(city, given, space);
    move(city, start, given, 1, city.ages, found);
    found.births = births(city, start, found.population, given);
    withNewborns(city, start, found.births);
    move(city, start, given, 0, 1, found);
    return found;
  }

  // Eckwerte with their cells of some ages, as far as they have any.
  const held = (margins, from, to) => margins.map((margin) => ({ name: margin.name, target: margin.target, cells: margin.atAges(from, to) })).filter(({ cells }) => cells.length);

  function move(city, start, given, from, to, found) {
    const margins = held(given.margins, from, to), inside = movesInside(city, start, given, from, to, found);
    if (!margins.length) { plannedAndSettled(city, start, given, from, to, found, inside); return; }
    planned(city, start, given, from, to, found);
    eckwerte(city, start, given, margins, inside, found);
    settle(city, start, given, from, to, found, inside);
  }

  // Eckwerte that hold newborns and others: moves depend on births and births on moves, so by turns.
  function together(city, start, base, given, space) {
    const free = results(city, given, space), found = results(city, given, space), all = held(given.margins, 0, city.ages);
    move(city, start, { ...given, margins: [] }, 1, city.ages, free);
    let born = births(city, start, free.population, given);
    let inside = movesInside(city, start, given, 1, city.ages, found);
    planned(city, start, given, 1, city.ages, found);
    const inward = found.in_moves.slice(), outward = found.out_moves.slice();
    for (let round = 0; round < ROUNDS; round++) {
      withNewborns(city, start, born);
      found.in_moves.set(inward);
      found.out_moves.set(outward);
      inside = movesInside(city, start, given, 0, 1, found);
      planned(city, start, given, 0, 1, found);
      eckwerte(city, start, given, all, inside, found);
      settle(city, start, given, 0, city.ages, found, inside);
      const again = births(city, start, found.population, given);
      if (again.every((value, k) => Math.abs(value - born[k]) <= SETTLED * value)) {
        Object.values(free).forEach(space.give);
        return { ...found, births: born };
      }
      born = again;
    }
    throw new Refusal("Geburten und Eckwerte hängen so stark voneinander ab, dass sie nicht zur Ruhe kommen.");
  }

  function withNewborns(city, start, born) {
    for (let row = 0; row < born.length; row++) start[row * city.ages] = born[row];
  }

  function results(city, given, space) {
    const names = ["population", "deaths", "in_moves", "out_moves"];
    if (given.rates.move_out_prob) names.push("moves_in", "moves_out");
    if (given.rates.naturalisation_prob) names.push("naturalisations");
    if (given.arrivals) names.push("erstbezug");
    if (given.special) names.push("sondergruppe");
    return Object.fromEntries(names.map((name) => [name, space.take(city.areas * city.cells)]));
  }

  // Moves as the rates have them, for ages `from` up to, but not, `to`.
  function planned(city, start, given, from, to, found) {
    const { ages } = city, { out_prob: out, in_moves: inward, out_moves: outward } = given.rates;
    for (let row = 0; row < start.length; row += ages) {
      for (let i = row + from; i < row + to; i++) {
        found.in_moves[i] = inward[i];
        found.out_moves[i] = outward ? start[i] * out[i] + outward[i] : start[i] * out[i];
      }
    }
  }

  // Deaths, and the stock at the end of the year.
  function settle(city, start, given, from, to, found, inside) {
    const { ages, exposure } = city, { death_prob: death } = given.rates, { in_moves: inward, out_moves: outward, deaths, population } = found;
    for (let row = 0; row < start.length; row += ages) {
      for (let x = from, i = row + from; x < to; x++, i++) {
        const w = exposure[x], come = inward[i], gone = outward[i], moved = inside ? inside[i] : 0, early = formulas.early(w, come) - formulas.early(w, gone);
        deaths[i] = formulas.deaths(death[i], start[i], early, formulas.early(w, moved));
        population[i] = formulas.stock(start[i], deaths[i], come - gone, moved);
      }
    }
  }

  // Both at one go, where no Eckwert changes the moves in between: every cell is touched once.
  function plannedAndSettled(city, start, given, from, to, found, inside) {
    const { ages, exposure } = city, { death_prob: death, out_prob: out, in_moves: coming, out_moves: going } = given.rates, { in_moves: inward, out_moves: outward, deaths, population } = found;
    for (let row = 0; row < start.length; row += ages) {
      for (let x = from, i = row + from; x < to; x++, i++) {
        const w = exposure[x], J = start[i], come = coming[i], gone = going ? J * out[i] + going[i] : J * out[i], moved = inside ? inside[i] : 0;
        const dead = formulas.deaths(death[i], J, formulas.early(w, come) - formulas.early(w, gone), formulas.early(w, moved));
        inward[i] = come;
        outward[i] = gone;
        deaths[i] = dead;
        population[i] = formulas.stock(J, dead, come - gone, moved);
      }
    }
  }

  // Net entries that do not cross the city line in both directions, written by component; null if there are none.
  function movesInside(city, start, given, from, to, found) {
    const { rates } = given;
    if (!(rates.move_out_prob || rates.naturalisation_prob || given.arrivals || given.special)) return null;
    const inside = (city.inside ??= zeros(start.length));
    for (let row = 0; row < start.length; row += city.ages) inside.fill(0, row + from, row + to);
    if (rates.move_out_prob) pooled(city, start, rates, from, to, found, inside);
    if (rates.naturalisation_prob) {
      naturalised(city, start, rates.naturalisation_prob, from, to, found.naturalisations);
      add(city, found.naturalisations, from, to, inside);
    }
    if (given.arrivals) {
      const { fromInside, fromOutside } = given.arrivals, taken = drawn(city, start, fromInside, from, to), { erstbezug } = found;
      for (let row = 0; row < start.length; row += city.ages) for (let i = row + from; i < row + to; i++) erstbezug[i] = fromInside[i] + fromOutside[i] - taken[i];
      add(city, erstbezug, from, to, inside);
    }
    if (given.special) {
      const staying = given.special.released;
      if (rates.move_in_share) shared(city, rates.move_in_share, overAreas(city, staying, from, to), from, to, found.sondergruppe);
      else for (let row = 0; row < start.length; row += city.ages) for (let i = row + from; i < row + to; i++) found.sondergruppe[i] = staying[i];
      add(city, found.sondergruppe, from, to, inside);
    }
    return inside;
  }

  function add({ ages }, values, from, to, inside) {
    for (let row = 0; row < inside.length; row += ages) for (let i = row + from; i < row + to; i++) inside[i] += values[i];
  }

  // Everybody who moves inside the city goes into one pool, of which each area has its share.
  function pooled(city, start, rates, from, to, { moves_out: out, moves_in: inward }, inside) {
    const { move_out_prob: prob } = rates;
    for (let row = 0; row < start.length; row += city.ages) for (let i = row + from; i < row + to; i++) out[i] = start[i] * prob[i];
    shared(city, rates.move_in_share, overAreas(city, out, from, to), from, to, inward);
    for (let row = 0; row < start.length; row += city.ages) for (let i = row + from; i < row + to; i++) inside[i] += inward[i] - out[i];
  }

  function shared({ cells, ages }, share, pool, from, to, into) {
    for (let area = 0; area < into.length; area += cells) for (let row = 0; row < cells; row += ages) for (let c = row + from; c < row + to; c++) into[area + c] = share[area + c] * pool[c];
  }

  // Change of group: those who leave each group (−) join the citizens (+).
  function naturalised({ areas, cells, groups, ages, citizens }, start, rate, from, to, change) {
    const group = cells / groups;
    for (let a = 0; a < areas; a++) {
      for (let row = 0; row < group; row += ages) {
        for (let first = a * cells + row + from; first < a * cells + row + to; first++) {
          let all = start[first] * rate[first];
          change[first] = -all;
          for (let g = 1; g < groups; g++) {
            const i = first + g * group, leaving = start[i] * rate[i];
            change[i] = -leaving;
            all += leaving;
          }
          change[first + citizens * group] += all;
        }
      }
    }
  }

  // Persons whom each area gives to the new dwellings of the others, in proportion to the cohort living there.
  function drawn(city, start, fromInside, from, to) {
    const { areas, cells, ages, order } = city, all = overAreas(city, start, from, to), taken = zeros(start.length), called = zeros(cells);
    for (let k = 0; k < areas; k++) {
      const area = order[k] * cells;
      for (let row = 0; row < cells; row += ages) {
        for (let c = row + from; c < row + to; c++) {
          const i = area + c, elsewhere = all[c] - start[i];
          if (fromInside[i] > 0 && !(elsewhere > formulas.NOBODY_ELSE * all[c])) throw new Refusal("Neue Wohnungen sollen Personen eines Alters aufnehmen, das sonst nirgends in der Stadt wohnt. Den Anteil von außen auf 1 setzen.");
          taken[i] = fromInside[i] > 0 ? formulas.asked(fromInside[i], elsewhere) : 0;
          called[c] = k === 0 ? taken[i] : called[c] + taken[i];
        }
      }
    }
    for (let area = 0; area < start.length; area += cells) for (let row = 0; row < cells; row += ages) for (let c = row + from; c < row + to; c++) taken[area + c] = formulas.given(start[area + c], called[c], taken[area + c]);
    return taken;
  }

  // Births by area, child's group and sex, from the women at the start and at the end of the year.
  function births(city, start, population, given) {
    const { areas, groups, sexes, ages, cells, female, mothersStart } = city, { fertility_rate: rate, birth_group: toGroup, birth_sex: bySex } = given.rates;
    const born = zeros(areas * groups * sexes), mothers = zeros(groups);
    for (let a = 0; a < areas; a++) {
      for (let g = 0; g < groups; g++) {
        const women = a * cells + (g * sexes + female) * ages, at = (a * groups + g) * ages;
        let sum = rate[at + 1] * formulas.mothers(mothersStart, start[women + 1], population[women + 1]);
        for (let x = 2; x < ages; x++) sum += rate[at + x] * formulas.mothers(mothersStart, start[women + x], population[women + x]);
        mothers[g] = sum;
      }
      for (let child = 0; child < groups; child++) {
        const to = (a * groups) * groups + child;
        let sum = mothers[0] * toGroup[to];
        for (let g = 1; g < groups; g++) sum += mothers[g] * toGroup[to + g * groups];
        for (let s = 0; s < sexes; s++) born[(a * groups + child) * sexes + s] = sum * bySex[a * sexes + s];
      }
    }
    return born;
  }

  // Moves across the city line change by one factor for each Eckwert until it is met: in-moves times f, out-moves over f,
  // at most those who are there. Eckwerte of one year share no cell.
  function eckwerte(city, start, given, margins, inside, found) {
    const { death_prob: death } = given.rates, { exposure, ages } = city;
    for (const { cells, ...margin } of margins) {
      const n = cells.length, stay = zeros(n), come = zeros(n), gone = zeros(n), scale = zeros(n);
      let resident = 0;
      for (let k = 0; k < n; k++) {
        const i = cells[k], w = exposure[i % ages], inward = found.in_moves[i], outward = found.out_moves[i];
        stay[k] = formulas.survivors(start[i], death[i], w, inside ? inside[i] : 0);
        come[k] = formulas.weighted(inward, death[i], formulas.early(w, inward));
        gone[k] = formulas.weighted(outward, death[i], formulas.early(w, outward));
        if (given.special) resident += given.special.after[i];
      }
      const factor = factorFor({ ...margin, outside: margin.target - resident }, stay, come, gone, scale);
      for (let k = 0; k < n; k++) { found.in_moves[cells[k]] *= factor; found.out_moves[cells[k]] *= scale[k]; }
    }
  }

  // The factor, and by how much the out-moves of each cell change.
  function factorFor(margin, stay, come, gone, scale) {
    const n = stay.length, near = formulas.MET * Math.max(margin.target, 1);
    let factor = 1;
    for (let step = 0; step < formulas.STEPS; step++) {
      let fixed = 0, inward = 0, outward = 0;
      for (let k = 0; k < n; k++) {
        const limit = formulas.ALMOST_ALL * Math.max(stay[k], 0), capped = gone[k] > limit * factor;
        inward += come[k];
        fixed += capped ? stay[k] - limit : stay[k];
        if (!capped) outward += gone[k];
        scale[k] = capped ? limit / gone[k] : 1 / factor;
      }
      const gap = margin.outside - fixed;
      if (Math.abs(inward * factor - outward / factor - gap) <= near) return factor;
      const both = Math.sqrt(formulas.discriminant(gap, inward, outward));
      const next = gap >= 0 ? (inward > 0 ? formulas.factor_up(gap, both, inward) : NaN) : outward > 0 ? formulas.factor_down(gap, both, outward) : NaN;
      if (!(next > 0)) break;
      factor = next;
    }
    throw new Refusal(`Der Eckwert ${margin.name} lässt sich nicht erreichen: Es gibt nicht genug Zu- und Fortzüge, die sich ändern ließen.`);
  }

  return { advance, aged, room };
})();
