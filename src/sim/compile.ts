/**
 * From a source or a bundle to a compiled model. Runs in a worker of its own that may be killed, and in Node.
 */

import type { MjData, MjModel, MjSpec } from '@mujoco/mujoco';
import { SimroomError } from '../core/errors';
import type { ModelCopy } from '../core/model';
import type { Bundle } from '../model/bundle';
import { folderOf } from '../model/paths';
import { type Part, PartReader } from '../model/parts';
import { checkPictures, prescan } from '../model/prescan';
import { resolve, type ResolveContext } from '../model/resolve';
import type { PlainSource, ProgressCallback } from '../model/source';
import { bytesTree } from '../model/tree';
import { describe } from './describe';
import {
  elementNamed,
  engineError,
  engineWords,
  flatten,
  lacksLine,
  locate,
  locateFlat,
  type Location,
} from './engine_error';
import { instantiateMujoco, type Mujoco } from './mujoco';

export interface Compiled {
  /** The compiled model as MuJoCo saves it: `MjModel.from_binary_path` of the same build gives it back, bit for bit. */
  readonly mjb: Uint8Array;
  readonly model: ModelCopy;
  readonly bundle: Bundle;
  /** Where it came from, for people. */
  readonly origin: string;
  /** As the engine words them. */
  readonly warnings: readonly string[];
}

/** The model's folder in the worker's own file system. */
const MODEL_FOLDER = '/model';
/** Anyone may do anything: the file system has one user. */
const FOLDER_MODE = 0o777;
const MJB_PATH = '/model.mjb';

/**
 * Finds a model's files and compiles them.
 *
 * @throws SimroomError with one of the model loading codes
 */
export async function compile(
  source: PlainSource,
  module: WebAssembly.Module | Promise<WebAssembly.Module>,
  context: ResolveContext,
): Promise<Compiled> {
  const { bundle, origin, warnings } = await resolve(source, context);
  const compiled = await compileBundle(bundle, module, context.onProgress);
  return { ...compiled, origin, warnings: [...warnings, ...compiled.warnings] };
}

/**
 * Compiles a bundle, which may come from anyone: it is checked first, and its files are all the engine can see.
 *
 * @throws SimroomError `model-too-large`, `xml-invalid`, `model-rejected`, `assets-missing`, `compile-failed`
 */
export async function compileBundle(
  bundle: Bundle,
  module: WebAssembly.Module | Promise<WebAssembly.Module>,
  onProgress: ProgressCallback,
): Promise<Pick<Compiled, 'mjb' | 'model' | 'bundle' | 'warnings'>> {
  onProgress({ step: 'check', what: bundle.entry, fraction: null });
  const main = await new PartReader(bytesTree(bundle.files)).model(bundle.entry);
  prescan(main);
  checkPictures(bundle.files);
  onProgress({ step: 'compile', what: bundle.entry, fraction: null });
  const mujoco = await instantiateMujoco(await module);
  stage(mujoco, bundle);
  const { model, warnings } = build(mujoco, main);
  onProgress({ step: 'describe', what: bundle.entry, fraction: null });
  const data = allocate(mujoco, model);
  const copy = describe(mujoco, model, data);
  data.delete();
  mujoco.mj_saveModel(model, MJB_PATH, null);
  model.delete();
  const mjb: unknown = mujoco.FS.readFile(MJB_PATH);
  if (!(mjb instanceof Uint8Array))
    throw new SimroomError('compile-failed', 'MuJoCo did not save the compiled model.');
  return { mjb, model: copy, bundle, warnings };
}

/** Writes the bundle's files where the engine looks for them: relative names are seen from the entry's folder. */
function stage(mujoco: Mujoco, bundle: Bundle): void {
  const made = new Set<string>();
  for (const [path, bytes] of bundle.files) {
    const folder = `${MODEL_FOLDER}/${folderOf(path)}`;
    if (!made.has(folder)) mujoco.FS.mkdirTree(folder, FOLDER_MODE);
    made.add(folder);
    mujoco.FS.writeFile(`${MODEL_FOLDER}/${path}`, bytes);
  }
  mujoco.FS.chdir(`${MODEL_FOLDER}/${folderOf(bundle.entry)}`);
}

function build(mujoco: Mujoco, main: Part): { model: MjModel; warnings: string[] } {
  let spec: MjSpec | null = null;
  try {
    // The loaders that take a path drop the compiler's warnings.
    spec = mujoco.parseXMLString(main.xml.text);
    const model = mujoco.mj_compile(spec);
    const warnings: string[] = [];
    for (let i = 0; i < mujoco.mjs_numWarnings(spec); i += 1) warnings.push(mujoco.mjs_getWarning(spec, i));
    return { model, warnings };
  } catch (thrown) {
    throw explain(thrown, mujoco, main);
  } finally {
    spec?.delete();
  }
}

/** Making the data here shows whether the model fits into memory before the running one is given up. */
function allocate(mujoco: Mujoco, model: MjModel): MjData {
  try {
    return new mujoco.MjData(model);
  } catch (cause) {
    throw new SimroomError(
      'model-too-large',
      `The model compiles, but its data does not fit into the 2 GB a browser gives: ${messageOf(cause)}. Make the model ` +
        'smaller, or lower <size memory>.',
      { element: 'size', cause },
    );
  }
}

function explain(thrown: unknown, mujoco: Mujoco, main: Part): unknown {
  const message = messageOf(thrown);
  // Anything but MuJoCo's own errors has broken the engine: a full stack, a full heap, an abort.
  if (!message.startsWith('MuJoCo Error')) return broken(message, thrown);
  const words = engineWords(message);
  const missing = /Error opening file '([^']*)'/.exec(message)?.[1];
  const location = whereOf(words, mujoco, main);
  if (missing !== undefined)
    return new SimroomError(
      'assets-missing',
      `A file is missing: ${missing}. Add it, or drop the model's whole folder.`,
      {
        file: location?.part.path ?? main.path,
        missing: [missing],
      },
    );
  if (words.reason.includes('Could not allocate memory'))
    return new SimroomError(
      'model-too-large',
      `The model does not fit into the 2 GB a browser gives: ${words.reason}. Lower its counts, textures and height fields.`,
      { file: main.path, cause: thrown },
    );
  return engineError(words, location, main.path);
}

function whereOf(words: ReturnType<typeof engineWords>, mujoco: Mujoco, main: Part): Location | null {
  if (!lacksLine(words, main)) return locate(words, main);
  const flat = flatten(main);
  let spec: MjSpec | null = null;
  try {
    spec = mujoco.parseXMLString(flat.text);
    mujoco.mj_compile(spec).delete();
  } catch (thrown) {
    const again = engineWords(messageOf(thrown));
    // Assets beside an include are not found from the flat text: only the same error tells the place.
    if (again.reason === words.reason) return locateFlat(again, flat);
  } finally {
    spec?.delete();
  }
  const name = words.object?.name ?? '';
  return name === '' ? null : elementNamed(main, name);
}

function broken(message: string, cause: unknown): SimroomError {
  return new SimroomError(
    'compile-failed',
    `MuJoCo broke down while it compiled the model: ${message}. The model nests too deep or is too large: make it ` +
      'smaller. The running model is not affected.',
    { cause },
  );
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
