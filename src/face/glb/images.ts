import type { Gltf } from './document';
import { indexAt, objectsAt } from './json';
import { damaged, invalid, MAX_IMAGE_SIDE } from './limits';

/** A texture's picture, still encoded. */
export interface GlbImage {
  readonly type: 'image/png' | 'image/jpeg' | 'image/webp';
  readonly bytes: Uint8Array;
  /** Pixels, as its header says. */
  readonly width: number;
  readonly height: number;
}

/** The longest JPEG header that is searched, segments: comments and previews come before the size. */
const MAX_SEGMENTS = 200;

/**
 * The pictures of a file, with their sizes taken from their headers: nothing is decoded before it is known to be small
 * enough.
 *
 * @throws SimroomError `head-invalid`
 */
export function readImages(gltf: Gltf): readonly GlbImage[] {
  return objectsAt(gltf.json, 'images').map((image) => {
    const view = gltf.views[indexAt(image, 'bufferView', gltf.views.length)];
    if (!view) throw damaged('a picture has no bytes');
    const found = measure(view.bytes);
    if (!found) {
      throw invalid('A texture of this head is not PNG, JPEG or WebP.', 'Export it with one of these.');
    }
    const { width, height } = found;
    if (width < 1 || height < 1) throw damaged('a texture has no size');
    if (Math.max(width, height) > MAX_IMAGE_SIDE) {
      throw invalid(
        `A texture of this head has ${width} × ${height} pixels, at most ${MAX_IMAGE_SIDE} a side can be shown.`,
        'Make it smaller (1024 pixels are plenty), and export it again.',
      );
    }
    return { ...found, bytes: view.bytes };
  });
}

type Measured = Omit<GlbImage, 'bytes'> | null;

function measure(bytes: Uint8Array): Measured {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // The shortest of the headers below.
  if (bytes.length < 30) return null;
  if (view.getUint32(0) === 0x89504e47 && view.getUint32(12) === 0x49484452)
    return { type: 'image/png', width: view.getUint32(16), height: view.getUint32(20) };
  if (view.getUint16(0) === 0xffd8) return measureJpeg(view);
  if (view.getUint32(0) === 0x52494646 && view.getUint32(8) === 0x57454250) return measureWebp(view);
  return null;
}

/** Segments follow each other; a frame header (SOF) has the size. */
function measureJpeg(view: DataView): Measured {
  let at = 2;
  for (let i = 0; i < MAX_SEGMENTS && at + 9 <= view.byteLength; i++) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return { type: 'image/jpeg', width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

/** Lossy, lossless and extended files begin each in their own way. */
function measureWebp(view: DataView): Measured {
  const type = 'image/webp';
  const u24 = (at: number): number => view.getUint16(at, true) + (view.getUint8(at + 2) << 16);
  switch (view.getUint32(12)) {
    case 0x56503820:
      return { type, width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    case 0x5650384c: {
      const bits = view.getUint32(21, true);
      return { type, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 0x56503858:
      return { type, width: u24(24) + 1, height: u24(27) + 1 };
    default:
      return null;
  }
}
