import type { StateCreator } from 'zustand/vanilla';
import type { Notice } from '../app/api';

/** Notices kept at once: older ones give way, so that a model that warns at every step cannot fill the screen. */
export const MAX_NOTICES = 3;

export interface ShownNotice extends Notice {
  readonly id: number;
  readonly tone: 'info' | 'warning' | 'error';
}

/** Short messages that pass by. */
export interface NoticesSlice {
  readonly notices: readonly ShownNotice[];
  notify(notice: Notice, tone?: ShownNotice['tone']): void;
  dismissNotice(id: number): void;
}

export const noticesSlice: StateCreator<NoticesSlice> = (set) => {
  let nextId = 1;
  return {
    notices: [],
    notify: (notice, tone = 'info') =>
      set((s) => ({
        // The same kind of notice again replaces the one on show.
        notices: [
          ...s.notices.filter((n) => n.code !== notice.code),
          { ...notice, tone, id: nextId++ },
        ].slice(-MAX_NOTICES),
      })),
    dismissNotice: (id) => set((s) => ({ notices: s.notices.filter((n) => n.id !== id) })),
  };
};
