import type { Page } from '@playwright/test';
import { BENCH, load, loadFailure } from '../room';
import { enter, expect, openRoom, rest, test, WIDE } from './company';
import { expectSameWorld } from './worlds';

/** A model that one loads is the model of all; its files travel from browser to browser. */

/** An OBJ that the model needs: several files come together. */
const TETRAHEDRON = 'v 0 0 0\nv .2 0 0\nv 0 .2 0\nv 0 0 .2\nf 1 3 2\nf 1 2 4\nf 1 4 3\nf 2 3 4\n';
const WITH_MESH = `
<mujoco model="tumbler">
  <asset><mesh name="stone" file="meshes/stone.obj"/></asset>
  <worldbody>
    <geom type="plane" size="2 2 .1"/>
    <body name="stone" pos="0 0 1"><freejoint/><geom type="mesh" mesh="stone"/></body>
  </worldbody>
</mujoco>`;
const BALL_DROP = `
<mujoco model="drop">
  <worldbody>
    <geom type="plane" size="2 2 .1"/>
    <body pos="0 0 1"><freejoint/><geom size=".1"/></body>
  </worldbody>
</mujoco>`;
const BROKEN = '<mujoco model="broken"><worldbody><geom type="ball"/></worldbody></mujoco>';

let ana: Page;
let ben: Page;
/** Comes to some of it only. */
let cleo: Page;

test.beforeAll(async ({ company }) => {
  ana = await company.open('Ana');
  ben = await company.open('Ben', { viewport: WIDE });
  cleo = await company.open('Cleo');
});

test.afterAll(({ company }) => company.leave());

test.beforeEach(async () => {
  await rest(cleo);
  await load(ana, { files: { 'bench.xml': BENCH } });
  await enter(ben, await openRoom(ana));
  await ana.evaluate(() => window.simroom.play());
});

const nameOf = (page: Page) => page.evaluate(() => window.simroom.model()?.name);
const linkOf = (page: Page) => page.evaluate(() => window.simroom.room.info()?.link ?? '');

test('a file that a guest opens is loaded for everybody', async () => {
  await enter(cleo, await linkOf(ana));
  await ben
    .getByRole('button', { name: /^Model/ })
    .first()
    .click();
  const chosen = ben.waitForEvent('filechooser');
  await ben.getByRole('menuitem', { name: /file/i }).first().click();
  await (await chosen).setFiles({ name: 'drop.xml', mimeType: 'text/xml', buffer: Buffer.from(BALL_DROP) });
  for (const page of [ana, ben, cleo]) await expect.poll(() => nameOf(page)).toBe('drop');
  await ana.evaluate(() => window.simroom.play());
  await expectSameWorld(ana, ben, cleo);
});

test('a model of several files that a guest loads arrives whole', async () => {
  await ben.evaluate((files) => window.simroom.load({ entry: 'scene.xml', files }), {
    'scene.xml': WITH_MESH,
    'meshes/stone.obj': TETRAHEDRON,
  });
  for (const page of [ana, ben]) await expect.poll(() => nameOf(page)).toBe('tumbler');
  expect(await ana.evaluate(() => window.simroom.model()?.sizes.nmesh)).toBe(1);
  await ben.evaluate(() => window.simroom.play());
  await expectSameWorld(ana, ben);
});

test('a broken model is an error where it was loaded, and nowhere else', async () => {
  const failure = await loadFailure(ben, { files: { 'broken.xml': BROKEN } });
  expect(failure?.code).toBe('xml-invalid');
  expect(failure?.details.file).toBe('broken.xml');
  for (const page of [ana, ben]) expect(await nameOf(page)).toBe('workshop');
  await expectSameWorld(ana, ben);
});

test('another model of the host comes to everybody, and so do those who come later', async () => {
  await ana.evaluate(() => window.simroom.load('cartpole'));
  const name = await nameOf(ana);
  expect(name).not.toBe('workshop');
  await expect.poll(() => nameOf(ben)).toBe(name);
  await ana.evaluate(() => window.simroom.play());
  await expectSameWorld(ana, ben);
  await enter(cleo, await linkOf(ana));
  expect(await nameOf(cleo)).toBe(name);
  await expectSameWorld(ana, ben, cleo);
});

test('two who load at the same time end with the same model', async () => {
  const settled = await Promise.all([
    ana.evaluate(
      (xml) =>
        window.simroom.load({ files: { 'drop.xml': xml } }).then(
          () => 'loaded',
          (e: Error) => Reflect.get(e, 'code'),
        ),
      BALL_DROP,
    ),
    ben.evaluate(
      (files) =>
        window.simroom.load({ entry: 'scene.xml', files }).then(
          () => 'loaded',
          (e: Error) => Reflect.get(e, 'code'),
        ),
      { 'scene.xml': WITH_MESH, 'meshes/stone.obj': TETRAHEDRON },
    ),
  ]);
  expect(settled).toContain('loaded');
  await expect(async () => {
    const name = await nameOf(ana);
    expect(['drop', 'tumbler']).toContain(name);
    expect(await nameOf(ben)).toBe(name);
  }).toPass();
  await ana.evaluate(() => window.simroom.play());
  await expectSameWorld(ana, ben);
});

test('what a guest loads in a fork stays there', async () => {
  await ben.evaluate(() => window.simroom.room.fork());
  await ben.evaluate((xml) => window.simroom.load({ files: { 'drop.xml': xml } }), BALL_DROP);
  expect(await nameOf(ben)).toBe('drop');
  expect(await nameOf(ana)).toBe('workshop');
  await ben.evaluate(() => window.simroom.room.rejoin());
  expect(await nameOf(ben)).toBe('workshop');
  await expectSameWorld(ana, ben);
});
