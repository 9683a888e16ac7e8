import { type Matrix4, Vector3 } from 'three';
import type { Frame } from '../core/frame';
import type { ModelCopy } from '../core/model';
import { column } from './planes';
import { GEOM, SHAPE, type Shapes } from './shapes';
import { TRAIT, type Stage, type Surface } from './stage';

/** The one mirror of a scene: a plane, or the upper face of a box. Sets up the stage's mirrored drawing. */
export class Reflection {
  readonly #geom: number;
  readonly #height: number;
  readonly #stage: Stage;
  /** The mirroring face of a box; a plane marks its own. */
  readonly #face: Surface | null = null;
  readonly #normal = new Vector3();
  readonly #point = new Vector3();
  readonly #place: [number, number, number] = [0, 0, 0];

  /** @param geom the plane or box, which the stage also draws as the mirror's body */
  constructor(m: ModelCopy, geom: number, reflectance: number, stage: Stage, shapes: Shapes) {
    this.#geom = geom;
    this.#stage = stage;
    stage.materials.uniforms.mirrorReflectance.value = reflectance;
    const isBox = m.geom_type[geom] === GEOM.box;
    this.#height = isBox ? (m.geom_size[3 * geom + 2] ?? 0) : 0;
    if (!isBox) return;
    this.#face = stage.surface({
      mapping: 'none',
      texture: null,
      transparent: false,
      casts: false,
      mirror: 'face',
    });
    shapes.fill(this.#face.geometry, SHAPE.plane);
    this.#face.traits.set([m.geom_size[3 * geom] ?? 0, m.geom_size[3 * geom + 1] ?? 0, 1, 0], TRAIT.size);
    this.#face.count = 1;
    this.#face.touchTraits();
  }

  /** Puts the mirror where the frame has it; from behind it shows nothing. */
  update(frame: Frame, eye: Vector3): void {
    const { materials, mirror } = this.#stage;
    const normal = column(frame.geom_xmat, 9 * this.#geom, 2, this.#normal);
    const point = this.#point
      .fromArray(frame.geom_xpos, 3 * this.#geom)
      .addScaledVector(normal, this.#height);
    const offset = -point.dot(normal);
    this.#stage.mirroring = eye.dot(normal) + offset >= 0;
    reflection(point, normal, mirror);
    materials.uniforms.mirrorPlane.value.set(normal.x, normal.y, normal.z, offset);
    if (this.#face === null) return;
    point.toArray(this.#place);
    this.#face.place(0, this.#place, 0, frame.geom_xmat, 9 * this.#geom);
    this.#face.touchPlaces();
  }

  dispose(): void {
    this.#stage.mirroring = false;
    this.#face?.dispose();
  }
}

/** The reflection across the plane through `point` with unit `normal`. */
export function reflection(point: Vector3, normal: Vector3, out: Matrix4): Matrix4 {
  const { x, y, z } = normal;
  const d = 2 * point.dot(normal);
  return out.set(
    1 - 2 * x * x,
    -2 * x * y,
    -2 * x * z,
    d * x,
    -2 * x * y,
    1 - 2 * y * y,
    -2 * y * z,
    d * y,
    -2 * x * z,
    -2 * y * z,
    1 - 2 * z * z,
    d * z,
    0,
    0,
    0,
    1,
  );
}
