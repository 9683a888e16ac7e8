import type { Camera } from 'three';
import { GlbBatch, type GlbLook } from './glb_batch';
import type { GlbKind } from './glb_head';
import { HEAD_HEIGHT, type HeadStage } from './head_instances';
import { HeadSlots, MAX_HEADS, type HeadPlace } from './head_slots';

/** Different files whose heads are drawn at once: each may take some 60 MB on the graphics card. */
export const MAX_GLB_KINDS = 8;

/** Shapes reach beyond what a head is at rest, as a part of that. */
const STRETCH = 1.2;

/** Somebody's own head as it is to be seen in the next picture. */
export interface GlbHeadState extends GlbLook, HeadPlace {}

/** Heads from files in the scene, beside `Heads`: the same calls, and the same slots. */
export class GlbHeads extends HeadSlots<GlbHeadState, GlbBatch> {
  /** Those that have something on the graphics card. */
  private readonly kinds = new Set<GlbKind>();

  /** @param stage for mirrors, shadows and fog */
  constructor(stage: HeadStage | null = null) {
    super(new GlbBatch(MAX_HEADS, stage));
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

  /** Makes what draws a head before it is first set, if there is room. */
  prepare(kind: GlbKind): void {
    if (this.makeRoom(kind)) this.batch.prepare(kind);
  }

  override update(camera: Camera): number {
    // Their arrays are large, and theirs alone.
    for (const kind of this.kinds) if (kind.isGone) this.kinds.delete(kind);
    return super.update(camera);
  }

  override dispose(): void {
    super.dispose();
    this.kinds.clear();
  }

  protected reach({ glb, size }: GlbHeadState): number {
    return glb.isGone ? 0 : (STRETCH * glb.model.radius * size) / HEAD_HEIGHT;
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
