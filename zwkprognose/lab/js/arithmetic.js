// Exponential, logarithm and powers with the bits of zwkprognose/arithmetic.py; the browsers' own differ from each other.
const arithmetic = (() => {
  const PER_LOG_2 = 1.4426950408889634, LOG_2 = 6.93147180369123816490e-1, LOG_2_REST = 1.90821492927058770002e-10;
  const EXP = [4.13813679705723846039e-8, -1.65339022054652515390e-6, 6.61375632143793436117e-5, -2.77777777770155933842e-3, 1.66666666666666019037e-1];
  const LOG = [1.479819860511658591e-1, 1.531383769920937332e-1, 1.818357216161805012e-1, 2.222219843214978396e-1, 2.857142874366239149e-1, 3.999999999940941908e-1, 6.666666666666735130e-1];
  const ROOT_HALF = 0x3FE6A09E, TINY = 2.2250738585072014e-308, FAR = 2147483648, LEAST = -1022, MOST = 1023;
  const float = new Float64Array(1), word = new Int32Array(float.buffer);  // the second word carries sign and exponent
  const POWERS = new Float64Array(MOST - LEAST + 1);
  POWERS[-LEAST] = 1;
  for (let k = 1; k <= MOST; k++) POWERS[k - LEAST] = POWERS[k - 1 - LEAST] * 2;
  for (let k = -1; k >= LEAST; k--) POWERS[k - LEAST] = POWERS[k + 1 - LEAST] / 2;

  const horner = (coefficients, x) => {
    let found = coefficients[0];
    for (let k = 1; k < coefficients.length; k++) found = found * x + coefficients[k];
    return found;
  };
  // Halves go to the even number, as NumPy's rint has them.
  const nearest = (x) => { const low = Math.floor(x), rest = x - low; return rest < 0.5 || (rest === 0.5 && low % 2 === 0) ? low : low + 1; };
  const powerOf2 = (k) => POWERS[Math.min(Math.max(k, LEAST), MOST) - LEAST];

  function exp(x) {
    if (Number.isNaN(x)) return x;
    const given = Math.min(Math.max(x, -746), 710), times = nearest(given * PER_LOG_2);
    const most = given - times * LOG_2, least = times * LOG_2_REST, r = most - least, square = r * r;
    const c = r - square * horner(EXP, square), small = most - (least - (r * c) / (2 - c)), half = Math.floor(times / 2);
    return times === 0 ? 1 + small : (1 + small) * powerOf2(half) * powerOf2(times - half);
  }

  function log(x) {
    if (x === 0) return -Infinity;
    if (x === Infinity) return Infinity;
    if (!(x > 0)) return NaN;
    if (x < TINY) return log(x * powerOf2(54)) - 54 * LOG_2 - 54 * LOG_2_REST;
    float[0] = x;
    const k = (word[1] - ROOT_HALF) >> 20;
    word[1] -= k << 20;
    const f = float[0] - 1, s = f / (2 + f), square = s * s, half = 0.5 * f * f, rest = square * horner(LOG, square);
    return k * LOG_2 - ((half - (s * (half + rest) + k * LOG_2_REST)) - f);
  }

  function power(base, exponent) {
    if (Number.isInteger(exponent) && exponent >= 0 && exponent < FAR) {
      let found = 1, b = base;
      for (let n = exponent; n; ) {
        if (n % 2) found *= b;
        n = Math.floor(n / 2);
        if (n) b *= b;
      }
      return found;
    }
    if (base > 0) return exp(exponent * log(base));
    return base === 0 ? (exponent > 0 ? 0 : Infinity) : NaN;
  }
  return { exp, log, power };
})();
