// Figures as text of SVG, laid out as zwkprognose/output/figures does; the tests compare the two number by number.
const escaped = (text) => String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const rounded = (value, digits) => Math.round(value * 10 ** digits) / 10 ** digits;
const FIGURE = { width: 520, height: 300, low: 220, top: 14, bottom: 34, edge: 10 };

const scale = (low, high, start, end) => (value) => rounded(start + ((value - low) / (high - low)) * (end - start), 1);

function roundStep(span, count) {
  const raw = span / count, power = 10 ** Math.floor(Math.log10(raw));
  return rounded([1, 2, 2.5, 5, 10].find((factor) => factor * power >= raw * (1 - 1e-9)) * power, 12);
}

function ticks(low, high, count = 5, least = 0) {
  const span = high - low, step = Math.max(roundStep(span > 0 ? span : Math.max(Math.abs(high), 1) / 5, count), least);
  const first = Math.floor(low / step + 1e-9), last = Math.max(Math.ceil(high / step - 1e-9), first + 1);
  return Array.from({ length: last - first + 1 }, (_, k) => rounded((first + k) * step, 9));
}

const roomFor = (texts) => 12 + Math.round(8.8 * Math.max(...texts.map((text) => text.length)));

function frame(low, high, rightTexts = [], height = FIGURE.height) {
  const pad = 0.04 * (high - low) || Math.max(Math.abs(high), 1) * 0.1;
  const bottom = low === 0 ? 0 : low - pad, top = high + pad;
  const values = ticks(bottom, top, Math.floor(height / 50), 1).filter((value) => bottom <= value && value <= top);
  const y = scale(bottom, top, height - FIGURE.bottom, FIGURE.top), texts = values.map((value) => number(value));
  return {
    height, y, left: roomFor(texts), top: FIGURE.top, bottom: height - FIGURE.bottom,
    right: FIGURE.width - FIGURE.edge - (rightTexts.length ? roomFor(rightTexts) : 0),
    ticks: values.map((value, k) => [y(value), texts[k]]),
  };
}

function yearTicks(first, last) {
  const step = last - first <= 24 ? 5 : 10;
  return Array.from({ length: last - first + 1 }, (_, k) => first + k).filter((year) => year % step === 0);
}

// Labels move apart until none is closer than the gap to the next.
function spread(positions, gap, low, high) {
  const order = positions.map((_, k) => k).sort((a, b) => positions[a] - positions[b]), clusters = [];
  for (const k of order) {
    clusters.push([positions[k], 1]);
    while (clusters.length > 1) {
      const [[a, n], [b, m]] = clusters.slice(-2);
      if (b - a >= (gap * (n + m)) / 2) break;
      clusters.splice(-2, 2, [(a * n + b * m) / (n + m), n + m]);
    }
  }
  const placed = clusters.flatMap(([centre, size]) => Array.from({ length: size }, (_, k) => centre + gap * (k - (size - 1) / 2)));
  const pushed = (rising) => rising.reduce((done, value) => [...done, done.length ? Math.max(value, done.at(-1) + gap) : value], []);
  const lowest = pushed(placed.map((value) => Math.max(value, low)));
  const highest = pushed([...lowest].reverse().map((value) => -Math.min(value, high))).map((value) => -value).reverse();
  const result = [];
  order.forEach((k, i) => { result[k] = highest[i]; });
  return result;
}

function wrapped(name) {
  const words = name.replace(/\s*\([^()]*\)$/, "").split(/\s+/).filter(Boolean), lines = [words.shift() ?? name];
  for (const word of words) {
    if (lines.at(-1).length + 1 + word.length <= 17) lines[lines.length - 1] += ` ${word}`;
    else lines.push(word);
  }
  const kept = lines.length <= 2 ? lines : [lines[0], `${lines[1]} …`];
  return kept.map((line) => (line.length <= 17 ? line : `${line.slice(0, 16)}…`));
}

