import { beforeEach, describe, expect, it } from 'vitest';
import { SimroomError } from '../../core/errors';
import type { GlbKind } from '../../view/glb_head';
import { sha256Hex } from '../room/digest';
import { HeadFiles } from './head_files';
import { eventually } from '../../testing/eventually';

const FILE = Uint8Array.of(1, 2, 3);
const BAD = Uint8Array.of(9);

let wanted: string[];
let provided: string[];
let arrived: number;
let bad: string[];
let disposed: number[];
let files: HeadFiles;

beforeEach(() => {
  wanted = [];
  provided = [];
  arrived = 0;
  bad = [];
  disposed = [];
  files = new HeadFiles(
    {
      want: (hash) => {
        wanted.push(hash);
        return Promise.resolve();
      },
      provide: (hash) => {
        provided.push(hash);
        return Promise.resolve();
      },
    },
    () => arrived++,
    (_hash, why) => bad.push(why),
    (bytes) => {
      if (bytes[0] === 9) return Promise.reject(new SimroomError('head-without-shapes', 'It cannot move.'));
      const dispose = (): void => void disposed.push(bytes[0] ?? NaN);
      return Promise.resolve({ kind: { bytes } as unknown as GlbKind, words: 'A head.', dispose });
    },
  );
});

describe('HeadFiles', () => {
  it('takes a file of one’s own, and gives it to the room', async () => {
    const { hash, size, words } = await files.take(new Blob([FILE]));
    expect(hash).toBe(await sha256Hex(FILE));
    expect([size, words]).toEqual([3, 'A head.']);
    expect(files.get(hash)).not.toBe(null);
    await files.offer(hash);
    expect(provided).toEqual([hash]);
  });

  it('refuses what is no head, and what is too large before it is read', async () => {
    await expect(files.take(new Blob([BAD]))).rejects.toMatchObject({ code: 'head-without-shapes' });
    const large = Object.assign(new Blob([]), { arrayBuffer: () => Promise.reject(new Error('read')) });
    Object.defineProperty(large, 'size', { value: 100 << 20 });
    await expect(files.take(large)).rejects.toMatchObject({ code: 'file-too-large' });
  });

  it('gets somebody’s from the room once, and shows it when it is here', async () => {
    const hash = await sha256Hex(FILE);
    files.need(hash);
    files.need(hash);
    await eventually(() => expect(wanted).toEqual([hash]));
    expect(files.get(hash)).toBe(null);
    files.hear({ kind: 'content', hash, bytes: FILE });
    await eventually(() => expect(arrived).toBe(1));
    expect(files.get(hash)).not.toBe(null);
    files.need(hash);
    expect(wanted).toHaveLength(1);
  });

  it('says what is wrong with somebody’s, and goes on; what was not asked for it does not read', async () => {
    const hash = await sha256Hex(BAD);
    files.hear({ kind: 'content', hash, bytes: BAD });
    files.need(hash);
    await eventually(() => expect(wanted).toEqual([hash]));
    files.hear({ kind: 'content', hash, bytes: BAD });
    await eventually(() => expect(bad).toEqual(['It cannot move.']));
    expect(files.get(hash)).toBe(null);
    const other = await sha256Hex(FILE);
    files.need(other);
    await eventually(() => expect(wanted).toHaveLength(2));
    files.hear({ kind: 'content', hash: other, bytes: BAD });
    await eventually(() => expect(bad).toHaveLength(2));
    expect(bad[1]).toMatch(/not the one/);
  });

  it('asks again in another room for what did not come', async () => {
    const hash = await sha256Hex(FILE);
    files.need(hash);
    await eventually(() => expect(wanted).toHaveLength(1));
    files.forget();
    files.need(hash);
    await eventually(() => expect(wanted).toHaveLength(2));
    files.hear({ kind: 'lacking', hash });
    files.need(hash);
    await eventually(() => expect(wanted).toHaveLength(3));
  });

  it('lets go of what nobody wears any more, but for the newest, and builds it again when it is worn again', async () => {
    const all = [11, 12, 13, 14, 15].map((first) => Uint8Array.of(first));
    const hashes = await Promise.all(all.map((bytes) => sha256Hex(bytes)));
    const [first = '', second = ''] = hashes;
    for (const [i, bytes] of all.entries()) {
      files.need(hashes[i] ?? '');
      await eventually(() => expect(wanted).toHaveLength(i + 1));
      files.hear({ kind: 'content', hash: hashes[i] ?? '', bytes });
      await eventually(() => expect(arrived).toBe(i + 1));
    }
    files.keepOnly(new Set(hashes));
    expect(disposed).toEqual([]);
    files.keepOnly(new Set([second]));
    expect(disposed).toEqual([11, 13]);
    expect(hashes.map((hash) => files.get(hash) !== null)).toEqual([false, true, false, true, true]);
    // It is still in the browser, or else in the room.
    files.need(first);
    await eventually(() => expect(arrived + wanted.length).toBeGreaterThan(2 * all.length));
  });

  it('keeps one’s own until it is taken off', async () => {
    const taken: string[] = [];
    for (const first of [11, 12, 13, 14])
      taken.push((await files.take(new Blob([Uint8Array.of(first)]))).hash);
    files.keepOnly(new Set());
    expect(disposed).toEqual([11]);
    files.takeOff();
    files.keepOnly(new Set());
    expect(disposed).toEqual([11, 12]);
    await files.offer(taken[3] ?? '');
    expect(provided).toEqual([]);
  });
});
