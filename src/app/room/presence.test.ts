// @vitest-environment happy-dom
import { PerspectiveCamera } from 'three';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HEADER, PERSON, type Frame } from '../../core/frame';
import type { ModelCopy } from '../../core/model';
import { CameraControl } from '../../view/camera';
import type { Pick } from '../api';
import type { EngineClient } from '../engine_client';
import { Presence } from './presence';

const model = {
  ncam: 0,
  nbody: 1,
  stat: { center: [0, 0, 0], extent: 2, meansize: 0.1 },
  vis: { global: { fovy: 90, azimuth: 90, elevation: 0, cameraid: -1 }, map: { znear: 0.01, zfar: 50 } },
} as unknown as ModelCopy;

/** The eye is at (0, -3, 0) and looks along +y at the origin. */
function setup() {
  const told: number[][] = [];
  const service = {
    present: (person: Float32Array) => {
      told.push([...person]);
      return Promise.resolve({ value: undefined });
    },
  };
  const engine = {
    ask: (question: (s: typeof service) => Promise<unknown>) => question(service),
  } as unknown as EngineClient;
  const camera = new CameraControl(
    () => undefined,
    () => true,
  );
  camera.setModel(model);
  const show = (): void => camera.applyTo(new PerspectiveCamera(), {} as Frame, 1, 0);
  show();
  let hit: Pick | null = null;
  const presence = new Presence(engine, camera, () => Promise.resolve(hit));
  return {
    presence,
    camera,
    show,
    told,
    aimAt: (point: readonly [number, number, number] | null) => {
      hit = point === null ? null : { body: 1, geom: 0, point, local: [0, 0, 0] };
    },
  };
}

const near = (got: readonly number[] | undefined, want: readonly number[]): void => {
  want.forEach((value, i) => expect(got?.[i]).toBeCloseTo(value, 5));
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('where one looks and points', () => {
  it('is told on entering a room, then as it changes, twenty times a second at most', async () => {
    const { presence, camera, show, told } = setup();
    presence.drawn();
    expect(told).toHaveLength(0);
    presence.setInRoom(true);
    near(told[0]?.slice(PERSON.eye), [0, -3, 0, 0, 0, 0, 0]);
    presence.drawn();
    await vi.advanceTimersByTimeAsync(1000);
    expect(told).toHaveLength(1);
    for (let i = 1; i <= 10; i++) {
      camera.set({ lookat: [i, 0, 0] });
      show();
      presence.drawn();
      await vi.advanceTimersByTimeAsync(10);
    }
    await vi.advanceTimersByTimeAsync(100);
    expect(told.length).toBeGreaterThan(2);
    expect(told.length).toBeLessThanOrEqual(5);
    expect(told.at(-1)?.[PERSON.lookat]).toBe(10);
  });

  it('points at what is hit, or as far as one looks', async () => {
    const { presence, told, aimAt } = setup();
    presence.setInRoom(true);
    aimAt([1, 2, 3]);
    presence.point({ x: 0, y: 0 });
    await vi.advanceTimersByTimeAsync(200);
    expect(told.at(-1)?.slice(PERSON.pointing)).toEqual([1, 1, 2, 3]);
    aimAt(null);
    presence.point({ x: 0, y: 0 });
    await vi.advanceTimersByTimeAsync(200);
    near(told.at(-1)?.slice(PERSON.pointing), [1, 0, 0, 0]);
    presence.point(null);
    await vi.advanceTimersByTimeAsync(200);
    expect(told.at(-1)?.slice(PERSON.pointing)).toEqual([0, 0, 0, 0]);
  });

  it('can be looked at from there', () => {
    const { presence, camera, show } = setup();
    const persons = new Float32Array(2 * PERSON.stride);
    persons.set([4, 1, 1, 3, 1, 1, 1], 0);
    persons.set([7, 3, 0, 0, 0, 0, 0], PERSON.stride);
    const header = new Float64Array(HEADER.size);
    header[HEADER.personCount] = 2;
    presence.lookAs(7, { header, persons } as unknown as Frame);
    show();
    near(camera.eye.toArray(), [3, 0, 0]);
    presence.lookAs(4, { header, persons } as unknown as Frame);
    show();
    expect(camera.get()).toMatchObject({ lookat: [1, 1, 1], distance: 2, elevation: -90 });
    presence.lookAs(5, { header, persons } as unknown as Frame);
    expect(camera.get().lookat).toEqual([1, 1, 1]);
  });
});
