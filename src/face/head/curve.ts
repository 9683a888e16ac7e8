/** 0 below `from`, 1 above `to` (or the other way round where `to` is less), smooth between. */
export function ramp(from: number, to: number, x: number): number {
  const t = clamp((x - from) / (to - from), 0, 1);
  return t * t * (3 - 2 * t);
}

export function clamp(x: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, x));
}

export function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}

/** A bump of height 1 about a point, gone at about two radii. */
export function bell(dx: number, dz: number, rx: number, rz: number): number {
  const square = (dx / rx) ** 2 + (dz / rz) ** 2;
  // Cut where it no longer shows, so that few vertices are touched.
  return square > 3.9 ? 0 : Math.max(0, (Math.exp(-square) - 0.02) / 0.98);
}

/** A smooth curve through keys (x rising) that never overshoots them: Fritsch and Carlson's monotone cubic. */
export function through(keys: readonly (readonly [number, number])[]): (x: number) => number {
  const n = keys.length;
  const x = keys.map((key) => key[0]);
  const y = keys.map((key) => key[1]);
  const get = (list: readonly number[], i: number): number => list[clamp(i, 0, list.length - 1)] ?? 0;
  const secant = Array.from(
    { length: n - 1 },
    (_, i) => (get(y, i + 1) - get(y, i)) / (get(x, i + 1) - get(x, i)),
  );
  const slope = Array.from({ length: n }, (_, i) => {
    const [before, after] = [get(secant, i - 1), get(secant, i)];
    if (i === 0 || i === n - 1) return i === 0 ? after : before;
    return before * after <= 0 ? 0 : (2 * before * after) / (before + after);
  });
  return (at) => {
    let i = 0;
    while (i < n - 2 && at > get(x, i + 1)) i++;
    const width = get(x, i + 1) - get(x, i);
    const t = clamp((at - get(x, i)) / width, 0, 1);
    const u = t * t * (3 - 2 * t);
    return (
      mix(get(y, i), get(y, i + 1), u) +
      width * t * (1 - t) * ((1 - t) * get(slope, i) - t * get(slope, i + 1))
    );
  };
}
