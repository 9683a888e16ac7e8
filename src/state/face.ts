import type { StateCreator } from 'zustand/vanilla';
import type { FaceInfo, SourceKind } from '../app/faces/api';

/** One's own face as the interface needs it: sources, look, places; never the 52 weights. */
export interface FaceSlice {
  /** Null until the app has told. */
  readonly face: FaceInfo | null;
  /** Why a source could not be opened, until it is tried again. */
  readonly faceFailures: Readonly<Partial<Record<SourceKind, string>>>;
  /** Whether faces that arrive are written to the console. */
  readonly facesLogged: boolean;
  setFace(face: FaceInfo): void;
  /** @param message null: it is tried again */
  failFace(kind: SourceKind, message: string | null): void;
  setFacesLogged(logged: boolean): void;
}

export const faceSlice: StateCreator<FaceSlice> = (set) => ({
  face: null,
  faceFailures: {},
  facesLogged: false,
  setFace: (face) => set({ face }),
  failFace: (kind, message) =>
    set((s) => {
      const { [kind]: _, ...faceFailures } = s.faceFailures;
      return { faceFailures: message === null ? faceFailures : { ...faceFailures, [kind]: message } };
    }),
  setFacesLogged: (facesLogged) => set({ facesLogged }),
});
