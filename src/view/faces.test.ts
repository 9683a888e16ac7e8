import {
  Mesh,
  PerspectiveCamera,
  Quaternion,
  Vector3,
  type DataTexture,
  type InstancedBufferGeometry,
  type RawShaderMaterial,
} from 'three';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Frame } from '../core/frame';
import type { ModelCopy } from '../core/model';
import { CHANNELS, HEAD } from '../face/frame';
import { readGlbHead } from '../face/glb/check';
import { exportHead } from '../face/glb/testing_heads';
import { buildHead } from '../face/head/head';
import { packHead, type PackedHead } from '../face/head/pack';
import { lookFor } from '../face/look';
import { SHAPE } from '../face/names';
import { CameraControl } from './camera';
import { Faces } from './faces';
import { createGlbKind } from './glb_head';
import { HEAD_HEIGHT } from './head_instances';
import { RECORD } from './head_shader';
import type { SceneHead } from './scene_head';
import { Stage } from './stage';

type HeadMesh = Mesh<InstancedBufferGeometry, RawShaderMaterial>;

const HEIGHT = 500;
const PIXELS = { height: HEIGHT, pixelRatio: 2 };
/** Half the height of the view at a distance of 1. */
const SLOPE = Math.tan(Math.PI / 8);

/** A body at (1, 2, 3) turned by a quarter about z, with a site 1 m above it that looks along the body's y. */
function modelOf(extent: number): ModelCopy {
  return {
    ncam: 0,
    nbody: 2,
    nsite: 1,
    nlight: 0,
    stat: { center: [0, 0, 0], extent, meansize: 1 },
    vis: {
      global: { fovy: 45, azimuth: 90, elevation: 0 },
      map: { znear: 0.01, zfar: 50 },
      headlight: { ambient: [0.1, 0.1, 0.1], diffuse: [0.4, 0.4, 0.4] },
    },
    site_bodyid: Int32Array.of(1),
    site_pos: Float64Array.of(0, 0, 1),
    site_quat: Float64Array.of(Math.SQRT1_2, 0, 0, Math.SQRT1_2),
  } as unknown as ModelCopy;
}

const frame = {
  xpos: Float32Array.of(0, 0, 0, 1, 2, 3),
  xquat: Float32Array.of(1, 0, 0, 0, Math.SQRT1_2, 0, 0, Math.SQRT1_2),
} as unknown as Frame;

let android: PackedHead;

beforeAll(() => {
  android = packHead(buildHead('android'));
});

function head(changes: Partial<SceneHead> = {}): SceneHead {
  return {
    seat: 3,
    on: 'person',
    size: null,
    look: { ...lookFor(0), style: 'android' },
    colour: '#ff0000',
    glb: null,
    face: new Float32Array(CHANNELS),
    ...changes,
  };
}

class World {
  readonly stage = new Stage();
  readonly faces: Faces;
  readonly camera = new CameraControl(undefined, () => true);
  readonly eye = new PerspectiveCamera();
  private readonly model: ModelCopy;

  /** One's own eye stands 1.5 extents before the origin and looks along y. */
  constructor(extent = 2, calm = false) {
    this.faces = new Faces(this.stage, () => Promise.resolve(), { matches: calm });
    this.model = modelOf(extent);
    this.camera.setModel(this.model);
    this.faces.setModel(this.model);
    this.faces.kinds.give(android);
  }

  async show(...heads: readonly SceneHead[]): Promise<void> {
    this.faces.setHeads(heads);
    await this.faces.loader.load('android');
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
  }

  /** @param places eye and point looked at of people, by seat */
  draw(places: Readonly<Record<number, readonly number[]>> = {}, withPeople = true): Record<number, number> {
    this.camera.applyTo(this.eye, frame, 1, 0);
    this.eye.matrixWorldInverse.copy(this.eye.matrixWorld).invert();
    this.faces.begin(frame, this.camera, PIXELS, withPeople);
    const room: Record<number, number> = {};
    for (const [seat, at] of Object.entries(places))
      room[Number(seat)] = this.faces.stand(Number(seat), Float32Array.from(at), 0);
    this.faces.end(this.eye);
    return room;
  }

  get drawn(): Drawn[] {
    return read(this.stage.solid);
  }

  get casting(): Drawn[] {
    return read(this.stage.casters);
  }
}

interface Drawn {
  readonly position: Vector3;
  readonly quaternion: Quaternion;
  readonly size: number;
  readonly opacity: number;
  readonly weights: Float32Array;
}

