import type { PlainError } from '../../core/errors';
import { ARKIT_NAMES, type ArkitName } from '../names';
import { checkGlbSize, readContainer } from './container';
import { readDocument, type Gltf } from './document';
import { raisedBy } from './expressions';
import { isObject, objectAt, objectsAt, textAt } from './json';
import { shown } from './limits';
import { buildModel, type Found, type GlbModel } from './model';

/** Whose a head is, in its file's own words; null for what it does not say. */
export interface Credits {
  readonly title: string | null;
  readonly author: string | null;
  readonly licence: string | null;
}

/** What a file offers as a head: for people to read before they use it. */
export interface GlbReport {
  readonly bytes: number;
  /** What it is by its kind. */
  readonly kind: 'glb' | 'vrm-0' | 'vrm-1';
  readonly credits: Credits;
  /** ARKit's shapes that move it, each by itself or as part of an expression. */
  readonly shapes: readonly ArkitName[];
  readonly missing: readonly ArkitName[];
  /** Expressions (VRM's names) that stand in for ARKit's shapes. */
  readonly expressions: readonly string[];
  /** Names of morph targets that nothing drives. */
  readonly unused: readonly string[];
  /** How its eyes look about: they turn, its shapes do it, or not at all. */
  readonly gaze: 'turned' | 'shapes' | 'none';
  /** Name of the node that is its head; null where all of it is one. */
  readonly head: string | null;
  /** It is a body, of which only the head is shown. */
  readonly cropped: boolean;
  /** Of what is shown. */
  readonly vertices: number;
  readonly triangles: number;
  readonly textures: number;
  /** Kinds of things that are in the file and not shown. */
  readonly ignored: readonly string[];
}

/** A head that was checked, ready to be drawn. */
export interface GlbHeadData {
  readonly report: GlbReport;
  readonly model: GlbModel;
}

/** What a reader in another thread answers. */
export type GlbAnswer = { readonly data: GlbHeadData } | { readonly error: PlainError };

/** A file that can say how large it is before it is read: a `Blob` or a `File`. */
export interface SizedFile {
  readonly size: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** Names that are listed. */
const LISTED = 200;

/**
 * The bytes of a file that was dropped; one that is too large is not even read.
 *
 * @throws SimroomError `file-too-large`
 */
export async function readGlbFile(file: SizedFile): Promise<Uint8Array<ArrayBuffer>> {
  checkGlbSize(file.size);
  return new Uint8Array(await file.arrayBuffer());
}

/**
 * Checks whether a file is a head that can be shown, and tells what it can do. It is read whole: what passes here can be
 * drawn everywhere.
 *
 * @throws SimroomError `file-too-large`; `head-invalid` for what is no GLB, damaged, or in a form that is not read;
 *   `assets-missing` when parts lie in other files; `head-too-large` for too many vertices and the like;
 *   `head-without-shapes` when nothing of it can move
 */
export function checkGlb(bytes: Uint8Array): GlbReport {
  return readGlbHead(bytes).report;
}

/**
 * Reads a head of somebody's own (GLB or VRM). Pure and a good second for the largest ones, so it may as well run in a
 * worker: the result is typed arrays and plain data.
 *
 * @throws SimroomError as {@link checkGlb}
 */
export function readGlbHead(bytes: Uint8Array): GlbHeadData {
  const { json, bin } = readContainer(bytes);
  const gltf = readDocument(json, bin);
  const found = buildModel(gltf);
  return { report: reportOf(gltf, found, bytes.length), model: found.model };
}

function reportOf(gltf: Gltf, { model, bones, cropped, unused, ignored }: Found, bytes: number): GlbReport {
  const extensions = objectAt(gltf.json, 'extensions');
  const { channels, turned } = model;
  const raised = new Set(channels.flatMap(({ drive }) => raisedBy(drive)));
  const has = (name: ArkitName, i: number): boolean => {
    if (raised.has(i) || (name === 'jawOpen' && turned.jaw)) return true;
    if (!name.startsWith('eyeLook')) return false;
    return name.endsWith('Left') ? turned.leftEye : turned.rightEye;
  };
  return {
    bytes,
    kind: isObject(extensions['VRMC_vrm']) ? 'vrm-1' : isObject(extensions['VRM']) ? 'vrm-0' : 'glb',
    credits: creditsOf(gltf),
    shapes: ARKIT_NAMES.filter(has),
    missing: ARKIT_NAMES.filter((name, i) => !has(name, i)),
    expressions: channels
      .map(({ name }) => name)
      .filter((name) => !ARKIT_NAMES.some((known) => known === name)),
    unused: unused.slice(0, LISTED),
    gaze:
      turned.leftEye && turned.rightEye
        ? 'turned'
        : ARKIT_NAMES.some((name, i) => name.startsWith('eyeLook') && raised.has(i))
          ? 'shapes'
          : 'none',
    head: bones.head < 0 ? null : shown(gltf.nodes[bones.head]?.name ?? ''),
    cropped,
    vertices: model.vertices,
    triangles: model.indices.length / 3,
    textures: model.images.length,
    ignored: [...others(gltf), ...ignored],
  };
}

function others({ json }: Gltf): readonly string[] {
  const kinds: string[] = [];
  for (const key of ['animations', 'cameras'] as const) {
    const list = json[key];
    if (Array.isArray(list) && list.length > 0) kinds.push(key);
  }
  if (isObject(objectAt(json, 'extensions')['KHR_lights_punctual'])) kinds.push('lights');
  return kinds;
}

/** What glTF, its common extras and VRM's two versions say about their making. */
function creditsOf({ json }: Gltf): Credits {
  const asset = objectAt(json, 'asset');
  const extras = objectAt(asset, 'extras');
  const extensions = objectAt(json, 'extensions');
  const old = objectAt(objectAt(extensions, 'VRM'), 'meta');
  const meta = objectAt(objectAt(extensions, 'VRMC_vrm'), 'meta');
  const authors = meta['authors'];
  const names = Array.isArray(authors) ? authors.filter((name) => typeof name === 'string').join(', ') : '';
  const first = (...texts: (string | null)[]): string | null => {
    const text = texts.find((value) => value !== null && value !== '') ?? null;
    return text === null ? null : shown(text);
  };
  const scenes = objectsAt(json, 'scenes');
  return {
    title: first(
      textAt(meta, 'name'),
      textAt(old, 'title'),
      textAt(extras, 'title'),
      textAt(scenes[0] ?? {}, 'name'),
    ),
    author: first(names, textAt(old, 'author'), textAt(extras, 'author')),
    licence: first(
      textAt(meta, 'licenseUrl'),
      textAt(old, 'licenseName'),
      textAt(old, 'otherLicenseUrl'),
      textAt(extras, 'license'),
      textAt(asset, 'copyright'),
      textAt(meta, 'copyrightInformation'),
    ),
  };
}
