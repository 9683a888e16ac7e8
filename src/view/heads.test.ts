import {
  Mesh,
  PerspectiveCamera,
  type DataTexture,
  type InstancedBufferGeometry,
  type RawShaderMaterial,
} from 'three';
import { describe, expect, it, vi } from 'vitest';
import { buildHead } from '../face/head/head';
import { packHead } from '../face/head/pack';
import { coloursFor } from '../face/head/colours';
import type { StyleName } from '../face/head/style';
import { SHAPE, SHAPES } from '../face/names';
import { HeadKinds } from './head_kinds';
import { RECORD } from './head_shader';
import { MAX_HEADS } from './head_slots';
import { Heads, type HeadState } from './heads';

type HeadMesh = Mesh<InstancedBufferGeometry, RawShaderMaterial>;

const kinds = new HeadKinds();
for (const style of ['android', 'robot'] as const) kinds.give(packHead(buildHead(style)));

function camera(): PerspectiveCamera {
  const eye = new PerspectiveCamera(45, 1, 0.01, 100);
  eye.up.set(0, 0, 1);
  eye.position.set(3, 0, 0);
  eye.lookAt(0, 0, 0);
  eye.updateMatrixWorld();
  return eye;
}

function state(style: StyleName, position: readonly number[], number = 0): HeadState {
  return {
    style,
    colours: coloursFor(style, number),
    position,
    quaternion: [1, 0, 0, 0],
    size: 0.24,
    weights: new Float32Array(SHAPES),
  };
}

function meshes(heads: Heads): HeadMesh[] {
  return heads.object.children.filter((child): child is HeadMesh => child instanceof Mesh);
}

/** The record of a mesh's instance, as the graphics card would read it. */
function record(mesh: HeadMesh, instance: number): Float32Array {
  const row = mesh.geometry.getAttribute('slot').getX(instance);
  const texture = mesh.material.uniforms['records']?.value as DataTexture;
  const data = texture.image.data as Float32Array;
  return data.subarray(4 * RECORD.texels * row, 4 * RECORD.texels * (row + 1));
}

describe('heads in the scene', () => {
  it('are drawn with one call for each style', () => {
    const heads = new Heads(kinds);
    for (let i = 0; i < 5; i++) heads.set(i, state(i < 3 ? 'android' : 'robot', [0, 0.1 * i, 0]));
    expect(heads.update(camera())).toBe(5);
    expect(meshes(heads).map(({ geometry }) => geometry.instanceCount)).toEqual([3, 2]);
    heads.remove(0);
    heads.remove(3);
    heads.remove(4);
    expect(heads.update(camera())).toBe(2);
    expect(meshes(heads).map(({ visible }) => visible)).toEqual([true, false]);
    heads.dispose();
  });

  it('have each their own weights, place, size and colours', () => {
    const heads = new Heads(kinds);
    const first = state('android', [0, -0.5, 0], 1);
    const second = { ...state('android', [0, 0.5, 0.1], 2), size: 0.48, quaternion: [0, 0, 0, 1] };
    (second.weights as Float32Array)[SHAPE.browInnerUp] = 0.5;
    heads.set(7, first);
    heads.set(9, second);
    heads.update(camera());
    const [mesh] = meshes(heads);
    if (!mesh) throw new Error('nothing is drawn');
    const [a, b] = [record(mesh, 0), record(mesh, 1)];
    expect([a[SHAPE.browInnerUp], b[SHAPE.browInnerUp]]).toEqual([0, 0.5]);
    expect(
      [...b.subarray(4 * RECORD.place, 4 * RECORD.place + 8)].map((x) => Math.round(x * 1e4) / 1e4),
    ).toEqual([0, 0, 1, 0, 0, 0.5, 0.1, 2]);
    first.colours.skin.forEach((value, i) => expect(a[4 * RECORD.skin + i]).toBeCloseTo(value));
    second.colours.skin.forEach((value, i) => expect(b[4 * RECORD.skin + i]).toBeCloseTo(value));
    // Rows are given out anew each time: colours move along.
    heads.remove(7);
    heads.update(camera());
    second.colours.skin.forEach((value, i) =>
      expect(record(mesh, 0)[4 * RECORD.skin + i]).toBeCloseTo(value),
    );
    heads.dispose();
  });

  it('cost nothing out of sight', () => {
    const heads = new Heads(kinds);
    heads.set(0, state('android', [10, 0, 0]));
    heads.set(1, state('android', [0, 50, 0]));
    expect(heads.update(camera())).toBe(0);
    expect(meshes(heads)).toEqual([]);
    heads.dispose();
  });

  it('ignore slots that there are not', () => {
    const heads = new Heads(kinds);
    for (const slot of [-1, MAX_HEADS, 0.5, NaN]) {
      heads.set(slot, state('android', [0, 0, 0]));
      heads.remove(slot);
    }
    expect(heads.update(camera())).toBe(0);
  });

  it('free what they hold', () => {
    const heads = new Heads(kinds);
    heads.set(0, state('robot', [0, 0, 0]));
    heads.update(camera());
    const [mesh] = meshes(heads);
    const freed = vi.fn<() => void>();
    mesh?.geometry.addEventListener('dispose', freed);
    mesh?.material.addEventListener('dispose', freed);
    const records: DataTexture = mesh?.material.uniforms['records']?.value;
    records.addEventListener('dispose', freed);
    heads.dispose();
    expect(freed).toHaveBeenCalledTimes(3);
  });
});

describe('colours', () => {
  it('are the same for the same number, and others for another', () => {
    expect(coloursFor('human', 3)).toEqual(coloursFor('human', 3));
    expect(new Set(Array.from({ length: 30 }, (_, i) => JSON.stringify(coloursFor('human', i)))).size).toBe(
      30,
    );
    expect(coloursFor('human', -1, [0, 1, 0]).accent).toEqual([0, 1, 0]);
  });
});
