import type { MjData } from '@mujoco/mujoco';
import { enumValue, type Mujoco } from './mujoco';

/** A number that went bad, as MuJoCo reports it. */
export interface Instability {
  readonly what: 'position' | 'velocity' | 'acceleration';
  /** Degree of freedom, or position coordinate, it was found in. */
  readonly index: number;
}

/**
 * Watches for NaN and divergence: MuJoCo then resets the data silently, and only counts a warning.
 */
export class Warnings {
  private readonly watched: readonly { readonly what: Instability['what']; readonly index: number }[];

  constructor(mujoco: Mujoco) {
    const { mjtWarning } = mujoco;
    this.watched = [
      { what: 'position', index: enumValue(mjtWarning.mjWARN_BADQPOS) },
      { what: 'velocity', index: enumValue(mjtWarning.mjWARN_BADQVEL) },
      { what: 'acceleration', index: enumValue(mjtWarning.mjWARN_BADQACC) },
    ];
  }

  /** The first warning since the last reset of the data, or null. */
  check(data: MjData): Instability | null {
    // The live vector must not be deleted: that would empty it. What `get` gives is a copy, and must be.
    const all = data.warning;
    for (const { what, index } of this.watched) {
      const stat = all.get(index);
      if (stat === undefined) continue;
      const { number, lastinfo } = stat;
      stat.delete();
      if (number > 0) return { what, index: lastinfo };
    }
    return null;
  }
}
