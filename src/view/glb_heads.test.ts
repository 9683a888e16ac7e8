import {
  Mesh,
  PerspectiveCamera,
  Vector3,
  type DataTexture,
  type InstancedBufferGeometry,
  type RawShaderMaterial,
} from 'three';
import { GLTFLoader } from 'three/examples/jsm/loaders/GLTFLoader.js';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { readGlbHead } from '../face/glb/check';
import type { GlbModel } from '../face/glb/model';
import { makeGlbPose, poseGlb } from '../face/glb/pose';
import { exportHead, type ExportOptions } from '../face/glb/testing_heads';
import { SHAPE, SHAPES, type ArkitName } from '../face/names';
import { createGlbKind, type GlbKind } from './glb_head';
import { GlbHeads, MAX_GLB_KINDS, type GlbHeadState } from './glb_heads';
import { GLB_RECORD } from './glb_shader';

type GlbMesh = Mesh<InstancedBufferGeometry, RawShaderMaterial[]>;

const shapes: readonly ArkitName[] = ['jawOpen', 'eyeBlinkLeft', 'mouthSmileRight'];
const file = exportHead({ shapes });
const data = readGlbHead(file);

/** How large the pictures were asked to be. */
let sides: number[] = [];

beforeEach(() => {
  sides = [];
  vi.stubGlobal('createImageBitmap', (_: Blob, options: ImageBitmapOptions) => {
    sides.push(options.resizeWidth ?? 0);
    return Promise.resolve({ width: 64, height: 64, close: () => undefined });
  });
});

function camera(): PerspectiveCamera {
  const eye = new PerspectiveCamera(45, 1, 0.01, 100);
  eye.up.set(0, 0, 1);
  eye.position.set(3, 0, 0);
  eye.lookAt(0, 0, 0);
  eye.updateMatrixWorld();
  return eye;
}

function state(glb: GlbKind, position: readonly number[] = [0, 0, 0]): GlbHeadState {
  return { glb, position, quaternion: [1, 0, 0, 0], size: 0.24, weights: new Float32Array(SHAPES) };
}

function meshes(heads: GlbHeads): GlbMesh[] {
  return heads.object.children.filter((child): child is GlbMesh => child instanceof Mesh);
}

/** The record of a mesh's instance, as the graphics card would read it. */
function record(mesh: GlbMesh | undefined, instance: number): Float32Array {
  const row = mesh?.geometry.getAttribute('slot').getX(instance) ?? -1;
  const texture = mesh?.material[0]?.uniforms['records']?.value as DataTexture;
  const all = texture.image.data as Float32Array;
  return all.subarray(4 * GLB_RECORD.texels * row, 4 * GLB_RECORD.texels * (row + 1));
}

/** Corners of all triangles with some weights, head frame, m. */
function corners(model: GlbModel, weights: Float32Array): Vector3[] {
  const { channels } = poseGlb(model, weights, makeGlbPose());
  return Array.from(model.indices, (i) => {
    const at = new Vector3().fromArray(model.positions, 3 * i);
    for (let d = model.first[i] ?? 0; d < (model.first[i + 1] ?? 0); d++)
      at.addScaledVector(new Vector3().fromArray(model.deltas, 6 * d), channels[model.channel[d] ?? 0] ?? 0);
    return at;
  });
}

/** The same as three's own loader has it, in glTF's world. */
async function loaded(bytes: Uint8Array<ArrayBuffer>, weights: Float32Array): Promise<Vector3[]> {
  const { scene } = await new GLTFLoader().parseAsync(bytes.slice().buffer, '');
  scene.updateMatrixWorld(true);
  const out: Vector3[] = [];
  scene.traverse((object) => {
    if (!(object instanceof Mesh) || object.name.startsWith('Body')) return;
    const { morphTargetDictionary = {}, morphTargetInfluences = [], geometry } = object;
    for (const [name, i] of Object.entries(morphTargetDictionary))
      morphTargetInfluences[i] = weights[SHAPE[name as ArkitName]] ?? 0;
    for (const corner of geometry.index?.array ?? [])
      out.push(object.getVertexPosition(corner, new Vector3()).applyMatrix4(object.matrixWorld));
  });
  return out;
}

