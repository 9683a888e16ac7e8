import type { StateCreator } from 'zustand/vanilla';

/** Why the measured real-time factor is below the requested speed. */
export type LagReason = 'none' | 'physics';

/** The clock and a few figures of the running simulation, refreshed a few times a second. */
export interface SimFigures {
  readonly tick: number;
  /** Simulated time, s. */
  readonly time: number;
  readonly paused: boolean;
  /** Requested: simulated s per wall s; Infinity for as fast as it can go. */
  readonly speed: number;
  /** Measured real-time factor. */
  readonly rtf: number;
  readonly stepsPerSecond: number;
  /** Mean wall ms of one step. */
  readonly stepMs: number;
  readonly lag: LagReason;
}

export interface SimSlice extends SimFigures {
  setSim(changes: Partial<SimFigures>): void;
}

export const simSlice: StateCreator<SimSlice> = (set) => ({
  tick: 0,
  time: 0,
  paused: true,
  speed: 1,
  rtf: 0,
  stepsPerSecond: 0,
  stepMs: 0,
  lag: 'none',
  setSim: (changes) => set(changes),
});
