import {
  BufferGeometry,
  DynamicDrawUsage,
  InstancedBufferGeometry,
  InstancedInterleavedBuffer,
  InterleavedBufferAttribute,
  Matrix4,
  Mesh,
  Object3D,
  Scene,
  Sphere,
  Vector3,
  type Texture,
} from 'three';
import { Materials, type Mapping } from './materials';

/** Floats per instance that change from picture to picture: three rows of (rotation | position). */
export const PLACE_STRIDE = 12;

/** Floats per instance of everything else, by offset. */
export const TRAIT = {
  /** Scale of the unit geometry, then a capsule's half-length (or a line's width, pixels). */
  size: 0,
  rgba: 4,
  /** Added light as a part of rgba, strength of highlights, their exponent (128 × MuJoCo's shininess). */
  emission: 8,
  specular: 9,
  exponent: 10,
  /** Scale of texture coordinates. */
  texgen: 12,
  stride: 16,
} as const;

/** How a surface is drawn; instances of one surface share it. */
export interface SurfaceStyle {
  readonly mapping: Mapping;
  readonly texture: Texture | null;
  readonly transparent: boolean;
  /** Whether it casts shadows and, with `mirrored`, is seen in the mirror. Native's decor does not cast. */
  readonly casts: boolean;
  readonly mirrored?: boolean;
  /** Part in the one mirror of a scene: all of it, the body without its mirroring face, or that face. */
  readonly mirror?: 'whole' | 'body' | 'face' | undefined;
  /** Unlit ribbons of constant width, see the `line` shapes. */
  readonly line?: boolean;
}

// Instanced and deforming geometry is never culled, so its bounds are never looked at.
const ANYWHERE = new Sphere(new Vector3(), Infinity);

/**
 * A geometry drawn in every pass that concerns it, for any number of instances.
 *
 * `geometry` takes ordinary attributes (`position`, `normal`, `uv`, an index); a surface given in world coordinates
 * keeps the single instance it starts with, whose place is the identity.
 */
export class Surface {
  readonly geometry = new InstancedBufferGeometry();
  /** `count` × {@link PLACE_STRIDE}; call {@link touchPlaces} after writing. */
  places: Float32Array = new Float32Array(0);
  /** `count` × `TRAIT.stride`; call {@link touchTraits} after writing. */
  traits: Float32Array = new Float32Array(0);
  readonly style: SurfaceStyle;
  readonly meshes: readonly Mesh[];
  #visible = true;
  #places = new InstancedInterleavedBuffer(this.places, PLACE_STRIDE);
  #traits = new InstancedInterleavedBuffer(this.traits, TRAIT.stride);
  // Kept and handed back each picture, so that uploading allocates nothing.
  readonly #placeRange = { start: 0, count: 0 };
  readonly #traitRange = { start: 0, count: 0 };

  constructor(style: SurfaceStyle, meshes: (geometry: BufferGeometry) => readonly Mesh[], capacity: number) {
    this.style = style;
    this.geometry.boundingSphere = ANYWHERE;
    this.#allocate(Math.max(capacity, 1));
    this.meshes = meshes(this.geometry);
  }

  get capacity(): number {
    return this.places.length / PLACE_STRIDE;
  }

  /** Instances drawn; 0 hides the surface. */
  get count(): number {
    return this.geometry.instanceCount;
  }

  set count(count: number) {
    if (count > this.capacity) this.#grow(count);
    this.geometry.instanceCount = count;
    this.visible = count > 0;
  }