/** The heads that the graphics card would draw. */
function read(object: Stage['solid']): Drawn[] {
  const drawn: Drawn[] = [];
  object.traverse((child) => {
    if (!(child instanceof Mesh) || !child.visible) return;
    const { geometry, material } = child as HeadMesh;
    const texture = material.uniforms['records']?.value as DataTexture;
    const data = texture.image.data as Float32Array;
    for (let i = 0; i < geometry.instanceCount; i++) {
      const row = geometry.getAttribute('slot').getX(i);
      const record = data.subarray(4 * RECORD.texels * row, 4 * RECORD.texels * (row + 1));
      const place = 4 * RECORD.place;
      drawn.push({
        position: new Vector3().fromArray(record, place + 4),
        quaternion: new Quaternion().fromArray(record, place),
        size: (record[place + 7] ?? 0) * HEAD_HEIGHT,
        opacity: record[4 * RECORD.skin + 3] ?? 0,
        weights: record.slice(0, 52),
      });
    }
  });
  return drawn;
}

const forward = ({ quaternion }: Drawn): number[] =>
  rounded(new Vector3(1, 0, 0).applyQuaternion(quaternion));
const up = ({ quaternion }: Drawn): number[] => rounded(new Vector3(0, 0, 1).applyQuaternion(quaternion));
const rounded = (v: Vector3): number[] => v.toArray().map((x) => Math.round(1e4 * x) / 1e4 + 0);

function only(drawn: readonly Drawn[]): Drawn {
  const [one] = drawn;
  if (one === undefined || drawn.length > 1) throw new Error(`${drawn.length} heads are drawn`);
  return one;
}

