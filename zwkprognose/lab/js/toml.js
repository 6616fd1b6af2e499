// Scenario documents as TOML: written so that zwkprognose reads them to the bit, and read as far as such documents go.
const toml = (() => {
  const WHOLE = new Set(["schema", "von", "bis", "dauer", "schliesst"]);
  const isTable = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  const isTables = (value) => Array.isArray(value) && value.length > 0 && value.every(isTable);
  const key = (text) => (/^[A-Za-z0-9_-]+$/.test(text) ? text : JSON.stringify(text));
  const text = (value) => JSON.stringify(value).replace(/\u007f/g, "\\u007f");

  // Numbers that are measures carry a point, years and counts of years none: TOML tells 2.0 from 2.
  function number(value, name) {
    const plain = String(value).replace("e+", "e");
    return Number.isInteger(value) && !WHOLE.has(name) && !plain.includes("e") ? `${plain}.0` : plain;
  }

  function written(value, name) {
    if (typeof value === "number") return number(value, name);
    if (typeof value === "boolean") return String(value);
    if (Array.isArray(value)) return `[${value.map((one) => written(one, name)).join(", ")}]`;
    if (isTable(value)) return `{ ${Object.entries(value).map(([k, v]) => `${key(k)} = ${written(v, name)}`).join(", ")} }`;
    return text(value);
  }

  function write(document) {
    const lines = Object.entries(document).filter(([, value]) => !isTables(value) && !isTable(value)).map(([name, value]) => `${key(name)} = ${written(value, name)}`);
    for (const [name, value] of Object.entries(document)) {
      const tables = isTables(value) ? value : isTable(value) ? [value] : [];
      for (const table of tables) lines.push("", isTables(value) ? `[[${key(name)}]]` : `[${key(name)}]`, ...Object.entries(table).map(([k, v]) => `${key(k)} = ${written(v, k)}`));
    }
    return `${lines.join("\n")}\n`;
  }

  // --- reading -------------------------------------------------------------------------------------------------------

  function read(source) {
    const at = { text: source.replace(/^\ufeff/, "").replace(/\r\n/g, "\n"), i: 0 }, document = {};
    let table = document;
    for (skip(at, true); at.i < at.text.length; skip(at, true)) {
      if (at.text[at.i] === "[") table = header(at, document);
      else pair(at, table);
      skip(at, false);
      if (at.i < at.text.length && at.text[at.i] !== "\n") wrong(at, "Hinter der Angabe steht noch etwas");
    }
    return document;
  }

  function wrong(at, what) {
    const line = at.text.slice(0, at.i).split("\n").length;
    throw new Refusal(`Zeile ${line}: ${what}. Das Dokument in einem Editor prüfen.`);
  }

  // Blanks and remarks; with `lines` empty lines too.
  function skip(at, lines) {
    for (;;) {
      const c = at.text[at.i];
      if (c === " " || c === "\t" || (lines && c === "\n")) at.i += 1;
      else if (c === "#") while (at.i < at.text.length && at.text[at.i] !== "\n") at.i += 1;
      else return;
    }
  }

  function take(at, sign) {
    if (!at.text.startsWith(sign, at.i)) wrong(at, `„${sign}“ fehlt`);
    at.i += sign.length;
  }

  function name(at) {
    if (at.text[at.i] === '"' || at.text[at.i] === "'") return string(at);
    const found = /^[A-Za-z0-9_-]+/.exec(at.text.slice(at.i, at.i + 200));
    if (!found) wrong(at, "Hier wird ein Name erwartet");
    at.i += found[0].length;
    return found[0];
  }

  function names(at) {
    const found = [name(at)];
    for (skip(at, false); at.text[at.i] === "."; skip(at, false)) { at.i += 1; skip(at, false); found.push(name(at)); }
    return found;
  }

  const own = (table, k) => (Object.hasOwn(table, k) ? table[k] : undefined);
  const put = (table, k, value) => Object.defineProperty(table, k, { value, enumerable: true, writable: true, configurable: true });

  function header(at, document) {
    const several = at.text.startsWith("[[", at.i);
    take(at, several ? "[[" : "[");
    skip(at, false);
    const path = names(at);
    take(at, several ? "]]" : "]");
    let table = document;
    path.forEach((k, depth) => {
      const last = depth === path.length - 1, there = own(table, k);
      if (last && several) {
        if (there !== undefined && !Array.isArray(there)) wrong(at, `„${k}“ steht schon da`);
        if (there === undefined) put(table, k, []);
        table[k].push({});
        table = table[k].at(-1);
      } else {
        if (there === undefined) put(table, k, {});
        else if (last || !(isTable(there) || isTables(there))) wrong(at, `„${k}“ steht schon da`);
        table = Array.isArray(table[k]) ? table[k].at(-1) : table[k];
      }
    });
    return table;
  }

  function pair(at, table) {
    const path = names(at);
    skip(at, false);
    take(at, "=");
    skip(at, false);
    const place = path.slice(0, -1).reduce((inner, k) => { if (own(inner, k) === undefined) put(inner, k, {}); return own(inner, k); }, table);
    if (!isTable(place) || own(place, path.at(-1)) !== undefined) wrong(at, `„${path.join(".")}“ steht schon da`);
    put(place, path.at(-1), value(at));
  }

  function value(at) {
    const c = at.text[at.i];
    if (c === '"' || c === "'") return string(at);
    if (c === "[") return sequence(at, "]", () => value(at), []);
    if (c === "{") { const table = {}; sequence(at, "}", () => pair(at, table), []); return table; }
    const found = /^[^\s,\]}#]+/.exec(at.text.slice(at.i, at.i + 200)), word = found ? found[0] : "";
    at.i += word.length;
    if (word === "true" || word === "false") return word === "true";
    if (/^\d{4}-\d{2}-\d{2}$/.test(word)) return word;
    if (/^[+-]?(0|[1-9](_?\d)*)(\.\d(_?\d)*)?([eE][+-]?\d(_?\d)*)?$/.test(word)) return Number(word.replace(/_/g, ""));
    return wrong(at, `„${word}“ ist keine Zahl und kein Text in Anführungszeichen`);
  }

  function sequence(at, end, element, found) {
    at.i += 1;
    for (skip(at, true); at.text[at.i] !== end; skip(at, true)) {
      if (at.i >= at.text.length) wrong(at, `„${end}“ fehlt`);
      found.push(element());
      skip(at, true);
      if (at.text[at.i] === ",") at.i += 1;
      else if (at.text[at.i] !== end) wrong(at, `„${end}“ fehlt`);
    }
    at.i += 1;
    return found;
  }

  function string(at) {
    const sign = at.text[at.i], long = at.text.startsWith(sign.repeat(3), at.i), end = long ? sign.repeat(3) : sign;
    at.i += end.length;
    if (long && at.text[at.i] === "\n") at.i += 1;
    let found = "";
    while (!at.text.startsWith(end, at.i) || (long && at.text.startsWith(sign, at.i + 3))) {
      const c = at.text[at.i];
      if (c === undefined || (c === "\n" && !long)) wrong(at, "Ein Text endet nicht");
      if (c === "\\" && sign === '"') found += escape(at, long);
      else { found += c; at.i += 1; }
    }
    at.i += end.length;
    return found;
  }

  function escape(at, long) {
    const ahead = at.text.slice(at.i, at.i + 12), code = /^\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(ahead);
    if (code) { at.i += code[0].length; return String.fromCodePoint(parseInt(code[1] ?? code[2], 16)); }
    const simple = { b: "\b", t: "\t", n: "\n", f: "\f", r: "\r", '"': '"', "\\": "\\" }[ahead[1]];
    if (simple !== undefined) { at.i += 2; return simple; }
    const folded = long && /^\\[ \t]*\n\s*/.exec(at.text.slice(at.i));
    if (!folded) wrong(at, `„\\${ahead[1]}“ gibt es in Texten nicht`);
    at.i += folded[0].length;
    return "";
  }

  return { write, read };
})();
