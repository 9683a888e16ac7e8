import { normalsOf } from '../head/mesh';
import type { Point } from '../head/field';
import { SHAPE } from '../names';
import { findBones, type Bones } from './bones';
import { readChannels, type Channel } from './channels';
import type { Gltf } from './document';
import { isObject, objectAt } from './json';
import { invalid } from './limits';
import { readImages, type GlbImage } from './images';
import { readMaterials, type GlbMaterial } from './materials';
import { checkMoves, gatherMoves, weld, type KeptPart, type Moves } from './moves';
import { readParts, RIG, type Part } from './parts';
import { findPlace, isBody, isOfHead, toHead, turnToHead, type Keep, type Place } from './place';

/** Triangles of one material, as a range of indices. */
export interface Group {
  readonly material: number;
  readonly start: number;
  readonly count: number;
}

/** What of a head is turned rather than displaced: nothing that its own shapes move. */
export interface Turned {
  readonly jaw: boolean;
  readonly leftEye: boolean;
  readonly rightEye: boolean;
  /** How far its eyes turn, as a part of how far ours do: flat eyes would come out of their sockets. */
  readonly gaze: number;
}

/** A head from a file, in the head frame of src/face/head: everything that drawing it takes, and nothing else. */
export interface GlbModel extends Moves {
  readonly vertices: number;
  /** m. */
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  readonly uvs: Float32Array;
  /** 4 a vertex: roots of linear colours and of alpha, 0..255. */
  readonly colours: Uint8Array;
  /** 3 a vertex: how much it follows the jaw, the left and the right eye. */
  readonly rig: Float32Array;
  readonly indices: Uint32Array;
  /** What is opaque first, then masks, then what is blended. */
  readonly groups: readonly Group[];
  readonly materials: readonly GlbMaterial[];
  /** Pictures that its materials use. */
  readonly images: readonly GlbImage[];
  readonly channels: readonly Channel[];
  readonly turned: Turned;
  /** Where they turn about, m. */
  readonly pivots: Readonly<Record<'jaw' | 'leftEye' | 'rightEye', Point>>;
  /** All of it is within this of its origin, at rest, m. */
  readonly radius: number;
}

/** What a report tells beyond the model. */
export interface Found {
  readonly model: GlbModel;
  readonly bones: Bones;
  /** Only the head of a body was kept. */
  readonly cropped: boolean;
  readonly unused: readonly string[];
  /** Kinds of things that are in the file and not shown. */
  readonly ignored: readonly string[];
}

const ALPHA_ORDER = ['opaque', 'mask', 'blend'] as const;
/** Eyes of VRM heads are mostly flat, and their programs turn them by 10 degrees or so. */
const VRM_GAZE = 0.4;
/** A shape that moves vertices of an eye by more than this turns it, m. */
const EYE_MOVES = 1e-3;

/**
 * Builds a head from what a file describes.
 *
 * @throws SimroomError `head-invalid`, `head-too-large`, `head-without-shapes`
 */
