import { Frustum, Matrix4, Sphere, type Camera } from 'three';
import { GlbBatch, type GlbLook } from './glb_batch';
import type { GlbKind } from './glb_head';
import { HEAD_HEIGHT, type HeadStage } from './head_batch';
import { MAX_HEADS, type HeadState } from './heads';

/** Different files whose heads are drawn at once: each may take some 60 MB on the graphics card. */
export const MAX_GLB_KINDS = 8;

/** Shapes reach beyond what a head is at rest, as a part of that. */
const STRETCH = 1.2;

/** Somebody's own head as it is to be seen in the next picture; the rest as {@link HeadState} has it. */
export interface GlbHeadState extends GlbLook, Omit<HeadState, 'style' | 'colours'> {}

/**
 * Heads from files in the scene, beside `Heads`: the same calls, and the same slots. Put {@link object} where theirs is,
 * and call {@link update} with every picture.
 */
export class GlbHeads {
  private readonly batch: GlbBatch;
  private readonly states: (GlbHeadState | null)[] = Array.from({ length: MAX_HEADS }, () => null);
  private readonly inSight = new Uint8Array(MAX_HEADS);
  /** Those that have something on the graphics card. */
  private readonly kinds = new Set<GlbKind>();
  private readonly frustum = new Frustum();
  private readonly matrix = new Matrix4();
  private readonly sphere = new Sphere();

  /** @param stage for mirrors, shadows and fog */
  constructor(stage: HeadStage | null = null) {
    this.batch = new GlbBatch(MAX_HEADS, stage);
  }

  get object(): GlbBatch['object'] {
    return this.batch.object;
  }

  get mirrored(): GlbBatch['mirrored'] {
    return this.batch.mirrored;
  }

  get casters(): GlbBatch['casters'] {
    return this.batch.casters;
  }

  /** How bright the scene is, 1 is a lit room; a head is never wholly dark. */
  set brightness(value: number) {
    this.batch.brightness = value;
  }

  /**
   * Shows a head. The state is kept, and its numbers are read with every picture.
   *
   * @param slot less than {@link MAX_HEADS}
   * @returns false when there are {@link MAX_GLB_KINDS} others already, or the head is disposed: show one of ours instead
   */
  set(slot: number, state: GlbHeadState): boolean {
    if (!(slot in this.states)) return false;
    this.states[slot] = null;
    if (!this.makeRoom(state.glb)) return false;
    this.states[slot] = state;
    return true;
  }

  /** Makes what draws a head before it is first set, if there is room; says in which object it is. */
  prepare(kind: GlbKind): GlbBatch['object'] {
    if (this.makeRoom(kind)) this.batch.prepare(kind);
    return this.batch.object;
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
      if (!state || state.glb.isGone) continue;
      const { position, size, opacity = 1, casts = false } = state;
      sphere.center.set(position[0] ?? 0, position[1] ?? 0, position[2] ?? 0);
      sphere.radius = (STRETCH * state.glb.model.radius * size) / HEAD_HEIGHT;
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
    this.kinds.clear();
  }

  /** Lets go of a head that nobody wears, if it takes that. */
  private makeRoom(kind: GlbKind): boolean {
    if (kind.isGone) return false;
    if (this.kinds.has(kind)) return true;
    if (this.kinds.size >= MAX_GLB_KINDS) {
      for (const other of this.kinds) {
        if (!other.isGone && this.states.some((state) => state?.glb === other)) continue;
        this.kinds.delete(other);
        this.batch.forget(other);
        // What it has on the graphics card comes back by itself when it is drawn again.
        other.deltas.dispose();
        for (const texture of other.textures) texture?.dispose();
        break;
      }
    }
    if (this.kinds.size >= MAX_GLB_KINDS) return false;
    this.kinds.add(kind);
    return true;
  }
}
