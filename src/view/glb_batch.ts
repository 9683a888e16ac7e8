import {
  DataTexture,
  DynamicDrawUsage,
  FloatType,
  Group,
  InstancedBufferAttribute,
  Mesh,
  NearestFilter,
  RGBAFormat,
  Vector2,
  Vector3,
  Vector4,
  type Camera,
  type InstancedBufferGeometry,
  type IUniform,
  type RawShaderMaterial,
} from 'three';
import { GLB_TURN, makeGlbPose, MAX_CHANNELS, poseGlb } from '../face/glb/pose';
import type { GlbKind } from './glb_head';
import { glbGeometry, glbMaterials } from './glb_material';
import { GLB_RECORD } from './glb_shader';
import { HEAD_HEIGHT, type HeadStage } from './head_batch';
import type { HeadPass } from './head_kinds';

const STRIDE = 4 * GLB_RECORD.texels;

/** Somebody's own head. */
export interface GlbLook {
  readonly glb: GlbKind;
}

type GlbMesh = Mesh<InstancedBufferGeometry, RawShaderMaterial[]>;

/** All who wear the same head. */
interface Part {
  readonly kind: GlbKind;
  readonly mesh: GlbMesh;
  /** Draws the same instances as `mesh`. */
  readonly mirrored: GlbMesh | null;
  readonly caster: GlbMesh | null;
  readonly seen: InstancedBufferAttribute;
  readonly cast: InstancedBufferAttribute;
}

/**
 * Heads from files that are drawn together, as `HeadBatch` draws our own: one draw call for each material of each file,
 * however many wear it. The graphics card deforms them; a picture allocates nothing.
 */
export class GlbBatch {
  readonly object = new Group();
  /** The same in the mirror, and what casts shadows; empty without a stage. */
  readonly mirrored = new Group();
  readonly casters = new Group();
  private readonly parts: Part[] = [];
  private readonly data: Float32Array;
  private readonly records: DataTexture;
  private readonly light = {
    keyDirection: { value: new Vector3(0, 0, 1) },
    exposure: { value: 1 },
    eyePoint: { value: new Vector3() },
    parallel: { value: 0 },
  };
  private readonly shared: Record<string, IUniform>;
  private readonly pose = makeGlbPose();
  private readonly axis = new Vector3();
  private count = 0;

  constructor(
    private readonly capacity: number,
    private readonly stage: HeadStage | null = null,
  ) {
    this.data = new Float32Array(STRIDE * capacity);
    this.records = new DataTexture(this.data, GLB_RECORD.texels, capacity, RGBAFormat, FloatType);
    this.records.minFilter = this.records.magFilter = NearestFilter;
    this.shared = {
      fog: { value: new Vector4(0, 0, 0, 0) },
      fogRange: { value: new Vector2(0, 1) },
      ...stage?.uniforms,
      records: { value: this.records },
      ...this.light,
    };
  }

  /** How bright the scene is, 1 is a lit room; a head is never wholly dark. */
  set brightness(value: number) {
    this.light.exposure.value = Math.min(1.15, Math.max(0.55, value));
  }

  /** Empties the batch for a picture from this camera, whose matrices are up to date. */
  begin(camera: Camera): void {
    this.count = 0;
    for (let i = this.parts.length - 1; i >= 0; i--) {
      const part = this.parts[i];
      if (part?.kind.isGone === true) this.forget(part.kind);
    }
    for (const { mesh, caster } of this.parts) {
      mesh.geometry.instanceCount = 0;
      if (caster !== null) caster.geometry.instanceCount = 0;
    }
    this.shine(camera);
  }

  /**
   * Adds a head to the picture.
   *
   * @param weights 52, in ARKit's order
   * @param quaternion w first
   * @param size height of the head, m
   * @param opacity how much of it is seen, 0 to 1; nothing for one that only casts a shadow
   */
  add(
    { glb }: GlbLook,
    weights: ArrayLike<number>,
    position: ArrayLike<number>,
    quaternion: ArrayLike<number>,
    size: number,
    opacity = 1,
    casts = false,
  ): void {
    if (this.count >= this.capacity || glb.isGone) return;
    const row = this.count++;
    const { mesh, caster, seen, cast } = this.partOf(glb);
    const { data, pose } = this;
    const at = STRIDE * row;
    if (casts && caster !== null) cast.array[caster.geometry.instanceCount++] = row;
    if (opacity > 0) {
      seen.array[mesh.geometry.instanceCount++] = row;
      poseGlb(glb.model, weights, pose);
      for (let i = 0; i < MAX_CHANNELS; i++) data[at + i] = pose.channels[i] ?? 0;
      for (let i = 0; i < GLB_TURN.jaw; i++) data[at + 4 * GLB_RECORD.eyes + i] = pose.turns[i] ?? 0;
      data[at + 4 * GLB_RECORD.jaw] = pose.turns[GLB_TURN.jaw] ?? 0;
      data[at + 4 * GLB_RECORD.jaw + 1] = opacity;
    }
    const place = at + 4 * GLB_RECORD.place;
    for (let i = 0; i < 3; i++) {
      data[place + i] = quaternion[i + 1] ?? 0;
      data[place + 4 + i] = position[i] ?? 0;
    }
    data[place + 3] = quaternion[0] ?? 1;
    data[place + 7] = size / HEAD_HEIGHT;
  }

