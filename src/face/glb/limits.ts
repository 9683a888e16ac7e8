import { SimroomError } from '../../core/errors';

/**
 * The largest file of a head, bytes. Heads with 52 shapes and textures for the web take 2 to 15 MB; everybody in the room
 * gets a copy from its owner.
 */
export const MAX_GLB_BYTES = 24 << 20;

/** Its description, bytes: a few hundred kB with thousands of accessors, and all of it becomes objects in memory. */
export const MAX_JSON_BYTES = 4 << 20;

/** What a file may have, counted as it is drawn: twice when two nodes show the same mesh. Avatars stay far below. */
export const MOST = {
  nodes: 2000,
  meshes: 200,
  primitives: 200,
  accessors: 20_000,
  bufferViews: 20_000,
  materials: 64,
  textures: 64,
  images: 64,
  skins: 64,
  joints: 1000,
  expressions: 256,
  vertices: 150_000,
  triangles: 300_000,
  /** Morph targets of one mesh: 52 of ARKit, some 60 of VRM and as many of an author's own. */
  targets: 400,
} as const;

/** Vertices that are moved, counted once for each shape: what building a head takes time for. */
export const MAX_MOVES = 6_000_000;

/** Displacements that are kept: 16 bytes each on the graphics card. */
export const MAX_DELTAS = 1_500_000;

/** Longer sides of pictures are more than graphics cards and memories take, pixels. */
export const MAX_IMAGE_SIDE = 4096;

/** Longest text from a file that is shown, characters. */
const MAX_TEXT = 120;

/** A file that is no head, or a damaged one. */
export function invalid(what: string, next: string, cause?: unknown): SimroomError {
  return new SimroomError('head-invalid', `${what} ${next}`, cause === undefined ? {} : { cause });
}

/** What the file says of itself and is not so. */
export function damaged(what: string): SimroomError {
  return invalid(`This head is damaged: ${what}.`, 'Export it again.');
}

/** A head that would cost everybody in the room too much. */
export function tooMuch(count: number, limit: number, what: string): SimroomError {
  const [has, most] = [count, limit].map((value) => value.toLocaleString('en'));
  return new SimroomError(
    'head-too-large',
    `This head has ${has} ${what}; at most ${most} can be shown. Reduce it in the program it was made with, and export it again.`,
  );
}

/** Text from a file as it can be shown: one line, not too long. */
export function shown(text: string): string {
  const line = text
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_TEXT);
  return line.length === MAX_TEXT ? `${line}...` : line;
}
