import { Frustum, Matrix4, Sphere, type Camera } from 'three';
import { HeadBatch, type HeadLook } from './head_batch';
import type { HeadKinds } from './head_kinds';

/** Heads at once. */
export const MAX_HEADS = 64;

/** All of a head is within this of its origin, as a part of its height. */
const REACH = 0.9;

/** A head as it is to be seen in the next picture. */
export interface HeadState extends HeadLook {
  /** Of the point between the eyes, world, m. */
  readonly position: ArrayLike<number>;
  /** Unit, w first; the identity looks along x with z up. */
  readonly quaternion: ArrayLike<number>;
  /** Height of the head, m. */
  readonly size: number;
  /** 52, in ARKit's order. */
  readonly weights: ArrayLike<number>;
}

/**
 * Faces in the scene. Put {@link object} among what is opaque, and call {@link update} with every picture.
 *
 * A head costs nothing while it is out of sight.
 */
export class Heads {
  private readonly batch: HeadBatch;
  private readonly states: (HeadState | null)[] = Array.from({ length: MAX_HEADS }, () => null);
  private readonly frustum = new Frustum();
  private readonly matrix = new Matrix4();
  private readonly sphere = new Sphere();

  /** @param kinds shared with whoever else draws heads; not disposed with this */
  constructor(kinds: HeadKinds) {
    this.batch = new HeadBatch(kinds, MAX_HEADS);
  }

  get object(): HeadBatch['object'] {
    return this.batch.object;
  }

  /** How bright the scene is, 1 is a lit room; a head is never wholly dark. */
  set brightness(value: number) {
    this.batch.brightness = value;
  }

  /**
   * Shows a head. The state is kept, and its numbers are read with every picture: write new weights and places into the
   * same arrays, and set a new state for another look.
   *
   * @param slot less than {@link MAX_HEADS}; a seat, say
   */
  set(slot: number, state: HeadState): void {
    if (slot in this.states) this.states[slot] = state;
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
      const state = this.states[slot];
      if (!state) continue;
      const { position, size } = state;
      sphere.center.set(position[0] ?? 0, position[1] ?? 0, position[2] ?? 0);
      sphere.radius = REACH * size;
      if (!this.frustum.intersectsSphere(sphere)) continue;
      batch.add(state, state.weights, position, state.quaternion, size);
      seen++;
    }
    batch.end();
    return seen;
  }

  dispose(): void {
    this.batch.dispose();
  }
}
