/**
 * From an entry and a tree to a bundle: every file the model needs, where MuJoCo will look for it, and no other.
 */

import { SimroomError } from '../core/errors';
import { type AssetReference, assetsOf, edited } from './assets';
import type { Bundle } from './bundle';
import { MAX_FILES, MAX_MODEL_BYTES, MAX_PARALLEL_READS, sizeText } from './limits';
import { filesOf, type MissingFile, modelsOf, PartReader } from './parts';
import { folderOf, rebase } from './paths';
import type { ProgressCallback } from './source';
import type { Tree } from './tree';

export interface Gathered {
  readonly bundle: Bundle;
  readonly warnings: readonly string[];
}

/**
 * Reads a model and everything it refers to.
 *
 * @throws SimroomError `assets-missing` with all missing paths, and whatever reading the files throws
 */
export async function gather(entry: string, tree: Tree, onProgress: ProgressCallback): Promise<Gathered> {
  onProgress({ step: 'fetch', what: entry, fraction: null });
  const reader = new PartReader(tree);
  const model = await reader.model(entry);
  const { references, edits, warnings } = assetsOf(model);
  const files = new Map<string, Uint8Array>();
  const missing = [...reader.missing];
  await readAssets(references, tree, files, missing, onProgress);
  if (missing.length > 0) throw missingError(missing, folderOf(model.path));

  // After the assets: where both claim a path, the XML is what the model means.
  for (const part of modelsOf(model).flatMap(filesOf))
    files.set(part.path, new TextEncoder().encode(edited(part.xml.text, edits.get(part) ?? [])));
  const moved = rebase([...files.keys()]);
  const at = (path: string): string => moved.get(path) ?? path;
  return {
    bundle: { entry: at(model.path), files: new Map([...files].map(([path, bytes]) => [at(path), bytes])) },
    warnings,
  };
}

async function readAssets(
  references: readonly AssetReference[],
  tree: Tree,
  files: Map<string, Uint8Array>,
  missing: MissingFile[],
  onProgress: ProgressCallback,
): Promise<void> {
  // Many elements may share a file.
  const unique = [
    ...new Map(references.map((reference) => [reference.tries.join('\n'), reference])).values(),
  ];
  if (unique.length > MAX_FILES)
    throw new SimroomError(
      'model-too-large',
      `The model has ${unique.length} files; at most ${MAX_FILES} are loaded.`,
    );
  let next = 0;
  let done = 0;
  let bytes = 0;
  const work = async (): Promise<void> => {
    for (let reference = unique[next]; reference !== undefined; reference = unique[next]) {
      next += 1;
      const [first = ''] = reference.tries;
      onProgress({ step: 'fetch', what: first, fraction: done / unique.length });
      const found = await tree.read([...reference.tries, ...reference.elsewhere]);
      done += 1;
      if (found === null) missing.push({ path: first, part: reference.part, element: reference.element });
      else {
        bytes += found.bytes.length;
        if (bytes > MAX_MODEL_BYTES)
          throw new SimroomError(
            'model-too-large',
            `The model's files have more than ${sizeText(MAX_MODEL_BYTES)}, the most that is loaded. Reduce its meshes ` +
              'and textures.',
          );
        files.set(reference.tries.includes(found.path) ? found.path : first, found.bytes);
      }
    }
  };
  await Promise.all(Array.from({ length: MAX_PARALLEL_READS }, work));
}

/** Names of missing files written out in a message; the rest are counted. */
const MISSING_SHOWN = 8;

function missingError(missing: readonly MissingFile[], folder: string): SimroomError {
  const seen = (path: string): string =>
    folder !== '' && path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
  const paths = [...new Set(missing.map(({ path }) => seen(path)))].toSorted();
  const [first] = missing;
  const shown = paths.slice(0, MISSING_SHOWN).join(', ');
  const more = paths.length > MISSING_SHOWN ? ` and ${paths.length - MISSING_SHOWN} more` : '';
  return new SimroomError(
    'assets-missing',
    `${paths.length === 1 ? 'A file is' : `${paths.length} files are`} missing: ${shown}${more}. ` +
      'Add them, or drop the whole folder of the model.',
    {
      missing: paths,
      ...(first === undefined
        ? {}
        : { file: seen(first.part.path), line: first.element.line, element: first.element.tag }),
    },
  );
}
