import {
  PerspectiveCamera,
  type InstancedBufferGeometry,
  type InterleavedBufferAttribute,
  type Mesh,
} from 'three';
import { describe, expect, it } from 'vitest';
import { HEADER, MAX_PERSONS, PERSON, type Frame } from '../core/frame';
import type { ModelCopy } from '../core/model';
import { CameraControl } from './camera';
import { People } from './people';

const EXTENT = 2;
const model = {
  ncam: 0,
  stat: { center: [0, 0, 0], extent: EXTENT, meansize: 1 },
  vis: { global: { fovy: 45, azimuth: 90, elevation: 0 }, map: { znear: 0.01, zfar: 50 } },
} as unknown as ModelCopy;

interface At {
  readonly seat: number;
  readonly eye: readonly [number, number, number];
  readonly hit?: readonly [number, number, number];
}

function frame(...people: readonly At[]): Frame {
  const header = new Float64Array(HEADER.size);
  header[HEADER.personCount] = people.length;
  const persons = new Float32Array(PERSON.stride * MAX_PERSONS);
  for (const [i, { seat, eye, hit }] of people.entries()) {
    const at = PERSON.stride * i;
    persons[at + PERSON.seat] = seat;
    persons.set(eye, at + PERSON.eye);
    persons[at + PERSON.pointing] = hit === undefined ? 0 : 1;
    if (hit !== undefined) persons.set(hit, at + PERSON.hit);
  }
  return { header, persons } as unknown as Frame;
}

/** One's own eye stands at (0, -3, 0) and looks along y. */
function eye(): CameraControl {
  const camera = new CameraControl(undefined, () => true);
  camera.setModel(model);
  camera.applyTo(new PerspectiveCamera(), frame(), 1, 0);
  return camera;
}

function people(still = false): People {
  const made = new People({ matches: still });
  made.setExtent(EXTENT);
  made.setPeople(
    [
      { seat: 3, name: 'Ana', colour: '#ff0000' },
      { seat: 7, name: 'Ben', colour: '#0000ff' },
    ],
    1,
  );
  return made;
}

function geometryOf(made: People): InstancedBufferGeometry {
  const meshes: Mesh[] = [];
  made.object.traverse((object) => {
    if ('geometry' in object) meshes.push(object as Mesh);
  });
  return meshes[0]?.geometry as InstancedBufferGeometry;
}

/** What the graphics card gets of one record. */
function read(made: People, name: string, record: number): number[] {
  const attribute = geometryOf(made).getAttribute(name) as InterleavedBufferAttribute;
  return Array.from({ length: attribute.itemSize }, (_, k) => attribute.getComponent(record, k));
}

