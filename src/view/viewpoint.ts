/** A ray in world coordinates, m; the direction has unit length. */
export interface Ray {
  readonly origin: readonly [number, number, number];
  readonly direction: readonly [number, number, number];
}
