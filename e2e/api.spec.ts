import { expect, test } from './fixtures';
import { BENCH, failureOf, load, loadBench, picture, tickOf, untilRunning } from './room';

/** The public API through its promises, on the bench of `room.ts`. */

test.beforeEach(async ({ room }) => {
  await loadBench(room);
});

test('step takes exactly so many mj_step, and nothing moves between them', async ({ room }) => {
  const [before, after, later] = await room.evaluate(async () => {
    const first = await window.simroom.state();
    await window.simroom.step(7);
    const second = await window.simroom.state();
    for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
    return [first, second, await window.simroom.state()];
  });
  expect(after.tick - before.tick).toBe(7);
  expect(after.time - before.time).toBeCloseTo(7 * 0.002, 12);
  expect(later).toEqual(after);
  expect([after.qpos.length, after.qvel.length, after.act.length, after.ctrl.length]).toEqual([9, 8, 0, 1]);
  expect(after.qpos).toBeInstanceOf(Float64Array);
  expect(after.hash).toMatch(/^[0-9a-f]{32}$/);
  expect(after.hash).not.toBe(before.hash);
});

test('play runs, pause stops', async ({ room }) => {
  await room.evaluate(() => window.simroom.play());
  await untilRunning(room);
  await room.evaluate(() => window.simroom.pause());
  const tick = await tickOf(room);
  await room.evaluate(() => window.simroom.stats());
  expect(await tickOf(room)).toBe(tick);
});

test('the same steps from the same keyframe have the same hash', async ({ room }) => {
  const [first, second, other] = await room.evaluate(async () => {
    const hashes: string[] = [];
    for (const key of ['home', 'home', 'left']) {
      await window.simroom.reset(key);
      await window.simroom.step(100);
      hashes.push((await window.simroom.state()).hash);
    }
    return hashes;
  });
  expect(second).toBe(first);
  expect(other).not.toBe(first);
});

test('hashAt has the hash of recent ticks, and null for others', async ({ room }) => {
  const found = await room.evaluate(async () => {
    const { tick } = await window.simroom.state();
    // Hashes are kept at multiples of 64 ticks.
    await window.simroom.step(128 - (tick % 64));
    const now = await window.simroom.state();
    await window.simroom.step(3);
    return [now.hash, await window.simroom.hashAt(now.tick), await window.simroom.hashAt(now.tick + 64)];
  });
  expect(found[1]).toBe(found[0]);
  expect(found[2]).toBeNull();
});

test('controls are set by name and by number, and cleared', async ({ room }) => {
  const run = await room.evaluate(async () => {
    const { simroom } = window;
    await simroom.setCtrl('push', 0.5);
    const start = await simroom.state();
    await simroom.step(100);
    const pushed = await simroom.state();
    await simroom.setCtrl(0, -0.25);
    const numbered = await simroom.state();
    await simroom.clearCtrl();
    return { start, pushed, numbered, cleared: await simroom.state() };
  });
  expect(run.start.ctrl[0]).toBeCloseTo(0.5, 6);
  expect(run.pushed.qpos[0]).toBeGreaterThan((run.start.qpos[0] ?? 0) + 0.01);
  expect(run.numbered.ctrl[0]).toBeCloseTo(-0.25, 6);
  expect(run.cleared.ctrl[0]).toBe(0);
});

test('joints are put where they are wanted, at rest', async ({ room }) => {
  const state = await room.evaluate(async () => {
    await window.simroom.step(50);
    await window.simroom.setJoint('hinge', 0.75);
    await window.simroom.setJoint('ball', [0.5, 0.5, 2, 1, 0, 0, 0]);
    return window.simroom.state();
  });
  expect(state.qpos[1]).toBeCloseTo(0.75, 6);
  expect(Array.from(state.qpos.slice(2, 5))).toEqual([0.5, 0.5, 2]);
  expect(Array.from(state.qvel.slice(1, 8))).toEqual([0, 0, 0, 0, 0, 0, 0]);
});

