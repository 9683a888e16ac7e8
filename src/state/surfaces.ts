import type { StateCreator } from 'zustand/vanilla';

export type Surface = 'catalogue' | 'palette' | 'help' | 'about' | 'share';

/** What is open on top of the view, one at a time. */
export interface SurfacesSlice {
  readonly surface: Surface | null;
  /** The figures overlay (F2). */
  readonly figuresShown: boolean;
  /** Actuator the Controls panel should bring into view and focus, once. */
  readonly focusActuator: number | null;
  show(surface: Surface | null): void;
  toggleFigures(): void;
  setFocusActuator(actuator: number | null): void;
}

export const surfacesSlice: StateCreator<SurfacesSlice> = (set) => ({
  surface: null,
  figuresShown: false,
  focusActuator: null,
  show: (surface) => set({ surface }),
  toggleFigures: () => set((s) => ({ figuresShown: !s.figuresShown })),
  setFocusActuator: (focusActuator) => set({ focusActuator }),
});
