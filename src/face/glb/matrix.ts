/** Matrices as glTF has them: 16 numbers, column by column. */
export type Matrix = readonly number[];

export const IDENTITY: Matrix = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

/** a · b, both affine. */
export function multiply(a: Matrix, b: Matrix): Matrix {
  const out: number[] = [];
  for (let column = 0; column < 4; column++)
    for (let row = 0; row < 4; row++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += (a[4 * k + row] ?? 0) * (b[4 * column + k] ?? 0);
      out.push(sum);
    }
  return out;
}

/** @param rotation x, y, z, w */
export function compose(
  translation: readonly number[],
  rotation: readonly number[],
  scale: readonly number[],
): Matrix {
  const [x = 0, y = 0, z = 0, w = 1] = rotation;
  const [sx = 1, sy = 1, sz = 1] = scale;
  const [tx = 0, ty = 0, tz = 0] = translation;
  return [
    sx * (1 - 2 * (y * y + z * z)),
    sx * 2 * (x * y + w * z),
    sx * 2 * (x * z - w * y),
    0,
    sy * 2 * (x * y - w * z),
    sy * (1 - 2 * (x * x + z * z)),
    sy * 2 * (y * z + w * x),
    0,
    sz * 2 * (x * z + w * y),
    sz * 2 * (y * z - w * x),
    sz * (1 - 2 * (x * x + y * y)),
    0,
    tx,
    ty,
    tz,
    1,
  ];
}

/** Of the linear part: negative when it mirrors. */
export function determinant(m: ArrayLike<number>): number {
  const at = (i: number): number => m[i] ?? 0;
  return (
    at(0) * (at(5) * at(10) - at(6) * at(9)) -
    at(4) * (at(1) * at(10) - at(2) * at(9)) +
    at(8) * (at(1) * at(6) - at(2) * at(5))
  );
}
