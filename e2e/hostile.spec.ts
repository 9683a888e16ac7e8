import { strToU8, zipSync } from 'fflate';
import { expect, test } from './fixtures';
import { failureOf, loadBench, loadFailure, untilRunning, type Source } from './room';

/** What must have been refused by then, s of wall time on a slow machine. */
const SECONDS = 10;

const world = (inside: string): string => `<mujoco><worldbody>${inside}</worldbody></mujoco>`;

/** 64 MB of zeros pack to 64 kB. */
const bomb = (): Uint8Array => zipSync({ 'a.xml': strToU8(world('')), 'a.stl': new Uint8Array(64 << 20) });

const noise = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 197 + (i >> 3)) & 255);

const cases: readonly (readonly [name: string, source: () => Source, codes: RegExp, words: RegExp])[] = [
  ['nothing', () => ({ files: {} }), /not-a-model/, /./],
  ['an empty file', () => ({ files: { 'a.xml': '' } }), /xml-invalid|not-a-model/, /empty/i],
  [
    'a truncated file',
    () => ({ files: { 'a.xml': '<mujoco><worldbody><geom siz' } }),
    /xml-invalid/,
    /a\.xml/,
  ],
  [
    'bytes that are no text',
    () => ({ files: { 'a.xml': noise(4096) } }),
    /xml-invalid|not-a-model/,
    /a\.xml/,
  ],
  [
    'a web page',
    () => ({ files: { 'a.xml': '<html><body>404</body></html>' } }),
    /not-a-model|xml-invalid/,
    /web page/,
  ],
  ['a zip bomb', () => ({ files: { 'a.zip': bomb() } }), /archive-too-large/, /./],
  [
    'a zip that reaches out of its folder',
    () => ({
      files: { 'a.zip': zipSync({ '../../evil.xml': strToU8(world('')), 'a.xml': strToU8(world('')) }) },
    }),
    /path-unsafe/,
    /evil\.xml/,
  ],
  [
    'a broken zip',
    () => ({ files: { 'a.zip': Uint8Array.of(0x50, 0x4b, 3, 4, 1, 2, 3) } }),
    /archive-invalid/,
    /./,
  ],
  [
    'an include that reaches out',
    () => ({ files: { 'a.xml': '<mujoco><include file="../../../etc/passwd"/></mujoco>' } }),
    /assets-missing|path-unsafe/,
    /passwd/,
  ],
  [
    'an include of itself',
    () => ({ files: { 'a.xml': '<mujoco><include file="a.xml"/></mujoco>' } }),
    /xml-invalid|compile-failed|model-rejected/,
    /includ/,
  ],
  [
    'a million replicas',
    () => ({ files: { 'a.xml': world('<replicate count="1000000"><geom size=".1"/></replicate>') } }),
    /model-too-large/,
    /replicate/,
  ],
  [
    'replicas of replicas',
    () => ({
      files: {
        'a.xml': world(
          '<replicate count="400"><replicate count="400"><geom size=".1"/></replicate></replicate>',
        ),
      },
    }),
    /model-too-large/,
    /./,
  ],
  [
    'bodies 20,000 deep',
    () => ({ files: { 'a.xml': world('<body>'.repeat(20_000) + '</body>'.repeat(20_000)) } }),
    /model-too-large|compile-failed/,
    /deep/,
  ],
  [
    'a name twice',
    () => ({ files: { 'a.xml': world('<geom name="twin" size=".1"/><geom name="twin" size=".1"/>') } }),
    /xml-invalid/,
    /twin/,
  ],
  [
    'a number that is none',
    () => ({ files: { 'a.xml': world('<geom size="one"/>') } }),
    /xml-invalid/,
    /size/,
  ],
  [
    'a mesh that is text',
    () => ({
      files: {
        'a.xml':
          '<mujoco><asset><mesh name="m" file="m.stl"/></asset><worldbody><geom type="mesh" mesh="m"/></worldbody></mujoco>',
        'm.stl': 'hello',
      },
    }),
    /compile-failed|model-rejected/,
    /m\.stl/,
  ],
];

test.describe('refused within seconds, in words, while the running model goes on', () => {
  for (const [name, source, codes, words] of cases) {
    test(name, async ({ room }) => {
      if ((await room.evaluate(() => window.simroom.model()?.name)) !== 'workshop') await loadBench(room);
      await room.evaluate(() => window.simroom.play());
      const failure = await loadFailure(room, source());
      expect(failure?.code).toMatch(codes);
      expect(failure?.message).toMatch(words);
      expect(failure?.seconds).toBeLessThan(SECONDS);
      expect(await room.evaluate(() => window.simroom.model()?.name)).toBe('workshop');
      await untilRunning(room);
    });
  }
});

test('50 MB of XML are refused', async ({ room }) => {
  const failure = await failureOf(room, () =>
    window.simroom.load({
      files: { 'large.xml': new Blob(['<mujoco>', new Uint8Array(50 << 20).fill(32)]) },
    }),
  );
  expect(failure).toMatchObject({ code: 'file-too-large', message: expect.stringContaining('MB') });
  expect(failure?.seconds).toBeLessThan(SECONDS);
});

test('a chain of 250 bodies loads and runs', async ({ room }) => {
  const chain =
    '<body pos=".01 0 0"><joint axis="0 1 0"/><geom size=".01"/>'.repeat(250) + '</body>'.repeat(250);
  const nbody = await room.evaluate(
    async (xml) => (await window.simroom.load({ files: { 'chain.xml': xml } })).sizes.nbody,
    world(chain),
  );
  expect(nbody).toBe(251);
  await untilRunning(room);
});

test('10,000 nameless geoms load, run and are drawn', async ({ room }) => {
  const ngeom = await room.evaluate(
    async (xml) => (await window.simroom.load({ files: { 'many.xml': xml } })).sizes.ngeom,
    world('<geom size=".01" pos="1 2 3"/>'.repeat(10_000) + '<body><freejoint/><geom size=".1"/></body>'),
  );
  expect(ngeom).toBe(10_001);
  await untilRunning(room);
});
