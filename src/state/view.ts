import type { StateCreator } from 'zustand/vanilla';
import type { ViewOptions } from '../app/api';

/** How the scene is drawn, mirrored from the engine; null before the first report. */
export interface ViewSlice {
  readonly view: ViewOptions | null;
  setView(view: ViewOptions): void;
}

export const viewSlice: StateCreator<ViewSlice> = (set) => ({
  view: null,
  setView: (view) => set({ view }),
});