describe('heads of people', () => {
  it('are at their eyes and look where they look', async () => {
    const world = new World();
    await world.show(head());
    world.draw({ 3: [0, 1, 0.5, 0, -3, 0.5] });
    const one = only(world.drawn);
    expect(one.position.toArray()).toEqual([0, 1, 0.5]);
    expect(forward(one)).toEqual([0, -1, 0]);
    expect(up(one)).toEqual([0, 0, 1]);
    world.draw({ 3: [0, 1, 0.5, 1, 1, -0.5] });
    expect(forward(only(world.drawn))).toEqual([0.7071, 0, -0.7071]);
  });

  it('turn as their faces say: to the own right, down, to the own left', async () => {
    const world = new World();
    const face = new Float32Array(CHANNELS);
    await world.show(head({ face }));
    const ahead = [0, 0, 0, 5, 0, 0];
    const turned = (channel: number): Drawn => {
      face.fill(0);
      face[channel] = 0.5;
      world.draw({ 3: ahead });
      return only(world.drawn);
    };
    expect(forward(turned(HEAD.yaw))[1]).toBeCloseTo(-Math.sin(0.5), 3);
    expect(forward(turned(HEAD.pitch))[2]).toBeCloseTo(-Math.sin(0.5), 3);
    expect(up(turned(HEAD.roll))[1]).toBeCloseTo(Math.sin(0.5), 3);
  });

  it('keep still at rest where motion is not wanted', async () => {
    const world = new World(2, true);
    const face = new Float32Array(CHANNELS);
    await world.show(head({ face }));
    face[HEAD.yaw] = 0.02;
    world.draw({ 3: [0, 0, 0, 5, 0, 0] });
    expect(forward(only(world.drawn))).toEqual([1, 0, 0]);
    face[HEAD.yaw] = 0.5;
    world.draw({ 3: [0, 0, 0, 5, 0, 0] });
    expect(forward(only(world.drawn))[1]).toBeCloseTo(-Math.sin(0.47), 3);
  });

  it('suit the model, are seen from afar, and are never in the way', async () => {
    for (const [extent, size] of [
      [0.3, 0.036],
      [2, 0.24],
      [100, 0.3],
    ] as const) {
      const world = new World(extent);
      await world.show(head());
      const near = Math.max(4 * size, 0.1 * extent);
      const y = -1.5 * extent + near;
      world.draw({ 3: [0, y, 0, 1, y, 0] });
      const least = (44 * 2 * SLOPE * near) / HEIGHT;
      expect(only(world.drawn).size).toBeCloseTo(Math.max(size, least), 5);
      // As far away again as the whole model: the smallest there is, 44 CSS px.
      world.draw({ 3: [0, 20 * extent, 0, 0, 0, 0] });
      expect(world.faces.pixels(3)).toBeCloseTo(88, 1);
    }
  });

  it('fade away at one’s own eye', async () => {
    const world = new World();
    await world.show(head());
    const opacityAt = (distance: number): number => {
      const y = distance - 3;
      world.draw({ 3: [0, y, 0, 0, 9, 0] });
      return world.drawn[0]?.opacity ?? 0;
    };
    expect(opacityAt(0.1)).toBe(0);
    expect(world.faces.pixels(3)).toBe(0);
    expect(opacityAt(0.54)).toBeCloseTo(0.5, 2);
    expect(opacityAt(1)).toBe(1);
  });

  describe('with the same view', () => {
    const SIZE = 0.24;
    const seats = [3, 4, 5, 6];

    async function group(): Promise<World> {
      const world = new World();
      await world.show(...seats.map((seat) => head({ seat })));
      return world;
    }

    it('stand side by side, to both sides of who was there first, and look where they look', async () => {
      const world = await group();
      const places = world.draw(Object.fromEntries(seats.map((seat) => [seat, [0, 0, 0.5, 0, -3, 0.5]])));
      expect(Object.values(places)).toEqual(seats.map(() => expect.closeTo(SIZE / 2)));
      // They look along -y: their own left leads along x.
      expect(world.drawn.map(({ position }) => rounded(position))).toEqual([
        [0, 0, 0.5],
        [0.192, 0, 0.5],
        [-0.192, 0, 0.5],
        [0.384, 0, 0.5],
      ]);
      for (const one of world.drawn) expect(forward(one)).toEqual([0, -1, 0]);
    });

    it('have their names and rays where their heads are', async () => {
      const world = await group();
      world.draw();
      const first = Float32Array.of(0, 0, 0.5, 0, -3, 0.5);
      const second = first.slice();
      world.faces.begin(frame, world.camera, PIXELS, true);
      world.faces.stand(3, first, 0);
      world.faces.stand(4, second, 0);
      expect([...first]).toEqual([0, 0, 0.5, 0, -3, 0.5]);
      expect([...second]).toEqual([0.192, 0, 0.5, 0, -3, 0.5].map((x) => expect.closeTo(x, 5)));
    });

    it('come together and part without a jump', async () => {
      const world = await group();
      const way: Vector3[] = [];
      for (let step = -40; step <= 40; step++) {
        world.draw({ 3: [0, 0, 0.5, 0, -3, 0.5], 4: [0, step / 100, 0.5, 0, -3, 0.5] });
        const [first, second] = world.drawn;
        if (first === undefined || second === undefined) throw new Error('heads are missing');
        expect(first.position.distanceTo(second.position)).toBeGreaterThan(0.79 * SIZE);
        way.push(second.position);
      }
      const steps = way.slice(1).map((at, i) => at.distanceTo(way[i] ?? new Vector3(NaN)));
      expect(Math.max(...steps)).toBeLessThan(0.07);
      // Far enough apart nobody is moved.
      expect([way[0], way.at(-1)].map((at) => rounded(at ?? new Vector3()))).toEqual([
        [0, -0.4, 0.5],
        [0, 0.4, 0.5],
      ]);
    });

    it('as oneself are not seen, beside one’s own eye neither', async () => {
      const world = await group();
      world.draw(Object.fromEntries(seats.map((seat) => [seat, [0, -3, 0, 0, 9, 0]])));
      expect(world.drawn).toEqual([]);
    });
  });

  it('leave room for names, and none where there is no head', async () => {
    const world = new World();
    await world.show(head());
    const room = world.draw({ 3: [0, 0, 0, 0, -3, 0], 4: [1, 0, 0, 0, -3, 0] });
    expect(room[3]).toBeCloseTo(0.12, 5);
    expect(room[4]).toBe(-1);
  });

  it('are no part of the scene alone', async () => {
    const world = new World();
    await world.show(head());
    world.draw({ 3: [0, 0, 0, 0, -3, 0] }, false);
    expect(world.drawn).toEqual([]);
  });

  it('wait for their style', async () => {
    const world = new World();
    world.faces.setHeads([head()]);
    expect(world.draw({ 3: [0, 0, 0, 0, -3, 0] })[3]).toBe(-1);
    await world.show(head());
    expect(world.faces.moved).toBe(true);
    expect(world.draw({ 3: [0, 0, 0, 0, -3, 0] })[3]).toBeGreaterThan(0);
  });
});

