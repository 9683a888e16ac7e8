import type { Gltf } from './document';
import { basis } from './extensions';
import {
  countAt,
  indexAt,
  isObject,
  numberAt,
  numbersAt,
  objectAt,
  objectsAt,
  textAt,
  type Json,
} from './json';

export type Wrap = 'repeat' | 'clamp' | 'mirror';

/** A surface: what of a file's material is shown. */
export interface GlbMaterial {
  /** Index among the pictures; -1 for none. */
  readonly image: number;
  readonly wrap: readonly [Wrap, Wrap];
  /** Linear; multiplies the picture's. */
  readonly colour: readonly [number, number, number, number];
  /** Linear; light of its own. */
  readonly emissive: readonly [number, number, number];
  readonly alpha: 'opaque' | 'mask' | 'blend';
  /** Where a mask is cut. */
  readonly cutoff: number;
  readonly doubleSided: boolean;
  /** Drawn to be shown as it is. */
  readonly unlit: boolean;
  /** 0 mirrors, 1 is dull. */
  readonly roughness: number;
}

/** Where on its picture a surface lies. */
export interface Mapping {
  /** Which of the vertices' coordinates. */
  readonly set: number;
  readonly offset: readonly number[];
  /** Counterclockwise, radians. */
  readonly rotation: number;
  readonly scale: readonly number[];
}

/** OpenGL's numbers for what is beyond a picture's edges. */
const WRAPS: ReadonlyMap<number, Wrap> = new Map([
  [10497, 'repeat'],
  [33071, 'clamp'],
  [33648, 'mirror'],
]);
const REPEAT = 10497;

export interface Materials {
  readonly materials: readonly GlbMaterial[];
  /** As many as there are materials. */
  readonly mappings: readonly Mapping[];
  /** Kinds of textures that are there and not shown. */
  readonly ignored: readonly string[];
}

/**
 * The materials of a file, and a plain one after them for what has none.
 *
 * @param images how many pictures there are
 * @throws SimroomError `head-invalid`
 */
export function readMaterials(gltf: Gltf, images: number): Materials {
  const ignored = new Set<string>();
  const read = [...objectsAt(gltf.json, 'materials'), {}].map((material: Json) => {
    const pbr = objectAt(material, 'pbrMetallicRoughness');
    const extensions = objectAt(material, 'extensions');
    for (const [owner, key, what] of [
      [material, 'normalTexture', 'normal maps'],
      [material, 'occlusionTexture', 'occlusion maps'],
      [material, 'emissiveTexture', 'emission maps'],
      [pbr, 'metallicRoughnessTexture', 'roughness maps'],
    ] as const)
      if (isObject(owner[key])) ignored.add(what);
    const map = pbr['baseColorTexture'];
    const [r = 1, g = 1, b = 1, a = 1] = numbersAt(pbr, 'baseColorFactor', 4) ?? [];
    const [er = 0, eg = 0, eb = 0] = numbersAt(material, 'emissiveFactor', 3) ?? [];
    const mode = textAt(material, 'alphaMode');
    const lit: GlbMaterial = {
      ...(isObject(map) ? readTexture(gltf, map, images) : { image: -1, wrap: ['repeat', 'repeat'] }),
      colour: [r, g, b, a],
      // Its picture says where it shines; without that it would shine everywhere.
      emissive: isObject(material['emissiveTexture']) ? [0, 0, 0] : [er, eg, eb],
      alpha: mode === 'MASK' ? 'mask' : mode === 'BLEND' ? 'blend' : 'opaque',
      cutoff: numberAt(material, 'alphaCutoff', 0.5),
      doubleSided: material['doubleSided'] === true,
      unlit: isObject(extensions['KHR_materials_unlit']) || isObject(extensions['VRMC_materials_mtoon']),
      roughness: Math.min(1, Math.max(0, numberAt(pbr, 'roughnessFactor', 1))),
    };
    return { material: lit, mapping: readMapping(isObject(map) ? map : {}) };
  });
  return {
    materials: read.map(({ material }) => material),
    mappings: read.map(({ mapping }) => mapping),
    ignored: [...ignored],
  };
}

function readTexture(gltf: Gltf, map: Json, images: number): Pick<GlbMaterial, 'image' | 'wrap'> {
  const textures = objectsAt(gltf.json, 'textures');
  const texture = textures[indexAt(map, 'index', textures.length)] ?? {};
  const extensions = objectAt(texture, 'extensions');
  const webp = objectAt(extensions, 'EXT_texture_webp');
  const image = Math.max(indexAt(webp, 'source', images), indexAt(texture, 'source', images));
  if (image < 0 && isObject(extensions['KHR_texture_basisu'])) throw basis();
  const samplers = objectsAt(gltf.json, 'samplers');
  const sampler = samplers[indexAt(texture, 'sampler', samplers.length)] ?? {};
  const wrap = (key: string): Wrap => WRAPS.get(countAt(sampler, key, REPEAT)) ?? 'repeat';
  return { image, wrap: [wrap('wrapS'), wrap('wrapT')] };
}

function readMapping(map: Json): Mapping {
  const transform = objectAt(objectAt(map, 'extensions'), 'KHR_texture_transform');
  return {
    set: countAt(transform, 'texCoord', countAt(map, 'texCoord')),
    offset: numbersAt(transform, 'offset', 2) ?? [0, 0],
    rotation: numberAt(transform, 'rotation', 0),
    scale: numbersAt(transform, 'scale', 2) ?? [1, 1],
  };
}

/** Moves texture coordinates as KHR_texture_transform says, in place. */
export function applyMapping({ offset, rotation, scale }: Mapping, uvs: Float32Array): void {
  const [c, s] = [Math.cos(rotation), Math.sin(rotation)];
  const [ox = 0, oy = 0] = offset;
  const [sx = 1, sy = 1] = scale;
  for (let i = 0; i < uvs.length; i += 2) {
    const [u, v] = [sx * (uvs[i] ?? 0), sy * (uvs[i + 1] ?? 0)];
    uvs[i] = ox + c * u + s * v;
    uvs[i + 1] = oy - s * u + c * v;
  }
}
