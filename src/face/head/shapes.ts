import { ARKIT_NAMES, type ArkitName } from '../names';
import { bell, clamp, ramp } from './curve';
import { JOINT, PART, type WholeMesh } from './mesh';
import type { HeadShape } from './style';

/** What a shape is told about a vertex. Metres, head frame. */
interface Site {
  x: number;
  y: number;
  z: number;
  part: number;
  /** 1 above the line between the lips, -1 below. */
  side: number;
  /** Across the red of the lips, 0 where they meet; large elsewhere. */
  row: number;
  depth: number;
  /** How much it follows the jaw's shifts: lips stay together in them. */
  jaw: number;
  tint: number;
  /** Height over the line between the lips. */
  dz: number;
  /** y as a part of the mouth's half width. */
  t: number;
  /** 0 at the back of the head, 1 on the face. */
  face: number;
}

type Delta = [number, number, number];
type Shape = (site: Site, out: Delta) => void;

/**
 * Displacements of every vertex at weight 1 by shape, 3 numbers a vertex: what is left when joints have turned.
 *
 * Shapes with a side are made for the left, and mirrored.
 */
export function shapeDeltas(
  mesh: WholeMesh,
  jaw: { readonly open: Float32Array; readonly closed: Float32Array },
  shape: HeadShape,
  lipLine: (y: number) => number,
): readonly Float32Array[] {
  const sites = sitesOf(mesh, jaw, shape, lipLine);
  const shapes = fields(shape);
  const made = new Map<string, Float32Array>();
  return ARKIT_NAMES.map((name) => {
    const left = name.replace(/Right$/, 'Left') as ArkitName;
    const deltas = made.get(left) ?? applied(shapes[left], sites);
    made.set(left, deltas);
    return name === left ? deltas : flipped(deltas, mesh.mirror);
  });
}

function applied(field: Shape | undefined, sites: readonly Site[]): Float32Array {
  const deltas = new Float32Array(3 * sites.length);
  if (!field) return deltas;
  const out: Delta = [0, 0, 0];
  sites.forEach((site, i) => {
    out.fill(0);
    field(site, out);
    deltas.set(out, 3 * i);
  });
  return deltas;
}

function flipped(deltas: Float32Array, mirror: Uint32Array): Float32Array {
  const out = new Float32Array(deltas.length);
  mirror.forEach((other, i) => {
    out[3 * other] = deltas[3 * i] ?? 0;
    out[3 * other + 1] = -(deltas[3 * i + 1] ?? 0);
    out[3 * other + 2] = deltas[3 * i + 2] ?? 0;
  });
  return out;
}

function sitesOf(
  mesh: WholeMesh,
  jaw: { readonly open: Float32Array; readonly closed: Float32Array },
  shape: HeadShape,
  lipLine: (y: number) => number,
): readonly Site[] {
  return mesh.points.map((point, i) => {
    const traits = mesh.traits[i] ?? { part: PART.skin };
    const [x, y, z] = traits.anchor ?? point;
    const isLid = traits.joint === JOINT.lidUpper || traits.joint === JOINT.lidLower;
    const isEye = traits.joint === JOINT.eye;
    const dz = z - lipLine(y);
    const own = traits.lip ?? 0;
    return {
      x,
      y,
      z,
      part: traits.part,
      side: own !== 0 ? own : dz >= 0 ? 1 : -1,
      row: own !== 0 ? (traits.lipRow ?? 0) : 9,
      depth: traits.depth ?? 0,
      jaw: (traits.part === PART.skin ? jaw.closed : jaw.open)[i] ?? 0,
      tint: traits.tint ?? 0,
      dz,
      t: y / shape.mouth.width,
      // Lids go with their eye, not with the skin.
      face: isEye ? 0 : ramp(-0.06, -0.01, x) * (isLid ? Math.max(0, 1 - 1.25 * (traits.lid ?? 0)) : 1),
    };
  });
}

