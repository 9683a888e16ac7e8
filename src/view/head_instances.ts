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
import type { HeadPass } from './head_parts';

/** Height of a head whose geometry is not scaled, m. */
export const HEAD_HEIGHT = 0.24;

/** Where on a stage heads are drawn besides in the picture itself, and what is around them there. */
export interface HeadStage {
  /** Reflection across the mirror. */
  readonly mirror: Matrix4;
  readonly uniforms: Readonly<Record<'fog' | 'fogRange' | 'mirrorPlane' | 'mirrorReflectance', IUniform>>;
}

type HeadMesh = Mesh<InstancedBufferGeometry, RawShaderMaterial | RawShaderMaterial[]>;

/** Texels of a head's record, 4 floats each. */
interface RecordLayout {
  readonly texels: number;
  /** Where its quaternion is (x, y, z, w); then position and size. */
  readonly place: number;
}

/** Makes what draws a kind. */
interface HeadMaker<Kind> {
  /** `slot` says which record each instance has. */
  geometry(kind: Kind, slot: InstancedBufferAttribute): InstancedBufferGeometry;
  /** `uniforms` are records, light and what is around. */
  materials(
    kind: Kind,
    uniforms: Record<string, IUniform>,
    pass: HeadPass,
  ): RawShaderMaterial | RawShaderMaterial[];
}

/** All heads of a kind. */
interface Part<Kind> {
  readonly kind: Kind;
  readonly mesh: HeadMesh;
  /** Draws the same instances as `mesh`. */
  readonly mirrored: HeadMesh | null;
  readonly caster: HeadMesh | null;
  readonly seen: InstancedBufferAttribute;
  readonly cast: InstancedBufferAttribute;
}

/**
 * Heads that are drawn together: one draw call for each material of each kind among them, one more where there is a
 * mirror and one for each map of shadows.
 *
 * The graphics card deforms them. A picture costs the script a pose for each head and one upload of a small texture, a
 * row for each head: weights, turns, place. Nothing is allocated for it.
 */
export abstract class HeadInstances<Kind, Look> {
  readonly object = new Group();
  /** The same in the mirror, and what casts shadows; empty without a stage. */
  readonly mirrored = new Group();
  readonly casters = new Group();
  protected readonly parts: Part<Kind>[] = [];
  /** Records, one after the other. */
  protected readonly data: Float32Array;
  private readonly records: DataTexture;
  private readonly light = {
    keyDirection: { value: new Vector3(0, 0, 1) },
    exposure: { value: 1 },
    eyePoint: { value: new Vector3() },
    parallel: { value: 0 },
  };
  private readonly uniforms: Record<string, IUniform>;
  private readonly axis = new Vector3();
  private count = 0;

  constructor(
    private readonly maker: HeadMaker<Kind>,
    private readonly layout: RecordLayout,
    private readonly capacity: number,
    private readonly stage: HeadStage | null,
  ) {
    this.data = new Float32Array(4 * layout.texels * capacity);
    this.records = new DataTexture(this.data, layout.texels, capacity, RGBAFormat, FloatType);
    this.records.minFilter = this.records.magFilter = NearestFilter;
    this.uniforms = {
      fog: { value: new Vector4(0, 0, 0, 0) },
      fogRange: { value: new Vector2(0, 1) },
      ...stage?.uniforms,
      records: { value: this.records },
      ...this.light,
    };
  }

  /**
   * Adds a head to the picture.
   *
   * @param weights 52, in ARKit's order
   * @param quaternion w first
   * @param size height of the head, m
   * @param opacity how much of it is seen, 0 to 1; nothing for one that only casts a shadow
   */
  abstract add(
    look: Look,
    weights: ArrayLike<number>,
    position: ArrayLike<number>,
    quaternion: ArrayLike<number>,
    size: number,
    opacity?: number,
    casts?: boolean,
  ): void;

  /** How bright the scene is, 1 is a lit room; a head is never wholly dark. */
  set brightness(value: number) {
    this.light.exposure.value = Math.min(1.15, Math.max(0.55, value));
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

  /** Frees what draws a kind here; the kind itself is its owner's. */
  forget(kind: Kind): void {
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

  /**
   * Gives a head of the picture its row, and writes its place there.
   *
   * @returns the row; -1 when there is none left
   */
  protected enter(
    kind: Kind,
    position: ArrayLike<number>,
    quaternion: ArrayLike<number>,
    size: number,
    opacity: number,
    casts: boolean,
  ): number {
    if (this.count >= this.capacity) return -1;
    const row = this.count++;
    const { mesh, caster, seen, cast } = this.partOf(kind);
    if (casts && caster !== null) cast.array[caster.geometry.instanceCount++] = row;
    if (opacity > 0) seen.array[mesh.geometry.instanceCount++] = row;
    const { data, layout } = this;
    const place = 4 * (layout.texels * row + layout.place);
    for (let i = 0; i < 3; i++) {
      data[place + i] = quaternion[i + 1] ?? 0;
      data[place + 4 + i] = position[i] ?? 0;
    }
    data[place + 3] = quaternion[0] ?? 1;
    data[place + 7] = size / HEAD_HEIGHT;
    return row;
  }

  /** What draws a kind; made when it is first asked for. */
  protected partOf(kind: Kind): Part<Kind> {
    for (const part of this.parts) if (part.kind === kind) return part;
    const seen = this.slots();
    const cast = this.slots();
    const geometry = this.maker.geometry(kind, seen);
    const make = (parent: Group, pass: HeadPass, of = geometry): HeadMesh => {
      const mesh = new Mesh(of, this.maker.materials(kind, this.uniforms, pass));
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
    const caster = this.stage && make(this.casters, 'caster', this.maker.geometry(kind, cast));
    const part = { kind, mesh, mirrored, caster, seen, cast };
    this.parts.push(part);
    return part;
  }

  private slots(): InstancedBufferAttribute {
    return new InstancedBufferAttribute(new Float32Array(this.capacity), 1).setUsage(DynamicDrawUsage);
  }

  /** The main light stands over the viewer's left shoulder, and above. */
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

function release<Kind>({ mesh, mirrored, caster }: Part<Kind>): void {
  for (const each of [mesh, mirrored, caster]) {
    each?.removeFromParent();
    each?.geometry.dispose();
    for (const material of each === null ? [] : [each.material].flat()) material.dispose();
  }
}
