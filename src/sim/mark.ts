import type { MjData } from '@mujoco/mujoco';
import type { Drag, Edit, Wrench } from '../tape/checkpoint';

/** A world as it was: see `Sim.mark`. */
export interface Mark {
  readonly data: MjData;
  readonly tick: number;
  readonly paused: boolean;
  readonly requestedSpeed: number;
  readonly until: number;
  readonly history: { readonly from: number; readonly at: number };
  readonly expectedTime: number;
  readonly edits: readonly Edit[];
  readonly wrenches: readonly Wrench[];
  readonly drags: readonly Drag[];
  dispose(): void;
}
