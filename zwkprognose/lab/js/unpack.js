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

  function numbers(bytes, arrays, byFactors) {
    const count = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true), straight = new Uint8Array(8 * count);
    for (let b = 0; b < 8; b++) for (let i = 0, from = 4 + b * count; i < count; i++) straight[8 * i + b] = bytes[from + i];
    const doubles = new Float64Array(straight.buffer), steps = new Int8Array(bytes.buffer, bytes.byteOffset + 4 + 8 * count);
    const size = ({ shape }) => shape.reduce((a, b) => a * b, 1), spots = Object.entries(arrays), found = new Float64Array(spots.reduce((all, [, spot]) => all + size(spot), 0));
    const float = new Float64Array(1), words = new Uint32Array(float.buffer);
    let d = 0, s = 0;
    for (const [name, spot] of spots) {
      const all = size(spot);
      if (!byFactors.includes(name)) { found.set(doubles.subarray(d, d + all), spot.at); d += all; continue; }
      const [years, areas] = spot.shape, year = all / years, area = year / areas, first = doubles.subarray(d, d + year), factors = doubles.subarray(d + year, d + year + (years - 1) * areas);
      found.set(first, spot.at);
      d += year + factors.length;
      for (let t = 1; t < years; t++) {
        for (let a = 0; a < areas; a++) {
          const factor = factors[(t - 1) * areas + a];
          for (let c = a * area; c < (a + 1) * area; c++) {
            const step = steps[s++], product = factor * first[c];
            found[spot.at + t * year + c] = step === WRITTEN_OUT ? doubles[d++] : step === 0 ? product : stepped(product, step, float, words);
          }
        }
      }
    }
    return found;
  }

  return { numbers };
})();