function fields(shape: HeadShape): Partial<Record<ArkitName, Shape>> {
  const { mouth, eye, brow } = shape;
  const inMouth = (v: Site): number => (1 - clamp(v.depth, 0, 1)) ** 1.6;
  const isFlesh = (v: Site): boolean => v.part === PART.skin || v.part === PART.mouth || v.part === PART.brow;

  /** A shape of the skin: fades inside the mouth and towards the back of the head, leaves teeth and eyes alone. */
  const soft =
    (move: (v: Site) => readonly [number, number, number, number]): Shape =>
    (v, out) => {
      if (!isFlesh(v) || v.face === 0) return;
      const [weight, x, y, z] = move(v);
      const k = weight * v.face * inMouth(v);
      out[0] += k * x;
      out[1] += k * y;
      out[2] += k * z;
    };
  const all =
    (...shapes: readonly Shape[]): Shape =>
    (v, out) => {
      for (const each of shapes) each(v, out);
    };

  /** About the left corner of the mouth: along the lips it grows from just beyond the middle. */
  const corner = (v: Site, height = 0.016): number =>
    (v.t < 1 ? ramp(-0.12, 1, v.t) : bell(v.t - 1, 0, 0.75, 1)) * bell(0, v.dz, 1, height);
  /** The same, but leaving the middle of the lips where it is: they bend into an arc. */
  const arc = (v: Site, height = 0.016): number =>
    (v.t < 1 ? Math.max(0, v.t) ** 1.9 : bell(v.t - 1, 0, 0.75, 1)) * bell(0, v.dz, 1, height);
  /** Along the lips: all of both, fading beyond the corners. */
  const lips = (v: Site, height: number, wide = 1.25): number =>
    bell(v.t, 0, wide, 1) * bell(0, v.dz, 1, height);
  /** One lip at the left: 0 at its corner, most at two fifths, less in the middle and beyond. */
  const half = (v: Site, side: number, height: number): number =>
    v.side !== side ? 0 : ramp(-0.75, 0.3, v.t) * ramp(1.12, 0.45, v.t) * bell(0, v.dz, 1, height);
  /** One whole lip, 0 at the corners. */
  const lip = (v: Site, side: number, height: number): number =>
    v.side !== side ? 0 : ramp(1.1, 0.5, Math.abs(v.t)) * bell(0, v.dz, 1, height);
  const about = (v: Site, y: number, z: number, ry: number, rz: number): number =>
    bell(v.y - y, v.z - z, ry, rz);
  /** The same on both sides at once. */
  const pair = (v: Site, y: number, z: number, ry: number, rz: number): number =>
    bell(Math.abs(v.y) - y, v.z - z, ry, rz);
  const sideOf = (v: Site): number => clamp(v.y / 0.01, -1, 1);
  const cheekZ = -0.031;

  return {
    eyeBlinkLeft: soft((v) => [about(v, eye.at[1], 0.026, 0.022, 0.01), 0, 0, -0.0018]),
    eyeSquintLeft: all(
      soft((v) => [about(v, eye.at[1], -0.022, 0.022, 0.009), 0.0016, 0, 0.0042]),
      soft((v) => [about(v, eye.at[1] + 0.02, 0.004, 0.01, 0.014), 0, -0.0012, 0]),
    ),
    eyeWideLeft: soft((v) => [about(v, eye.at[1], 0.028, 0.024, 0.012), 0, 0, 0.0026]),

    jawForward: (v, out) => void (out[0] += 0.0085 * v.jaw),
    jawLeft: (v, out) => void (out[1] += 0.0105 * v.jaw),
    // What the turn leaves to do: the opening narrows to an oval, the cheeks sink.
    jawOpen: all(
      soft((v) => [bell(Math.abs(v.t) - 1, v.dz, 0.7, 0.016), 0.001, -0.0042 * sideOf(v), 0]),
      soft((v) => [lip(v, 1, 0.012), 0, 0, 0.0012]),
      soft((v) => [pair(v, 0.046, -0.05, 0.014, 0.02), -0.001, -0.0026 * sideOf(v), 0]),
    ),

    // Beyond what the jaw asks for: the lips press together.
    mouthClose: all(
      soft((v) => [lip(v, -1, 0.016), -0.0006, 0, 0.0026]),
      soft((v) => [lip(v, 1, 0.012), -0.0012, 0, -0.0014]),
      soft((v) => [bell(v.t, v.z - mouth.z + 0.024, 0.7, 0.012), 0.0012, 0, 0.0016]),
    ),
    mouthFunnel: all(
      soft((v) => [lips(v, 0.014, 1.1), 0.0085, 0, 0]),
      soft((v) => [bell(Math.abs(v.t) - 0.95, v.dz, 0.55, 0.014), 0.001, -0.0085 * sideOf(v), 0]),
      soft((v) => [lip(v, 1, 0.013), 0.001, 0, 0.0046]),
      soft((v) => [lip(v, -1, 0.014), 0.001, 0, -0.0066]),
    ),
    mouthPucker: all(
      soft((v) => [lips(v, 0.013, 0.85), 0.0108, 0, 0]),
      soft((v) => [bell(0, v.dz, 1, 0.017) * ramp(2.6, 1, Math.abs(v.t)), 0, -0.0125 * clamp(v.t, -1, 1), 0]),
      soft((v) => [lip(v, 1, 0.011) * ramp(0, 1, v.row), 0, 0, 0.003]),
      soft((v) => [lip(v, -1, 0.011) * ramp(0, 1, v.row), 0, 0, -0.003]),
    ),
    mouthLeft: soft((v) => [lips(v, 0.022, 1.7), -0.0035 * clamp(v.t, 0, 1), 0.0105, 0.0012 * v.t]),

    mouthSmileLeft: all(
      soft((v) => [corner(v, 0.0165), -0.0042, 0.0088, 0]),
      soft((v) => [arc(v, 0.0165), 0, 0, 0.0112]),
      soft((v) => [lips(v, 0.01, 0.6), -0.0012, 0, -0.0006]),
      soft((v) => [about(v, 0.041, cheekZ, 0.017, 0.014), 0.0032, 0.0016, 0.0046]),
    ),
    mouthFrownLeft: all(
      soft((v) => [corner(v, 0.016), -0.0005, 0.0016, 0]),
      soft((v) => [arc(v, 0.016), 0, 0, -0.0096]),
      soft((v) => [bell(v.t - 0.5, v.z - mouth.z + 0.022, 0.6, 0.01), 0.0012, 0, 0.0016]),
    ),
    mouthDimpleLeft: all(
      soft((v) => [corner(v, 0.011), -0.0062, 0.0052, 0.0014]),
      soft((v) => [bell(v.t - 1.75, v.dz, 0.4, 0.014), 0.0026, 0.001, 0]),
    ),
    mouthStretchLeft: soft((v) => [corner(v, 0.018), -0.0048, 0.0105, -0.0034]),
    mouthRollLower: all(
      soft((v) => [lip(v, -1, 0.0085), -0.0058, 0, 0.0036]),
      soft((v) => [lip(v, -1, 0.016), -0.001, 0, 0.001]),
    ),
    mouthRollUpper: all(
      soft((v) => [lip(v, 1, 0.0075), -0.0054, 0, -0.0034]),
      soft((v) => [lip(v, 1, 0.014), -0.0008, 0, -0.001]),
    ),
    mouthShrugLower: all(
      soft((v) => [lip(v, -1, 0.016), 0.0034, 0, 0.0052]),
      soft((v) => [lip(v, 1, 0.009), 0.0018, 0, 0.0046]),
      soft((v) => [bell(v.t, v.z - mouth.z + 0.026, 0.8, 0.013), 0.0022, 0, 0.0052]),
    ),
    mouthShrugUpper: all(
      soft((v) => [lip(v, 1, 0.014), 0.0032, 0, 0.0044]),
      soft((v) => [lip(v, -1, 0.01), 0.0008, 0, 0.0038]),
    ),
    mouthPressLeft: all(
      soft((v) => [half(v, 1, 0.01) * ramp(0, 1, v.row), -0.0024, 0, -0.0034]),
      soft((v) => [half(v, -1, 0.011) * ramp(0, 1, v.row), -0.0024, 0, 0.004]),
      soft((v) => [corner(v, 0.011), -0.0026, 0.0018, 0.0012]),
    ),
    mouthLowerDownLeft: soft((v) => [half(v, -1, 0.015), 0.0012, 0.0006, -0.0088]),
    mouthUpperUpLeft: all(
      soft((v) => [half(v, 1, 0.013), 0.0006, 0.0002, 0.0076]),
      soft((v) => [about(v, 0.021, -0.04, 0.011, 0.009), 0.0016, 0.0008, 0.0024]),
    ),

    browDownLeft: all(
      soft((v) => [about(v, 0.027, brow.arch[1] - 0.003, 0.024, 0.0135), 0.0024, -0.0026, -0.0088]),
      soft((v) => [about(v, 0.012, brow.inner[1], 0.013, 0.012), 0.0016, -0.0014, -0.0058]),
    ),
    browInnerUp: all(
      soft((v) => [pair(v, 0.012, brow.inner[1] + 0.001, 0.0165, 0.015), 0.0006, 0.0012 * sideOf(v), 0.0118]),
      soft((v) => [pair(v, 0.014, 0.056, 0.02, 0.012), 0.0008, 0, 0.003]),
    ),
    browOuterUpLeft: soft((v) => [about(v, 0.05, brow.arch[1], 0.024, 0.018), 0.0006, 0.0008, 0.0108]),

    cheekPuff: all(
      soft((v) => [pair(v, 0.041, -0.058, 0.021, 0.021), 0.007, 0.0128 * sideOf(v), 0]),
      soft((v) => [lips(v, 0.011, 0.9), 0.0016, 0, 0]),
    ),
    cheekSquintLeft: all(
      soft((v) => [about(v, 0.039, cheekZ + 0.002, 0.018, 0.012), 0.0042, 0.0012, 0.0068]),
      soft((v) => [about(v, 0.024, -0.042, 0.008, 0.01), -0.0012, 0, 0.001]),
    ),
    noseSneerLeft: all(
      soft((v) => [about(v, 0.0115, -0.034, 0.0085, 0.009), 0.0012, 0.0022, 0.0056]),
      soft((v) => [half(v, 1, 0.016) * 0.55, 0, 0, 0.006]),
      soft((v) => [about(v, 0.008, -0.004, 0.0055, 0.012), 0.0014, 0, 0.0026]),
      soft((v) => [about(v, 0.012, brow.inner[1], 0.01, 0.009), 0.0006, -0.0006, -0.0024]),
    ),
    tongueOut: (v, out) => {
      if (v.part !== PART.tongue) return;
      const tip = ramp(0, 1, v.tint);
      out[0] += 0.034 * tip ** 0.8;
      // Over the lower lip, then down.
      out[2] += 0.0045 * bell(v.tint - 0.6, 0, 0.3, 1) - 0.011 * tip ** 4;
    },
  };
}
