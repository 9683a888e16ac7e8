import type { StateCreator } from 'zustand/vanilla';
import type { ErrorCode, ErrorDetails } from '../core/errors';
import type { LoadProgress, Phase } from '../app/api';

/** A failure as the error card shows it. */
export interface Failure {
  readonly code: ErrorCode | 'unknown';
  readonly message: string;
  readonly details: Omit<ErrorDetails, 'cause'>;
}

/** Where the app is in its life, and what went wrong with the last load. */
export interface StatusSlice {
  readonly phase: Phase;
  /** The load in progress, or null. */
  readonly progress: LoadProgress | null;
  /** The last load's failure until it is dismissed or another load begins. */
  readonly failure: Failure | null;
  setProgress(progress: LoadProgress | null): void;
  fail(failure: Failure): void;
  dismissFailure(): void;
  /** The load in progress was given up on purpose. */
  giveUpLoad(): void;
}

export const statusSlice: StateCreator<StatusSlice> = (set) => ({
  phase: 'starting',
  progress: null,
  failure: null,
  setProgress: (progress) =>
    set((s) =>
      progress === null
        ? { progress }
        : { progress, failure: null, phase: s.phase === 'running' ? 'running' : 'loading' },
    ),
  // A failed load leaves the running model running: only an app without any model has failed as a whole.
  fail: (failure) => set((s) => ({ failure, phase: s.phase === 'running' ? 'running' : 'failed' })),
  dismissFailure: () => set({ failure: null }),
  giveUpLoad: () => set((s) => ({ progress: null, phase: s.phase === 'running' ? 'running' : 'failed' })),
});
