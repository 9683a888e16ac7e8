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
  type Matrix4,
  type RawShaderMaterial,
} from 'three';
import { makePose, poseOf, TURNS } from '../face/head/rig';
import type { HeadColours, StyleName } from '../face/head/style';
import { SHAPES } from '../face/names';
import { headGeometry, headMaterial, type HeadKinds, type HeadPass } from './head_kinds';
import { RECORD } from './head_shader';

/** Height of a head whose geometry is not scaled, m. */
export const HEAD_HEIGHT = 0.24;

const STRIDE = 4 * RECORD.texels;

/** Who a head is: what does not change from picture to picture. */
export interface HeadLook {
  readonly style: StyleName;
  readonly colours: HeadColours;
}

/** Where on a stage heads are drawn besides in the picture itself, and what is around them there. */
export interface HeadStage {
  /** Reflection across the mirror. */
  readonly mirror: Matrix4;
  readonly uniforms: Readonly<Record<'fog' | 'fogRange' | 'mirrorPlane' | 'mirrorReflectance', IUniform>>;
}

type HeadMesh = Mesh<InstancedBufferGeometry, RawShaderMaterial>;

/** All heads of a style. */
interface Part {
  readonly style: StyleName;
  readonly mesh: HeadMesh;
  /** Draws the same instances as `mesh`. */
  readonly mirrored: HeadMesh | null;
  readonly caster: HeadMesh | null;
  readonly seen: InstancedBufferAttribute;
  readonly cast: InstancedBufferAttribute;
}

/**
 * Heads that are drawn together: one draw call for each style among them, one more where there is a mirror and one for
 * each map of shadows.
 *
 * The graphics card deforms them. A picture costs the script a pose for each head and one upload of a small texture, a
 * row for each head: 52 weights, turns, place, colours. Nothing is allocated for it.
 */
export class HeadBatch {
  readonly object = new Group();
  /** The same in the mirror, and what casts shadows; empty without a stage. */
  readonly mirrored = new Group();
  readonly casters = new Group();
  private readonly parts: Part[] = [];
  private readonly data: Float32Array;
  private readonly records: DataTexture;
  private readonly shared: Record<string, IUniform> & Light;
  private readonly pose = makePose();
  private readonly axis = new Vector3();
  private readonly owners: (HeadColours | null)[];
  private count = 0;

  constructor(
    private readonly kinds: HeadKinds,
    private readonly capacity: number,
    private readonly stage: HeadStage | null = null,
  ) {
    this.data = new Float32Array(STRIDE * capacity);
    this.records = new DataTexture(this.data, RECORD.texels, capacity, RGBAFormat, FloatType);
    this.records.minFilter = this.records.magFilter = NearestFilter;
    this.owners = Array.from({ length: capacity }, () => null);
    this.shared = {
      fog: { value: new Vector4(0, 0, 0, 0) },
      fogRange: { value: new Vector2(0, 1) },
      ...stage?.uniforms,
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
    for (const { mesh, caster } of this.parts) {
      mesh.geometry.instanceCount = 0;
      if (caster !== null) caster.geometry.instanceCount = 0;
    }
    this.shine(camera);
  }

  /**
   * Adds a head to the picture.
   *
   * @param quaternion w first
   * @param size height of the head, m
   * @param opacity how much of it is seen, 0 to 1; nothing for one that only casts a shadow
   */
  add(
    look: HeadLook,
    weights: ArrayLike<number>,
    position: ArrayLike<number>,
    quaternion: ArrayLike<number>,
    size: number,
    opacity = 1,
    casts = false,
  ): void {
    if (this.count >= this.capacity) return;
    const row = this.count++;
    const { mesh, caster, seen, cast } = this.prepare(look.style);
    const { data } = this;
    const at = STRIDE * row;
    if (casts && caster !== null) cast.array[caster.geometry.instanceCount++] = row;
    if (opacity > 0) {
      seen.array[mesh.geometry.instanceCount++] = row;
      const pose = poseOf(weights, this.kinds.get(look.style).model.joints, this.pose);
      for (let i = 0; i < SHAPES; i++) data[at + i] = pose.weights[i] ?? 0;
      for (let i = 0; i < TURNS; i++) data[at + 4 * RECORD.turns + i] = pose.turns[i] ?? 0;
    }
    const place = at + 4 * RECORD.place;
    for (let i = 0; i < 3; i++) {
      data[place + i] = quaternion[i + 1] ?? 0;
      data[place + 4 + i] = position[i] ?? 0;
    }
    data[place + 3] = quaternion[0] ?? 1;
    data[place + 7] = size / HEAD_HEIGHT;
    if (this.owners[row] !== look.colours) this.colour(row, look.colours);
    data[at + 4 * RECORD.skin + 3] = opacity;
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

  /** Makes what draws a style, if it is not there yet. */
  prepare(style: StyleName): Part {
    for (const part of this.parts) if (part.style === style) return part;
    const kind = this.kinds.get(style);
    const seen = this.slots();
    const cast = this.slots();
    const geometry = headGeometry(kind, seen);
    const make = (parent: Group, pass: HeadPass, of = geometry): HeadMesh => {
      const mesh = new Mesh(of, headMaterial(kind, this.shared, pass));
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
    const caster = this.stage && make(this.casters, 'caster', headGeometry(kind, cast));
    const part = { style, mesh, mirrored, caster, seen, cast };
    this.parts.push(part);
    return part;
  }

  dispose(): void {
    this.object.removeFromParent();
    this.mirrored.removeFromParent();
    this.casters.removeFromParent();
    for (const { mesh, mirrored, caster } of this.parts) {
      mesh.geometry.dispose();
      caster?.geometry.dispose();
      for (const each of [mesh, mirrored, caster]) each?.material.dispose();
    }
    this.parts.length = 0;
    this.records.dispose();
  }

  private slots(): InstancedBufferAttribute {
    return new InstancedBufferAttribute(new Float32Array(this.capacity), 1).setUsage(DynamicDrawUsage);
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
}

/** Uniforms of the light of heads. */
interface Light {
  readonly keyDirection: { readonly value: Vector3 };
  readonly exposure: { value: number };
  readonly eyePoint: { readonly value: Vector3 };
  readonly parallel: { value: number };
}

const COLOURS = [
  ['skin', RECORD.skin],
  ['accent', RECORD.accent],
  ['hair', RECORD.hair],
  ['iris', RECORD.iris],
  ['lips', RECORD.lips],
] as const;
