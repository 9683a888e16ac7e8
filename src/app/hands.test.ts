// @vitest-environment happy-dom
import { PerspectiveCamera } from 'three';
import { describe, expect, it } from 'vitest';
import type { Frame } from '../core/frame';
import type { ModelCopy } from '../core/model';
import type { Action } from '../tape/action';
import { CameraControl } from '../view/camera';
import { Hands } from './hands';
import type { Pick } from './api';

/** World, a floor-like static body 1, a free body 2, a mocap body 3 with body 4 fixed to it. */
const model = {
  ncam: 0,
  nbody: 5,
  body_parentid: Int32Array.of(0, 0, 0, 0, 3),
  body_weldid: Int32Array.of(0, 0, 2, 3, 3),
  body_mocapid: Int32Array.of(-1, -1, -1, 0, -1),
  body_mass: Float64Array.of(0, 1, 1, 1, 1),
  body_ipos: new Float64Array(15),
  stat: { center: [0, 0, 0], extent: 2, meansize: 0.1 },
  vis: { global: { fovy: 90, azimuth: 90, elevation: 0, cameraid: -1 }, map: { znear: 0.01, zfar: 50 } },
} as unknown as ModelCopy;

/** What is sent of a pull: all of it at first, then what has changed. */
type Drag = Partial<Extract<Action, { kind: 'drag' }>>;
const PULLS = new Set(['drag', 'move', 'turn']);

/** The eye is at (0, -3, 0), looks along +y, and sees 6 m of height at the origin. */
function setup(options: { selection?: Pick | null; refused?: Error } = {}) {
  const frame = {
    xpos: Float32Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1),
    // Body 3 stands on its head: half a turn about x.
    xquat: Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0),
  } as unknown as Frame;
  const sent: Action[] = [];
  const told: unknown[] = [];
  let moves = 0;
  const picks: { resolve: (pick: Pick | null) => void; reject: (error: Error) => void }[] = [];
  const camera = new CameraControl(
    () => undefined,
    () => true,
  );
  camera.setModel(model);
  const show = (): void => {
    camera.applyTo(new PerspectiveCamera(), frame, 1, 0);
  };
  show();
  const hands = new Hands(
    {
      pick: () => new Promise((resolve, reject) => picks.push({ resolve, reject })),
      submit: (action) => sent.push(action),
      allow: () => {
        if (options.refused !== undefined) throw options.refused;
      },
    },
    camera,
    () => options.selection ?? null,
    {
      select: (pick) => told.push(['select', pick?.body ?? null]),
      immovable: (body) => told.push(['immovable', body]),
      moved: () => moves++,
      failed: (error) => told.push(['failed', error]),
    },
  );
  hands.setModel(model);
  hands.update(frame);
  const answer = async (pick: Pick | null): Promise<void> => {
    picks.shift()?.resolve(pick);
    await Promise.resolve();
    await Promise.resolve();
  };
  const drags = (): Drag[] => sent.filter(({ kind }) => PULLS.has(kind)) as Drag[];
  return { hands, frame, camera, show, sent, told, picks, answer, drags, moves: () => moves };
}

const hit = (body: number, point: readonly [number, number, number] = [0, 0, 0]): Pick => ({
  body,
  geom: body,
  point,
  local: point,
});

const near = (got: readonly number[] | undefined, want: readonly number[]): void => {
  want.forEach((value, i) => expect(got?.[i]).toBeCloseTo(value, 5));
};

