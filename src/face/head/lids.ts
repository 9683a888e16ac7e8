import { between, type Chart } from './chart';
import { mix, ramp } from './curve';
import type { Blob, Point } from './field';
import { JOINT, PART, type HalfMesh, type Traits } from './mesh';
import type { HeadShape } from './style';
import { EYE_BLOCK, outermost, type RingPlace } from './topology';

/** Lid rings follow their lid this much, from the margin to the socket's edge. */
const FOLLOWS = [1, 0.8, 0.48, 0.17, 0] as const;
/** Where the rings lie between the margin and the socket's edge. */
const RINGS = [0, 0.2, 0.44, 0.72, 1] as const;
/** How far the strip behind the lids reaches, radians. */
const BEHIND = 0.2;

/** Gap between an eyeball and the inner edge of its lids, m. */
export const LID_GAP = 0.0004;

/** The closed lid, which the skin melts round. */
export function lidBall({ eye }: HeadShape): Blob {
  const r = eye.radius + eye.lid;
  return { at: eye.at, radii: [r, r, r], blend: eye.blend };
}

/** A vertex of the rings round the left eye. */
export function lidVertex(
  chart: Chart,
  shape: HeadShape,
  { ring, along, upper }: RingPlace,
): [Point, Traits] {
  const { eye } = shape;
  const margin = lidPoint(eye, along, upper, eye.radius + eye.lid, 0);
  const outer = chart.direction(...outermost(EYE_BLOCK, along, upper));
  const point = ring === 0 ? margin : chart.surface(between(chart.towards(margin), outer, RINGS[ring] ?? 1));
  const follows = FOLLOWS[ring] ?? 0;
  return [
    point,
    {
      part: PART.skin,
      joint: follows > 0 ? (upper ? JOINT.lidUpper : JOINT.lidLower) : JOINT.none,
      lid: follows * opening(eye, along),
      light: chart.light(point),
      tint: upper ? liner(ring, along, eye.lashes) : 0,
      normal: chart.normal(point),
    },
  ];
}

/** The inner edge of the lids: their thickness, then a strip behind them, so that nothing shows between lid and eye. */
export function buildRims(
  mesh: HalfMesh,
  { eye }: HeadShape,
  margin: readonly { readonly vertex: number; readonly place: RingPlace }[],
): void {
  const turn = ({ place: { upper, along } }: (typeof margin)[number]): number => (upper ? along : 2 - along);
  const round = margin.toSorted((a, b) => turn(a) - turn(b));
  let before = round.map(({ vertex }) => vertex);
  for (const [behind, gap] of [
    [0, 1.6],
    [BEHIND, 0.8],
  ] as const) {
    const next = round.map(({ vertex, place: { along, upper } }) => {
      const point = lidPoint(eye, along, upper, eye.radius + gap * LID_GAP, behind);
      return mesh.add(point, {
        part: PART.skin,
        joint: upper ? JOINT.lidUpper : JOINT.lidLower,
        lid: opening(eye, along),
        anchor: mesh.points[vertex] ?? point,
        light: upper ? 0.5 : 0.75,
        tint: upper ? 1 : 0.4,
      });
    });
    mesh.strip(next, before, true);
    before = next;
  }
}

/** How far the lids are apart along an eye, as a part of the most: an almond, or an oval for lenses. */
function opening({ almond }: HeadShape['eye'], along: number): number {
  return Math.max(0, 1 - Math.abs(Math.cos(Math.PI * along)) ** 2.2) ** almond;
}

/**
 * A point of the lids' margin. Upper and lower margin have the same y where they have the same `along`, so that, turned
 * about the eye's y axis as far as {@link opening} says, they meet.
 *
 * @param radius of the ball it lies on, m
 * @param behind how far beyond the margin, away from the opening, radians
 */
function lidPoint(
  eye: HeadShape['eye'],
  along: number,
  upper: boolean,
  radius: number,
  behind: number,
): Point {
  const t = mix(Math.cos(Math.PI * along), 1 - 2 * along, 0.35);
  const open = opening(eye, along);
  const height = upper ? eye.upper * open : -eye.lower * open;
  const beyond = (upper ? behind : -behind) * (0.3 + 0.7 * open);
  const angle = height + beyond + eye.tilt * t;
  const y = radius * Math.sin(eye.width * t * (1 + behind * (1 - open)));
  const rho = Math.sqrt(Math.max(0, radius * radius - y * y));
  return [eye.at[0] + rho * Math.cos(angle), eye.at[1] + y, eye.at[2] + rho * Math.sin(angle)];
}

/**
 * The line painted along the upper lid, where this is more than a half: thickest towards the outer corner, beyond which
 * heavy lashes have a wing.
 */
function liner(ring: number, along: number, lashes: number): number {
  if (ring === 1) return 1.9 * Math.max(0, lashes - 0.5) * ramp(0.11, 0, along);
  return ring === 0 ? mix(0.5, 0.8, lashes * ramp(1, 0.5, along) * (0.5 + 0.5 * ramp(0.7, 0.15, along))) : 0;
}