test('a weld holds the ball up while it is active', async ({ room }) => {
  const heights = await room.evaluate(async () => {
    const { simroom } = window;
    const found: number[] = [];
    for (const active of [false, true]) {
      await simroom.reset('home');
      await simroom.setEquality('grasp', active);
      await simroom.step(400);
      found.push((await simroom.state()).qpos[4] ?? NaN);
    }
    return found;
  });
  expect(heights[0]).toBeLessThan(0.15);
  expect(heights[1]).toBeGreaterThan(0.4);
});

test('a wrench lifts the ball until it is taken back', async ({ room }) => {
  const [start, lifted, fallen] = await room.evaluate(async () => {
    const height = async (): Promise<number> => (await window.simroom.state()).qpos[4] ?? NaN;
    const first = await height();
    await window.simroom.perturb('ball', { force: [0, 0, 6] });
    await window.simroom.step(200);
    const second = await height();
    await window.simroom.perturb('ball', null);
    await window.simroom.step(1000);
    return [first, second, await height()];
  });
  expect(lifted).toBeGreaterThan(start + 0.2);
  expect(fallen).toBeLessThan(0.15);
});

test('physics options are read and changed', async ({ room }) => {
  const [state, options] = await room.evaluate(async () => {
    const { simroom } = window;
    await simroom.setOptions({ gravity: [0, 0, 0], timestep: 0.001 });
    await simroom.reset('left');
    await simroom.step(100);
    return [await simroom.state(), simroom.options()] as const;
  });
  expect(state.qpos[4]).toBe(0.5);
  expect(state.time).toBeCloseTo(0.1, 9);
  await expect
    .poll(() => room.evaluate(() => window.simroom.options()))
    .toMatchObject({
      gravity: [0, 0, 0],
      timestep: 0.001,
    });
  expect(options.iterations).toBe(100);
});

test('reset goes to a keyframe by name, by number, and to the first', async ({ room }) => {
  const found = await room.evaluate(async () => {
    const states: number[][] = [];
    for (const key of ['left', 0, 1, undefined] as const) {
      await window.simroom.reset(key);
      states.push(Array.from((await window.simroom.state()).qpos.slice(0, 2)));
    }
    return states;
  });
  expect(found).toEqual([
    [-1, 0],
    [0, 0.1],
    [-1, 0],
    [0, 0.1],
  ]);
});

test('history: rewind brings a state back, scrub goes tick by tick', async ({ room }) => {
  const found = await room.evaluate(async () => {
    const { simroom } = window;
    await simroom.step(100);
    const early = await simroom.state();
    await simroom.step(1);
    const next = await simroom.state();
    await simroom.step(99);
    await simroom.rewind(early.tick);
    const back = await simroom.state();
    await simroom.scrub(1);
    const forward = await simroom.state();
    await simroom.scrub(-1);
    return { early, next, back, forward, again: await simroom.state() };
  });
  expect(found.back.hash).toBe(found.early.hash);
  expect(found.forward.hash).toBe(found.next.hash);
  expect(found.again.hash).toBe(found.early.hash);
});

test('a body is selected by name, and the event says so', async ({ room }) => {
  const heard = await room.evaluate(() => {
    const { simroom } = window;
    const events: (number | null)[] = [];
    const off = simroom.on('selection', (pick) => events.push(pick?.body ?? null));
    simroom.select('ball');
    const selected = simroom.selection();
    simroom.select(null);
    off();
    simroom.select('cart');
    simroom.select(null);
    return { events, selected, left: simroom.selection() };
  });
  expect(heard.events).toEqual([3, null]);
  expect(heard.selected).toMatchObject({ body: 3, geom: -1 });
  expect(heard.selected?.point[2]).toBeCloseTo(0.5, 6);
  expect(heard.left).toBeNull();
});