  set visible(visible: boolean) {
    if (visible === this.#visible) return;
    this.#visible = visible;
    for (const mesh of this.meshes) mesh.visible = visible;
  }

  /** Distance that orders transparent surfaces: the farthest is drawn first. */
  set distance(distance: number) {
    for (const mesh of this.meshes) mesh.renderOrder = -distance;
  }

  /** Raises the distance to this one if it is farther. */
  farthest(distance: number): void {
    if (distance > -(this.meshes[0]?.renderOrder ?? 0)) this.distance = distance;
  }

  /** Puts an instance at a place given by MuJoCo's position and row-major rotation. */
  place(instance: number, pos: ArrayLike<number>, at: number, mat: ArrayLike<number>, matAt: number): void {
    const places = this.places;
    let to = instance * PLACE_STRIDE;
    for (let row = 0; row < 3; row++) {
      places[to++] = mat[matAt + 3 * row] ?? 0;
      places[to++] = mat[matAt + 3 * row + 1] ?? 0;
      places[to++] = mat[matAt + 3 * row + 2] ?? 0;
      places[to++] = pos[at + row] ?? 0;
    }
  }

  touchPlaces(): void {
    touch(this.#places, this.#placeRange, this.count * PLACE_STRIDE);
  }

  touchTraits(): void {
    touch(this.#traits, this.#traitRange, this.count * TRAIT.stride);
  }

  /** Takes the surface off the stage and frees it. */
  dispose(): void {
    for (const mesh of this.meshes) mesh.removeFromParent();
    this.geometry.dispose();
  }

  #grow(count: number): void {
    const { places, traits } = this;
    // Frees the old buffers; what remains is uploaded again with the next picture.
    this.geometry.dispose();
    this.#allocate(Math.max(count, 2 * this.capacity));
    this.places.set(places);
    this.traits.set(traits);
  }

  #allocate(capacity: number): void {
    this.places = new Float32Array(capacity * PLACE_STRIDE);
    this.traits = new Float32Array(capacity * TRAIT.stride);
    for (let row = 0; row < 3; row++) this.places[row * 5] = 1;
    this.#places = new InstancedInterleavedBuffer(this.places, PLACE_STRIDE);
    this.#traits = new InstancedInterleavedBuffer(this.traits, TRAIT.stride);
    this.#places.setUsage(DynamicDrawUsage);
    const { geometry } = this;
    for (let row = 0; row < 3; row++)
      geometry.setAttribute(`row${row}`, new InterleavedBufferAttribute(this.#places, 4, 4 * row));
    for (const [name, offset] of [
      ['size', TRAIT.size],
      ['rgba', TRAIT.rgba],
      ['look', TRAIT.emission],
      ['texgen', TRAIT.texgen],
    ] as const)
      geometry.setAttribute(name, new InterleavedBufferAttribute(this.#traits, 4, offset));
    geometry.instanceCount = Math.min(geometry.instanceCount, capacity);
  }
}

function touch(
  buffer: InstancedInterleavedBuffer,
  range: { start: number; count: number },
  count: number,
): void {
  buffer.needsUpdate = true;
  range.start = 0;
  range.count = count;
  // A range costs three a list; without one it uploads all.
  if (count < buffer.array.length && buffer.updateRanges.length === 0) buffer.updateRanges.push(range);
}

/**
 * Everything that is drawn, in the order it is drawn in: the mirror's mask, the mirrored scene, the mirror, what is
 * opaque, the sky, what is transparent, overlays. The order is the scene's own, so nothing is sorted while drawing.
 */
export class Stage {
  readonly materials = new Materials();
  readonly picture = fixed(new Scene());
  /** What casts shadows. */
  readonly casters = fixed(new Scene());
  /** Ordinary opaque three.js objects, and those seen in the mirror: see {@link mirror}. */
  readonly solid = fixed(new Object3D());
  readonly mirroredSolid = fixed(new Object3D());
  /** Drawn after the opaque surfaces: sky, then haze. */
  readonly sky = fixed(new Object3D());
  /** Ordinary three.js objects drawn last, e.g. labels. */
  readonly overlay = fixed(new Object3D());
  /** Reflection across the mirror, world coordinates. */
  readonly mirror = new Matrix4();
  readonly #mirrored = fixed(new Object3D());
  readonly #mirroredTransparent = fixed(new Object3D());
  readonly #mask = fixed(new Object3D());
  readonly #reflector = fixed(new Object3D());
  readonly #opaque = fixed(new Object3D());
  readonly #transparent = fixed(new Object3D());

  constructor() {
    this.picture.add(
      this.#mask,
      this.#mirrored,
      this.mirroredSolid,
      this.#mirroredTransparent,
      this.#reflector,
      this.#opaque,
      this.solid,
      this.sky,
      this.#transparent,
      this.overlay,
    );
    this.mirroring = false;
  }

  /** Whether the mirrored scene is drawn. */
  set mirroring(on: boolean) {
    this.#mask.visible = on;
    this.#mirrored.visible = on;
    this.mirroredSolid.visible = on;
    this.#mirroredTransparent.visible = on;
  }

  /**
   * Makes a surface and puts it on the stage. Dispose it when done.
   *
   * For a surface of one's own: set `geometry`'s `position`, `normal` and, for mapping `uv`, `uv` in world
   * coordinates, fill `traits` with {@link writeLook} (size stays 1), `touchTraits()`, and set `count = 1`.
   *
   * @param capacity instances expected; it grows when `count` is set higher
   */
  surface(style: SurfaceStyle, capacity = 1): Surface {
    const { materials } = this;
    const { mapping, texture, line } = style;
    return new Surface(
      style,
      (geometry) => {
        const meshes: Mesh[] = [];
        const put = (parent: Object3D, pass: Parameters<Materials['get']>[0]): Mesh => {
          const mesh = fixed(new Mesh(geometry, materials.get(pass, mapping, texture, line)));
          mesh.frustumCulled = false;
          parent.add(mesh);
          meshes.push(mesh);
          return mesh;
        };
        if (style.mirror === 'whole' || style.mirror === 'face') put(this.#mask, 'mask');
        if (style.mirror === 'whole' || style.mirror === 'body') put(this.#reflector, 'reflector');
        if (style.mirror === undefined) {
          put(
            style.transparent ? this.#transparent : this.#opaque,
            style.transparent ? 'transparent' : 'opaque',
          );
          if (style.mirrored ?? true) {
            const mirrored = style.transparent
              ? put(this.#mirroredTransparent, 'mirroredTransparent')
              : put(this.#mirrored, 'mirrored');
            // A negative determinant tells three to swap front and back.
            mirrored.matrixWorld = this.mirror;
          }
        }
        if (style.casts && !line) put(this.casters, 'caster');
        return meshes;
      },
      capacity,
    );
  }

  /** Puts transparent surfaces in order by their `distance`, the farthest first. */
  sort(): void {
    sort(this.#transparent.children);
    sort(this.#mirroredTransparent.children);
  }
}

/** By `renderOrder`, in place: the lists are short and hardly change from picture to picture. */
function sort(children: Object3D[]): void {
  for (let i = 1; i < children.length; i++) {
    const child = children[i];
    if (child === undefined) continue;
    let j = i - 1;
    for (; j >= 0; j--) {
      const before = children[j];
      if (before === undefined || before.renderOrder <= child.renderOrder) break;
      children[j + 1] = before;
    }
    children[j + 1] = child;
  }
}

/** Freezes an object's matrices: places are instance attributes, nothing else moves. */
function fixed<T extends Object3D>(object: T): T {
  object.matrixAutoUpdate = false;
  object.matrixWorldAutoUpdate = false;
  return object;
}
