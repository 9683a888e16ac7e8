import {
  BufferAttribute,
  ClampToEdgeWrapping,
  LinearMipmapLinearFilter,
  MirroredRepeatWrapping,
  RepeatWrapping,
  Texture,
  type DataTexture,
} from 'three';
import { SimroomError } from '../core/errors';
import type { GlbHeadData } from '../face/glb/check';
import type { GlbImage } from '../face/glb/images';
import type { Wrap } from '../face/glb/materials';
import type { GlbModel } from '../face/glb/model';
import { packDeltas } from '../face/head/pack';
import { deltaTexture } from './head_parts';

/**
 * Pixels of all textures of a head together; larger ones are halved until they fit. A head is seldom drawn larger than
 * 1000 pixels, and this takes 22 MB on the graphics card.
 */
const MAX_TEXELS = 4 << 20;
/** Keeps skin sharp where it is seen from the side. */
const ANISOTROPY = 4;

const WRAPS = {
  repeat: RepeatWrapping,
  clamp: ClampToEdgeWrapping,
  mirror: MirroredRepeatWrapping,
} as const satisfies Record<Wrap, unknown>;

/** Somebody's own head as the graphics card has it; shared by all who draw it. */
export interface GlbKind {
  readonly model: GlbModel;
  readonly attributes: Readonly<Record<string, BufferAttribute>>;
  readonly index: BufferAttribute;
  readonly deltas: DataTexture;
  /** By material; null for those without a picture. */
  readonly textures: readonly (Texture | null)[];
  /** True once it is disposed: whoever draws it lets go of it with the next picture. */
  readonly isGone: boolean;
  dispose(): void;
}

/**
 * Makes a head that was checked ready to be drawn: its pictures are decoded.
 *
 * @param data from `readGlbHead`, here or in a worker
 * @throws SimroomError `head-invalid` when a picture is damaged
 */
export async function createGlbKind({ model }: GlbHeadData): Promise<GlbKind> {
  const bitmaps = await decode(model.images);
  const { span, texels } = packDeltas({ ...model, shapes: model.channel });
  const deltas = deltaTexture(texels);
  const textures = model.materials.map(({ image, wrap }) => {
    const bitmap = bitmaps[image];
    return bitmap ? textureOf(bitmap, wrap) : null;
  });
  let isGone = false;
  return {
    model,
    attributes: {
      position: new BufferAttribute(model.positions, 3),
      normal: new BufferAttribute(model.normals, 3),
      uv: new BufferAttribute(model.uvs, 2),
      colour: new BufferAttribute(model.colours, 4, true),
      rig: new BufferAttribute(model.rig, 3),
      span: new BufferAttribute(span, 2),
    },
    index: new BufferAttribute(model.indices, 1),
    deltas,
    textures,
    get isGone() {
      return isGone;
    },
    dispose() {
      isGone = true;
      deltas.dispose();
      for (const texture of textures) texture?.dispose();
      for (const bitmap of bitmaps) bitmap.close();
    },
  };
}

/** One after the other: decoded ones are large. */
async function decode(images: readonly GlbImage[]): Promise<readonly ImageBitmap[]> {
  const scale = scaleOf(images);
  const bitmaps: ImageBitmap[] = [];
  try {
    for (const { bytes, type, width, height } of images) {
      // Colours as they are: nothing is converted from arrays to screen.
      const options = { premultiplyAlpha: 'none', colorSpaceConversion: 'none' } as const;
      const blob = new Blob([bytes.slice()], { type });
      bitmaps.push(
        await createImageBitmap(
          blob,
          scale === 1
            ? options
            : {
                ...options,
                resizeWidth: Math.max(1, Math.round(scale * width)),
                resizeHeight: Math.max(1, Math.round(scale * height)),
                resizeQuality: 'high',
              },
        ),
      );
    }
  } catch (cause) {
    for (const bitmap of bitmaps) bitmap.close();
    throw new SimroomError(
      'head-invalid',
      'A texture of this head cannot be decoded: it is damaged, or of a kind that this browser does not know. ' +
        'Export the head again, with PNG or JPEG textures.',
      { cause },
    );
  }
  return bitmaps;
}

function scaleOf(images: readonly GlbImage[]): number {
  const texels = images.reduce((sum, { width, height }) => sum + width * height, 0);
  let scale = 1;
  while (texels * scale * scale > MAX_TEXELS) scale /= 2;
  return scale;
}

function textureOf(bitmap: ImageBitmap, [s, t]: readonly [Wrap, Wrap]): Texture {
  const texture = new Texture(bitmap, undefined, WRAPS[s], WRAPS[t]);
  // glTF has the first row of a picture at v = 0.
  texture.flipY = false;
  texture.minFilter = LinearMipmapLinearFilter;
  texture.anisotropy = ANISOTROPY;
  texture.needsUpdate = true;
  return texture;
}
