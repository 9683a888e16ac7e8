import { Mesh, Vector3 } from 'three';
import { describe, expect, it, vi } from 'vitest';
import { CHANNELS, HEAD } from '../face/frame';
import { readGlbHead } from '../face/glb/check';
import { exportHead } from '../face/glb/testing_heads';
import { SHAPE } from '../face/names';
import { createGlbKind } from './glb_head';
import { World, type Drawn, HEIGHT, SLOPE, forward, head, only, rounded, up } from './testing_world';

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
