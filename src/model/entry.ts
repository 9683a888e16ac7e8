/**
 * Which of some files is the model.
 */

import { SimroomError } from '../core/errors';
import { MAX_CANDIDATES, MAX_XML_BYTES } from './limits';
import { parsePart, type Part, rootOf } from './parts';
import { extensionOf, fileNameOf, withoutRoot } from './paths';
import type { FileTree } from './tree';
import { valueOf } from './xml';

const MODEL_EXTENSIONS = new Set(['.xml', '.urdf', '.mjcf']);
const MODEL_ROOTS = new Set(['mujoco', 'robot']);
const PREFERRED = 'scene.xml';
/** Candidates written out in a message. */
const SHOWN = 12;

/**
 * The only model that no other file includes or attaches; among several, the topmost `scene.xml`.
 *
 * @throws SimroomError `not-a-model` when there is none or a choice is needed, with the candidates
 */
export async function chooseEntry(tree: FileTree): Promise<string> {
  const named = tree.paths.filter((path) => MODEL_EXTENSIONS.has(extensionOf(path)) && !isHidden(path));
  const [only] = named;
  if (only === undefined) throw noModel(tree.paths);
  // A single file is read by name, so that what is wrong with it is told.
  if (named.length === 1) return only;

  const models: Part[] = [];
  let failure: SimroomError | null = null;
  for (const path of named.slice(0, MAX_CANDIDATES)) {
    const found = await tree.read([path]);
    if (found === null || found.bytes.length > MAX_XML_BYTES) continue;
    try {
      const part = parsePart(path, found.bytes);
      if (MODEL_ROOTS.has(rootOf(part)?.tag ?? '')) models.push(part);
    } catch (thrown) {
      // A broken file beside a good model is nobody's business; alone it is the answer.
      if (!(thrown instanceof SimroomError)) throw thrown;
      failure ??= thrown;
    }
  }
  const used = new Set(models.flatMap(usedBy));
  const free = models.map(({ path }) => path).filter((path) => !used.has(fileNameOf(path)));
  const candidates = free.length > 0 ? free : models.map(({ path }) => path);
  const [first] = candidates;
  if (first === undefined) throw failure ?? noModel(tree.paths);
  if (candidates.length === 1) return first;
  const scenes = byDepth(candidates.filter((path) => fileNameOf(path).toLowerCase() === PREFERRED));
  const [scene, second] = scenes;
  if (scene !== undefined && (second === undefined || depth(scene) < depth(second))) return scene;
  throw new SimroomError(
    'not-a-model',
    `There are ${candidates.length} models here: ${byDepth(candidates).slice(0, SHOWN).join(', ')}` +
      `${candidates.length > SHOWN ? ', ...' : ''}. Choose one of them.`,
    { candidates: byDepth(candidates) },
  );
}

/** Names of the files that a file includes or attaches: folders need not survive a drop. */
function usedBy(part: Part): string[] {
  return part.xml.elements
    .filter(({ tag }) => tag === 'include' || tag === 'model')
    .map((element) => fileNameOf(withoutRoot(valueOf(part.xml, element, 'file') ?? '').replaceAll('\\', '/')))
    .filter((name) => name !== fileNameOf(part.path));
}

/** Left behind by macOS archives, or a tool's own. */
function isHidden(path: string): boolean {
  return path.split('/').some((part) => part.startsWith('.') || part === '__MACOSX');
}

const depth = (path: string): number => path.split('/').length;

function byDepth(paths: readonly string[]): string[] {
  return paths.toSorted((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
}

function noModel(paths: readonly string[]): SimroomError {
  const [first = 'nothing'] = paths;
  const extension = extensionOf(first);
  const what = paths.length === 1 ? fileNameOf(first) : `None of the ${paths.length} files`;
  if (paths.length === 0)
    return new SimroomError(
      'not-a-model',
      'There are no files to load. Drop a model: .xml, .urdf, .zip or .mjz.',
    );
  if (extension === '.mjb')
    return new SimroomError(
      'not-a-model',
      `${what} is a compiled model: binary models belong to the one build of MuJoCo that wrote them. Drop the XML it ` +
        'was made from.',
      { file: first },
    );
  return new SimroomError(
    'not-a-model',
    `${what} is ${paths.length === 1 ? 'not ' : ''}a model. Drop the .xml or .urdf file, its folder, or a .zip of it.`,
    { file: first },
  );
}
