import { bell, mix, ramp, through } from './curve';
import { castOut, fieldOf, type Point } from './field';
import { JOINT, PART, type HalfMesh, type Traits } from './mesh';
import type { Skin } from './skin';
import type { HeadShape } from './style';

/** Everything of a head that is not skin, the left half of it. */
export function buildParts(mesh: HalfMesh, shape: HeadShape, skin: Skin): void {
  eye(mesh, shape);
  brow(mesh, shape, skin);
  teeth(mesh, shape, skin);
  tongue(mesh, shape, skin);
  ear(mesh, shape);
  if (shape.hair) hair(mesh, shape, shape.hair);
}

/** A ball round the axis of sight; its back is never seen. */
function eye(mesh: HalfMesh, { eye: { at, radius } }: HeadShape): void {
  const [rings, sectors, reach] = [11, 24, 1.75];
  const traits: Traits = { part: PART.eye, joint: JOINT.eye, light: 1 };
  const pole = mesh.add([at[0] + radius, at[1], at[2]], traits);
  let before: number[] = [];
  for (let ring = 1; ring <= rings; ring++) {
    const angle = (reach * ring) / rings;
    const next = Array.from({ length: sectors }, (_, i) => {
      const turn = (2 * Math.PI * i) / sectors;
      return mesh.add(
        [
          at[0] + radius * Math.cos(angle),
          at[1] + radius * Math.sin(angle) * Math.cos(turn),
          at[2] + radius * Math.sin(angle) * Math.sin(turn),
        ],
        traits,
      );
    });
    if (ring === 1) next.forEach((id, i) => mesh.triangle(pole, id, next[(i + 1) % sectors] ?? id));
    else mesh.strip(before, next, true);
    before = next;
  }
}

/** A bar on the brow's skin, thickest in its inner third. */
function brow(mesh: HalfMesh, { brow }: HeadShape, skin: Skin): void {
  const height = through([brow.inner, brow.arch, brow.outer]);
  const [steps, sides] = [20, 10];
  let before: number[] = [];
  const ends: number[] = [];
  for (let i = 0; i <= steps; i++) {
    // Closer together at the ends, which are round.
    const t = (1 - Math.cos((Math.PI * i) / steps)) / 2;
    const y = mix(brow.inner[0], brow.outer[0], t);
    const z = height(y);
    const point: Point = [skin.chart.front(y, z), y, z];
    const n = skin.chart.normal(point);
    const round = Math.max(0, 1 - Math.abs(2 * t - 1) ** 8) ** 0.5;
    const body =
      mix(ramp(-0.1, 0.16, t) ** 0.6, round, brow.bluntness) * mix(ramp(1.06, 0.35, t), 1, brow.bluntness);
    const slope = Math.atan2(height(y + 1e-3) - height(y - 1e-3), 2e-3);
    const next = Array.from({ length: sides }, (_, k) => {
      const turn = (2 * Math.PI * k) / sides;
      const up = (Math.sin(turn) * brow.height * Math.max(0.08, body)) / 2;
      const out = Math.cos(turn) * brow.thickness * Math.max(0.2, body);
      return mesh.add(
        [point[0] + n[0] * out, y + n[1] * out - up * Math.sin(slope), z + n[2] * out + up * Math.cos(slope)],
        { part: PART.brow, anchor: point, light: 1 },
      );
    });
    if (i > 0) mesh.strip(before, next, true);
    else ends.push(...next);
    before = next;
  }
  cap(mesh, ends, true);
  cap(mesh, before, false);
}

function cap(mesh: HalfMesh, ring: readonly number[], isFirst: boolean): void {
  for (let i = 1; i + 1 < ring.length; i++) {
    const [a, b, c] = [ring[0] ?? 0, ring[i] ?? 0, ring[i + 1] ?? 0];
    if (isFirst) mesh.triangle(a, b, c);
    else mesh.triangle(a, c, b);
  }
}

