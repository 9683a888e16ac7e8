/** A part of a picture that is moved: what is within its radii goes along with its middle; pixels. */
export interface Bump {
  readonly x: number;
  readonly y: number;
  readonly rx: number;
  readonly ry: number;
  readonly dx: number;
  readonly dy: number;
}

/** Moves parts of a picture smoothly. */
export function warp(source: ImageData, bumps: readonly Bump[]): ImageData {
  const { width, height } = source;
  const out = new ImageData(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let [fromX, fromY] = [x, y];
      for (const bump of bumps) {
        const near = 1 - ((x - bump.x - bump.dx) / bump.rx) ** 2 - ((y - bump.y - bump.dy) / bump.ry) ** 2;
        if (near <= 0) continue;
        fromX -= bump.dx * near ** 2;
        fromY -= bump.dy * near ** 2;
      }
      blend(source, fromX, fromY, out.data, 4 * (y * width + x));
    }
  }
  return out;
}

/** Writes the colour between four pixels. */
function blend(
  { data, width, height }: ImageData,
  x: number,
  y: number,
  out: ImageDataArray,
  at: number,
): void {
  const left = Math.max(0, Math.min(width - 2, Math.floor(x)));
  const top = Math.max(0, Math.min(height - 2, Math.floor(y)));
  const [fx, fy] = [x - left, y - top];
  const from = 4 * (top * width + left);
  const below = from + 4 * width;
  for (let c = 0; c < 4; c++) {
    const upper = (data[from + c] ?? 0) * (1 - fx) + (data[from + 4 + c] ?? 0) * fx;
    const lower = (data[below + c] ?? 0) * (1 - fx) + (data[below + 4 + c] ?? 0) * fx;
    out[at + c] = upper * (1 - fy) + lower * fy;
  }
}
