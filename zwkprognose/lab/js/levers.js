// The one thing that a slider of a statement moves: its name, unit, limits, value, and how far it went in the past.
const levers = (() => {
  const LIMITS = { geburten: [-50, 50, 1], sterblichkeit: [-50, 50, 1], zuzuege: [-80, 100, 1], fortzuege: [-80, 100, 1], umzuege: [-80, 100, 1], einbuergerungen: [-80, 200, 1] };
  const NAMES = { geburten: "Geburten", sterblichkeit: "Sterblichkeit", zuzuege: "Zuzüge", fortzuege: "Fortzüge", umzuege: "Umzüge", einbuergerungen: "Einbürgerungen" };
  const WHOM = ["gebiete", "staatsangehoerigkeit", "geschlecht", "alter"];

  // `town`: persons at the start, names of areas by key, words, what has been observed of the whole.
  function of({ section, said }, { people, nameOf, words, observed }) {
    const many = Math.max(10, 10 ** Math.floor(Math.log10(people / 20)));
    const own = (key, name, unit, low, high, step) => ({ name, unit, low, high, step, value: said[key], write: (one, value) => { one[key] = value; }, seen: null });
    if (section === "annahme") return { ...rate(own, said, words), seen: seenOf(said, observed) };
    if (section === "halten") return own("prozent", "Halten: bleiben statt fortzuziehen", "%", 0, 60, 1);
    if (section === "anziehen" && said.prozent !== undefined) return own("prozent", "Anziehen: mehr Zuzüge", "%", 0, 100, 1);
    if (section === "anziehen") return own("personen", "Anziehen: mehr Personen je Jahr", "Personen", 0, many, many / 100);
    if (section === "ereignis") return own("personen", `Ereignis ${said.name}`, "Personen je Jahr", 0, 2 * many, many / 100);
    if (section === "erstbezug") return own("wohnungen", `Erstbezug ${said.name} in ${nameOf(said.gebiet)}`, "Wohnungen", 0, many, Math.max(1, many / 100));
    return section === "sondergruppe" ? facility(said, nameOf) : control(said, many, observed);
  }

  function rate(own, said, words) {
    const name = NAMES[said.groesse];
    if (said.ziel !== undefined) return own("ziel", `${name}: Ziel`, words.goal[said.groesse][1], 0, Math.max(2 * said.ziel, 1), said.ziel < 10 ? 0.05 : said.ziel < 200 ? 0.5 : 10);
    if (said.faktor !== undefined) return own("faktor", name, "fach", 0, 3, 0.05);
    if (said.verlauf === "jaehrlich") return own("prozent", `${name}, Änderung je Jahr`, "%", -5, 5, 0.1);
    return own("prozent", name, "%", ...LIMITS[said.groesse]);
  }

  function facility(said, nameOf) {
    const last = Object.keys(said.plaetze).at(-1), value = said.plaetze[last];
    return { name: `Einrichtung ${said.name} in ${nameOf(said.gebiet)}, ab ${last}`, unit: "Plätze", low: 0, high: Math.max(500, 2 * value), step: 5, value, write: (one, places) => { one.plaetze[last] = places; }, seen: null };
  }

  function control(said, many, { growth }) {
    const last = Object.keys(said.personen).at(-1), value = said.personen[last], whole = growth && !WHOM.some((key) => said[key] !== undefined);
    const seen = whole ? { low: growth.start * growth.low ** (last - growth.base), high: growth.start * growth.high ** (last - growth.base), text: `Wachstum wie ${growth.when}` } : null;
    return { name: `Eckwert für den 31.12.${last}`, unit: "Personen", low: Math.round(0.7 * value), high: Math.round(1.3 * value), step: Math.max(1, many / 100), value, write: (one, persons) => { one.personen[last] = persons; }, seen };
  }

  // Lowest and highest value that has been seen, in the unit of the slider; only of the whole town.
  function seenOf(said, { levels, goals }) {
    if (["gebiete", "staatsangehoerigkeit", "alter"].some((key) => said[key] !== undefined) || said.verlauf === "jaehrlich") return null;
    if (said.ziel !== undefined) return goals[`${said.groesse} ${said.geschlecht ?? ""}`.trim()] ?? null;
    const found = said.geschlecht === undefined ? levels[said.groesse] : undefined;
    return !found ? null : said.faktor !== undefined ? { ...found, low: found.low / 100 + 1, high: found.high / 100 + 1 } : found;
  }

  return { of };
})();
