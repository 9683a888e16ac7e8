import { Frustum, Matrix4, Sphere, type Camera, type Group } from 'three';
import type { HeadInstances } from './head_instances';

/** Heads at once: everybody's in a full room, twice. */
export const MAX_HEADS = 128;

/** Where a head is to be seen in the next picture, and how. */
export interface HeadPlace {
  /** Of the point between the eyes, world, m. */
  readonly position: ArrayLike<number>;
  /** Unit, w first; the identity looks along x with z up. */
  readonly quaternion: ArrayLike<number>;
  /** Height of the head, m. */
  readonly size: number;
  /** 52, in ARKit's order. */
  readonly weights: ArrayLike<number>;
  /** How much of it is seen, 0 to 1; all when left out. */
  readonly opacity?: number;
  /** Whether it casts a shadow, where there is a stage. */
  readonly casts?: boolean;
}

/**
 * Heads in the scene, each in a slot. Put {@link object} among what is opaque, and call {@link update} with every picture.
 *
 * A head costs nothing while it is out of sight.
 */
export abstract class HeadSlots<State extends HeadPlace, Batch extends HeadInstances<unknown, State>> {
  readonly object: Group;
  /** The same in the mirror, and what casts shadows; empty without a stage. */
  readonly mirrored: Group;
  readonly casters: Group;
  protected readonly states: (State | null)[] = Array.from({ length: MAX_HEADS }, () => null);
  private readonly inSight = new Uint8Array(MAX_HEADS);
  private readonly frustum = new Frustum();
  private readonly matrix = new Matrix4();
  private readonly sphere = new Sphere();

  constructor(protected readonly batch: Batch) {
    this.object = batch.object;
    this.mirrored = batch.mirrored;
    this.casters = batch.casters;
  }

  /** All of a head is within this of its origin, m; 0 for one that cannot be drawn. */
  protected abstract reach(state: State): number;

  /** How bright the scene is, 1 is a lit room; a head is never wholly dark. */
  set brightness(value: number) {
    this.batch.brightness = value;
  }

  /** Whether a head was in sight in the last picture. */
  sees(slot: number): boolean {
    return this.inSight[slot] === 1;
  }

  remove(slot: number): void {
    if (slot in this.states) this.states[slot] = null;
  }

  /**
   * Prepares a picture from this camera, whose matrices are up to date.
   *
   * @returns how many heads are in sight
   */
  update(camera: Camera): number {
    const { batch, sphere } = this;
    this.matrix.multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse);
    this.frustum.setFromProjectionMatrix(this.matrix);
    batch.begin(camera);
    let seen = 0;
    for (let slot = 0; slot < MAX_HEADS; slot++) {
      this.inSight[slot] = 0;
      const state = this.states[slot];
      if (!state) continue;
      const { position, size, opacity = 1, casts = false } = state;
      sphere.center.set(position[0] ?? 0, position[1] ?? 0, position[2] ?? 0);
      sphere.radius = this.reach(state);
      if (sphere.radius === 0) continue;
      const visible = opacity > 0 && this.frustum.intersectsSphere(sphere);
      if (!visible && !casts) continue;
      batch.add(state, state.weights, position, state.quaternion, size, visible ? opacity : 0, casts);
      if (!visible) continue;
      this.inSight[slot] = 1;
      seen++;
    }
    batch.end();
    return seen;
  }

  dispose(): void {
    this.batch.dispose();
  }
}
