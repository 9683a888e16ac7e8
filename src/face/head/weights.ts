import { clamp, ramp } from './curve';
import { PART, type HalfMesh } from './mesh';
import type { Skin } from './skin';
import { EYE_BLOCK, MOUTH_BLOCK, NECK_ROW } from './topology';

/** Sweeps of relaxation: enough for the cheeks, which are some twenty vertices wide, to settle. */
const SWEEPS = 260;

/** Corners of the mouth follow the jaw this much, and closed lips. */
const CORNER = 0.42;
const CLOSED = 0.5;

/**
 * How much each vertex follows the jaw, with open lips and with lips kept closed: settled at the lips, the chin and all
 * that belongs to the skull, and harmonic in between, so that the skin stretches evenly.
 */
export function jawWeights(mesh: HalfMesh, skin: Skin): { open: Float32Array; closed: Float32Array } {
  const n = mesh.points.length;
  const fixed = new Float32Array(n).fill(Number.NaN);
  for (let i = 0; i < n; i++) {
    const traits = mesh.traits[i];
    if (traits && traits.part !== PART.skin && traits.part !== PART.mouth) fixed[i] = traits.jaw ?? 0;
  }
  const front = MOUTH_BLOCK.row + MOUTH_BLOCK.rings - 1;
  for (const { vertex, column, row } of skin.grid) {
    const isSkull = row <= EYE_BLOCK.row + 6 || row >= NECK_ROW + 2 || column > 27;
    const isNose = row <= MOUTH_BLOCK.row - MOUTH_BLOCK.rings + 1 && column <= 6;
    const isChin = row >= front && row < front + 6 && column <= 13 - (row - front);
    if (isSkull || isNose) fixed[vertex] = 0;
    else if (isChin) fixed[vertex] = 1;
  }
  const closedFixed = fixed.slice();
  mesh.traits.forEach(({ part, lip = 0, lipRow = 9 }, vertex) => {
    // Closed lips keep their height: it is the skin about them that stretches.
    if (part === PART.skin && lip !== 0 && lipRow > 0 && lipRow <= 1)
      closedFixed[vertex] = CLOSED - 0.07 * lip * lipRow;
  });
  const corner = skin.lips.upper.length - 1;
  skin.lips.upper.forEach((vertex, i) => {
    // An oval: the lips' middles part, the corners stay together.
    const oval = Math.max(0, 1 - (i / corner) ** 2) ** 0.6;
    fixed[vertex] = CORNER * (1 - oval);
    const lower = skin.lips.lower[i] ?? vertex;
    fixed[lower] = CORNER + (1 - CORNER) * oval;
    closedFixed[vertex] = closedFixed[lower] = CLOSED;
  });
  const near = neighbours(mesh);
  const open = relax(fixed, near);
  const closed = relax(closedFixed, near);
  // Inside the mouth each vertex goes with its lip, ever more with its jaw.
  mesh.traits.forEach((traits, i) => {
    if (traits.part !== PART.mouth || traits.anchor === undefined || traits.lip === undefined) return;
    const lip = (traits.lip > 0 ? skin.lips.upper : skin.lips.lower).find(
      (vertex) => mesh.points[vertex] === traits.anchor,
    );
    if (lip === undefined) return;
    const own = traits.lip > 0 ? 0.05 : 0.95;
    const t = ramp(0, 0.7, traits.depth ?? 0);
    for (const weights of [open, closed]) weights[i] = (weights[lip] ?? 0) * (1 - t) + own * t;
  });
  return { open, closed };
}

function neighbours(mesh: HalfMesh): readonly (readonly number[])[] {
  const near = mesh.points.map(() => new Set<number>());
  for (let i = 0; i < mesh.triangles.length; i += 3)
    for (let k = 0; k < 3; k++) {
      const [a, b] = [mesh.triangles[i + k] ?? 0, mesh.triangles[i + ((k + 1) % 3)] ?? 0];
      near[a]?.add(b);
      near[b]?.add(a);
    }
  return near.map((set) => [...set]);
}

/** Fills in what is not a number: the mean of its neighbours, over and over. */
function relax(fixed: Float32Array, near: readonly (readonly number[])[]): Float32Array {
  const values = fixed.map((value) => (Number.isNaN(value) ? 0.3 : value));
  const free = near.flatMap((around, i) => (Number.isNaN(fixed[i]) && around.length > 0 ? [i] : []));
  for (let sweep = 0; sweep < SWEEPS; sweep++)
    for (const i of free) {
      const around = near[i] ?? [];
      let sum = 0;
      for (const j of around) sum += values[j] ?? 0;
      // Over-relaxed: gets there several times sooner.
      values[i] = (values[i] ?? 0) + 1.6 * (sum / around.length - (values[i] ?? 0));
    }
  for (const i of free) values[i] = clamp(values[i] ?? 0, 0, 1);
  return values;
}
