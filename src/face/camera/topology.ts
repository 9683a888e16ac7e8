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
  /** The brow's upper edge and its lower edge, both from the outer end to the inner. */
  readonly browUpper: readonly number[];
  readonly browLower: readonly number[];
  /** The first of the iris, its middle. */
  readonly iris: number;
}

export const EYES: { readonly left: Eye; readonly right: Eye } = {
  left: {
    outer: 263,
    inner: 362,
    lower: [263, 249, 390, 373, 374, 380, 381, 382, 362],
    upper: [466, 388, 387, 386, 385, 384, 398],
    browUpper: [383, 300, 293, 334, 296, 336, 285, 417],
    browLower: [265, 353, 276, 283, 282, 295],
    iris: MESH_LANDMARKS + IRIS_POINTS,
  },
  right: {
    outer: 33,
    inner: 133,
    lower: [33, 7, 163, 144, 145, 153, 154, 155, 133],
    upper: [246, 161, 160, 159, 158, 157, 173],
    browUpper: [156, 70, 63, 105, 66, 107, 55, 193],
    browLower: [35, 124, 46, 53, 52, 65],
    iris: MESH_LANDMARKS,
  },
};
