/** A square of an image, turned about its middle; pixels, radians clockwise in the picture. */
export interface Region {
  x: number;
  y: number;
  side: number;
  angle: number;
}

/** What can be cut from: a frame of the camera. */
export type Frame = ImageBitmap | VideoFrame | OffscreenCanvas;

/** Cuts turned squares out of frames, as numbers for a network. */
export class Crop {
  /** Of the square, pixels. */
  readonly side: number;
  private readonly context: OffscreenCanvasRenderingContext2D;
  private readonly low: number;
  private readonly scale: number;

  /**
   * @param side of the square that the network takes, pixels
   * @param low what black becomes; white becomes 1
   */
  constructor(side: number, low: 0 | -1) {
    // Read back with every frame: a canvas on the graphics card would make each wait for it.
    const context = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true });
    if (context === null) throw new Error('This browser has no 2D canvas in workers.');
    this.side = side;
    this.context = context;
    this.low = low;
    this.scale = (1 - low) / 255;
  }

  /** Numbers of a square: side × side × RGB. */
  get length(): number {
    return this.side * this.side * 3;
  }

  /**
   * Writes what a region shows; what is outside the frame is black.
   *
   * @param out at least {@link length} numbers after `offset`
   * @param mirrored exchanges left and right
   */
  take(frame: Frame, region: Region, out: Float32Array, offset = 0, mirrored = false): void {
    const { context, side, low, scale } = this;
    context.resetTransform();
    context.fillRect(0, 0, side, side);
    if (mirrored) context.setTransform(-1, 0, 0, 1, side, 0);
    context.translate(side / 2, side / 2);
    context.rotate(-region.angle);
    context.scale(side / region.side, side / region.side);
    context.drawImage(frame, -region.x, -region.y);
    const { data } = context.getImageData(0, 0, side, side);
    for (let i = 0, j = offset; i < data.length; i += 4) {
      out[j++] = (data[i] ?? 0) * scale + low;
      out[j++] = (data[i + 1] ?? 0) * scale + low;
      out[j++] = (data[i + 2] ?? 0) * scale + low;
    }
  }
}
