import { SimroomError } from '../../core/errors';
import { objectsAt, textAt, type Json } from './json';
import { invalid, shown } from './limits';

/** Extensions without which a file may say it cannot be read, and can be here: read, or without effect on a face. */
const KNOWN: readonly RegExp[] = [
  /^KHR_materials_/,
  /^KHR_texture_transform$/,
  /^KHR_mesh_quantization$/,
  /^KHR_lights_punctual$/,
  /^EXT_texture_webp$/,
  /^VRM$/,
  /^VRMC_/,
];

/** Compressed forms that are not decoded here: what they are, and how to do without. */
const COMPRESSED: readonly (readonly [RegExp, string, string])[] = [
  [
    /^KHR_draco_mesh_compression$/,
    'Draco (KHR_draco_mesh_compression)',
    'Export it without compression: in Blender leave "Compression" unticked; with gltf-transform run `gltf-transform copy in.glb out.glb`.',
  ],
  [
    /^(?:EXT|KHR)_meshopt_compression$/,
    'meshopt (EXT_meshopt_compression)',
    "Export it without compression; with gltf-transform run `gltf-transform copy in.glb out.glb`, and leave out gltfpack's -c.",
  ],
];

/**
 * Finds what cannot be read before anything is read.
 *
 * @throws SimroomError `head-invalid` for compressed geometry and unknown requirements, `assets-missing` when parts of the
 *   head lie in other files, which are never fetched
 */
export function checkExtensions(json: Json): void {
  for (const name of [...names(json, 'extensionsUsed'), ...names(json, 'extensionsRequired')])
    for (const [pattern, what, next] of COMPRESSED)
      if (pattern.test(name))
        throw invalid(`This head is compressed with ${what}, which cannot be read here.`, next);
  for (const name of names(json, 'extensionsRequired')) {
    if (name === 'KHR_texture_basisu') throw basis();
    if (!KNOWN.some((pattern) => pattern.test(name)))
      throw invalid(
        `This head needs "${shown(name)}", which cannot be read here.`,
        'Export it as plain glTF 2.0, without that extension.',
      );
  }
  for (const key of ['buffers', 'images'] as const) {
    const uris = objectsAt(json, key).flatMap((entry) => textAt(entry, 'uri') ?? []);
    const [uri] = uris;
    if (uri === undefined) continue;
    if (/^data:/i.test(uri))
      throw invalid(
        `This head has ${key} written as text.`,
        'Export it as GLB (.glb), which has them as bytes.',
      );
    throw new SimroomError(
      'assets-missing',
      `This head has ${key} in other files ("${shown(uri)}"), and nothing is ever fetched for a head. ` +
        'Export it as one GLB with everything in it ("glTF Binary", textures embedded).',
      { missing: uris.map(shown) },
    );
  }
}

/** Textures of a kind that only graphics cards read. */
export function basis(): SimroomError {
  return invalid(
    'This head has KTX2 textures (KHR_texture_basisu), which cannot be read here.',
    'Export it with PNG, JPEG or WebP textures: with gltf-transform run `gltf-transform webp in.glb out.glb` on the original.',
  );
}

function names(json: Json, key: string): readonly string[] {
  const list = json[key];
  return Array.isArray(list) ? list.filter((name): name is string => typeof name === 'string') : [];
}