test("the camera: free pose, the model's own, and a body followed", async ({ room }) => {
  const poses = await room.evaluate(() => {
    const { camera } = window.simroom;
    const aligned = camera.get();
    camera.set({ lookat: [1, 2, 3], distance: 4, azimuth: 45, elevation: -20 });
    const free = camera.get();
    camera.set({ fixed: 'above' });
    const fixed = camera.get();
    camera.set({ track: 'ball' });
    const track = camera.get();
    camera.align();
    return { aligned, free, fixed, track, end: camera.get() };
  });
  expect(poses.free).toEqual({
    lookat: [1, 2, 3],
    distance: 4,
    azimuth: 45,
    elevation: -20,
    fixed: null,
    track: null,
  });
  expect(poses.fixed).toMatchObject({ fixed: 0, track: null });
  expect(poses.track).toMatchObject({ fixed: null, track: 3 });
  expect(poses.end).toEqual(poses.aligned);
});

test('screenshots have exactly the pixels asked for, and show something', async ({ room }) => {
  const small = await picture(room, 123, 77);
  expect(small).toMatchObject({ width: 123, height: 77 });
  expect(small.colours).toBeGreaterThan(10);
  const own = await room.evaluate(async () => {
    const bitmap = await createImageBitmap(await window.simroom.screenshot());
    const canvas = document.querySelector('canvas');
    return [bitmap.width, bitmap.height, canvas?.width, canvas?.height];
  });
  expect(own.slice(0, 2)).toEqual(own.slice(2));
});

test('view options change the picture and are told', async ({ room }) => {
  const before = await picture(room, 160, 100);
  const heard = await room.evaluate(() => {
    let told: boolean | null = null;
    const off = window.simroom.on('options', (options) => {
      told = options.geomGroups[0] ?? null;
    });
    window.simroom.view.set({ geomGroups: [false, false, false, false, false, false] });
    off();
    return told;
  });
  expect(heard).toBe(false);
  const hidden = await picture(room, 160, 100);
  await room.evaluate(() => window.simroom.view.set({ geomGroups: [true, true, true, false, false, false] }));
  expect(hidden.colours).toBeLessThan(before.colours);
  expect((await picture(room, 160, 100)).mean).toBeCloseTo(before.mean, 0);
});

test('speed is a matter of the clock: slower, faster, unbounded', async ({ room }) => {
  const speed = (): Promise<number | undefined> => room.evaluate(() => window.simroom.frame()?.header[3]);
  for (const wanted of [0.25, Infinity, 1]) {
    await room.evaluate((value) => window.simroom.setSpeed(value), wanted);
    await expect.poll(speed).toBe(wanted);
  }
});

test('figures are measured while it runs', async ({ room }) => {
  await room.evaluate(() => window.simroom.play());
  const least = (): Promise<number> =>
    room.evaluate(async () => {
      const { network: _, ...figures } = await window.simroom.stats();
      return Math.min(...Object.values(figures));
    });
  await expect.poll(least).toBeGreaterThan(0);
  expect(Object.keys(await room.evaluate(() => window.simroom.stats())).toSorted()).toEqual([
    'drawCalls',
    'fps',
    'frameMs',
    'network',
    'rtf',
    'stepMs',
    'stepsPerSecond',
    'triangles',
    'wasmBytes',
  ]);
});

test('a tape is saved and opens to the same hash', async ({ room }) => {
  const [saved, opened, name] = await room.evaluate(async () => {
    const { simroom } = window;
    await simroom.setCtrl('push', 0.3);
    await simroom.step(70);
    await simroom.perturb('ball', { force: [1, 0, 4] });
    await simroom.step(70);
    const before = await simroom.state();
    const tape = await simroom.tape.save();
    await simroom.load('pendulum');
    const info = await simroom.tape.open(tape);
    return [before, await simroom.state(), info.name];
  });
  expect(opened).toEqual(saved);
  expect(name).toBe('workshop');
});

