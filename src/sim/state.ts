import type { MjData, MjModel } from '@mujoco/mujoco';
import { doubles } from './heap';
import type { Mujoco } from './mujoco';

/** Reads and writes a part of the state of a `mjData`, chosen by `mjtState` bits. */
export class StateVector {
  /** Number of float64s. */
  readonly size: number;
  private readonly buffer: InstanceType<Mujoco['DoubleBuffer']>;

  constructor(
    private readonly mujoco: Mujoco,
    private readonly model: MjModel,
    /** `mjtState` bits. */
    readonly mask: number,
  ) {
    this.size = mujoco.mj_stateSize(model, mask);
    this.buffer = new mujoco.DoubleBuffer(this.size);
  }

  /** The state now; the view is overwritten by the next call. */
  read(data: MjData): Float64Array {
    this.mujoco.mj_getState(this.model, data, this.buffer, this.mask);
    return doubles(this.buffer.GetView());
  }

  /** Replaces the state; nothing derived from it is recomputed. */
  write(data: MjData, state: ArrayLike<number>): void {
    // The binding is typed for arrays of numbers and copies any array-like.
    this.mujoco.mj_setState(this.model, data, state as unknown as number[], this.mask);
  }

  dispose(): void {
    this.buffer.delete();
  }
}
