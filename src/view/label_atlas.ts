import { DataTexture, LinearFilter, type Texture, CanvasTexture } from 'three';
import { inkOn } from '../core/people';

/** Width of the texture all names are drawn on, and the most it may be high, device pixels: every WebGL 2 takes it. */
const WIDTH_PX = 2048;
const MAX_HEIGHT_PX = 4096;
/** Height of the letters, CSS px. */
const FONT_PX = 12;
/** Strip around the letters for their halo, CSS px. */
const MARGIN_PX = 3;
/** Room beside the letters on a pill, CSS px. */
const PILL_PX = 7;
const LINE_PX = FONT_PX + 2 * MARGIN_PX + 2;
/** Longer names are cut, in characters. */
const MAX_CHARACTERS = 48;

/** Floats per name in `boxes`: left, top, width and height in the texture, 0..1. */
export const BOX_SIZE = 4;
/** Floats per name in `sizes`: width and height, CSS px. */
export const SIZE_SIZE = 2;

/** Names drawn side by side on one texture. */
export interface LabelAtlas {
  readonly texture: Texture;
  readonly boxes: Float32Array;
  readonly sizes: Float32Array;
  /** Names that found room: the first so many. */
  readonly count: number;
}

/**
 * Draws names for use in the scene: white with a dark halo, which is legible over anything a model may look like,
 * whatever the theme of the interface.
 *
 * @param pixelRatio device pixels per CSS pixel
 * @param fills colours (`#rrggbb`) of pills to write the names on instead
 */
export function drawLabels(
  texts: readonly string[],
  pixelRatio: number,
  fills: readonly string[] = [],
): LabelAtlas {
  const boxes = new Float32Array(BOX_SIZE * texts.length);
  const sizes = new Float32Array(SIZE_SIZE * texts.length);
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  if (context === null) return { texture: new DataTexture(), boxes, sizes, count: 0 };

  const font = `500 ${FONT_PX}px system-ui, sans-serif`;
  context.font = font;
  const short = texts.map((text) =>
    text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS - 1)}…` : text,
  );
  const width = WIDTH_PX / pixelRatio;
  const margin = fills.length > 0 ? PILL_PX : MARGIN_PX;
  const maxHeight = MAX_HEIGHT_PX / pixelRatio;
  let x = 0;
  let y = 0;
  let count = 0;
  for (const text of short) {
    const wide = Math.min(width, Math.ceil(context.measureText(text).width) + 2 * margin);
    if (x + wide > width) {
      x = 0;
      y += LINE_PX;
    }
    if (y + LINE_PX > maxHeight) break;
    boxes.set([x, y, wide, LINE_PX], BOX_SIZE * count);
    sizes.set([wide, LINE_PX], SIZE_SIZE * count);
    x += wide;
    count++;
  }
  const height = y + LINE_PX;
  canvas.width = WIDTH_PX;
  canvas.height = Math.ceil(height * pixelRatio);
  // Setting the size has reset the context.
  context.scale(pixelRatio, pixelRatio);
  context.font = font;
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  context.lineWidth = 2 * MARGIN_PX - 2;
  context.strokeStyle = 'rgb(10 14 18 / 0.85)';
  for (let i = 0; i < count; i++) {
    const [atX = 0, atY = 0, wide = 0] = boxes.subarray(BOX_SIZE * i, BOX_SIZE * (i + 1));
    const [left, middle] = [atX + margin, atY + LINE_PX / 2];
    const fill = fills[i];
    if (fill === undefined) {
      context.strokeText(short[i] ?? '', left, middle);
      context.fillStyle = '#fff';
    } else {
      context.beginPath();
      context.roundRect(atX + 0.5, atY + 0.5, wide - 1, LINE_PX - 1, LINE_PX / 2);
      context.fillStyle = fill;
      context.fill();
      context.fillStyle = inkOn(fill);
    }
    context.fillText(short[i] ?? '', left, middle);
  }
  const tall = canvas.height / pixelRatio;
  for (let i = 0; i < BOX_SIZE * count; i++) boxes[i] = (boxes[i] ?? 0) / (i % 2 === 0 ? width : tall);
  const texture = new CanvasTexture(canvas);
  texture.flipY = false;
  texture.premultiplyAlpha = true;
  texture.generateMipmaps = false;
  texture.minFilter = LinearFilter;
  return { texture, boxes, sizes, count };
}
