import type { Object3D, WebGLRenderer } from 'three';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { CHANNELS } from '../face/frame';
import { readGlbHead } from '../face/glb/check';
import { exportHead } from '../face/glb/testing_heads';
import { buildHead } from '../face/head/head';
import { packHead, type PackedHead } from '../face/head/pack';
import { lookFor } from '../face/look';
import { SHAPE } from '../face/names';
import { createGlbKind } from './glb_head';
import { HeadKinds } from './head_kinds';
import { HeadLoader } from './head_loader';
import { Portraits } from './portraits';
import type { SceneHead } from './scene_head';
import { head } from './testing_world';

/** Longest wait between two turns of the portraits' clock, ms. */
const TURN_MS = 50;

const AT_ONCE = (): Promise<void> => Promise.resolve();
const LOST = (): Promise<void> => Promise.reject(new Error('the context is lost'));

/** Says of a canvas that it is on the screen, when it is told to watch it; once for each, as browsers do. */
class FakeObserver {
  private readonly watched = new Set<Element>();

  constructor(private readonly callback: (entries: readonly object[]) => void) {}

  observe(target: Element): void {
    if (this.watched.has(target)) return;
    this.watched.add(target);
    queueMicrotask(() => this.callback([{ target, isIntersecting: true }]));
  }

  unobserve(target: Element): void {
    this.watched.delete(target);
  }

  disconnect(): void {
    this.watched.clear();
  }
}

/** A canvas that counts what is done to it. */
class FakeCanvas {
  height = 40;
  drawings = 0;
  /** Whether there is something in it. */
  full = false;

  constructor(public width = 40) {}

  getContext(): unknown {
    return {
      canvas: this,
      clearRect: () => {
        this.full = false;
      },
      createImageData: (width: number, height: number) => {
        if (width === 0) throw new DOMException('empty', 'IndexSizeError');
        return { width, height, data: new Uint8ClampedArray(4 * width * height) };
      },
      putImageData: () => {
        this.drawings++;
        this.full = true;
      },
    };
  }
}

class World {
  lost = false;
  /** How pixels are read. */
  read: () => Promise<void> = AT_ONCE;
  compiling: Promise<unknown> = Promise.resolve();
  readonly portraits: Portraits;

  constructor() {
    const kinds = new HeadKinds();
    kinds.give(android);
    const renderer = {
      getContext: () => ({ isContextLost: () => this.lost }),
      getClearAlpha: () => 1,
      getClearColor: () => undefined,
      setClearColor: () => undefined,
      getRenderTarget: () => null,
      setRenderTarget: () => undefined,
      clear: () => undefined,
      render: (scene: Object3D) => scene.updateMatrixWorld(),
      readRenderTargetPixelsAsync: () => this.read(),
    };
    this.portraits = new Portraits(
      kinds,
      new HeadLoader(kinds),
      renderer as unknown as WebGLRenderer,
      () => this.compiling,
    );
  }

  add(canvas: FakeCanvas, who: () => SceneHead | null): () => void {
    return this.portraits.add(canvas as unknown as HTMLCanvasElement, who);
  }
}

let android: PackedHead;

beforeAll(() => {
  android = packHead(buildHead('android'));
});

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('IntersectionObserver', FakeObserver);
  vi.stubGlobal('createImageBitmap', () =>
    Promise.resolve({ width: 64, height: 64, close: () => undefined }),
  );
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A few turns of the clock. */
async function turns(): Promise<void> {
  await vi.advanceTimersByTimeAsync(5 * TURN_MS);
}