/** Rows of teeth: one smooth arch each, notched between teeth, with gums. */
function teeth(mesh: HalfMesh, { mouth }: HeadShape, skin: Skin): void {
  const front = skin.chart.front(0, mouth.z) - 0.0085;
  const steps = 18;
  for (const up of [1, -1]) {
    const rows: number[][] = [[], [], [], [], [], [], []];
    for (let i = 0; i <= steps; i++) {
      const t = i / steps;
      const y = (up > 0 ? 0.0275 : 0.0225) * Math.sin(t * 1.5);
      const x = front - (up > 0 ? 0 : 0.0022) - (up > 0 ? 0.042 : 0.036) * (1 - Math.cos(t * 1.5));
      // Three steps to a tooth; the second of each pair of notches lies back.
      const notch = i % 3 === 0 ? 0.0004 : 0;
      const tall = (up > 0 ? 0.012 : 0.0085) * (1 - 0.25 * t);
      const edge = mouth.z - (up > 0 ? 0.0044 : 0.0056) + up * (notch * 0.9 + 0.0012 * t * t);
      const base = edge + up * tall;
      const jaw = up > 0 ? 0 : 1;
      const add = (back: number, z: number, part: number, light: number): number =>
        mesh.add([x - back, y, z], { part, jaw, light: light * (1 - 0.5 * t * t), anchor: [x, y, z] });
      rows[6]?.push(add(0.006, edge + up * 0.009, PART.teeth, 0.35));
      rows[0]?.push(add(0.005, edge + up * 0.0015, PART.teeth, 0.6));
      rows[1]?.push(add(0.0012 + notch, edge, PART.teeth, 0.95));
      rows[2]?.push(add(notch * 1.2, mix(edge, base, 0.4), PART.teeth, 1 - 200 * notch));
      rows[3]?.push(add(0.0003 + notch, base, PART.teeth, 0.8 - 200 * notch));
      rows[4]?.push(add(0.0003, base, PART.tongue, 0.75));
      rows[5]?.push(add(0.0022, base + up * 0.008, PART.tongue, 0.5));
    }
    // Gums begin where teeth end, with vertices of their own.
    for (const [k, next] of [
      [6, 0],
      [0, 1],
      [1, 2],
      [2, 3],
      [4, 5],
    ] as const) {
      const [a, b] = [rows[k] ?? [], rows[next] ?? []];
      if (up > 0) mesh.strip(b, a);
      else mesh.strip(a, b);
    }
  }
}

/** Lies on the floor of the mouth; its tip is tinted 1. */
function tongue(mesh: HalfMesh, { mouth }: HeadShape, skin: Skin): void {
  const front = skin.chart.front(0, mouth.z) - 0.014;
  const [steps, sides] = [9, 6];
  let before: number[] = [];
  for (let i = 0; i <= steps; i++) {
    const t = i / steps;
    const x = front - 0.038 * (1 - Math.sin((t * Math.PI) / 2));
    const width = 0.0155 * Math.sqrt(Math.max(0.02, 1 - Math.max(0, (t - 0.45) / 0.56) ** 2.2));
    const next: number[] = [];
    for (let k = 0; k <= sides; k++) {
      const turn = Math.PI * (0.5 - k / sides);
      const y = width * Math.cos(turn);
      const groove = 0.0018 * (1 - ramp(0, 0.008, y)) * (turn > 0 ? ramp(1, 0.7, t) : 0);
      const z = mouth.z - 0.0115 + 0.0045 * Math.sin(turn) - groove + 0.004 * ramp(0.7, 0, t);
      next.push(
        mesh.add([x, k === 0 || k === sides ? 0 : y, z], {
          part: PART.tongue,
          jaw: 0.92,
          tint: t,
          light: 0.5 + 0.4 * t,
          depth: 1,
        }),
      );
    }
    if (i > 0) mesh.strip(before, next);
    before = next;
  }
  const last = before;
  for (let k = 1; k + 1 < last.length; k++) mesh.triangle(last[0] ?? 0, last[k + 1] ?? 0, last[k] ?? 0);
}

/** Across an ear from its middle to its edge: radius, and height above the head; both as parts of its size. */
const EAR = {
  ear: [
    [0.12, 0.3],
    [0.34, 0.26],
    [0.52, 0.62],
    [0.68, 0.7],
    [0.82, 0.78],
    [0.94, 1],
    [1.02, 0.86],
    [1, 0.4],
    [0.82, -0.5],
  ],
  pod: [
    [0.3, 0.72],
    [0.56, 0.72],
    [0.6, 0.62],
    [0.66, 0.62],
    [0.7, 0.86],
    [0.9, 0.86],
    [0.98, 0.74],
    [1, 0.55],
    [1, -0.6],
  ],
} as const;

