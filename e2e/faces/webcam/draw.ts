import { ColorManagement, LinearSRGBColorSpace, WebGLRenderer } from 'three';
import { coloursFor } from '../../../src/face/head/colours';
import { faceOf } from '../../../src/face/weights';
import { HeadKinds } from '../../../src/view/head_kinds';
import { HeadPortraits } from '../../../src/view/head_portraits';
import { FILM, HEIGHT, type HeadPicture, type PhotoPicture, type Scene, WIDTH } from './film';
import { warp } from './warp';

/** Height of a head in the picture, pixels, and of the photograph. */
const HEAD_PX = 340;
const PHOTO_PX = 320;
const BACKGROUND = '#8a929c';
/** Side of the mark in the corner, whose grey says which scene it is, pixels, and its steps. */
const MARK_PX = 24;
const MARK_STEP = 12;

/** Which scene a picture of the film shows. */
export function sceneOf(context: CanvasRenderingContext2D): Scene | undefined {
  const half = MARK_PX / 2;
  const [grey = 0] = context.getImageData(half, half, 1, 1).data;
  return FILM[Math.round(grey / MARK_STEP) - 1];
}

export class FilmPainter {
  private readonly renderer = new WebGLRenderer({ antialias: true });
  private readonly portraits = new HeadPortraits(new HeadKinds());

  constructor(private readonly photo: ImageBitmap) {
    ColorManagement.enabled = false;
    this.renderer.outputColorSpace = LinearSRGBColorSpace;
  }

  /** A scene's picture. */
  async paint({ picture }: Scene, index: number): Promise<CanvasRenderingContext2D> {
    const context = canvas(WIDTH, HEIGHT);
    context.fillStyle = BACKGROUND;
    context.fillRect(0, 0, WIDTH, HEIGHT);
    if (picture !== null && 'style' in picture) await this.head(context, picture);
    else if (picture !== null) this.retouched(context, picture);
    const grey = (index + 1) * MARK_STEP;
    context.fillStyle = `rgb(${grey} ${grey} ${grey})`;
    context.fillRect(0, 0, MARK_PX, MARK_PX);
    return context;
  }

  private async head(
    context: CanvasRenderingContext2D,
    { style, weights, turn }: HeadPicture,
  ): Promise<void> {
    const [x, y, z, angle] = turn ?? [1, 0, 0, 0];
    const sin = Math.sin(angle / 2);
    const portrait = canvas(HEAD_PX, HEAD_PX);
    await this.portraits.draw(this.renderer, [
      {
        style,
        colours: coloursFor(style, 0),
        weights: faceOf(weights),
        quaternion: [Math.cos(angle / 2), x * sin, y * sin, z * sin],
        context: portrait,
      },
    ]);
    context.drawImage(portrait.canvas, (WIDTH - HEAD_PX) / 2, (HEIGHT - HEAD_PX) / 2);
  }

  private retouched(context: CanvasRenderingContext2D, { bumps, mouth, dark = 0 }: PhotoPicture): void {
    const [left, top] = [(WIDTH - PHOTO_PX) / 2, (HEIGHT - PHOTO_PX) / 2];
    context.drawImage(this.photo, left, top, PHOTO_PX, PHOTO_PX);
    context.putImageData(warp(context.getImageData(0, 0, WIDTH, HEIGHT), bumps), 0, 0);
    if (dark > 0) {
      context.fillStyle = `rgb(0 0 0 / ${dark})`;
      context.fillRect(0, 0, WIDTH, HEIGHT);
    }
    if (mouth === undefined) return;
    context.fillStyle = 'rgb(40 6 6)';
    context.beginPath();
    context.ellipse(mouth.x, mouth.y, mouth.rx, mouth.ry, 0, 0, 2 * Math.PI);
    context.fill();
  }
}

/** A picture as video has it: brightness of every pixel, then two colour differences of every four (I420, BT.601). */
export function toI420({ data, width, height }: ImageData): Uint8Array {
  const out = new Uint8Array((width * height * 3) / 2);
  const blue = width * height;
  const red = blue + blue / 4;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 4 * (y * width + x);
      const [r, g, b] = [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
      out[y * width + x] = 16 + (65.738 * r + 129.057 * g + 25.064 * b) / 256;
      if (x % 2 === 1 || y % 2 === 1) continue;
      const four = ((y / 2) * width) / 2 + x / 2;
      out[blue + four] = 128 + (-37.945 * r - 74.494 * g + 112.439 * b) / 256;
      out[red + four] = 128 + (112.439 * r - 94.154 * g - 18.285 * b) / 256;
    }
  }
  return out;
}

export function canvas(width: number, height: number): CanvasRenderingContext2D {
  const element = Object.assign(document.createElement('canvas'), { width, height });
  const context = element.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('no 2D canvas');
  return context;
}
