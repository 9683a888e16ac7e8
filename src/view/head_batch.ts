import {
  DataTexture,
  DynamicDrawUsage,
  FloatType,
  Group,
  InstancedBufferAttribute,
  Mesh,
  NearestFilter,
  RGBAFormat,
  Vector3,
  type Camera,
  type InstancedBufferGeometry,
  type RawShaderMaterial,
} from 'three';
import { makePose, poseOf, TURNS } from '../face/head/rig';
import type { HeadColours, StyleName } from '../face/head/style';
import { SHAPES } from '../face/names';
import { headGeometry, headMaterial, type HeadKinds } from './head_kinds';
import { RECORD } from './head_shader';

/** Height of a head whose geometry is not scaled, m. */
export const HEAD_HEIGHT = 0.24;

const STRIDE = 4 * RECORD.texels;

/** Who a head is: what does not change from picture to picture. */
export interface HeadLook {
  readonly style: StyleName;
  readonly colours: HeadColours;
}

interface Part {
  readonly style: StyleName;
  readonly mesh: Mesh<InstancedBufferGeometry, RawShaderMaterial>;
  readonly slot: InstancedBufferAttribute;
}

/**
 * Heads that are drawn together: one draw call for each style among them.
 *
 * The graphics card deforms them. A picture costs the script a pose for each head and one upload of a small texture, a
 * row for each head: 52 weights, turns, place, colours. Nothing is allocated for it.
 */
export class HeadBatch {
  readonly object = new Group();
  private readonly parts: Part[] = [];
  private readonly data: Float32Array;
  private readonly records: DataTexture;
  private readonly shared;
  private readonly pose = makePose();
  private readonly axis = new Vector3();
  private readonly owners: (HeadColours | null)[];
  private count = 0;

  constructor(
    private readonly kinds: HeadKinds,
    private readonly capacity: number,
  ) {
    this.data = new Float32Array(STRIDE * capacity);
    this.records = new DataTexture(this.data, RECORD.texels, capacity, RGBAFormat, FloatType);
    this.records.minFilter = this.records.magFilter = NearestFilter;
    this.owners = Array.from({ length: capacity }, () => null);
    this.shared = {
      records: { value: this.records },
      keyDirection: { value: new Vector3(0, 0, 1) },
      exposure: { value: 1 },
      eyePoint: { value: new Vector3() },
      parallel: { value: 0 },
    };
  }

  /** How bright the scene is, 1 is a lit room; a head is never wholly dark. */
  set brightness(value: number) {
    this.shared.exposure.value = Math.min(1.15, Math.max(0.55, value));
  }

  /** Empties the batch for a picture from this camera, whose matrices are up to date. */
  begin(camera: Camera): void {
    this.count = 0;
    for (const { mesh } of this.parts) mesh.geometry.instanceCount = 0;
    this.shine(camera);
  }

  /**
   * Adds a head.
   *
   * @param quaternion w first
   * @param size height of the head, m
   */
  add(
    look: HeadLook,
    weights: ArrayLike<number>,
    position: ArrayLike<number>,
    quaternion: ArrayLike<number>,
    size: number,
  ): void {
    if (this.count >= this.capacity) return;
    const row = this.count++;
    const { slot, mesh } = this.part(look.style);
    slot.array[mesh.geometry.instanceCount++] = row;
    const { data } = this;
    const at = STRIDE * row;
    const pose = poseOf(weights, this.kinds.get(look.style).model.joints, this.pose);
    for (let i = 0; i < SHAPES; i++) data[at + i] = pose.weights[i] ?? 0;
    for (let i = 0; i < TURNS; i++) data[at + 4 * RECORD.turns + i] = pose.turns[i] ?? 0;
    const place = at + 4 * RECORD.place;
    for (let i = 0; i < 3; i++) {
      data[place + i] = quaternion[i + 1] ?? 0;
      data[place + 4 + i] = position[i] ?? 0;
    }
    data[place + 3] = quaternion[0] ?? 1;
    data[place + 7] = size / HEAD_HEIGHT;
    if (this.owners[row] !== look.colours) this.colour(row, look.colours);
  }

  /** Hands everything to the graphics card with the next drawing. */
  end(): void {
    for (const { mesh, slot } of this.parts) {
      mesh.visible = mesh.geometry.instanceCount > 0;
      if (mesh.visible) slot.needsUpdate = true;
    }
    if (this.count > 0) this.records.needsUpdate = true;
  }

  dispose(): void {
    this.object.removeFromParent();
    for (const { mesh } of this.parts) {
      mesh.geometry.dispose();
      mesh.material.dispose();
    }
    this.parts.length = 0;
    this.records.dispose();
  }

  private colour(row: number, colours: HeadColours): void {
    this.owners[row] = colours;
    for (const [name, texel] of COLOURS)
      for (let i = 0; i < 3; i++) this.data[STRIDE * row + 4 * texel + i] = colours[name][i] ?? 0;
  }

  /** The main light stands over the viewer's left shoulder, and above. */
  private shine({ matrixWorld, projectionMatrix }: Camera): void {
    const { keyDirection, eyePoint, parallel } = this.shared;
    keyDirection.value
      .set(0, 0, 0.55)
      .addScaledVector(this.axis.setFromMatrixColumn(matrixWorld, 0), -0.5)
      .addScaledVector(this.axis.setFromMatrixColumn(matrixWorld, 1), 0.35)
      .addScaledVector(this.axis.setFromMatrixColumn(matrixWorld, 2), 0.75)
      .normalize();
    parallel.value = projectionMatrix.elements[15] === 1 ? 1 : 0;
    eyePoint.value.setFromMatrixColumn(matrixWorld, parallel.value === 1 ? 2 : 3);
  }

  private part(style: StyleName): Part {
    for (const part of this.parts) if (part.style === style) return part;
    const kind = this.kinds.get(style);
    const slot = new InstancedBufferAttribute(new Float32Array(this.capacity), 1).setUsage(DynamicDrawUsage);
    const mesh = new Mesh(headGeometry(kind, slot), headMaterial(kind, this.shared));
    // Heads are culled one by one, before they come here.
    mesh.frustumCulled = false;
    mesh.matrixAutoUpdate = false;
    this.object.add(mesh);
    const part = { style, mesh, slot };
    this.parts.push(part);
    return part;
  }
}

const COLOURS = [
  ['skin', RECORD.skin],
  ['accent', RECORD.accent],
  ['hair', RECORD.hair],
  ['iris', RECORD.iris],
  ['lips', RECORD.lips],
] as const;