describe('a portrait', () => {
  it('is drawn once, and again when the face has moved', async () => {
    const world = new World();
    const canvas = new FakeCanvas();
    const who = head();
    world.add(canvas, () => who);
    await turns();
    expect(canvas.drawings).toBe(1);
    who.face[SHAPE.jawOpen] = 0.5;
    await turns();
    expect(canvas.drawings).toBe(2);
    expect(world.portraits.pixels(3)).toBe(40);
  });

  it.each<[string, Partial<SceneHead>]>([
    ['look', { look: { ...lookFor(1), style: 'android' } }],
    ['colour', { colour: '#00ff00' }],
    ['face', { face: new Float32Array(CHANNELS).fill(0.5) }],
  ])('is drawn anew for another %s', async (_, changes) => {
    const world = new World();
    const canvas = new FakeCanvas();
    let who = head();
    world.add(canvas, () => who);
    await turns();
    who = { ...who, ...changes };
    await turns();
    expect(canvas.drawings).toBe(2);
  });

  it('takes up somebody’s own head when it can be drawn, and lets go of it when it is gone', async () => {
    const world = new World();
    const canvas = new FakeCanvas();
    const glb = await createGlbKind(readGlbHead(exportHead({ shapes: ['jawOpen'] })));
    let who = head();
    world.add(canvas, () => who);
    await turns();
    let compiled = (): void => undefined;
    world.compiling = new Promise<void>((resolve) => {
      compiled = resolve;
    });
    // First the file is here, and then what draws it; nothing else about the person changes.
    who = { ...who, glb };
    await turns();
    expect(canvas.drawings).toBe(1);
    compiled();
    await turns();
    expect(canvas.drawings).toBe(2);
    glb.dispose();
    await turns();
    expect(canvas.drawings).toBe(3);
    who = { ...who, glb: null };
    await turns();
    expect(canvas.drawings).toBe(3);
  });

  it('waits for its style with nothing in it', async () => {
    const world = new World();
    let compiled = (): void => undefined;
    world.compiling = new Promise<void>((resolve) => {
      compiled = resolve;
    });
    const canvas = new FakeCanvas();
    const who = head();
    world.add(canvas, () => who);
    await turns();
    expect(canvas.full).toBe(false);
    expect(world.portraits.pixels(3)).toBe(0);
    compiled();
    await turns();
    expect(canvas.full).toBe(true);
  });

  it('is of who sits there now', async () => {
    const world = new World();
    const canvas = new FakeCanvas();
    let who: SceneHead | null = head({ seat: 0 });
    world.add(canvas, () => who);
    await turns();
    // One's own face in a room that has just been entered: only the seat is another.
    who = { ...who, seat: 5 };
    await turns();
    expect([0, 5].map((seat) => world.portraits.pixels(seat))).toEqual([0, 40]);
    who = null;
    await turns();
    expect(canvas.full).toBe(false);
    expect(world.portraits.pixels(5)).toBe(0);
    who = head({ seat: 6 });
    await turns();
    expect(canvas.full).toBe(true);
  });

  it('is empty for nobody, whoever was in its canvas before', async () => {
    const world = new World();
    const canvas = new FakeCanvas();
    const who = head();
    const stop = world.add(canvas, () => who);
    await turns();
    stop();
    world.add(canvas, () => null);
    await turns();
    expect(canvas.full).toBe(false);
  });

  it('is empty for nobody, after its pixels were lost on their way', async () => {
    const world = new World();
    const canvas = new FakeCanvas();
    let who: SceneHead | null = head();
    world.add(canvas, () => who);
    await turns();
    who.face[SHAPE.jawOpen] = 1;
    world.read = LOST;
    await vi.advanceTimersByTimeAsync(TURN_MS);
    who = null;
    await turns();
    expect(canvas.full).toBe(false);
  });

  it('is drawn again after its pixels were lost on their way', async () => {
    const world = new World();
    const canvas = new FakeCanvas();
    const who = head();
    world.add(canvas, () => who);
    world.read = LOST;
    await vi.advanceTimersByTimeAsync(TURN_MS);
    world.lost = true;
    world.read = AT_ONCE;
    await turns();
    expect(canvas.full).toBe(false);
    world.lost = false;
    await turns();
    expect(canvas.full).toBe(true);
  });

  it('follows the size of its canvas, one that changes while it is drawn too', async () => {
    const world = new World();
    const canvas = new FakeCanvas();
    const who = head();
    world.add(canvas, () => who);
    await turns();
    canvas.width = 60;
    let read = (): void => undefined;
    const reading = new Promise<void>((resolve) => {
      read = resolve;
    });
    world.read = () => reading;
    await turns();
    canvas.width = 200;
    world.read = AT_ONCE;
    read();
    await turns();
    // Not those of 60.
    expect(canvas.drawings).toBe(2);
    expect(world.portraits.pixels(3)).toBe(200);
  });

  it('in a canvas without pixels is no trouble to others', async () => {
    const world = new World();
    const [none, some] = [new FakeCanvas(), new FakeCanvas()];
    const who = head();
    for (const canvas of [none, some]) world.add(canvas, () => who);
    await turns();
    none.width = 0;
    who.face[SHAPE.jawOpen] = 1;
    await turns();
    expect([none.drawings, some.drawings]).toEqual([1, 2]);
  });

  it('takes over a canvas that another one is drawn into, which then cannot stop it', async () => {
    const world = new World();
    const canvas = new FakeCanvas();
    const [first, second] = [head(), head({ seat: 4 })];
    const stop = world.add(canvas, () => first);
    await turns();
    world.add(canvas, () => second);
    stop();
    await turns();
    expect([3, 4].map((seat) => world.portraits.pixels(seat))).toEqual([0, 40]);
    expect(canvas.drawings).toBe(2);
  });

  it('is left alone once it is stopped', async () => {
    const world = new World();
    const canvas = new FakeCanvas();
    const who = head();
    const stop = world.add(canvas, () => who);
    await turns();
    stop();
    who.face[SHAPE.jawOpen] = 1;
    await turns();
    expect(canvas.drawings).toBe(1);
    expect(world.portraits.pixels(3)).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