describe('somebody’s own head', () => {
  it('is drawn where that of their style would be, as soon as it is ready', async () => {
    vi.stubGlobal('createImageBitmap', () =>
      Promise.resolve({ width: 64, height: 64, close: () => undefined }),
    );
    const glb = await createGlbKind(readGlbHead(exportHead({ shapes: ['jawOpen'] })));
    const world = new World();
    await world.show(head({ glb }));
    world.draw({ 3: [0, 1, 0.5, 0, -3, 0.5] });
    expect(world.faces.pixels(3)).toBeGreaterThan(0);
    const meshes: Mesh[] = [];
    world.stage.solid.traverse((child) => {
      if (child instanceof Mesh && child.visible) meshes.push(child);
    });
    expect(meshes.map(({ geometry }) => geometry.getAttribute('uv') !== undefined)).toEqual([true]);
    // It is taken off: one of their style comes back.
    glb.dispose();
    await world.show(head());
    world.draw({ 3: [0, 1, 0.5, 0, -3, 0.5] });
    expect(world.drawn).toHaveLength(1);
  });
});

describe('heads on the model', () => {
  it('have their middle where the site or body is, and turn with it', async () => {
    const world = new World();
    await world.show(head({ on: { body: 1 }, size: 0.48 }), head({ seat: 4, on: { site: 0 }, size: 0.24 }));
    world.camera.set({ lookat: [1, 2, 3.5], distance: 6 });
    world.draw();
    const [body, site] = world.drawn;
    if (body === undefined || site === undefined) throw new Error('heads are missing');
    expect([body.size, site.size].map((size) => Math.round(100 * size) / 100)).toEqual([0.48, 0.24]);
    expect(forward(body)).toEqual([0, 1, 0]);
    expect(forward(site)).toEqual([-1, 0, 0]);
    // The eyes are in front of the middle, and a little above.
    expect(rounded(body.position.clone().sub(new Vector3(1, 2, 3)))).toEqual([0, 0.11, 0.024]);
    expect(rounded(site.position.clone().sub(new Vector3(1, 2, 4)))).toEqual([-0.055, 0, 0.012]);
  });

  it('cast shadows, those out of sight too', async () => {
    const world = new World();
    await world.show(head({ on: { body: 1 }, size: 0.2 }), head({ seat: 5 }));
    world.camera.set({ lookat: [0, -9, 0], azimuth: -90, distance: 1 });
    world.draw({ 5: [0, -10, 0, 0, 0, 0] });
    expect(world.casting.map(({ position }) => Math.round(position.x))).toEqual([1]);
    expect(world.drawn).toHaveLength(1);
    expect(world.faces.pixels(3)).toBe(0);
  });

  it('are left out where the model has no such object', async () => {
    const world = new World();
    await world.show(head({ on: { body: 7 } }), head({ on: { site: 3 } }), head({ on: { body: -1 } }));
    world.draw();
    expect(world.drawn).toEqual([]);
  });
});

describe('pictures', () => {
  it('are worth drawing when a face in sight has visibly moved', async () => {
    const world = new World();
    const face = new Float32Array(CHANNELS);
    await world.show(head({ face }));
    const place = { 3: [0, 0, 0, 0, -3, 0] };
    world.draw(place);
    expect(world.faces.moved).toBe(false);
    face[SHAPE.jawOpen] = 0.001;
    expect(world.faces.moved).toBe(false);
    face[SHAPE.jawOpen] = 0.2;
    expect(world.faces.moved).toBe(true);
    world.draw(place);
    expect(world.faces.moved).toBe(false);
    expect(only(world.drawn).weights[SHAPE.jawOpen]).toBeCloseTo(0.2);
    // Nobody looks.
    world.draw({ 3: [0, -50, 0, 0, 0, 0] });
    face[SHAPE.jawOpen] = 1;
    expect(world.faces.moved).toBe(false);
  });

  it('are worth drawing after the scene alone was: people’s faces live on', async () => {
    const world = new World();
    const face = new Float32Array(CHANNELS);
    await world.show(head({ face }));
    const place = { 3: [0, 0, 0, 0, -3, 0] };
    world.draw(place);
    world.draw(place, false);
    expect(world.faces.moved).toBe(true);
    world.draw(place);
    expect(world.faces.moved).toBe(false);
    expect(world.faces.pixels(3)).toBeGreaterThan(0);
  });

  it('have everybody’s newest heads', async () => {
    const world = new World();
    await world.show(head());
    const place = { 3: [0, 0, 0, 0, -3, 0] };
    world.draw(place);
    world.faces.setHeads([]);
    expect(world.faces.moved).toBe(true);
    world.draw(place);
    expect(world.drawn).toEqual([]);
    expect(world.faces.pixels(3)).toBe(0);
  });
});
