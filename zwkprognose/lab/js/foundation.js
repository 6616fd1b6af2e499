// Documents as they come: in one spelling, and laid over the bundled scenario that they build on.
const foundation = (() => {
  const SIGNS = { deutsch: "D", nichtdeutsch: "A", german: "D", foreign: "A", weiblich: "w", "männlich": "m", female: "w", male: "m" };
  const WHOM = ["gebiete", "staatsangehoerigkeit", "geschlecht", "alter"];
  //: What tells statements of a section apart: those that agree in it replace each other.
  const ADDRESS = {
    annahme: ["groesse", ...WHOM, "von"], halten: [...WHOM, "von"], anziehen: [...WHOM, "von"], ereignis: ["name"],
    erstbezug: ["name", "gebiet"], sondergruppe: ["name", "gebiet"], eckwert: WHOM,
  };

  function normal(document) {
    const found = { ...document };
    for (const section of Object.keys(ADDRESS)) if (found[section]) found[section] = found[section].map(statement);
    return found;
  }

  function statement(said) {
    const found = { ...said };
    if (typeof found.gebiete === "string") found.gebiete = [found.gebiete];
    if (found.alter !== undefined && (typeof found.alter !== "object" || Array.isArray(found.alter))) {
      const [first, last] = statements.agesOf(found.alter);
      found.alter = last === null ? `${first}+` : `${first}-${last}`;
    }
    for (const key of ["staatsangehoerigkeit", "geschlecht"]) if (found[key] !== undefined) found[key] = SIGNS[found[key]] ?? found[key];
    return found;
  }

  const sorted = (value) => (value && typeof value === "object" && !Array.isArray(value) ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])])) : Array.isArray(value) ? value.map(sorted) : value);
  const same = (one, other) => JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
  const addressOf = (section, said) => Object.fromEntries(ADDRESS[section].filter((key) => said[key] !== undefined).map((key) => [key, said[key]]));

  // Statements under their addresses; a repeated address gets a number.
  function byAddress(section, said) {
    const found = new Map();
    for (const one of said ?? []) {
      const address = JSON.stringify(sorted(addressOf(section, one))), count = [...found.keys()].filter((key) => key.startsWith(`${address}#`)).length;
      found.set(`${address}#${count}`, one);
    }
    return found;
  }

  // A document without `grundlage`: what it says, laid over what it builds on.
  function whole(document, { names, documents }) {
    const { grundlage, streichung = [], ...own } = normal(document);
    if (grundlage === undefined && streichung.length) throw new Refusal("Eine „streichung“ braucht eine „grundlage“, aus der etwas gestrichen wird.");
    if (grundlage === undefined) return own;
    const key = names[grundlage.toLowerCase().split(/\s+/).filter(Boolean).join(" ")];
    if (!key) throw new Refusal(`Die Grundlage „${grundlage}“ liegt hier nicht vor. Die ausgeschriebene Fassung aus dem Ergebnisordner öffnen.`);
    const base = documents[key], mention = `(Grundlage: ${base.titel || base.name}.)`, joined = {};
    for (const section of Object.keys(ADDRESS)) joined[section] = [...new Map([...byAddress(section, base[section]), ...byAddress(section, own[section])]).values()];
    for (const { art, angabe } of streichung) {
      const place = (joined[art] ?? []).findLastIndex((said) => same(addressOf(art, said), angabe));
      if (place < 0) throw new Refusal(`Eine Angabe, die gestrichen werden soll, steht nicht in „${base.titel || base.name}“.`);
      joined[art].splice(place, 1);
    }
    const found = { ...own, text: own.text ? `${own.text} ${mention}` : mention, gebietstypen: { ...base.gebietstypen, ...own.gebietstypen } };
    if (!Object.keys(found.gebietstypen).length) delete found.gebietstypen;
    for (const section of Object.keys(ADDRESS)) {  // own statements first, each of them once
      const rest = [...joined[section]];
      for (const said of own[section] ?? []) { const place = rest.findIndex((one) => same(one, said)); if (place >= 0) rest.splice(place, 1); }
      const all = [...(own[section] ?? []), ...rest];
      if (all.length) found[section] = all;
    }
    return found;
  }

  return { whole, normal, addressOf };
})();
