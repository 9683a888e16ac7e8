import { expect, test } from 'vitest';
import { type Part, PartReader } from './parts';
import { checkPictures, prescan } from './prescan';
import { bytesTree } from './tree';

const model = (files: Record<string, string>): Promise<Part> =>
  new PartReader(
    bytesTree(new Map(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)]))),
  ).model('scene.xml');

const world = (inside: string, rest = ''): Record<string, string> => ({
  'scene.xml': `<mujoco>\n${rest}\n<worldbody>\n${inside}\n</worldbody></mujoco>`,
});

const tooLarge = (line: number, element: string): unknown =>
  expect.objectContaining({ code: 'model-too-large', details: { file: 'scene.xml', line, element } });

test('nested replicates multiply', async () => {
  const growth = prescan(
    await model(
      world(
        '<replicate count="10"><replicate count="20"><body><freejoint/><geom/></body></replicate></replicate>',
      ),
    ),
  );
  expect(growth).toEqual({ elements: 600, dofs: 1200 });
});

test('ten thousand geoms are let through', async () => {
  expect(prescan(await model(world('<geom size=".1"/>'.repeat(10_000)))).elements).toBe(10_000);
});

test.each([
  ['one huge replicate', '<replicate count="1e6"><geom/></replicate>', 'replicate'],
  [
    'nested ones',
    '<replicate count="300"><replicate count="300">\n<geom/></replicate></replicate>',
    'replicate',
  ],
  ['too many joints', '<replicate count="4000"><body><freejoint/></body></replicate>', 'replicate'],
  ['a composite', '<composite type="cable" count="100000 1 1"/>', 'composite'],
  ['a flexcomp', '<flexcomp type="grid" count="100 100 100"/>', 'flexcomp'],
])('%s is refused with its line', async (_, inside, element) => {
  const part = await model(world(inside));
  expect(() => prescan(part)).toThrow(tooLarge(4, element) as Error);
});

test('a flex of few cells may have many vertices', async () => {
  const part = await model(world('<flexcomp type="grid" count="30 30 30" dof="trilinear"/>'));
  expect(prescan(part)).toEqual({ elements: 27_000, dofs: 0 });
});

test('copies count through includes and attached models', async () => {
  const growth = prescan(
    await model({
      'scene.xml':
        '<mujoco><asset><model file="arm.xml"/></asset><worldbody><replicate count="3"><attach model="arm" body="b"/>' +
        '</replicate><replicate count="5"><include file="balls.xml"/></replicate></worldbody></mujoco>',
      'arm.xml': '<mujoco model="arm"><worldbody><body name="b"><joint/><geom/></body></worldbody></mujoco>',
      'balls.xml': '<mujocoinclude><geom/><geom/></mujocoinclude>',
    }),
  );
  expect(growth).toEqual({ elements: 3 * 3 + 5 * 2, dofs: 3 });
});

test('models that attach each other by the power of two are refused at once', async () => {
  const files = world('', '');
  const link = (next: string): string =>
    `<mujoco><asset><model name="n" file="${next}"/></asset><worldbody><body name="b">` +
    '<attach model="n" body="b" prefix="x"/><attach model="n" body="b" prefix="y"/></body></worldbody></mujoco>';
  for (let i = 0; i < 40; i += 1) files[`m${i}.xml`] = link(`m${i + 1}.xml`).replaceAll('"n"', `"n${i}"`);
  files['m40.xml'] = '<mujoco><worldbody><body name="b"><geom/></body></worldbody></mujoco>';
  files['scene.xml'] = link('m0.xml');
  const part = await model(files);
  expect(() => prescan(part)).toThrow(expect.objectContaining({ code: 'model-too-large' }));
});

test('a model that attaches itself is refused', async () => {
  const a = '<mujoco>\n<asset><model file="b.xml"/></asset></mujoco>';
  const b = '<mujoco><asset><model file="scene.xml"/></asset></mujoco>';
  await expect(model({ 'scene.xml': a, 'b.xml': b })).rejects.toMatchObject({ code: 'model-rejected' });
});

test('includes in a circle end', async () => {
  const part = await model({
    'scene.xml': '<mujoco><include file="a.xml"/><include file="a.xml"/></mujoco>',
    'a.xml': '<mujoco><include file="scene.xml"/><include file="a.xml"/></mujoco>',
  });
  expect(part.includes.size).toBe(1);
});

test('height fields and textures are limited', async () => {
  const hfield = await model(world('<geom/>', '<asset><hfield nrow="10000" ncol="10000"/></asset>'));
  expect(() => prescan(hfield)).toThrow(tooLarge(2, 'hfield') as Error);
  const texture = await model(
    world('<geom/>', '<asset><texture type="2d" width="20000" height="20000"/></asset>'),
  );
  expect(() => prescan(texture)).toThrow(tooLarge(2, 'texture') as Error);
});

test('a small PNG of a huge picture is refused', () => {
  const png = new Uint8Array(64);
  const view = new DataView(png.buffer);
  view.setUint32(0, 0x89_50_4e_47);
  view.setUint32(16, 60_000);
  view.setUint32(20, 60_000);
  expect(() => checkPictures(new Map([['sky.png', png]]))).toThrow(
    expect.objectContaining({ code: 'model-too-large', details: { file: 'sky.png' } }),
  );
});
