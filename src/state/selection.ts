import type { StateCreator } from 'zustand/vanilla';
import type { Pick } from '../app/api';

/** What is selected in the view. */
export interface SelectionSlice {
  readonly selection: Pick | null;
  setSelection(selection: Pick | null): void;
}

export const selectionSlice: StateCreator<SelectionSlice> = (set) => ({
  selection: null,
  setSelection: (selection) => set({ selection }),
});
