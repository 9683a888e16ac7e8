import { coloursFor } from '../head/colours';
import { deform } from '../head/deform';
import { buildHead, TURNED_BY, type HeadModel } from '../head/head';
import { PART } from '../head/mesh';
import { makePose, poseOf } from '../head/rig';
import type { Rgb, StyleName } from '../head/style';
import { ARKIT_NAMES, SHAPE, SHAPES, type ArkitName } from '../names';
import { GlbWriter, pngOf, type Draft } from './testing';

/** Our own heads as files that others could have made, for tests. */

export interface ExportOptions {
  readonly style?: StyleName;
  /** Morph targets; all of ARKit's where left out. */
  readonly shapes?: readonly ArkitName[];
  /** How a shape is spelled. */
  readonly spell?: (name: ArkitName) => string;
  /** Only what moves is written. */
  readonly sparse?: boolean;
  /** Eyes hang on nodes and have no gaze of their own. */
  readonly eyeNodes?: boolean;
  /** A body under a skeleton; the file is in this unit, m. */
  readonly body?: boolean;
  readonly unit?: number;
  /** Turned about, as VRM 0 has its avatars. */
  readonly facesBack?: boolean;
  /** What else the file says. */
  readonly more?: Draft;
}

/** Pixels of the eyes' picture. */
const EYE_PIXELS = 64;
/** Height of the eyes of an avatar, m. */
const EYE_HEIGHT = 1.5;

