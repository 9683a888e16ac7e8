/**
 * Landmarks of a face as MediaPipe numbers them: 468 of the mesh, then five of each iris.
 *
 * Left and right are the person's own: a camera's picture, unmirrored, has a person's left on its right.
 */

export const MESH_LANDMARKS = 468;
/** Of an iris: its middle, then four of its edge. */
export const IRIS_POINTS = 5;
export const LANDMARKS = MESH_LANDMARKS + 2 * IRIS_POINTS;

/** Landmarks of one eye. */
export interface Eye {
  /** Its corners. */
  readonly outer: number;
  readonly inner: number;
  /** The lower lid's edge from the outer corner to the inner. */
  readonly lower: readonly number[];
  /** The upper lid's edge between the corners. */
  readonly upper: readonly number[];
  /** The first of the iris, its middle. */
  readonly iris: number;
}

export const EYES: { readonly left: Eye; readonly right: Eye } = {
  left: {
    outer: 263,
    inner: 362,
    lower: [263, 249, 390, 373, 374, 380, 381, 382, 362],
    upper: [466, 388, 387, 386, 385, 384, 398],
    iris: MESH_LANDMARKS + IRIS_POINTS,
  },
  right: {
    outer: 33,
    inner: 133,
    lower: [33, 7, 163, 144, 145, 153, 154, 155, 133],
    upper: [246, 161, 160, 159, 158, 157, 173],
    iris: MESH_LANDMARKS,
  },
};