export function buildModel(gltf: Gltf): Found {
  const { channels, binds, unused } = readChannels(gltf);
  const bones = findBones(gltf);
  const images = readImages(gltf);
  const { materials, mappings, ignored } = readMaterials(gltf, images.length);
  const moved = new Set(binds.map(({ mesh }) => mesh));
  const parts = readParts(gltf, bones, mappings, moved);
  checkMoves(parts, binds);
  const cropped = bones.head >= 0 && isBody(parts, moved);
  const keep = cropped ? isOfHead : () => true;
  const extensions = objectAt(gltf.json, 'extensions');
  const { place, eyes } = findPlace(gltf, parts, keep, bones, channels, binds, isObject(extensions['VRM']));

  const { kept, indices, groups } = gather(parts, keep, materials);
  const rest = placeVertices(kept, place, indices);
  const moves = gatherMoves(gltf, kept, place, binds, channels.length, rest.positions, indices);
  const isVrm = isObject(extensions['VRM']) || isObject(extensions['VRMC_vrm']);
  const hinge = gltf.nodes[bones.jaw]?.world;
  const pivot = (at: Point | null): Point => (at ? toHead(place, at) : [0, 0, 0]);
  const pictured = usedImages(groups, materials, images);
  const model: GlbModel = {
    vertices: rest.positions.length / 3,
    ...rest,
    ...moves,
    indices,
    groups,
    ...pictured,
    channels,
    turned: { ...whatTurns(rest.rig, moves, channels), gaze: isVrm ? VRM_GAZE : 1 },
    pivots: {
      jaw: pivot(hinge ? [hinge[12] ?? 0, hinge[13] ?? 0, hinge[14] ?? 0] : null),
      leftEye: pivot(eyes.left),
      rightEye: pivot(eyes.right),
    },
    radius: reach(rest.positions),
  };
  return { model, bones, cropped, unused, ignored };
}

/** Puts the triangles that are kept in the order of their materials, and numbers the vertices that they need. */
function gather(
  parts: readonly Part[],
  keep: Keep,
  materials: readonly GlbMaterial[],
): { kept: readonly KeptPart[]; indices: Uint32Array; groups: readonly Group[] } {
  const kept = parts.map((part): KeptPart => ({ part, place: new Int32Array(part.vertices).fill(-1) }));
  const rank = ({ part }: KeptPart): number =>
    ALPHA_ORDER.indexOf(materials[part.material]?.alpha ?? 'opaque') * materials.length + part.material;
  const indices: number[] = [];
  const groups: Group[] = [];
  let vertices = 0;
  for (const { part, place } of kept.toSorted((a, b) => rank(a) - rank(b))) {
    const start = indices.length;
    const { triangles } = part;
    for (let i = 0; i < triangles.length; i += 3) {
      const corners = [triangles[i] ?? 0, triangles[i + 1] ?? 0, triangles[i + 2] ?? 0];
      if (!corners.every((corner) => keep(part, corner))) continue;
      for (const corner of corners) {
        if (place[corner] === -1) place[corner] = vertices++;
        indices.push(place[corner] ?? 0);
      }
    }
    const last = groups.at(-1);
    if (last?.material === part.material) {
      groups[groups.length - 1] = { ...last, count: indices.length - last.start };
    } else if (indices.length > start) {
      groups.push({ material: part.material, start, count: indices.length - start });
    }
  }
  if (indices.length === 0) throw invalid('This head has no triangles.', 'Export it with its mesh.');
  return { kept, indices: Uint32Array.from(indices), groups };
}

/** Vertices in the head frame. */
function placeVertices(
  kept: readonly KeptPart[],
  place: Place,
  indices: Uint32Array,
): Pick<GlbModel, 'positions' | 'normals' | 'uvs' | 'colours' | 'rig'> {
  const n = indices.reduce((most, vertex) => Math.max(most, vertex + 1), 0);
  const positions = new Float32Array(3 * n);
  const normals = new Float32Array(3 * n);
  const uvs = new Float32Array(2 * n);
  const colours = new Uint8Array(4 * n).fill(255);
  const rig = new Float32Array(3 * n);
  for (const { part, place: to } of kept)
    for (let i = 0; i < part.vertices; i++) {
      const vertex = to[i] ?? -1;
      if (vertex < 0) continue;
      positions.set(toHead(place, pointAt(part.positions, i)), 3 * vertex);
      if (part.normals) normals.set(turnToHead(place, pointAt(part.normals, i), 1), 3 * vertex);
      uvs.set(part.uvs.subarray(2 * i, 2 * i + 2), 2 * vertex);
      if (part.colours)
        for (let k = 0; k < 4; k++)
          colours[4 * vertex + k] = Math.round(
            255 * Math.sqrt(Math.min(1, Math.max(0, part.colours[4 * i + k] ?? 1))),
          );
      const of = RIG.size * i;
      rig.set(part.rig.subarray(of + RIG.jaw, of + RIG.size), 3 * vertex);
    }
  fillNormals(positions, normals, indices);
  return { positions, normals, uvs, colours, rig };
}

