import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { startServer } from '../signaling/server';
import { expect, test } from './fixtures';
import { loadFailure, load, loadBench, runCommand, tickOf, untilDrawn, untilRunning } from './room';

/** A model in parts: an include, a mesh in a folder of its own. */
const PARTS = {
  'robot/scene.xml': `<mujoco model="parts"><include file="arm.xml"/>
    <worldbody><geom type="plane" size="2 2 .1"/></worldbody></mujoco>`,
  'robot/arm.xml': `<mujoco><compiler meshdir="meshes"/><asset><mesh name="tetra" file="tetra.obj"/></asset>
    <worldbody><body name="arm" pos="0 0 1"><freejoint/><geom type="mesh" mesh="tetra"/></body></worldbody></mujoco>`,
  'robot/meshes/tetra.obj': 'v 0 0 0\nv .2 0 0\nv 0 .2 0\nv 0 0 .2\nf 1 3 2\nf 1 2 4\nf 1 4 3\nf 2 3 4\n',
};

const MODEL = { name: 'parts', sizes: { nbody: 2, nmesh: 1 } };

/** Writes the model's files below a folder; gives the folder. */
async function writeParts(folder: string): Promise<string> {
  for (const [name, text] of Object.entries(PARTS)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  return folder;
}

const zip = zipSync(Object.fromEntries(Object.entries(PARTS).map(([name, text]) => [name, strToU8(text)])));

test('from the catalogue, by id', async ({ room }) => {
  await load(room, 'pendulum');
  expect(await room.evaluate(() => window.simroom.model()?.origin)).toBe('Double pendulums');
});

test('from files in memory: the entry is found, its include and mesh too', async ({ room }) => {
  await load(room, { files: PARTS });
  expect(await room.evaluate(() => window.simroom.model())).toMatchObject({
    ...MODEL,
    files: [{ path: 'arm.xml' }, { path: 'meshes/tetra.obj' }, { path: 'scene.xml' }],
  });
});

test('from a zip in memory', async ({ room }) => {
  await load(room, { files: { 'robot.zip': zip } });
  expect(await room.evaluate(() => window.simroom.model())).toMatchObject(MODEL);
});

for (const [what, target] of [
  ['a folder', 'robot'],
  ['a zip', 'robot.zip'],
] as const) {
  test(`dropped on the window: ${what}`, async ({ room }, info) => {
    await load(room, 'pendulum');
    const folder = await writeParts(info.outputPath());
    await writeFile(path.join(folder, 'robot.zip'), zip);
    const session = await room.context().newCDPSession(room);
    const data = { items: [], files: [path.join(folder, target)], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver'] as const)
      await session.send('Input.dispatchDragEvent', { type, x: 200, y: 150, data });
    await expect(room.getByText('Drop to open')).toBeVisible();
    await session.send('Input.dispatchDragEvent', { type: 'drop', x: 200, y: 150, data });
    await expect.poll(() => room.evaluate(() => window.simroom.model())).toMatchObject(MODEL);
    await expect(room.getByText('Drop to open')).toBeHidden();
  });
}

test('through the file picker', async ({ room }, info) => {
  await load(room, 'pendulum');
  const folder = await writeParts(info.outputPath());
  await writeFile(path.join(folder, 'robot.mjz'), zip);
  await room.getByRole('button', { name: /^Model: / }).click();
  const choosing = room.waitForEvent('filechooser');
  await room.getByRole('menuitem', { name: 'Open files' }).click();
  await (await choosing).setFiles(path.join(folder, 'robot.mjz'));
  await expect.poll(() => room.evaluate(() => window.simroom.model())).toMatchObject(MODEL);
});

test('from an address in the query, includes and meshes beside it', async ({ page, openRoom }, info) => {
  const host = await startServer({ folder: await writeParts(info.outputPath()), port: 0, host: '127.0.0.1' });
  const url = `${host.url}robot/scene.xml`;
  await openRoom(page, `?model=${encodeURIComponent(url)}`);
  expect(await page.evaluate(() => window.simroom.model())).toMatchObject({ ...MODEL, origin: url });
  await host.close();
});

test('from GitHub, as github:owner/repo/path and as the address of the page', async ({ room }) => {
  await room.context().route('https://raw.githubusercontent.com/**', async (route) => {
    const asked = new URL(route.request().url()).pathname.replace(/^\/lab\/arms\/(HEAD|main)\//, '');
    const text = Object.entries(PARTS).find(([name]) => name === asked)?.[1];
    await route.fulfill({
      status: text === undefined ? 404 : 200,
      body: text ?? 'none',
      headers: { 'Access-Control-Allow-Origin': '*', 'Content-Type': 'text/plain' },
    });
  });
  for (const source of [
    'github:lab/arms/robot/scene.xml',
    'https://github.com/lab/arms/blob/main/robot/scene.xml',
  ]) {
    await load(room, 'pendulum');
    await load(room, source);
    expect(await room.evaluate(() => window.simroom.model())).toMatchObject({ ...MODEL, origin: source });
  }
  await room.context().unroute('https://raw.githubusercontent.com/**');
  expect(await loadFailure(room, 'github:lab/arms')).toMatchObject({
    code: 'not-found',
    message: expect.stringContaining('github:lab/arms/path/scene.xml'),
  });
});

test('missing files are listed all at once, and can be added', async ({ room }) => {
  await load(room, 'pendulum');
  const failure = await loadFailure(room, { files: { 'scene.xml': lacking() } });
  expect(failure).toMatchObject({
    code: 'assets-missing',
    details: { missing: ['bolt.obj', 'nut.obj', 'skin.png'] },
  });
  await expect(room.getByRole('list', { name: 'Missing files' }).getByRole('listitem')).toHaveText([
    'bolt.obj',
    'nut.obj',
    'skin.png',
  ]);
  const info = await room.evaluate(async (obj) => {
    // A white pixel.
    const png = Uint8Array.from(
      atob(
        'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg==',
      ),
      (c) => c.charCodeAt(0),
    );
    const { simroom } = window;
    const first = await simroom
      .addFiles([new File([obj], 'bolt.obj'), new File([png], 'skin.png')])
      .catch((e) => e);
    const { missing } = first.details;
    return { missing, model: await simroom.addFiles([new File([obj], 'nut.obj')]) };
  }, PARTS['robot/meshes/tetra.obj']);
  expect(info.missing).toEqual(['nut.obj']);
  expect(info.model.sizes).toMatchObject({ nmesh: 2, ntex: 1 });
  await expect(room.getByRole('alert')).toBeHidden();
});

function lacking(): string {
  return `<mujoco><asset><mesh name="a" file="bolt.obj"/><mesh name="b" file="nut.obj"/>
    <texture type="2d" name="t" file="skin.png"/></asset>
    <worldbody><geom type="mesh" mesh="a"/><geom type="mesh" mesh="b"/></worldbody></mujoco>`;
}

test('an error names file, line and element, and the running model goes on', async ({ room }) => {
  await loadBench(room);
  await room.evaluate(() => window.simroom.play());
  const failure = await loadFailure(room, {
    entry: 'main.xml',
    files: {
      'main.xml': '<mujoco>\n<include file="part.xml"/>\n</mujoco>',
      'part.xml': '<mujoco>\n<worldbody>\n  <geom size=".1" colour="red"/>\n</worldbody>\n</mujoco>',
    },
  });
  expect(failure?.code).toBe('xml-invalid');
  expect(failure?.details).toMatchObject({ file: 'part.xml', line: 3, element: 'geom' });
  const card = room.getByRole('alert');
  await expect(card).toContainText('part.xml:3');
  await expect(card).toContainText('colour');
  expect(await room.evaluate(() => window.simroom.model()?.name)).toBe('workshop');
  await untilRunning(room);
  await card.getByRole('button', { name: 'Dismiss' }).click();
  await expect(card).toBeHidden();
});

test('compile warnings are shown', async ({ room }) => {
  await load(room, {
    files: {
      'net.xml': `<mujoco><worldbody>
        <flexcomp name="net" type="grid" count="3 3 1" spacing=".1 .1 .1" radius=".01" dim="2"/></worldbody></mujoco>`,
    },
  });
  expect(await room.evaluate(() => window.simroom.model()?.warnings.join())).toContain(
    "flex 'net' is not rigid",
  );
  await runCommand(room, 'Files panel');
  await expect(room.getByText("flex 'net' is not rigid")).toBeVisible();
  await room.keyboard.press('Control+b');
});

test('of two loads at once the later wins, cleanly', async ({ room }) => {
  const [first, second, running] = await room.evaluate(async () => {
    const early = window.simroom.load('stress').then(
      () => 'loaded',
      (thrown: unknown) => String(Reflect.get(Object(thrown), 'code')),
    );
    const late = await window.simroom.load('pendulum');
    return [await early, late.origin, window.simroom.model()?.origin];
  });
  expect(first).toBe('load-superseded');
  expect([second, running]).toEqual(['Double pendulums', 'Double pendulums']);
  await untilRunning(room);
});

test('a load can be cancelled', async ({ room }) => {
  await loadBench(room);
  const code = await room.evaluate(async () => {
    const off = window.simroom.on('progress', (progress) => {
      if (progress !== null) window.simroom.cancelLoad();
    });
    try {
      await window.simroom.load('stress');
      return 'loaded';
    } catch (thrown) {
      return String(Reflect.get(Object(thrown), 'code'));
    } finally {
      off();
    }
  });
  expect(code).toBe('load-cancelled');
  expect(await room.evaluate(() => window.simroom.model()?.name)).toBe('workshop');
  await untilDrawn(room);
  await expect(room.getByRole('alert')).toBeHidden();
});

test('a model that diverges is stopped with time, body and DOF, and goes back', async ({ room }) => {
  await room.evaluate(() => {
    Reflect.deleteProperty(window, 'unstable');
    window.simroom.on('warning', (notice) => {
      if (notice.code === 'simulation-unstable') Object.assign(window, { unstable: notice });
    });
  });
  await load(room, {
    files: {
      'runaway.xml': `<mujoco><option timestep="0.01"/><worldbody>
        <body name="runaway"><joint name="spin" type="slide" axis="0 0 1"/><geom size=".1" mass="1"/></body></worldbody>
        <actuator><general joint="spin" biastype="affine" biasprm="1 5000 50"/></actuator></mujoco>`,
    },
  });
  await room.evaluate(() => window.simroom.play());
  await room.waitForFunction(() => 'unstable' in window);
  const notice = await room.evaluate(() => Reflect.get(window, 'unstable') as { message: string });
  expect(notice.message).toMatch(/unstable at \d+\.\d+ s.*joint spin of runaway \((DOF|coordinate) 0\)/);
  const bad = await tickOf(room);
  await room.getByRole('button', { name: 'Go back to the last good state' }).click();
  await expect.poll(() => room.evaluate(() => window.simroom.frame()?.header[15] ?? 0)).toBeLessThan(bad);
  const state = await room.evaluate(() => window.simroom.state());
  expect([...state.qpos, ...state.qvel].every((x) => Number.isFinite(x) && Math.abs(x) < 1e10)).toBe(true);
});
