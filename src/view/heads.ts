import type { StyleName } from '../face/head/style';
import { HeadBatch, type HeadLook } from './head_batch';
import type { HeadStage } from './head_instances';
import type { HeadKinds } from './head_kinds';
import { HeadSlots, MAX_HEADS, type HeadPlace } from './head_slots';

/** All of a head is within this of its origin, as a part of its height. */
const REACH = 0.9;

/** A head of our own as it is to be seen in the next picture. */
export interface HeadState extends HeadLook, HeadPlace {}

/** Heads of our own in the scene. */
export class Heads extends HeadSlots<HeadState, HeadBatch> {
  /**
   * @param kinds shared with whoever else draws heads; not disposed with this
   * @param stage for mirrors, shadows and fog
   */
  constructor(kinds: HeadKinds, stage: HeadStage | null = null) {
    super(new HeadBatch(kinds, MAX_HEADS, stage));
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

  protected reach({ size }: HeadState): number {
    return REACH * size;
  }
}