/** Gives smooth normals to vertices without any. */
function fillNormals(positions: Float32Array, normals: Float32Array, indices: Uint32Array): void {
  const lacks = (i: number): boolean =>
    normals[3 * i] === 0 && normals[3 * i + 1] === 0 && normals[3 * i + 2] === 0;
  const n = positions.length / 3;
  let smooth: Float32Array | null = null;
  let joined: Uint32Array | null = null;
  for (let i = 0; i < n; i++) {
    if (!lacks(i)) continue;
    joined ??= weld(positions);
    const corners = joined;
    smooth ??= normalsOf(
      positions,
      indices.map((vertex) => corners[vertex] ?? vertex),
      new Float32Array(3 * n),
    );
    const from = 3 * (joined[i] ?? i);
    normals.set(smooth.subarray(from, from + 3), 3 * i);
  }
}

/** Leaves to a head's own shapes what they do. */
function whatTurns(
  rig: Float32Array,
  { first, channel, deltas }: Moves,
  channels: readonly Channel[],
): Omit<Turned, 'gaze'> {
  const raises = (c: number, shapes: readonly number[]): boolean =>
    channels[c]?.drive.some(([shape, factor]) => factor > 0 && shapes.includes(shape)) === true;
  const has = [false, false];
  const moves = [false, false];
  for (let i = 0; i + 1 < first.length; i++)
    for (let side = 0; side < 2; side++) {
      if ((rig[3 * i + 1 + side] ?? 0) < 0.5) continue;
      has[side] = true;
      for (let k = first[i] ?? 0; k < (first[i + 1] ?? 0); k++) {
        const far = Math.hypot(deltas[6 * k] ?? 0, deltas[6 * k + 1] ?? 0, deltas[6 * k + 2] ?? 0);
        if (far > EYE_MOVES && raises(channel[k] ?? 0, GAZE)) moves[side] = true;
      }
    }
  const hasJaw = rig.some((value, i) => i % 3 === 0 && value > 0);
  return {
    jaw: hasJaw && !channels.some((_, c) => raises(c, [SHAPE.jawOpen])),
    leftEye: has[0] === true && !moves[0],
    rightEye: has[1] === true && !moves[1],
  };
}

const GAZE = (['Left', 'Right'] as const).flatMap((side) => [
  SHAPE[`eyeLookUp${side}`],
  SHAPE[`eyeLookDown${side}`],
  SHAPE[`eyeLookIn${side}`],
  SHAPE[`eyeLookOut${side}`],
]);

/** Drops the pictures that nothing shows. */
function usedImages(
  groups: readonly Group[],
  materials: readonly GlbMaterial[],
  images: readonly GlbImage[],
): Pick<GlbModel, 'materials' | 'images'> {
  const used = [...new Set(groups.flatMap(({ material }) => materials[material]?.image ?? -1))].filter(
    (i) => i >= 0,
  );
  return {
    materials: materials.map((material) => ({ ...material, image: used.indexOf(material.image) })),
    // Copies: the file itself need not be kept, nor sent between threads.
    images: used.flatMap((i) => {
      const image = images[i];
      return image ? { ...image, bytes: image.bytes.slice() } : [];
    }),
  };
}

function reach(positions: Float32Array): number {
  let most = 0;
  for (let i = 0; i < positions.length; i += 3)
    most = Math.max(most, Math.hypot(positions[i] ?? 0, positions[i + 1] ?? 0, positions[i + 2] ?? 0));
  return most;
}

function pointAt(list: Float32Array, i: number): Point {
  return [list[3 * i] ?? 0, list[3 * i + 1] ?? 0, list[3 * i + 2] ?? 0];
}