test('what the model is: info, arrays, frame, catalogue, version', async ({ room }) => {
  const found = await room.evaluate(async () => {
    const { simroom } = window;
    return {
      info: simroom.model(),
      nbody: simroom.arrays()?.nbody,
      xpos: simroom.frame()?.xpos.length,
      catalogue: await simroom.catalogue(),
      version: simroom.version,
    };
  });
  expect(found.info).toMatchObject({
    name: 'workshop',
    origin: 'bench.xml',
    entry: 'bench.xml',
    timestep: 0.002,
  });
  expect(found.info?.actuators).toMatchObject([{ name: 'push', range: [-1, 1] }]);
  expect(found.info?.keyframes.map(({ name }) => name)).toEqual(['home', 'left']);
  expect(found.nbody).toBe(6);
  expect(found.xpos).toBe(18);
  expect(found.version).toMatch(/^\d+\.\d+\.\d+/);
  expect(found.catalogue.length).toBeGreaterThanOrEqual(11);
  for (const { url, thumbnail, text } of found.catalogue) {
    expect(text).not.toBe('');
    for (const address of [url, thumbnail])
      expect((await room.request.head(address)).status(), address).toBe(200);
  }
});

test('events tell of loads and of the clock; an ended subscription is silent', async ({ room }) => {
  await room.evaluate(() => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    const { simroom } = window;
    simroom.on('model', (info) => heard.push(`model ${info.name}`));
    simroom.on('progress', (progress) => heard.push(`progress ${progress?.step ?? 'end'}`));
    simroom.on('state', ({ paused }) => heard.push(paused ? 'paused' : 'running'));
    simroom.on('warning', () => heard.push('silent'))();
  });
  await load(room, { files: { 'bench.xml': BENCH } });
  const heard = (): Promise<string[]> => room.evaluate(() => Reflect.get(window, 'heard') as string[]);
  await expect
    .poll(heard)
    .toEqual(expect.arrayContaining(['model workshop', 'progress compile', 'progress end', 'paused']));
  expect(await heard()).not.toContain('silent');
});

test.describe('errors have a code, and say what to do', () => {
  const cases: readonly (readonly [name: string, call: () => unknown, code: string, words: RegExp])[] = [
    [
      'an actuator that is not there',
      () => window.simroom.setCtrl('pull', 1),
      'unknown-name',
      /"pull".*push/,
    ],
    ['a number out of range', () => window.simroom.setCtrl(9, 1), 'unknown-name', /no actuator 9.* 1/],
    [
      'a control that is no number',
      () => window.simroom.setCtrl('push', NaN),
      'bad-argument',
      /number|finite/,
    ],
    ['a keyframe that is not there', () => window.simroom.reset('right'), 'unknown-name', /home, left/],
    ['a joint with too few values', () => window.simroom.setJoint('ball', 1), 'bad-argument', /7 values/],
    ['a body that is not there', () => window.simroom.select('cube'), 'unknown-name', /cart, pole, ball/],
    ['an equality without a name', () => window.simroom.setEquality('', true), 'unknown-name', /grasp/],
    ['half a step', () => window.simroom.step(0.5), 'bad-argument', /whole number/],
    ['a speed of nothing', () => window.simroom.setSpeed(0), 'bad-argument', /speed/i],
    [
      'a camera that is not there',
      () => window.simroom.camera.set({ fixed: 'below' }),
      'unknown-name',
      /above/,
    ],
    [
      'a picture without pixels',
      () => window.simroom.screenshot({ width: 0, height: 9 }),
      'bad-argument',
      /pixels/,
    ],
    ['a tick not reached yet', () => window.simroom.rewind(1e9), 'history-gone', /./],
    ['a tape that is none', () => window.simroom.tape.open(new Blob(['hello'])), 'tape-invalid', /tape/],
    ['files that nobody asked for', () => window.simroom.addFiles([]), 'bad-argument', /drop/],
    ['a model that is not there', () => window.simroom.load('unicorn'), 'not-found', /humanoid/],
  ];
  for (const [name, call, code, words] of cases) {
    test(name, async ({ room }) => {
      const failure = await failureOf(room, call);
      expect(failure).toMatchObject({ code, message: expect.stringMatching(words) });
    });
  }
});
