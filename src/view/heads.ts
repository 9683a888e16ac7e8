import { Frustum, Matrix4, Sphere, type Camera } from 'three';
import { HeadBatch, type HeadLook, type HeadStage } from './head_batch';
import type { StyleName } from '../face/head/style';
import type { HeadKinds } from './head_kinds';

/** Heads at once: everybody's in a full room, twice. */
export const MAX_HEADS = 128;

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
  /** How much of it is seen, 0 to 1; all when left out. */
  readonly opacity?: number;
  /** Whether it casts a shadow, where there is a stage. */
  readonly casts?: boolean;
}

/**
 * Faces in the scene. Put {@link object} among what is opaque, and call {@link update} with every picture.
 *
 * A head costs nothing while it is out of sight.
 */
export class Heads {
  private readonly batch: HeadBatch;
  private readonly states: (HeadState | null)[] = Array.from({ length: MAX_HEADS }, () => null);
  private readonly inSight = new Uint8Array(MAX_HEADS);
  private readonly frustum = new Frustum();
  private readonly matrix = new Matrix4();
  private readonly sphere = new Sphere();

  /**
   * @param kinds shared with whoever else draws heads; not disposed with this
   * @param stage for mirrors, shadows and fog
   */
  constructor(kinds: HeadKinds, stage: HeadStage | null = null) {
    this.batch = new HeadBatch(kinds, MAX_HEADS, stage);
  }

  get object(): HeadBatch['object'] {
    return this.batch.object;
  }

  get mirrored(): HeadBatch['mirrored'] {
    return this.batch.mirrored;
  }

  get casters(): HeadBatch['casters'] {
    return this.batch.casters;
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

  /** Makes what draws a style, before the first head of it is set. */
  prepare(style: StyleName): void {
    this.batch.prepare(style);
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
      sphere.radius = REACH * size;
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