const scenarioStyles = (count, main) => Array.from({ length: count }, (_, k) => (k === main ? 0 : 1 + ((k < main ? k : k - 1) % 4)));
const polyline = (x, y, points) => points.map(([a, b]) => `${x(a)},${y(b)}`).join(" ");

function svg(height, label, content, width = FIGURE.width) {
  return `<svg class="fig" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(label)}">${content}<path class="cursor"/></svg>`;
}

function axes(box, xTicks) {
  const grid = box.ticks.map(([y]) => `<path d="M${box.left} ${y}H${box.right}"/>`).join("");
  const left = box.ticks.map(([y, text]) => `<text x="${box.left - 7}" y="${y + 4}">${text}</text>`).join("");
  const below = xTicks.map(([x, year]) => `<text x="${x}" y="${box.bottom + 21}">${year}</text>`).join("");
  return `<g class="grid">${grid}</g><g class="tick end">${left}</g><g class="tick mid">${below}</g>`;
}

// lines: [{name, values, style}] over data years; past: [[year, persons]]; fan: {years, pairs}; marked: the chosen year.
function linesFigure(years, lines, { past = [], fan = null, height = FIGURE.height, label = "", marked = null, digits = 0 } = {}) {
  const pairs = fan ? fan.pairs.filter(([low]) => low !== null) : [];
  const first = Math.min(years[0], ...past.map(([year]) => year)), last = years.at(-1);
  const seen = [...lines.flatMap((line) => line.values), ...past.map(([, value]) => value), ...pairs.flat()];
  const names = lines.map((line) => wrapped(line.name));
  const box = frame(Math.min(...seen), Math.max(...seen), names.flat(), height), x = scale(first, last, box.left, box.right);
  const gap = 15 * (1 + Math.max(...names.map((name) => name.length))) + 2;
  const ends = lines.map((line) => box.y(line.values.at(-1)));
  const labels = spread(ends, gap, box.top + 6, box.bottom - gap + 19).map((place) => rounded(place, 1));
  const drawn = lines.map((line, k) => {
    const at = x(last), text = at + 12, name = names[k].map((part, i) => (i ? `<tspan x="${text}" dy="1.15em">${escaped(part)}</tspan>` : escaped(part))).join("");
    return [line.strong ? -1 : line.style, `<polyline class="line l${line.style}${line.strong ? " strong" : ""}" points="${polyline(x, box.y, line.values.map((value, t) => [years[t], value]))}"/>`
      + `<circle class="dot l${line.style}" cx="${at}" cy="${ends[k]}" r="3.5"/><path class="lead" d="M${at + 5} ${ends[k]}L${at + 10} ${rounded(labels[k] - 2, 1)}"/>`
      + `<text class="name l${line.style}" x="${text}" y="${rounded(labels[k] - 2, 1)}">${name}<tspan class="value" x="${text}" dy="1.15em">${number(line.values.at(-1))}</tspan></text>`];
  }).sort(([a], [b]) => b - a).map(([, text]) => text).join("");
  const open = fan && pairs.length ? fanOf(x, box.y, years[0], lines[0].values[0], fan) : "";
  const counted = past.length ? `<polyline class="past" points="${polyline(x, box.y, past)}"/>` + past.map(([year, value]) => `<circle class="past" cx="${x(year)}" cy="${box.y(value)}" r="3"/>`).join("") : "";
  const rule = `<path class="now" d="M${x(years[0])} ${box.top}V${box.bottom}"/>` + (marked ? `<path class="marked" d="M${x(marked)} ${box.top}V${box.bottom}"/>` : "");
  const earlier = past.filter(([year]) => year < years[0]).map(([year, value]) => ({ at: x(year), text: `${year}: Bestand ${number(value)}` }));
  const marks = years.map((year, t) => ({ at: x(year), text: `${year}: ${lines.map((line) => `${line.name} ${number(line.values[t], digits)}`).join("; ")}` }));
  return { html: svg(height, label, axes(box, yearTicks(first, last).map((year) => [x(year), year])) + open + rule + drawn + counted), axis: "x", marks: [...earlier, ...marks], from: box.top, to: box.bottom };
}

