// A scenario read aloud, as zwkprognose/scenarios/describe.py reads it; the words themselves come with the numbers.
const describe = (() => {
  const decimal = (value, digits = 2) => { const text = number(value, digits); return text.includes(",") ? text.replace(/,?0+$/, "") : text; };
  const few = (count, one, many) => { const text = decimal(count); return `${text} ${text.replace(/^−/, "") === "1" ? one : many}`; };
  const agreed = (count, one, many) => few(count, one, many).split(" ").slice(1).join(" ");
  const listed = (words) => (words.length > 1 ? `${words.slice(0, -1).join(", ")} und ${words.at(-1)}` : words[0] ?? "");
  const percentOf = (level) => `${decimal(Math.abs(level - 1) * 100)} %`;
  const persons = (count) => few(count, "Person", "Personen");

  function agesInWords(text) {
    const [first, last] = statements.agesOf(text);
    if (last === null) return `ab ${few(first, "Jahr", "Jahren")}`;
    return first === last ? few(first, "Jahr", "Jahre") : `${first} bis ${last} Jahre`;
  }

  const labelOf = (words, sign) => words.labels[statements.SIGNS[sign] ?? sign] ?? sign;
  const list = (value) => (typeof value === "string" ? [value] : value);

  // a key where nobody knows a name, or two areas share it
  const placeOf = (words, area) => (area.startsWith("@") ? `Gebietstyp ${area.slice(1)}` : words.names?.[area] ?? area);

  function whom(words, said) {
    const where = said.gebiete ? ` in ${listed(list(said.gebiete).map((area) => placeOf(words, area)))}` : "";
    const parts = [];
    if (said.staatsangehoerigkeit) parts.push(`Staatsangehörigkeit ${labelOf(words, said.staatsangehoerigkeit)}`);
    if (said.geschlecht) parts.push(labelOf(words, said.geschlecht));
    if (said.alter !== undefined) parts.push(agesInWords(said.alter));
    return where + (parts.length ? ` (${parts.join(", ")})` : "");
  }

  function period({ von, bis, dauer }) {
    const last = von && dauer ? von + dauer - 1 : bis;
    if (von && last) return von === last ? `im Jahr ${von}` : `von ${von} bis ${last}`;
    if (last) return `vom ersten Prognosejahr bis ${last}`;
    if (dauer) return dauer === 1 ? "im ersten Prognosejahr" : `in den ersten ${dauer} Prognosejahren`;
    return von ? `ab ${von}` : "ab dem ersten Prognosejahr";
  }

  const oneYear = (said) => said.dauer === 1 || (said.von !== undefined && said.von === said.bis);
  const begin = (said) => { const text = period(said); return text[0].toUpperCase() + text.slice(1); };

  function glidePeriod(said) {
    const from = said.von ? `von ${said.von}` : "vom ersten Prognosejahr";
    return said.dauer ? `${from} an über ${few(said.dauer, "Jahr", "Jahre")}` : `${from} bis ${said.bis}`;
  }

  function assumption(words, said) {
    if (said.ziel !== undefined) return goal(words, said);
    return `${words.subject[said.groesse]}${whom(words, said)} ${change(said)}`;
  }

  function goal(words, said) {
    const [subject, unit] = words.goal[said.groesse];
    const verb = said.verlauf === "gleitend" ? `verändert sich ${glidePeriod(said)} gleitend auf` : `liegt ${period(said)} bei`;
    const counted = unit.startsWith("Personen") ? unit.replace("Personen", agreed(said.ziel, "Person", "Personen")) : unit;
    return `${subject}${whom(words, said)} ${verb} ${decimal(said.ziel)} ${counted}`;
  }

  function change(said) {
    const level = said.prozent !== undefined ? 1 + said.prozent / 100 : said.faktor ?? 1, course = said.verlauf ?? "sprung";
    if (course === "sprung" || level === 1) {
      const compared = level === 0 ? "null" : level === 1 ? "unverändert" : `um ${percentOf(level)} ${level < 1 ? "niedriger" : "höher"} als im Basiszeitraum`;
      return `sind ${period(said)} ${compared}`;
    }
    const verb = level < 1 ? "sinken" : "steigen";
    if (course === "jaehrlich") {
      const then = said.bis === undefined && said.dauer === undefined ? "" : " und bleiben danach auf diesem Stand";
      return `${verb} ${period(said)} ${oneYear(said) ? "" : "jedes Jahr "}um ${percentOf(level)}${then}`;
    }
    return `${verb} ${glidePeriod(said)} gleitend ${level === 0 ? "auf null" : `um ${percentOf(level)} gegenüber dem Basiszeitraum`}`;
  }

  const retention = (words, said) => `Halten${whom(words, said)}: ${begin(said)} bleiben ${decimal(said.prozent)} % derer, die sonst fortziehen`;

  function attraction(words, said) {
    if (said.prozent !== undefined) return `Anziehen${whom(words, said)}: ${begin(said)} ziehen ${decimal(said.prozent)} % mehr Personen zu`;
    return `Anziehen${whom(words, said)}: ${arrivals(said, "mehr")}`;
  }

  function arrivals(said, more) {
    const spread = said.profil === "standard" ? "im Alter verteilt nach dem Modell von Rogers und Castro" : "verteilt wie die Zuzüge des Basiszeitraums";
    return `${begin(said)} ${agreed(said.personen, "zieht", "ziehen")} ${oneYear(said) ? "" : "je Jahr "}${persons(said.personen)} ${more} zu, ${spread}`;
  }

  function shares(byAge) {
    const told = Object.entries(byAge).filter(([, share]) => share);
    return listed(told.map(([ages, share]) => `${told.length === 1 ? "alle" : `${decimal(100 * share)} %`} (${agesInWords(ages)})`));
  }

  function housing(words, said) {
    const kind = said.typ ?? "gemischt", each = said.personen_je_wohnung || words.perDwelling[kind];
    const years = said.bis === undefined || said.bis === said.von ? `${said.von}` : `${said.von} bis ${said.bis}`;
    const ages = said.alter ? `; im Alter: ${shares(said.alter)}` : "", usual = said.personen_je_wohnung ? "" : " (üblicher Wert)";
    return `Erstbezug ${said.name} in ${placeOf(words, said.gebiet)}: ${few(said.wohnungen, ...words.kinds[kind])}, fertig ${years}${movingIn(said)}, mit ${persons(each)} je Wohnung${usual}, zusammen ${persons(Number(fixed(said.wohnungen * each, 0)))}; ${fromOutside(said.anteil_von_aussen)}${ages}`;
  }

  function movingIn({ einzug = [1] }) {
    if (einzug.length === 1 && einzug[0] === 1) return "";
    const lag = (k) => (k === 0 ? "im selben Jahr" : k === 1 ? "ein Jahr später" : `${k} Jahre später`);
    return ` (bezogen ${listed(einzug.flatMap((share, k) => (share ? [`zu ${decimal(100 * share)} % ${lag(k)}`] : [])))})`;
  }

  function fromOutside(share) {
    if (share === 1) return "alle kommen von außerhalb der Stadt";
    if (share === 0) return "alle kommen aus anderen Gebieten der Stadt";
    return `davon kommen ${decimal(100 * share)} % von außerhalb der Stadt, die anderen aus ihren übrigen Gebieten`;
  }

  function facility(words, said) {
    const places = listed(Object.entries(said.plaetze).map(([year, n]) => `${few(n, "Platz", "Plätze")} ab 31.12.${year}`));
    const who = [said.staatsangehoerigkeit, said.geschlecht].filter(Boolean).map((sign) => labelOf(words, sign));
    const closing = said.schliesst ? `; schließt am 31.12.${said.schliesst}; ${afterwards(said.bleibeanteil ?? 0)}` : "";
    return `Sondergruppe ${said.name} in ${placeOf(words, said.gebiet)}: ${places}, belegt: ${[...who, shares(said.alter)].join(", ")}${closing}`;
  }

  function afterwards(stay) {
    if (stay === 0) return "alle, die dort wohnen, verlassen dann die Stadt";
    if (stay === 1) return "alle, die dort wohnen, bleiben dann in der Stadt";
    return `${decimal(100 * stay)} % derer, die dort wohnen, bleiben dann in der Stadt, die anderen verlassen sie`;
  }

  function control(words, said) {
    const values = listed(Object.entries(said.personen).map(([year, n]) => `am 31.12.${year} genau ${persons(n)}`));
    const path = said.verlauf === "gleitend" ? ", gleitend von Jahr zu Jahr vom Bestand am Anfang an" : "";
    return `Eckwert: Die Bevölkerung${whom(words, said)} beträgt ${values}${path}; dazu werden Zu- und Fortzüge angepasst`;
  }

  const TELL = { annahme: assumption, halten: retention, anziehen: attraction, ereignis: (words, said) => `Ereignis ${said.name}${whom(words, said)}: ${arrivals(said, "zusätzlich")}`, erstbezug: housing, sondergruppe: facility, eckwert: control };

  // One statement as a sentence, with its reason.
  function sentence(words, section, said) {
    const reason = (said.text ?? "").split(/\s+/).filter(Boolean).join(" ");
    return `${TELL[section](words, said)}.${reason ? ` Grund: ${reason}${/[.!?]$/.test(reason) ? "" : "."}` : ""}`;
  }

  // What is built and decided comes first, what is assumed of everybody after it, what the sum must be last.
  const ORDER = ["erstbezug", "sondergruppe", "ereignis", "halten", "anziehen", "annahme", "eckwert"];

  // Every statement of a document, or that nothing changes.
  function told(words, document) {
    const said = ORDER.flatMap((section) => (document[section] ?? []).map((one) => sentence(words, section, one)));
    return said.length ? said : ["Alle Raten und Zuzüge bleiben, wie sie im Basiszeitraum geschätzt wurden."];
  }

  return { labelOf, SECTIONS: Object.keys(TELL), sentence, told, decimal, listed, persons };
})();