/** Writes one of our heads as a GLB. */
export function exportHead(options: ExportOptions = {}): Uint8Array<ArrayBuffer> {
  const {
    style = 'human',
    shapes = ARKIT_NAMES,
    spell = (name) => name,
    sparse,
    eyeNodes,
    body,
    facesBack,
  } = options;
  const head = buildHead(style);
  const unit = options.unit ?? 1;
  const writer = new GlbWriter();
  const turn = facesBack === true ? -1 : 1;
  const lift = body === true ? EYE_HEIGHT : 0;
  const toFile = (
    p: ArrayLike<number>,
    at: number,
    w: 0 | 1,
    about: readonly number[] = [0, 0, 0],
  ): number[] => [
    (turn * ((p[at + 1] ?? 0) - w * (about[1] ?? 0))) / unit,
    ((p[at + 2] ?? 0) - w * (about[2] ?? 0) + w * lift) / unit,
    (turn * ((p[at] ?? 0) - w * (about[0] ?? 0))) / unit,
  ];
  const rest = posed(head, {});
  const deltas = shapes.map((name) => shapeDeltas(head, rest, name));
  const { at } = head.shape.eye;
  const eyes = ([1, -1] as const).map((side) => [at[0], side * at[1], at[2]] as const);
  const meshes: Draft[] = [];
  const isEye = (i: number): boolean => head.looks[4 * i] === PART.eye;

  /** A mesh of the vertices that belong to it, about a node of its own. */
  const mesh = (
    name: string,
    belongs: (i: number) => boolean,
    material: number,
    moves: boolean,
    about?: readonly number[],
  ): void => {
    const which: number[] = [];
    const place = new Int32Array(head.vertices).fill(-1);
    for (let i = 0; i < head.vertices; i++)
      if (belongs(i)) {
        place[i] = which.length;
        which.push(i);
      }
    const triangles: number[] = [];
    for (let i = 0; i < head.indices.length; i += 3) {
      const corners = [0, 1, 2].map((k) => place[head.indices[i + k] ?? 0] ?? -1);
      if (corners.every((corner) => corner >= 0)) triangles.push(...corners);
    }
    const list = (values: ArrayLike<number>, w: 0 | 1): Float32Array =>
      Float32Array.from(which.flatMap((i) => toFile(values, 3 * i, w, about)));
    const normals = list(head.normals, 0).map((value) => value * unit);
    const targets = moves
      ? deltas.map((moved) => {
          const values = list(moved, 0);
          return {
            POSITION: sparse === true ? writer.sparse(values, 'VEC3') : writer.numbers(values, 'VEC3'),
          };
        })
      : [];
    const n = which.length;
    meshes.push({
      name,
      primitives: [
        {
          material,
          indices: writer.numbers(Uint16Array.from(triangles), 'SCALAR'),
          attributes: {
            POSITION: writer.places(list(rest, 1)),
            NORMAL: writer.numbers(normals, 'VEC3'),
            COLOR_0: writer.numbers(Float32Array.from(which.flatMap((i) => colourOf(head, i))), 'VEC3'),
            TEXCOORD_0: writer.numbers(Float32Array.from(which.flatMap((i) => eyeUv(head, i))), 'VEC2'),
            ...(body === true && {
              JOINTS_0: writer.numbers(
                new Uint8Array(4 * n).map((_, i) => (i % 4 === 0 ? 1 : 0)),
                'VEC4',
              ),
              WEIGHTS_0: writer.numbers(
                new Float32Array(4 * n).map((_, i) => (i % 4 === 0 ? 1 : 0)),
                'VEC4',
              ),
            }),
          },
          ...(moves && { targets }),
        },
      ],
      ...(moves && { extras: { targetNames: shapes.map(spell) } }),
    });
  };

  mesh('Face', (i) => !isEye(i), 0, true);
  eyes.forEach((about, side) =>
    mesh(
      side === 0 ? 'EyeLeftMesh' : 'EyeRightMesh',
      (i) => isEye(i) && (head.rig[4 * i + 3] ?? 0) > TURNED_BY.right === (side === 1),
      1,
      eyeNodes !== true,
      eyeNodes === true ? about : undefined,
    ),
  );
  const image = writer.image(eyePicture(), 'image/png');
  const eyeAt = (side: 0 | 1): number[] => toFile(eyes[side] ?? [], 0, 1);
  const scale = [unit, unit, unit];
  const nodes: Draft[] = [
    { name: 'Root', scale, children: [1, 2, 3, ...(body === true ? [4, 5] : [])] },
    { name: 'FaceNode', mesh: 0, ...(body === true && { skin: 0 }) },
    {
      name: 'LeftEye',
      mesh: 1,
      ...(eyeNodes === true && { translation: eyeAt(0) }),
      ...(body === true && { skin: 0 }),
    },
    {
      name: 'RightEye',
      mesh: 2,
      ...(eyeNodes === true && { translation: eyeAt(1) }),
      ...(body === true && { skin: 0 }),
    },
  ];
  const skins: Draft[] = [];
  if (body === true) {
    const bodyMesh = box(0.2 / unit, 1.2 / unit);
    meshes.push({
      name: 'Body',
      primitives: [
        {
          material: 0,
          indices: writer.numbers(bodyMesh.indices, 'SCALAR'),
          attributes: {
            POSITION: writer.places(bodyMesh.positions),
            JOINTS_0: writer.numbers(new Uint8Array(32), 'VEC4'),
            WEIGHTS_0: writer.numbers(
              new Float32Array(32).map((_, i) => (i % 4 === 0 ? 1 : 0)),
              'VEC4',
            ),
          },
        },
      ],
    });
    nodes.push(
      { name: 'Hips', children: [6] },
      { name: 'BodyNode', mesh: 3, skin: 0 },
      { name: 'Head', translation: [0, EYE_HEIGHT / unit, 0] },
    );
    const inverse = new Float32Array(32);
    for (const joint of [0, 1]) for (let k = 0; k < 4; k++) inverse[16 * joint + 5 * k] = 1;
    inverse[16 + 13] = -EYE_HEIGHT / unit;
    skins.push({ joints: [4, 6], inverseBindMatrices: writer.numbers(inverse, 'MAT4') });
  }
  return writer.finish({
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes,
    meshes,
    ...(skins.length > 0 && { skins }),
    materials: [
      { name: 'Skin', pbrMetallicRoughness: { roughnessFactor: 0.6 } },
      { name: 'Eye', pbrMetallicRoughness: { baseColorTexture: { index: 0 }, roughnessFactor: 0.1 } },
    ],
    textures: [{ source: image }],
    ...options.more,
  });
}

