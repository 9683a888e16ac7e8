import { Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import { World, PIXELS, forward, frame, head, rounded } from './testing_world';

describe('heads of people with the same view', () => {
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