describe('a head from a file', () => {
  it.each<[string, ExportOptions]>([
    ['as it is', {}],
    ['sparse', { sparse: true }],
    ['with eyes on nodes', { eyeNodes: true, unit: 0.1 }],
    ['on the skeleton of an avatar', { body: true, unit: 0.01 }],
  ])('%s stands as another reader has it', async (_, options) => {
    // Node has no pictures.
    const plain = { ...options, shapes, more: { materials: [{}, {}], textures: [], images: [] } };
    const bytes = exportHead(plain);
    const weights = new Float32Array(SHAPES);
    weights[SHAPE.jawOpen] = 0.8;
    weights[SHAPE.eyeBlinkLeft] = 0.5;
    weights[SHAPE.mouthSmileRight] = 1;
    const ours = corners(readGlbHead(bytes).model, weights);
    const theirs = await loaded(bytes, weights);
    expect(ours.length).toBe(theirs.length);
    const [a = new Vector3(), b = new Vector3()] = [ours[0], theirs[0]];
    const far = (list: Vector3[]): number => Math.max(...list.map((p) => p.distanceTo(list[0] ?? p)));
    const scale = far(ours) / far(theirs);
    const worst = ours.reduce((most, p, i) => {
      const q = theirs[i]?.clone().sub(b).multiplyScalar(scale) ?? new Vector3(NaN);
      return Math.max(
        most,
        p
          .clone()
          .sub(a)
          .distanceTo(new Vector3(q.z, q.x, q.y)),
      );
    }, 0);
    expect(worst).toBeLessThan(1e-4);
  });

  it('has its textures decoded as small as they may be', async () => {
    const large = {
      ...data,
      model: {
        ...data.model,
        images: data.model.images.map((image) => ({ ...image, width: 4096, height: 4096 })),
      },
    };
    (await createGlbKind(large)).dispose();
    (await createGlbKind(data)).dispose();
    expect(sides).toEqual([2048, 0]);
  });

  it('with a picture that cannot be decoded is refused with a word', async () => {
    vi.stubGlobal('createImageBitmap', () => Promise.reject(new DOMException('no', 'InvalidStateError')));
    await expect(createGlbKind(data)).rejects.toMatchObject({
      code: 'head-invalid',
      message: expect.stringMatching(/texture.*cannot be decoded.*again/i),
    });
  });
});

describe('heads from files in the scene', () => {
  it('share geometry and materials, and have each their own weights and place', async () => {
    const kind = await createGlbKind(data);
    const heads = new GlbHeads();
    const second = { ...state(kind, [0, 0.5, 0.1]), size: 0.48, quaternion: [0, 0, 0, 1] };
    (second.weights as Float32Array)[SHAPE.jawOpen] = 0.5;
    heads.set(3, state(kind));
    heads.set(9, second);
    expect(heads.update(camera())).toBe(2);
    expect(heads.sees(9)).toBe(true);
    expect(heads.sees(4)).toBe(false);
    const [mesh, ...others] = meshes(heads);
    expect(others).toEqual([]);
    expect(mesh?.geometry.instanceCount).toBe(2);
    const jaw = kind.model.channels.findIndex(({ name }) => name === 'jawOpen');
    expect([record(mesh, 0)[jaw], record(mesh, 1)[jaw]]).toEqual([0, 0.5]);
    const place = record(mesh, 1).subarray(4 * GLB_RECORD.place, 4 * GLB_RECORD.place + 8);
    expect([...place].map((value) => Math.round(value * 1e4) / 1e4)).toEqual([0, 0, 1, 0, 0, 0.5, 0.1, 2]);
    heads.dispose();
  });

  it('cost nothing out of sight, and nothing after they are gone', async () => {
    const kind = await createGlbKind(data);
    const heads = new GlbHeads();
    heads.set(0, state(kind, [50, 0, 0]));
    expect(heads.update(camera())).toBe(0);
    expect(meshes(heads)).toEqual([]);
    heads.set(0, state(kind));
    expect(heads.update(camera())).toBe(1);
    kind.dispose();
    expect(heads.update(camera())).toBe(0);
    expect(meshes(heads)).toEqual([]);
    expect(heads.set(1, state(kind))).toBe(false);
  });

  it('are of so many files at most; those that nobody wears make room', async () => {
    const all = await Promise.all(Array.from({ length: MAX_GLB_KINDS + 1 }, () => createGlbKind(data)));
    const last = all.pop();
    if (!last) throw new Error('no head');
    const heads = new GlbHeads();
    all.forEach((kind, slot) => expect(heads.set(slot, state(kind))).toBe(true));
    expect(heads.set(20, state(last))).toBe(false);
    expect(heads.update(camera())).toBe(MAX_GLB_KINDS);
    const freed = vi.fn<() => void>();
    all[2]?.deltas.addEventListener('dispose', freed);
    heads.remove(2);
    expect(heads.set(20, state(last))).toBe(true);
    expect(freed).toHaveBeenCalledOnce();
    expect(heads.update(camera())).toBe(MAX_GLB_KINDS);
    heads.dispose();
  });

  it('ignore slots that there are not', async () => {
    const kind = await createGlbKind(data);
    const heads = new GlbHeads();
    for (const slot of [-1, 1e6, 0.5, NaN]) expect(heads.set(slot, state(kind))).toBe(false);
    expect(heads.update(camera())).toBe(0);
  });

  it('free what they hold', async () => {
    const kind = await createGlbKind(data);
    const heads = new GlbHeads();
    heads.set(0, state(kind));
    heads.update(camera());
    const [mesh] = meshes(heads);
    const freed = vi.fn<() => void>();
    mesh?.geometry.addEventListener('dispose', freed);
    for (const material of mesh?.material ?? []) material.addEventListener('dispose', freed);
    kind.deltas.addEventListener('dispose', freed);
    kind.textures[1]?.addEventListener('dispose', freed);
    heads.dispose();
    kind.dispose();
    expect(freed).toHaveBeenCalledTimes(5);
  });
});