function fanOf(x, y, year, value, fan) {
  const known = fan.years.map((one, k) => [one, fan.pairs[k]]).filter(([, pair]) => pair[0] !== null);
  const out = known.map(([one, pair]) => [one, pair[1]]), back = known.map(([one, pair]) => [one, pair[0]]).reverse();
  return `<polygon class="fan" points="${polyline(x, y, [[year, value], ...out, ...back])}"/>`;
}

// layers: [{name, values}] signed, over flow years; texts: what is read for every year.
function stacksFigure(years, layers, { label = "", marked = null, texts = [] } = {}) {
  const above = (t) => sum(layers.map((layer) => Math.max(layer.values[t], 0))), below = (t) => sum(layers.map((layer) => Math.min(layer.values[t], 0)));
  const box = frame(Math.min(...years.map((_, t) => below(t))), Math.max(...years.map((_, t) => above(t)), 1));
  const slot = (box.right - box.left) / years.length, x = years.map((_, k) => rounded(box.left + slot * (k + 0.5), 1));
  const width = (slot * 0.78).toFixed(1), half = (slot * 0.78) / 2, up = years.map(() => 0), down = years.map(() => 0);
  const bars = layers.map((layer, k) => `<path class="part c${k}" d="${layer.values.map((value, t) => {
    if (!value) return "";
    const stack = value > 0 ? up : down;
    stack[t] += value;
    return `M${(x[t] - half).toFixed(1)} ${box.y(stack[t] - value)}h${width}V${box.y(stack[t])}h-${width}Z`;
  }).join("")}"/>`).join("");
  const points = years.map((_, t) => [x[t], box.y(sum(layers.map((layer) => layer.values[t])))]), path = points.map(([a, b]) => `${a},${b}`).join(" ");
  const xTicks = yearTicks(years[0], years.at(-1)).map((year) => [x[year - years[0]], year]);
  const place = years.indexOf(marked), rule = place < 0 ? "" : `<path class="marked" d="M${rounded(x[place] + slot / 2, 1)} ${box.top}V${box.bottom}"/>`;
  const content = axes(box, xTicks) + bars + `<path class="zero" d="M${box.left} ${box.y(0)}H${box.right}"/>` + rule
    + `<polyline class="balance halo" points="${path}"/><polyline class="balance" points="${path}"/>` + points.map(([a, b]) => `<circle class="balance" cx="${a}" cy="${b}" r="2.6"/>`).join("");
  const legend = layers.map((layer, k) => `<li><i class="c${k}"></i>${escaped(layer.name)}</li>`).join("");
  return { html: `${svg(box.height, label, content)}<ul class="legend">${legend}<li><i class="balance"></i>Veränderung insgesamt</li></ul>`, axis: "x", marks: years.map((_, t) => ({ at: x[t], text: texts[t] })), from: box.top, to: box.bottom };
}

const PYRAMID = { width: 520, height: 540, top: 34, bottom: 46, gap: 20, side: 26, open: 5 };

