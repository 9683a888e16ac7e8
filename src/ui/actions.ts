import type { ModelInfo, ModelSource, Simroom } from '../app/api';
import { toPlainError } from '../core/errors';
import { hasRole } from '../state/room';
import { appStore } from '../state/store';
import { REFUSALS } from './room/words';

/** Loads that ended because the user wanted it so. */
const QUIET_CODES = new Set<string>(['load-cancelled', 'load-superseded']);

/** Does something that may fail; a failure becomes a notice. */
export async function attempt(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    const { code, message } = toPlainError(thrown, 'engine-failed');
    if (!QUIET_CODES.has(code)) appStore.getState().notify({ code, message }, 'error');
  }
}

/** Loads a model, closing what was open to choose it; a failure becomes the error card. */
export function loadModel(simroom: Simroom, source: ModelSource): Promise<void> {
  return attemptLoad(() => simroom.load(source));
}

/** Does something that ends in a new model; a failure becomes the error card. */
export async function attemptLoad(load: () => Promise<ModelInfo>): Promise<void> {
  const ui = appStore.getState();
  const { show, fail, dismissFailure, giveUpLoad } = ui;
  show(null);
  if (!hasRole(ui, 'developer')) {
    ui.notify({ code: 'role-refused', message: REFUSALS.developer });
    return;
  }
  dismissFailure();
  try {
    await load();
  } catch (thrown) {
    const failure = toPlainError(thrown, 'engine-failed');
    if (failure.code === 'load-cancelled') giveUpLoad();
    else if (failure.code !== 'load-superseded') fail(failure);
  }
}

/** Lets a person choose files, or a folder; empty when nothing was chosen. */
export function pickFiles(kind: 'files' | 'folder' = 'files', accept = ''): Promise<File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.accept = accept;
    input.webkitdirectory = kind === 'folder';
    input.addEventListener('change', () => resolve(withPaths([...(input.files ?? [])])));
    input.addEventListener('cancel', () => resolve([]));
    input.click();
  });
}

/** Files named by their path in the folder they were chosen from, as dropped ones are (see `drop.ts`). */
function withPaths(files: File[]): File[] {
  return files.map((file) =>
    file.webkitRelativePath === ''
      ? file
      : new File([file], file.webkitRelativePath, { type: file.type, lastModified: file.lastModified }),
  );
}

/** Hands a file to the person. */
export function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has taken its own hold of the blob once the click returns to the event loop.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}

/** Puts text on the clipboard and says so. */
export function copyText(text: string, what: string): Promise<void> {
  return attempt(async () => {
    await navigator.clipboard.writeText(text);
    appStore.getState().notify({ code: 'copied', message: `${what} copied.` });
  });
}
