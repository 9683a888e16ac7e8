import { beforeEach, describe, expect, it, vi } from 'vitest';
import { SimroomError } from '../../core/errors';
import type { GlbKind } from '../../view/glb_head';
import { sha256Hex } from '../room/digest';
import { HeadFiles } from './head_files';

const FILE = Uint8Array.of(1, 2, 3);
const BAD = Uint8Array.of(9);

let wanted: string[];
let provided: string[];
let arrived: number;
let bad: string[];
let files: HeadFiles;

beforeEach(() => {
  wanted = [];
  provided = [];
  arrived = 0;
  bad = [];
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
      return Promise.resolve({ kind: { bytes } as unknown as GlbKind, words: 'A head.', dispose: () => {} });
    },
  );
});

describe('HeadFiles', () => {
  it('takes nothing but files', async () => {
    const nothing = undefined as unknown as Blob;
    await expect(files.take(nothing)).rejects.toMatchObject({ code: 'bad-argument' });
  });

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
    await vi.waitFor(() => expect(wanted).toEqual([hash]));
    expect(files.get(hash)).toBe(null);
    files.hear({ kind: 'content', hash, bytes: FILE });
    await vi.waitFor(() => expect(arrived).toBe(1));
    expect(files.get(hash)).not.toBe(null);
    files.need(hash);
    expect(wanted).toHaveLength(1);
  });

  it('says what is wrong with somebody’s, and goes on; what was not asked for it does not read', async () => {
    const hash = await sha256Hex(BAD);
    files.hear({ kind: 'content', hash, bytes: BAD });
    files.need(hash);
    await vi.waitFor(() => expect(wanted).toEqual([hash]));
    files.hear({ kind: 'content', hash, bytes: BAD });
    await vi.waitFor(() => expect(bad).toEqual(['It cannot move.']));
    expect(files.get(hash)).toBe(null);
    const other = await sha256Hex(FILE);
    files.need(other);
    await vi.waitFor(() => expect(wanted).toHaveLength(2));
    files.hear({ kind: 'content', hash: other, bytes: BAD });
    await vi.waitFor(() => expect(bad).toHaveLength(2));
    expect(bad[1]).toMatch(/not the one/);
  });

  it('asks again in another room for what did not come', async () => {
    const hash = await sha256Hex(FILE);
    files.need(hash);
    await vi.waitFor(() => expect(wanted).toHaveLength(1));
    files.forget();
    files.need(hash);
    await vi.waitFor(() => expect(wanted).toHaveLength(2));
    files.hear({ kind: 'lacking', hash });
    files.need(hash);
    await vi.waitFor(() => expect(wanted).toHaveLength(3));
  });
});
