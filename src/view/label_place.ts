/** Floats per label in an array of places: x, y, z in m (world), and how strongly it is shown, 0..1. */
export const PLACE_SIZE = 4;
