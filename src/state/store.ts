import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { cameraSlice, type CameraSlice } from './camera';
import { chatSlice, type ChatSlice } from './chat';
import { faceSlice, type FaceSlice } from './face';
import { modelSlice, type ModelSlice } from './model';
import { noticesSlice, type NoticesSlice } from './notices';
import { formatPrefs, parsePrefs, PREFS_KEY, prefsSlice, type PrefsSlice } from './prefs';
import { roomSlice, type RoomSlice } from './room';
import { selectionSlice, type SelectionSlice } from './selection';
import { simSlice, type SimSlice } from './sim';
import { statusSlice, type StatusSlice } from './status';
import { surfacesSlice, type SurfacesSlice } from './surfaces';
import { viewSlice, type ViewSlice } from './view';

export type AppState = StatusSlice &
  ModelSlice &
  SimSlice &
  SelectionSlice &
  ViewSlice &
  CameraSlice &
  NoticesSlice &
  SurfacesSlice &
  RoomSlice &
  ChatSlice &
  FaceSlice &
  PrefsSlice;

export type AppStore = StoreApi<AppState>;

/** The interface's slow facts. What moves (qpos, ctrl, sensors) is never in here: it is read from the newest frame. */
export const appStore: AppStore = createStore<AppState>()((...args) => ({
  ...statusSlice(...args),
  ...modelSlice(...args),
  ...simSlice(...args),
  ...selectionSlice(...args),
  ...viewSlice(...args),
  ...cameraSlice(...args),
  ...noticesSlice(...args),
  ...surfacesSlice(...args),
  ...roomSlice(...args),
  ...chatSlice(...args),
  ...faceSlice(...args),
  ...prefsSlice(...args),
}));

/** A value of the store in a component; it renders again when the value changes. */
export function useApp<T>(select: (state: AppState) => T): T {
  return useStore(appStore, select);
}

/** Takes preferences from storage and writes every change back. Returns how to stop. */
export function persistPrefs(storage: Storage, store: AppStore = appStore): () => void {
  store.getState().setPrefs(parsePrefs(storage.getItem(PREFS_KEY)));
  return store.subscribe((state, before) => {
    if (state.prefs === before.prefs) return;
    try {
      storage.setItem(PREFS_KEY, formatPrefs(state.prefs));
    } catch {
      // A full or forbidden storage costs the memory of a choice, not the choice.
      state.notify({
        code: 'prefs-not-stored',
        message: 'This browser refuses to store your choices: they will be gone on the next visit.',
      });
    }
  });
}