  /** Hands everything to the graphics card with the next drawing. */
  end(): void {
    for (const { mesh, mirrored, caster, seen, cast } of this.parts) {
      mesh.visible = mesh.geometry.instanceCount > 0;
      if (mirrored !== null) mirrored.visible = mesh.visible;
      if (mesh.visible) seen.needsUpdate = true;
      if (caster === null) continue;
      caster.visible = caster.geometry.instanceCount > 0;
      if (caster.visible) cast.needsUpdate = true;
    }
    if (this.count > 0) this.records.needsUpdate = true;
  }

  /** Makes what draws a head, if it is not there yet, so that its programs can be compiled before its first picture. */
  prepare(kind: GlbKind): Group {
    this.partOf(kind);
    return this.object;
  }

  /** Frees what draws a head here; the head itself is its owner's. */
  forget(kind: GlbKind): void {
    const index = this.parts.findIndex((part) => part.kind === kind);
    const part = this.parts[index];
    if (!part) return;
    this.parts.splice(index, 1);
    release(part);
  }

  dispose(): void {
    this.object.removeFromParent();
    this.mirrored.removeFromParent();
    this.casters.removeFromParent();
    for (const part of this.parts) release(part);
    this.parts.length = 0;
    this.records.dispose();
  }

  private partOf(kind: GlbKind): Part {
    for (const part of this.parts) if (part.kind === kind) return part;
    const seen = this.slots();
    const cast = this.slots();
    const geometry = glbGeometry(kind, seen);
    const make = (parent: Group, pass: HeadPass, of = geometry): GlbMesh => {
      const mesh = new Mesh(of, glbMaterials(kind, this.shared, pass));
      // Heads are culled one by one, before they come here.
      mesh.frustumCulled = false;
      mesh.matrixAutoUpdate = mesh.matrixWorldAutoUpdate = false;
      mesh.visible = false;
      parent.add(mesh);
      return mesh;
    };
    const mesh = make(this.object, 'plain');
    const mirrored = this.stage && make(this.mirrored, 'mirrored');
    // A negative determinant tells three to swap front and back.
    if (this.stage && mirrored) mirrored.matrixWorld = this.stage.mirror;
    const caster = this.stage && make(this.casters, 'caster', glbGeometry(kind, cast));
    const part = { kind, mesh, mirrored, caster, seen, cast };
    this.parts.push(part);
    return part;
  }

  private slots(): InstancedBufferAttribute {
    return new InstancedBufferAttribute(new Float32Array(this.capacity), 1).setUsage(DynamicDrawUsage);
  }

  /** The main light stands over the viewer's left shoulder, and above, as it does for our own heads. */
  private shine({ matrixWorld, projectionMatrix }: Camera): void {
    const { keyDirection, eyePoint, parallel } = this.light;
    keyDirection.value
      .set(0, 0, 0.55)
      .addScaledVector(this.axis.setFromMatrixColumn(matrixWorld, 0), -0.5)
      .addScaledVector(this.axis.setFromMatrixColumn(matrixWorld, 1), 0.35)
      .addScaledVector(this.axis.setFromMatrixColumn(matrixWorld, 2), 0.75)
      .normalize();
    parallel.value = projectionMatrix.elements[15] === 1 ? 1 : 0;
    eyePoint.value.setFromMatrixColumn(matrixWorld, parallel.value === 1 ? 2 : 3);
  }
}

function release({ mesh, mirrored, caster }: Part): void {
  for (const each of [mesh, mirrored, caster]) {
    each?.removeFromParent();
    each?.geometry.dispose();
    for (const material of each?.material ?? []) material.dispose();
  }
}