describe('pulling', () => {
  it('begins as soon as the body is known, and keeps the grabbed point under the pointer', async () => {
    const { hands, frame, answer, drags } = setup();
    const pull = hands.pull(0, 0, 'translate', false);
    expect(drags()).toHaveLength(0);
    await answer(hit(2));
    expect(await pull.held).toBe(true);
    expect(drags()).toHaveLength(1);
    expect(drags()[0]).toMatchObject({ hand: 0, body: 2, mode: 'translate', point: [0, 0, 0] });
    near(drags()[0]?.target, [0, 0, 0]);
    near(drags()[0]?.quat, [1, 0, 0, 0]);
    pull.move(0.5, 0.25, 0, 0);
    hands.update(frame);
    near(drags()[1]?.target, [1.5, 0, 0.75]);
  });

  it('goes on with what has changed only', async () => {
    const { hands, frame, answer, sent } = setup();
    const pull = hands.pull(0, 0, 'translate', false);
    await answer(hit(2));
    pull.move(0.5, 0, 0, 0);
    hands.update(frame);
    expect(sent.map(({ kind }) => kind)).toEqual(['drag', 'move']);
    expect(Object.keys(sent[1] ?? {})).toEqual(['kind', 'hand', 'target']);
  });

  it('says so at once when one may not touch the world', async () => {
    const refused = new Error('viewers look');
    const { hands, picks, told, sent } = setup({ refused });
    const pull = hands.pull(0, 0, 'translate', false);
    expect(await pull.held).toBe(false);
    expect(told).toEqual([['failed', refused]]);
    expect(picks).toHaveLength(0);
    expect(sent).toHaveLength(0);
  });

  it('sends one target per picture, the newest, and none when nothing has moved', async () => {
    const { hands, frame, answer, drags } = setup();
    const pull = hands.pull(0, 0, 'translate', false);
    await answer(hit(2));
    pull.move(0.1, 0, 0, 0);
    pull.move(0.2, 0, 0, 0);
    expect(drags()).toHaveLength(1);
    hands.update(frame);
    hands.update(frame);
    expect(drags()).toHaveLength(2);
    near(drags()[1]?.target, [0.6, 0, 0]);
  });

  it('asks for a picture when the pointer has moved, since a paused room draws none', async () => {
    const { hands, answer, moves } = setup();
    const pull = hands.pull(0, 0, 'translate', false);
    await answer(hit(2));
    expect(moves()).toBe(0);
    pull.move(0.1, 0, 0, 0);
    pull.reach(1.1);
    expect(moves()).toBe(2);
  });

  it('follows the camera though the pointer rests', async () => {
    const { hands, frame, camera, show, answer, drags } = setup();
    hands.pull(0, 0, 'translate', false);
    await answer(hit(2));
    camera.set({ lookat: [1, 0, 0] });
    show();
    hands.update(frame);
    near(drags()[1]?.target, [1, 0, 0]);
  });

  it('moves during the wait for the engine count from the start', async () => {
    const { hands, answer, drags } = setup();
    const pull = hands.pull(0, 0, 'translate', false);
    pull.move(0.5, 0, 0.25, 0);
    await answer(hit(2));
    near(drags()[0]?.target, [1.5, 0, 0]);
  });

  it('reaches further or nearer', async () => {
    const { hands, frame, answer, drags } = setup();
    const pull = hands.pull(0, 0, 'translate', false);
    await answer(hit(2));
    pull.reach(2);
    hands.update(frame);
    near(drags()[1]?.target, [0, 3, 0]);
    pull.reach(1e-9);
    hands.update(frame);
    near(drags()[2]?.target, [0, -2.96, 0]);
  });

  it('pulls the selected body from afar, at the point where it was selected', async () => {
    const { hands, frame, picks, drags } = setup({ selection: hit(2, [0.3, 0, 0]) });
    const pull = hands.pull(-0.5, 0.5, 'translate', true);
    expect(picks).toHaveLength(0);
    expect(await pull.held).toBe(true);
    near(drags()[0]?.target, [0.3, 0, 0]);
    pull.move(-0.3, 0.5, 0, 0);
    hands.update(frame);
    near(drags()[1]?.target, [0.9, 0, 0]);
    expect(drags()[0]?.point).toEqual([0.3, 0, 0]);
  });

  it('takes what is under the pointer where nothing is selected', async () => {
    const { hands, answer, drags } = setup();
    hands.pull(0, 0, 'translate', true);
    await answer(hit(2));
    expect(drags()[0]?.body).toBe(2);
  });

  it('turns about the axes of the picture, up to less than half a turn ahead', async () => {
    const { hands, frame, drags } = setup({ selection: hit(2) });
    const pull = hands.pull(0, 0, 'rotate', true);
    await pull.held;
    hands.update(frame);
    expect(drags()).toHaveLength(1);
    pull.move(0, 0, 0.25, 0);
    hands.update(frame);
    // A quarter turn about the camera's up axis, the world's z.
    near(drags()[1]?.quat, [Math.SQRT1_2, 0, 0, Math.SQRT1_2]);
    pull.move(0, 0, 0.245, 0);
    hands.update(frame);
    const half = (0.9 * Math.PI) / 2;
    near(drags()[2]?.quat, [Math.cos(half), 0, 0, Math.sin(half)]);
  });

  it('ends with a release, or without one when it never held', async () => {
    const { hands, answer, sent } = setup();
    const first = hands.pull(0, 0, 'translate', false);
    await answer(hit(2));
    first.release();
    expect(sent.at(-1)).toEqual({ kind: 'release', hand: 0 });
    const second = hands.pull(0, 0, 'translate', false);
    second.release();
    const before = sent.length;
    await answer(hit(2));
    expect(await second.held).toBe(false);
    expect(sent).toHaveLength(before);
  });

  it('counts hands, and has ten of them', async () => {
    const { hands, answer, drags, picks } = setup();
    const pulls = Array.from({ length: 11 }, () => hands.pull(0, 0, 'translate', false));
    expect(await pulls[10]?.held).toBe(false);
    expect(picks).toHaveLength(10);
    for (let i = 0; i < 10; i++) await answer(hit(2));
    expect(drags().map(({ hand }) => hand)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    pulls[4]?.release();
    hands.pull(0, 0, 'translate', false);
    await answer(hit(2));
    expect(drags().at(-1)?.hand).toBe(4);
  });

  it('says so when the body is fixed to the world, and when the ray hits nothing', async () => {
    const { hands, answer, told, sent } = setup();
    const fixed = hands.pull(0, 0, 'translate', false);
    await answer(hit(1));
    expect(await fixed.held).toBe(false);
    expect(told).toEqual([['immovable', 1]]);
    const sky = hands.pull(0, 0, 'translate', false);
    await answer(null);
    expect(await sky.held).toBe(false);
    expect(sent).toHaveLength(0);
  });

  it('drags a mocap body by whatever is fixed to it', async () => {
    const { hands, answer, drags } = setup();
    hands.pull(0, 0, 'translate', false);
    await answer(hit(4, [0.1, 0, 1.5]));
    expect(drags()[0]?.body).toBe(3);
    near(drags()[0]?.point, [0.1, 0, -0.5]);
  });

  it('ends as a miss when the engine fails', async () => {
    const { hands, picks, told } = setup();
    const pull = hands.pull(0, 0, 'translate', false);
    const error = new Error('gone');
    picks[0]?.reject(error);
    expect(await pull.held).toBe(false);
    expect(told).toEqual([['failed', error]]);
  });

  it('forgets the old world when another model arrives', async () => {
    const { hands, frame, answer, sent } = setup();
    const pull = hands.pull(0, 0, 'translate', false);
    await answer(hit(2));
    hands.setModel(model);
    pull.move(0.5, 0, 0, 0);
    hands.update(frame);
    pull.release();
    expect(sent).toHaveLength(1);
  });
});

describe('double clicks', () => {
  it('select a body, and nothing on the world or the sky', async () => {
    const { hands, answer, told } = setup();
    hands.select(0, 0);
    await answer(hit(2));
    hands.select(0, 0);
    await answer(hit(0));
    hands.select(0, 0);
    await answer(null);
    expect(told).toEqual([
      ['select', 2],
      ['select', null],
      ['select', null],
    ]);
  });

  it('look at a point and follow a body', async () => {
    const { hands, camera, answer } = setup();
    hands.lookAt(0, 0);
    await answer(hit(0, [1, 2, 3]));
    expect(camera.get().lookat).toEqual([1, 2, 3]);
    hands.follow(0, 0);
    await answer(hit(0));
    expect(camera.get().track).toBeNull();
    hands.follow(0, 0);
    await answer(hit(2));
    expect(camera.get().track).toBe(2);
  });
});
