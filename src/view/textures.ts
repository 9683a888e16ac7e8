import {
  ClampToEdgeWrapping,
  CubeTexture,
  DataTexture,
  LinearFilter,
  LinearMipmapLinearFilter,
  NoColorSpace,
  RGBAFormat,
  RepeatWrapping,
  SRGBColorSpace,
  UnsignedByteType,
  type Texture,
} from 'three';
import type { ModelCopy } from '../core/model';

/** `mjtTexture`. */
export const TEXTURE_2D = 0;
export const TEXTURE_SKYBOX = 2;
/** `mjCOLORSPACE_SRGB`. */
const COLORSPACE_SRGB = 2;

/** A model's textures, made on first use. */
export class Textures {
  readonly #model: ModelCopy;
  readonly #made = new Map<number, Texture>();

  constructor(model: ModelCopy) {
    this.#model = model;
  }

  /** The texture with this id, or null where there is none that can be shown. */
  get(id: number): Texture | null {
    if (id < 0 || id >= this.#model.ntex) return null;
    const known = this.#made.get(id);
    if (known) return known;
    const texture = makeTexture(this.#model, id);
    if (texture) this.#made.set(id, texture);
    return texture;
  }

  isCube(id: number): boolean {
    return this.#model.tex_type[id] !== TEXTURE_2D;
  }

  dispose(): void {
    for (const texture of this.#made.values()) {
      texture.dispose();
      // A cube's faces are textures of their own to three.
      if (texture instanceof CubeTexture)
        for (const face of texture.images) if (face instanceof DataTexture) face.dispose();
    }
    this.#made.clear();
  }
}

function makeTexture(m: ModelCopy, id: number): Texture | null {
  const width = m.tex_width[id] ?? 0;
  const height = m.tex_height[id] ?? 0;
  const channels = m.tex_nchannel[id] ?? 0;
  const start = m.tex_adr[id] ?? 0;
  // Encoded and single-channel textures are for other renderers.
  if (channels !== 3 && channels !== 4) return null;
  const flat = m.tex_type[id] === TEXTURE_2D;
  if (flat) {
    const texture = dataTexture(rgba(m.tex_data, start, width * height, channels), width, height);
    texture.wrapS = RepeatWrapping;
    texture.wrapT = RepeatWrapping;
    texture.colorSpace = m.tex_colorspace[id] === COLORSPACE_SRGB ? SRGBColorSpace : NoColorSpace;
    return filtered(texture);
  }
  // Six faces below each other, or one square for all of them.
  const faces = Array.from({ length: 6 }, (_, face) => {
    const from = width === height ? start : start + face * channels * width * width;
    return dataTexture(rgba(m.tex_data, from, width * width, channels), width, width);
  });
  const texture = new CubeTexture(faces);
  texture.wrapS = ClampToEdgeWrapping;
  texture.wrapT = ClampToEdgeWrapping;
  texture.format = RGBAFormat;
  texture.type = UnsignedByteType;
  texture.colorSpace = NoColorSpace;
  return filtered(texture);
}

function filtered<T extends Texture>(texture: T): T {
  texture.magFilter = LinearFilter;
  texture.minFilter = LinearMipmapLinearFilter;
  texture.generateMipmaps = true;
  texture.flipY = false;
  texture.needsUpdate = true;
  return texture;
}

function dataTexture(data: Uint8Array<ArrayBuffer>, width: number, height: number): DataTexture {
  return new DataTexture(data, width, height, RGBAFormat, UnsignedByteType);
}

/** WebGL 2 through three takes four channels. */
function rgba(source: Uint8Array, start: number, pixels: number, channels: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(4 * pixels);
  for (let i = 0; i < pixels; i++) {
    const from = start + i * channels;
    out[4 * i] = source[from] ?? 0;
    out[4 * i + 1] = source[from + 1] ?? 0;
    out[4 * i + 2] = source[from + 2] ?? 0;
    out[4 * i + 3] = channels === 4 ? (source[from + 3] ?? 255) : 255;
  }
  return out;
}