function posed(head: HeadModel, weights: Partial<Record<ArkitName, number>>): Float32Array {
  const list = new Float32Array(SHAPES);
  for (const name of ARKIT_NAMES) list[SHAPE[name]] = weights[name] ?? 0;
  return deform(head, poseOf(list, head.joints, makePose()), new Float32Array(3 * head.vertices));
}

/** A shape as displacements; lips are closed over an open jaw, as ARKit means it. */
function shapeDeltas(head: HeadModel, rest: Float32Array, name: ArkitName): Float32Array {
  const before = name === 'mouthClose' ? posed(head, { jawOpen: 1 }) : rest;
  const after = posed(head, name === 'mouthClose' ? { jawOpen: 1, mouthClose: 1 } : { [name]: 1 });
  return after.map((value, i) => {
    const moved = value - (before[i] ?? 0);
    return Math.abs(moved) < 1e-7 ? 0 : moved;
  });
}

/** Linear, as glTF wants vertices' colours. */
function colourOf(head: HeadModel, i: number): readonly number[] {
  const colours = coloursFor(head.name, 0);
  const [part, light = 1, tint = 0, lip = 3] = head.looks.subarray(4 * i, 4 * i + 4);
  const skin = lip <= 1 ? colours.lips : colours.skin;
  const by: Readonly<Record<number, Rgb>> = {
    [PART.skin]: tint > 0.5 ? [0.1, 0.07, 0.06] : skin,
    [PART.eye]: [1, 1, 1],
    [PART.teeth]: [0.9, 0.88, 0.85],
    [PART.mouth]: [0.3, 0.1, 0.1],
    [PART.tongue]: [0.75, 0.4, 0.4],
    [PART.accent]: colours.accent,
    [PART.hair]: colours.hair,
    [PART.brow]: colours.hair,
  };
  return (by[part ?? 0] ?? skin).map((value) => value * value * (0.4 + 0.6 * light));
}

/** Where the eyes' picture lies on them: seen from the front, as wide as the ball. */
function eyeUv(head: HeadModel, i: number): readonly number[] {
  if (head.looks[4 * i] !== PART.eye) return [0, 0];
  const { at, radius } = head.shape.eye;
  const side = (head.rig[4 * i + 3] ?? 0) > TURNED_BY.right ? -1 : 1;
  const y = ((head.positions[3 * i + 1] ?? 0) - side * at[1]) / radius;
  const z = ((head.positions[3 * i + 2] ?? 0) - at[2]) / radius;
  return [0.5 + 0.48 * y, 0.5 - 0.48 * z];
}

/** A brown iris, brighter below, around a pupil, on white. */
function eyePicture(): Uint8Array {
  return pngOf(EYE_PIXELS, EYE_PIXELS, (x, y) => {
    const [dx, dy] = [(2 * x + 1) / EYE_PIXELS - 1, (2 * y + 1) / EYE_PIXELS - 1];
    const far = Math.hypot(dx, dy);
    if (far < 0.25) return [8, 8, 10, 255];
    return far < 0.5 ? [100 + 60 * dy, 60 + 30 * dy, 30, 255] : [240, 240, 242, 255];
  });
}

function box(half: number, height: number): { positions: Float32Array; indices: Uint16Array } {
  const positions = Float32Array.from({ length: 24 }, (_, i) => {
    const corner = Math.floor(i / 3);
    return i % 3 === 1
      ? ((corner >> 1) & 1) * height
      : half * (((corner >> (i % 3 === 0 ? 0 : 2)) & 1) * 2 - 1);
  });
  const faces = [0, 2, 3, 1, 4, 5, 7, 6, 0, 1, 5, 4, 2, 6, 7, 3, 0, 4, 6, 2, 1, 3, 7, 5];
  const indices = Uint16Array.from({ length: 36 }, (_, i) => {
    const face = Math.floor(i / 6);
    return faces[4 * face + ([0, 1, 2, 0, 2, 3][i % 6] ?? 0)] ?? 0;
  });
  return { positions, indices };
}
