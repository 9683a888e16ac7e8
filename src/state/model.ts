import type { StateCreator } from 'zustand/vanilla';
import type { ModelInfo } from '../app/api';
import type { StatusSlice } from './status';

/** The running model. */
export interface ModelSlice {
  readonly model: ModelInfo | null;
  setModel(model: ModelInfo): void;
}

export const modelSlice: StateCreator<ModelSlice & StatusSlice, [], [], ModelSlice> = (set) => ({
  model: null,
  setModel: (model) => set({ model, phase: 'running', failure: null }),
});
