import { normalsOf } from '../head/mesh';
import type { Bind } from './channels';
import type { Gltf } from './document';
import { MAX_DELTAS, MAX_MOVES, tooMuch } from './limits';
import type { Part } from './parts';
import { readMoves, turnToHead, type Place } from './place';

/** Displacements vertex by vertex, as `HeadModel` has them. */
export interface Moves {
  /** First displacement of each vertex; one more than there are vertices. */
  readonly first: Uint32Array;
  /** Channel of each displacement. */
  readonly channel: Uint8Array;
  /** 6 for each: of position, m, and of normal, at 1. */
  readonly deltas: Float32Array;
}

/** A part, and where its vertices have gone; -1 for those that are not kept. */
export interface KeptPart {
  readonly part: Part;
  readonly place: Int32Array;
}

/** Displacements smaller than this are left out, m; and turns of normals, of their unit length. */
const LEAST = 4e-5;
const LEAST_TURN = 0.012;

/** What one channel moves. */
interface Moved {
  readonly vertices: Uint32Array;
  readonly deltas: Float32Array;
}

/**
 * Gathers what each channel does, and turns normals along: most files say nothing about these, and what is drawn is
 * smooth, so they come from the triangles.
 *
 * @param positions head frame, m
 * @throws SimroomError `head-too-large`
 */
export function gatherMoves(
  gltf: Gltf,
  kept: readonly KeptPart[],
  place: Place,
  binds: readonly Bind[],
  channels: number,
  positions: Float32Array,
  indices: Uint32Array,
): Moves {
  const n = positions.length / 3;
  const joined = weld(positions);
  const triangles = indices.map((vertex) => joined[vertex] ?? vertex);
  const rest = normalsOf(positions, triangles, new Float32Array(3 * n));
  const dense = new Float32Array(3 * n);
  const moved = new Float32Array(3 * n);
  const turned = new Float32Array(3 * n);
  const count = new Uint32Array(n + 1);
  const all: Moved[] = [];
  let total = 0;
  for (let channel = 0; channel < channels; channel++) {
    dense.fill(0);
    for (const bind of binds) if (bind.channel === channel) addMoves(gltf, kept, place, bind, dense);
    for (let i = 0; i < 3 * n; i++) moved[i] = (positions[i] ?? 0) + (dense[i] ?? 0);
    normalsOf(moved, triangles, turned);
    for (let i = 0; i < 3 * n; i++) turned[i] = (turned[i] ?? 0) - (rest[i] ?? 0);
    const vertices: number[] = [];
    for (let i = 0; i < n; i++) {
      if (isShort(dense, i, LEAST) && isShort(turned, joined[i] ?? i, LEAST_TURN)) continue;
      vertices.push(i);
      count[i + 1] = (count[i + 1] ?? 0) + 1;
    }
    total += vertices.length;
    if (total > MAX_DELTAS) throw tooMuch(total, MAX_DELTAS, 'displacements in its shapes');
    const deltas = new Float32Array(6 * vertices.length);
    vertices.forEach((vertex, at) => {
      deltas.set(dense.subarray(3 * vertex, 3 * vertex + 3), 6 * at);
      const corner = joined[vertex] ?? vertex;
      deltas.set(turned.subarray(3 * corner, 3 * corner + 3), 6 * at + 3);
    });
    all.push({ vertices: Uint32Array.from(vertices), deltas });
  }
  return byVertex(all, count, total);
}

/**
 * Whether there is not too much to read and to turn.
 *
 * @throws SimroomError `head-too-large`
 */
export function checkMoves(parts: readonly Part[], binds: readonly Bind[]): void {
  let moves = 0;
  for (const { mesh } of binds) for (const part of parts) if (part.mesh === mesh) moves += part.vertices;
  if (moves > MAX_MOVES) throw tooMuch(moves, MAX_MOVES, 'vertices, counted once for each of its shapes');
}

function addMoves(
  gltf: Gltf,
  kept: readonly KeptPart[],
  place: Place,
  bind: Bind,
  dense: Float32Array,
): void {
  for (const { part, place: to } of kept) {
    const moves = readMoves(gltf, part, bind);
    if (!moves) continue;
    for (let i = 0; i < part.vertices; i++) {
      const vertex = to[i] ?? -1;
      if (vertex < 0) continue;
      const [x, y, z] = [moves[3 * i] ?? 0, moves[3 * i + 1] ?? 0, moves[3 * i + 2] ?? 0];
      if (x === 0 && y === 0 && z === 0) continue;
      const move = turnToHead(place, [x, y, z], place.scale * bind.scale);
      for (let k = 0; k < 3; k++) dense[3 * vertex + k] = (dense[3 * vertex + k] ?? 0) + (move[k] ?? 0);
    }
  }
}

/** Sorts displacements by vertex. */
function byVertex(all: readonly Moved[], count: Uint32Array, total: number): Moves {
  for (let i = 1; i < count.length; i++) count[i] = (count[i] ?? 0) + (count[i - 1] ?? 0);
  const next = count.slice();
  const channel = new Uint8Array(total);
  const deltas = new Float32Array(6 * total);
  all.forEach((moved, c) =>
    moved.vertices.forEach((vertex, at) => {
      const to = next[vertex] ?? 0;
      next[vertex] = to + 1;
      channel[to] = c;
      deltas.set(moved.deltas.subarray(6 * at, 6 * at + 6), 6 * to);
    }),
  );
  return { first: count, channel, deltas };
}

/** For each vertex the first one at the same place: files split them where textures meet. */
export function weld(positions: Float32Array): Uint32Array {
  const n = positions.length / 3;
  const bits = new Uint32Array(positions.buffer, positions.byteOffset, positions.length);
  let size = 16;
  while (size < 2 * n) size *= 2;
  const table = new Int32Array(size).fill(-1);
  const joined = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const [x, y, z] = [bits[3 * i] ?? 0, bits[3 * i + 1] ?? 0, bits[3 * i + 2] ?? 0];
    let at = Math.imul(Math.imul(Math.imul(x ^ 0x9e3779b9, 0x85ebca6b) ^ y, 0xc2b2ae35) ^ z, 0x27d4eb2f);
    at = (at ^ (at >>> 15)) & (size - 1);
    for (;;) {
      const other = table[at] ?? -1;
      if (other < 0) {
        table[at] = i;
        joined[i] = i;
        break;
      }
      if (bits[3 * other] === x && bits[3 * other + 1] === y && bits[3 * other + 2] === z) {
        joined[i] = other;
        break;
      }
      at = (at + 1) & (size - 1);
    }
  }
  return joined;
}

function isShort(values: Float32Array, i: number, length: number): boolean {
  const [x, y, z] = [values[3 * i] ?? 0, values[3 * i + 1] ?? 0, values[3 * i + 2] ?? 0];
  return x * x + y * y + z * z < length * length;
}
