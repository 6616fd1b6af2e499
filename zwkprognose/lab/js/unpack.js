// The numbers of the page from its bytes, to the bit; zwkprognose/lab/packing.py says how they travel.
const unpacking = (() => {
  const WRITTEN_OUT = -128;

  // One step of the last bit after the other.
  function stepped(value, steps, float, words) {
    float[0] = value;
    const low = words[0] + steps;
    words[0] = low;
    if (low < 0) words[1] -= 1;
    else if (low > 0xffffffff) words[1] += 1;
    return float[0];
  }

  // Little-endian words of the doubles, whose first bytes stand together, then their second ones and so on.
  function doublesOf(bytes, count) {
    const words = new Uint32Array(2 * count), four = (i, from) => bytes[from + i] | (bytes[from + count + i] << 8) | (bytes[from + 2 * count + i] << 16) | (bytes[from + 3 * count + i] << 24);
    for (let i = 0; i < count; i++) {
      words[2 * i] = four(i, 4);
      words[2 * i + 1] = four(i, 4 + 4 * count);
    }
    return new Float64Array(words.buffer);
  }

  const size = ({ shape }) => shape.reduce((a, b) => a * b, 1);

  // The arrays one after the other, each by its name.
  function* arrays(bytes, spots, byFactors) {
    const count = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true), doubles = doublesOf(bytes, count), steps = new Int8Array(bytes.buffer, bytes.byteOffset + 4 + 8 * count);
    const float = new Float64Array(1), words = new Uint32Array(float.buffer), firsts = {};
    let d = 0, s = 0;
    for (const [name, spot] of Object.entries(spots)) {
      const all = size(spot);
      if (!byFactors.includes(name)) { yield [name, doubles.slice(d, d + all)]; d += all; continue; }
      const found = new Float64Array(all), [years, areas] = spot.dims[0] === "year" ? spot.shape : [spot.shape[0], 1], year = all / years, area = year / areas, other = firsts[name.replace("@", "")], from = other ? 0 : 1;
      const first = other ?? doubles.subarray(d, d + year), factors = doubles.subarray(d + (other ? 0 : year), d + (other ? 0 : year) + (years - from) * areas);
      if (!other) { found.set(first); firsts[name] = first; d += year; }
      d += factors.length;
      for (let t = from; t < years; t++) {
        for (let a = 0; a < areas; a++) {
          const factor = factors[(t - from) * areas + a];
          for (let c = a * area; c < (a + 1) * area; c++) {
            const step = steps[s++], product = factor * first[c];
            found[t * year + c] = step === WRITTEN_OUT ? doubles[d++] : step === 0 ? product : stepped(product, step, float, words);
          }
        }
      }
      yield [name, found];
    }
  }

  return { arrays };
})();
