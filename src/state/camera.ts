import type { StateCreator } from 'zustand/vanilla';
import type { CameraPose } from '../app/api';

/** The camera's slow facts: which one it is. The moving pose is read live from `simroom.camera.get()`. */
export interface CameraSlice {
  /** Id of the model camera looked through, or null. */
  readonly fixedCamera: number | null;
  /** Id of the body followed, or null. */
  readonly trackedBody: number | null;
  setCamera(pose: CameraPose): void;
}

export const cameraSlice: StateCreator<CameraSlice> = (set, get) => ({
  fixedCamera: null,
  trackedBody: null,
  setCamera: ({ fixed, track }) => {
    // The event comes with every movement; subscribers hear only of a change of camera.
    const s = get();
    if (s.fixedCamera !== fixed || s.trackedBody !== track) set({ fixedCamera: fixed, trackedBody: track });
  },
});