function ear(mesh: HalfMesh, { ear }: HeadShape): void {
  const sectors = ear.kind === 'pod' ? 28 : 22;
  const isEar = ear.kind === 'ear';
  const profile = EAR[ear.kind];
  const place = (radius: number, out: number, turn: number): Point => {
    const [c, s] = [Math.cos(turn), Math.sin(turn)];
    // An ear is narrower at its lobe, leans back and opens forward.
    const narrow = isEar ? 1 - 0.28 * ramp(0.2, -1, s) : 1;
    const x = radius * (ear.size[0] * c * narrow - (isEar ? 0.2 * ear.size[1] * s : 0));
    const z = ear.size[1] * radius * s;
    const flare = isEar ? ramp(0.6, -1, c) * 1.1 + 0.05 : 1;
    return [ear.at[0] + x, ear.at[1] + ear.size[2] * out * (out > 0 ? flare : 1), ear.at[2] + z];
  };
  const traits = (k: number): Traits => ({
    part: isEar ? PART.skin : PART.accent,
    light: isEar && k < 2 ? 0.6 : 1,
    tint: isEar ? 0 : k < 2 ? 1 : 0,
  });
  const middle = mesh.add(place(0, profile[0][1] * (isEar ? 0.9 : 1), 0), traits(0));
  let before: number[] = [];
  profile.forEach(([radius, out], k) => {
    const next = Array.from({ length: sectors }, (_, i) =>
      mesh.add(place(radius, out, (2 * Math.PI * i) / sectors), traits(k)),
    );
    if (k === 0) next.forEach((id, i) => mesh.triangle(middle, next[(i + 1) % sectors] ?? id, id));
    else mesh.strip(next, before, true);
    before = next;
  });
}

/** A cap of hair: short at the sides, swept up from the forehead, in soft locks that end in a wavy line. */
function hair(
  mesh: HalfMesh,
  shape: HeadShape,
  { thickness, front }: { thickness: number; front: number },
): void {
  const field = fieldOf(shape.lumps);
  const centre: Point = [-0.062, 0, 0.02];
  const [columns, rows] = [44, 13];
  const top = Math.atan2(front - centre[2], 0.078);
  const edge = through([
    [0, top],
    [0.5, top + 0.02],
    [0.86, 0.4],
    [1.2, 0.12],
    [1.42, -0.26],
    [1.62, 0.05],
    [2.2, -0.4],
    [Math.PI, -0.5],
  ]);
  const crown = castOut(field, centre, [0, 0, 1]) + thickness;
  const before: number[][] = [
    [mesh.add([centre[0], 0, centre[2] + crown], { part: PART.hair, light: 1, tint: 0.5 })],
  ];
  for (let row = 1; row <= rows; row++) {
    const next: number[] = [];
    for (let column = 0; column <= columns; column++) {
      const azimuth = (Math.PI * column) / columns;
      const t = row / rows;
      const lock = Math.cos(11 * azimuth + 1.4 * Math.sin(3 * t));
      const isFront = ramp(1.5, 0.7, azimuth);
      const elevation = mix(Math.PI / 2, edge(azimuth) - 0.035 * lock * ramp(1.3, 0.8, azimuth), t ** 0.9);
      const direction: Point = [
        Math.cos(elevation) * Math.cos(azimuth),
        Math.cos(elevation) * Math.sin(azimuth),
        Math.sin(elevation),
      ];
      const quiff = 1 + 0.75 * isFront * bell(t - 0.72, 0, 0.3, 1);
      const sides = mix(0.55, 1, Math.max(ramp(0.75, 0.35, t), isFront));
      const lift = thickness * quiff * sides + 0.0024 * lock * ramp(0.1, 0.6, t);
      const out = row === rows ? -0.003 : lift * (1 - ramp(0.84, 1.02, t)) ** 0.5;
      const r = castOut(field, centre, direction) + out;
      const isEdge = column === 0 || column === columns;
      next.push(
        mesh.add(
          [centre[0] + r * direction[0], isEdge ? 0 : r * direction[1], centre[2] + r * direction[2]],
          {
            part: PART.hair,
            light: mix(1, 0.7, ramp(0.75, 1, t)),
            tint: 0.5 + 0.5 * lock * ramp(0, 0.4, t),
          },
        ),
      );
    }
    const last = before[before.length - 1] ?? [];
    if (row === 1)
      for (let i = 0; i < columns; i++) mesh.triangle(last[0] ?? 0, next[i] ?? 0, next[i + 1] ?? 0);
    else mesh.strip(last, next);
    before.push(next);
  }
}
