// What is assumed: up to four scenarios, each a list of statements, every change can be taken back; nothing here knows the browser.
const assumed = (() => {
  const MOST = 4, REMEMBERED = 200;
  const HEAD = ["schema", "name", "titel", "text", "autor", "datum", "gebietstypen"];
  const copy = (value) => JSON.parse(JSON.stringify(value));

  // Levers that are always at hand, at rest where the document says nothing of them.
  const USUAL = [
    { section: "annahme", said: { groesse: "geburten", prozent: 0 } },
    { section: "annahme", said: { groesse: "zuzuege", prozent: 0 } },
    { section: "annahme", said: { groesse: "fortzuege", prozent: 0 } },
    { section: "annahme", said: { groesse: "sterblichkeit", prozent: 0, verlauf: "jaehrlich" } },
  ];

  function statementsOf(document) {
    const said = describe.SECTIONS.flatMap((section) => (document[section] ?? []).map((one) => ({ section, said: copy(one) })));
    const unsaid = USUAL.filter((usual) => !said.some((one) => one.section === "annahme" && one.said.groesse === usual.said.groesse && !one.said.gebiete && !one.said.alter && !one.said.staatsangehoerigkeit && !one.said.geschlecht));
    return [...said, ...copy(unsaid)].map((one) => ({ id: fresh(), ...one }));
  }

  let given = 0;
  const fresh = () => { given += 1; return given; };

  const headOf = (document) => Object.fromEntries(HEAD.filter((key) => document[key] !== undefined).map((key) => [key, copy(document[key])]));

  function scenarioOf(document, title = document.titel || document.name) {
    return { head: headOf(document), title, statements: statementsOf(document) };
  }

  // The same scenario with the numbers of those statements of the base that speak of the same: they are compared.
  function known(base, scenario) {
    const address = ({ section, said }) => JSON.stringify([section, foundation.addressOf(section, said)]), left = base.statements.map((one) => [address(one), one.id]);
    const statements = scenario.statements.map((one) => {
      const place = left.findIndex(([there]) => there === address(one));
      return place < 0 ? one : { ...one, id: left.splice(place, 1)[0][1] };
    });
    return { ...scenario, statements };
  }

  // At rest a statement says nothing and stands in no document.
  function atRest({ section, said }) {
    if (section === "annahme") return said.prozent === 0 || said.faktor === 1;
    if (section === "halten" || (section === "anziehen" && said.prozent !== undefined)) return said.prozent === 0;
    if (section === "anziehen" || section === "ereignis") return said.personen === 0;
    if (section === "erstbezug") return said.wohnungen === 0;
    return section === "sondergruppe" && Object.values(said.plaetze).every((places) => places === 0);
  }

  function documentOf(scenario) {
    const document = { ...headOf(scenario.head), name: nameOf(scenario.title), titel: scenario.title };
    for (const { section, said } of scenario.statements) if (!atRest({ section, said })) (document[section] ??= []).push(copy(said));
    return document;
  }

  // A title as the short name of a document.
  function nameOf(title) {
    const plain = title.toLowerCase().replace(/ä/g, "ae").replace(/ö/g, "oe").replace(/ü/g, "ue").replace(/ß/g, "ss").replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
    return plain.slice(0, 40).replace(/-+$/, "") || "szenario";
  }

  // What differs from the base, statement by statement: `off` as the base has it, `on` as the scenario has it, or null.
  function levers(base, scenario) {
    const speaking = (one) => (one && !atRest(one) ? one.said : null), mine = new Map(scenario.statements.map((one) => [one.id, one])), theirs = new Set(base.statements.map(({ id }) => id));
    const pairs = [...base.statements.map((one) => [one, speaking(one), speaking(mine.get(one.id))]), ...scenario.statements.filter(({ id }) => !theirs.has(id)).map((one) => [one, null, speaking(one)])];
    return pairs.map(([{ id, section }, off, on]) => ({ id, section, off, on })).filter(({ off, on }) => JSON.stringify(off) !== JSON.stringify(on));
  }

  // The document of what a scenario and the base have in common, to which levers are added.
  function common(base, scenario) {
    const moved = new Set(levers(base, scenario).map(({ id }) => id));
    return documentOf({ ...scenario, statements: scenario.statements.filter(({ id }) => !moved.has(id)) });
  }

  // The document of the office with what is assumed on top of it.
  function onTopOf(office, own) {
    const whole = { ...copy(office), ...headOf(own) };
    for (const section of describe.SECTIONS) if (own[section]) whole[section] = [...(whole[section] ?? []), ...own[section]];
    return whole;
  }

  function sentence(words, { section, off, on }) {
    return on ? describe.sentence(words, section, on) : `Nicht mehr: ${describe.sentence(words, section, off)}`;
  }

  function started(document) {
    const scenario = scenarioOf(document);
    return { base: scenario, scenarios: [{ ...copy(scenario), title: "Szenario A" }], current: 0, past: [], future: [] };
  }

  const kept = ({ scenarios, current }) => copy({ scenarios, current });

  // The state after a change of the scenarios, which can be taken back.
  function changed(state, change) {
    const next = { ...state, ...kept(state), past: [...state.past, kept(state)].slice(-REMEMBERED), future: [] };
    change(next);
    return next;
  }

  const undone = (state) => (state.past.length ? { ...state, ...copy(state.past.at(-1)), past: state.past.slice(0, -1), future: [kept(state), ...state.future] } : state);
  const redone = (state) => (state.future.length ? { ...state, ...copy(state.future[0]), past: [...state.past, kept(state)], future: state.future.slice(1) } : state);

  // Another scenario that begins as the current one stands.
  function added(state) {
    return changed(state, (next) => {
      const letter = "ABCD"[next.scenarios.length];
      next.scenarios.push({ ...copy(next.scenarios[next.current]), title: `Szenario ${letter}` });
      next.current = next.scenarios.length - 1;
    });
  }

  return { MOST, started, scenarioOf, known, documentOf, levers, common, onTopOf, sentence, fresh, changed, undone, redone, added, atRest, copy };
})();
