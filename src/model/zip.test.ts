import { strToU8, zipSync, type Zippable } from 'fflate';
import { describe, expect, test } from 'vitest';
import { type Bundle, bundleHash } from './bundle';
import { packBundle, unpackBundle } from './pack';
import { openZip } from './zip';

const CENTRAL_ENTRY = [0x50, 0x4b, 0x01, 0x02];

const zip = (files: Record<string, string>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])));

/** The same archive with some bytes of its first directory entry changed. */
function patched(archive: Uint8Array, offset: number, bytes: readonly number[]): Uint8Array {
  const copy = archive.slice();
  const at = copy.findIndex((_, i) => CENTRAL_ENTRY.every((byte, k) => copy[i + k] === byte));
  copy.set(bytes, at + offset);
  return copy;
}

describe('openZip', () => {
  test('files are listed and unpacked, folders left out', () => {
    const archive = openZip(
      zipSync({
        robot: {
          'scene.xml': strToU8('<mujoco/>'),
          assets: { 'a.bin': [new Uint8Array(1000), { level: 0 }] },
        },
      }),
      'r.zip',
    );
    expect(archive.paths).toEqual(['robot/scene.xml', 'robot/assets/a.bin']);
    expect(new TextDecoder().decode(archive.read('robot/scene.xml'))).toBe('<mujoco/>');
    expect(archive.read('robot/assets/a.bin')).toHaveLength(1000);
  });

  test.each([
    '../evil.xml',
    'a/../../evil.xml',
    '/etc/passwd',
    'C:/evil.xml',
    'a\\b.xml',
    'a\nb.xml',
    'x/__proto__/y',
  ])('the path %j is refused', (path) => {
    expect(() => openZip(zip({ 'ok.xml': 'x', [path]: 'x' }), 'r.zip')).toThrow(
      expect.objectContaining({ code: 'path-unsafe' }),
    );
  });

  test('a symbolic link is refused', () => {
    const files: Zippable = { link: [strToU8('/etc/passwd'), { os: 3, attrs: 0o120777 << 16 }] };
    expect(() => openZip(zipSync(files), 'r.zip')).toThrow(expect.objectContaining({ code: 'path-unsafe' }));
  });

  test('a bomb is refused by its ratio, before it is unpacked', () => {
    const bomb = zipSync({ 'bomb.xml': new Uint8Array(64 << 20) });
    expect(() => openZip(bomb, 'r.zip')).toThrow(expect.objectContaining({ code: 'archive-too-large' }));
  });

  test('a bomb is refused by its declared size', () => {
    const huge = patched(zip({ 'a.xml': 'x' }), 24, [0xff, 0xff, 0xff, 0x7f]);
    expect(() => openZip(huge, 'r.zip')).toThrow(expect.objectContaining({ code: 'archive-too-large' }));
  });

  test('an entry that lies about its size is not unpacked further', () => {
    const liar = patched(zipSync({ 'a.xml': new Uint8Array(1 << 20) }), 24, [16, 0, 0, 0]);
    expect(() => openZip(liar, 'r.zip').read('a.xml')).toThrow(
      expect.objectContaining({ code: 'archive-invalid' }),
    );
  });

  test('damaged, cut off, encrypted and foreign archives are refused', () => {
    const good = zip({ 'a.xml': '<mujoco/>'.repeat(100) });
    const spoilt = good.slice();
    spoilt[40] = (spoilt[40] ?? 0) ^ 0xff;
    expect(() => openZip(spoilt, 'r.zip').read('a.xml')).toThrow(
      expect.objectContaining({ code: 'archive-invalid' }),
    );
    for (const bytes of [
      good.subarray(0, 60),
      new Uint8Array(0),
      strToU8('no zip at all'),
      patched(good, 8, [1]),
    ])
      expect(() => openZip(bytes, 'r.zip')).toThrow(expect.objectContaining({ code: 'archive-invalid' }));
    expect(() => openZip(patched(good, 10, [14]), 'r.zip')).toThrow(/method 14/);
  });
});

describe('bundles', () => {
  const bundle: Bundle = {
    entry: 'b/scene.xml',
    files: new Map([
      ['b/scene.xml', strToU8('<mujoco/>')],
      ['a/mesh.obj', strToU8('v 0 0 0')],
      ['empty.txt', new Uint8Array()],
    ]),
  };
  const reordered: Bundle = { ...bundle, files: new Map([...bundle.files].toReversed()) };

  test('a bundle packs to the same bytes in any order and comes back', () => {
    const packed = packBundle(bundle);
    expect(packBundle(reordered)).toEqual(packed);
    const back = unpackBundle(packed);
    expect(back.entry).toBe(bundle.entry);
    expect(Object.fromEntries(back.files)).toEqual(Object.fromEntries(bundle.files));
  });

  test('the hash follows contents, names and entry, and not the order', async () => {
    const hash = await bundleHash(bundle);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(await bundleHash(reordered)).toBe(hash);
    expect(await bundleHash({ ...bundle, entry: 'a/mesh.obj' })).not.toBe(hash);
    const renamed = new Map([...bundle.files].map(([path, bytes]) => [path.replace('mesh', 'mash'), bytes]));
    expect(await bundleHash({ ...bundle, files: renamed })).not.toBe(hash);
  });

  test('any other zip is no packed bundle', () => {
    expect(() => unpackBundle(zip({ 'a.xml': 'x' }))).toThrow(
      expect.objectContaining({ code: 'archive-invalid' }),
    );
  });
});