describe('marks of people', () => {
  it('cost nothing when alone, and three draw calls for any number', () => {
    const made = people();
    made.update(frame(), eye(), 0);
    expect(made.object.visible).toBe(false);
    made.update(frame({ seat: 3, eye: [1, 2, 3] }, { seat: 7, eye: [3, 2, 1] }), eye(), 0);
    expect(made.object.visible).toBe(true);
    expect(geometryOf(made).instanceCount).toBe(2);
    let meshes = 0;
    made.object.traverse((object) => (meshes += 'geometry' in object ? 1 : 0));
    expect(meshes).toBe(3);
  });

  it('have the place and the colour of their person, whoever comes first in the frame', () => {
    const made = people();
    made.update(frame({ seat: 7, eye: [3, 2, 1] }, { seat: 3, eye: [1, 2, 3] }), eye(), 0);
    expect(read(made, 'eye', 0)).toEqual([3, 2, 1]);
    expect(read(made, 'color', 0)).toEqual([0, 0, 1]);
    expect(read(made, 'color', 1)).toEqual([1, 0, 0]);
  });

  it('leave out who is not known, and take up anybody new where they stand', () => {
    const made = people();
    const camera = eye();
    made.update(frame({ seat: 9, eye: [9, 9, 9] }, { seat: 3, eye: [1, 2, 3] }), camera, 0);
    expect(geometryOf(made).instanceCount).toBe(1);
    // Gone for a picture, then back elsewhere: that is no movement.
    made.update(frame({ seat: 7, eye: [0, 0, 0] }), camera, 16);
    made.update(frame({ seat: 3, eye: [5, 5, 5] }), camera, 32);
    expect(read(made, 'eye', 0)).toEqual([5, 5, 5]);
  });

  it('move smoothly towards the newest record, never past it, and say when they have arrived', () => {
    const made = people();
    const camera = eye();
    made.update(frame({ seat: 3, eye: [0, 0, 0] }), camera, 0);
    const target = frame({ seat: 3, eye: [1, 0, 0] });
    let before = 0;
    let restless = true;
    for (let now = 16; restless && now < 5000; now += 16) {
      restless = made.update(target, camera, now);
      const [x = NaN] = read(made, 'eye', 0);
      expect(x).toBeGreaterThan(before);
      expect(x).toBeLessThanOrEqual(1);
      expect(x - before).toBeLessThan(0.3);
      before = x;
    }
    expect(restless).toBe(false);
    expect(before).toBeCloseTo(1, 3);
  });

  it('go as far in two short pictures as in one long one', () => {
    const [a, b] = [people(), people()];
    const camera = eye();
    const [from, to] = [frame({ seat: 3, eye: [0, 0, 0] }), frame({ seat: 3, eye: [1, 0, 0] })];
    for (const made of [a, b]) made.update(from, camera, 0);
    a.update(to, camera, 40);
    b.update(to, camera, 20);
    b.update(to, camera, 40);
    expect(read(b, 'eye', 0)[0]).toBeCloseTo(read(a, 'eye', 0)[0] ?? NaN, 5);
  });

  it('jump where motion is not wanted', () => {
    const made = people(true);
    const camera = eye();
    made.update(frame({ seat: 3, eye: [0, 0, 0] }), camera, 0);
    expect(made.update(frame({ seat: 3, eye: [1, 0, 0] }), camera, 1)).toBe(false);
    expect(read(made, 'eye', 0)).toEqual([1, 0, 0]);
  });

  it('fade out at one’s own eye', () => {
    const made = people();
    made.update(frame({ seat: 3, eye: [0, -3, 0] }, { seat: 7, eye: [0, 3, 0] }), eye(), 0);
    expect(read(made, 'strength', 0)[0]).toBe(0);
    expect(read(made, 'strength', 1)[0]).toBe(1);
  });

  it('show a ray that begins where it points, not where the last one was', () => {
    const made = people();
    const camera = eye();
    made.update(frame({ seat: 3, eye: [1, 0, 0], hit: [0, 0, 5] }), camera, 0);
    for (let now = 16; now < 2000; now += 16) made.update(frame({ seat: 3, eye: [1, 0, 0] }), camera, now);
    expect(read(made, 'strength', 0)[1]).toBeCloseTo(0, 3);
    made.update(frame({ seat: 3, eye: [1, 0, 0], hit: [4, 0, 0] }), camera, 2016);
    expect(read(made, 'hit', 0)).toEqual([4, 0, 0]);
    expect(read(made, 'strength', 0)[1]).toBeGreaterThan(0.1);
  });

  it('are beside their place where what stands in for them is', () => {
    const made = people();
    const standIns = {
      stand: (_: number, places: Float32Array, at: number): number => {
        places[at] = 1.5;
        return 0.5;
      },
    };
    // Again and again: it is their place that is kept, not where they stand.
    for (const now of [0, 16])
      made.update(frame({ seat: 3, eye: [1, 2, 3], hit: [0, 0, 0] }), eye(), now, standIns);
    expect(read(made, 'eye', 0)).toEqual([1.5, 2, 3]);
    made.update(frame({ seat: 3, eye: [1, 2, 3] }), eye(), 32);
    expect(read(made, 'eye', 0)).toEqual([1, 2, 3]);
  });

  it('make room for what stands in for them; rays and names stay', () => {
    const made = people();
    const camera = eye();
    const asked: number[][] = [];
    const standIns = {
      stand: (seat: number, places: Float32Array, at: number): number => {
        asked.push([seat, ...places.subarray(at, at + 3)]);
        return seat === 3 ? 0.5 : -1;
      },
    };
    made.update(
      frame({ seat: 3, eye: [1, 2, 3], hit: [0, 0, 0] }, { seat: 7, eye: [3, 2, 1] }),
      camera,
      0,
      standIns,
    );
    expect(asked).toEqual([
      [3, 1, 2, 3],
      [7, 3, 2, 1],
    ]);
    expect([read(made, 'mark', 0), read(made, 'mark', 1)]).toEqual([[0], [1]]);
    // Where they point is seen all the same.
    for (let now = 16; now < 1000; now += 16)
      made.update(frame({ seat: 3, eye: [1, 2, 3], hit: [0, 0, 0] }), camera, now, standIns);
    expect(read(made, 'strength', 0)[0]).toBe(1);
    expect(read(made, 'strength', 0)[1]).toBeCloseTo(1, 2);
  });
});