// bands: [[first, last, label]]; base, shown: [women, men] by band; all: every state that shares the scale.
function pyramidFigure(bands, base, shown, all, { label = "", baseYear = "", year = "" } = {}) {
  const P = PYRAMID, topAge = bands.at(-1)[0] + P.open, widths = bands.map(([first, last]) => (last === null ? P.open : last - first + 1));
  const density = (state) => state.map((side) => side.map((value, k) => value / widths[k]));
  const most = Math.max(0.5, ...[base, ...all].flatMap((state) => density(state).flat())) * 1.03;
  const steps = ticks(0, most, most >= 10000 ? 3 : 4).filter((step) => step <= most);
  const age = scale(0, topAge, P.height - P.bottom, P.top), centre = P.width / 2;
  const right = scale(0, most, centre + P.gap, P.width - P.side), left = scale(0, most, centre - P.gap, P.side);
  const edges = [...bands.map(([first]) => age(first)), age(topAge)];
  const stairs = (to, values) => `M${to(0)} ${edges[0]}${values.map((value, k) => `H${to(value)}V${edges[k + 1]}`).join("")}H${to(0)}Z`;
  const sides = (state) => { const [women, men] = density(state); return [stairs(left, men), stairs(right, women)]; };
  const [men, women] = sides(shown), outline = sides(base), [females, males] = shown.map(sum);
  const value = (step) => number(step, Number.isInteger(step) ? 0 : 1);
  const grid = [left, right].flatMap((to) => steps.map((step) => `<path d="M${to(step)} ${P.top}V${P.height - P.bottom}"/>`)).join("");
  const texts = [left, right].flatMap((to) => steps.map((step) => `<text x="${to(step)}" y="${P.height - P.bottom + 19}">${value(step)}</text>`)).join("");
  const years = Array.from({ length: Math.ceil(topAge / 10) }, (_, k) => 10 * k).map((a) => `<text x="${centre}" y="${age(a) + 4}">${a}</text>`).join("");
  const content = `<g class="grid">${grid}</g><g class="tick mid">${years}${texts}</g><path class="men" d="${men}"/><path class="women" d="${women}"/>`
    + `<text class="side" x="26" y="18">Männer ${number(males)}</text><text class="side end" x="${P.width - 26}" y="18">Frauen ${number(females)}</text>`
    + outline.map((path) => `<path class="base" d="${path}"/>`).join("") + `<text class="unit mid" x="${centre}" y="${P.height - 3}">Personen je Altersjahr</text>`;
  const marks = bands.map(([, , name], k) => ({
    at: (edges[k] + edges[k + 1]) / 2,
    text: `Alter ${name}: Männer ${number(shown[1][k])}, Frauen ${number(shown[0][k])} (${year}); Männer ${number(base[1][k])}, Frauen ${number(base[0][k])} (${baseYear})`,
  }));
  return { html: svg(P.height, label, content, P.width), axis: "y", marks, from: P.side, to: P.width - P.side };
}

const SMALL = { width: 132, height: 64, edge: 4 };

// places: [{key, name, values}] of areas that do not begin empty; city: its values. All on one scale, base year = 100.
function multiplesFigure(places, city) {
  const index = (values) => values.map((value) => (100 * value) / values[0]), whole = index(city), lines = places.map((place) => index(place.values));
  let low = Infinity, high = -Infinity;
  for (const line of [whole, ...lines]) for (const value of line) { low = Math.min(low, value); high = Math.max(high, value); }
  const room = Math.max(high - low, 1), y = scale(low - 0.04 * room, high + 0.04 * room, SMALL.height - SMALL.edge, SMALL.edge);
  const x = scale(0, Math.max(city.length - 1, 1), SMALL.edge, SMALL.width - SMALL.edge);
  const path = (line) => line.map((value, k) => `${x(k)},${y(value)}`).join(" "), town = path(whole);
  return places.map((place, k) => `<li><a href="#gebiet=${escaped(encodeURIComponent(place.key))}" data-key="${escaped(place.key)}"><span>${escaped(place.name)} <b>${percent(lines[k].at(-1) - 100, 0)}</b></span>`
    + `<svg viewBox="0 0 ${SMALL.width} ${SMALL.height}" aria-hidden="true"><path class="hundred" d="M0 ${y(100)}H${SMALL.width}"/><polyline class="whole" points="${town}"/><polyline class="own" points="${path(lines[k])}"/><circle cx="${x(lines[k].length - 1)}" cy="${y(lines[k].at(-1))}" r="2.6"/></svg></a></li>`).join("");
}
