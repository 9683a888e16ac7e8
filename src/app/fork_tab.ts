import { SimroomError } from '../core/errors';
import type { Resume } from '../session/engine_messages';
import type { LoadedModel, ModelLoader } from './model_loader';

/** A world on its way to a tab of its own. */
interface WorldCopy {
  readonly entry: string;
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** Where its model came from, for people. */
  readonly origin: string;
  readonly resume: Resume;
}

/** What `?model=` names in the tab that a copy is opened in. */
const PREFIX = 'fork:';
/** The tab, or the copy, is given up after this time, ms: a cold start on a slow machine takes some seconds. */
const PATIENCE_MS = 30_000;

export function isFork(source: unknown): source is string {
  return typeof source === 'string' && source.startsWith(PREFIX);
}

/**
 * Opens a tab that goes on with a copy of a world; resolves when it has it.
 *
 * Must be called while the browser still counts the click.
 *
 * @throws SimroomError `tab-blocked`; `no-model` before the first load
 */
export async function forkInTab(loaded: LoadedModel | null, resume: Resume | null): Promise<void> {
  if (loaded === null || resume === null) {
    throw new SimroomError('no-model', 'No model is loaded yet: load one first.');
  }
  const { bundle, info } = loaded;
  const files = Object.fromEntries(bundle.files);
  const copy: WorldCopy = { entry: bundle.entry, files, origin: info.origin, resume };
  const source = PREFIX + crypto.randomUUID();
  const url = new URL(window.location.href);
  url.hash = '';
  url.searchParams.set('model', source);
  const channel = new BroadcastChannel(source);
  const blocked = new SimroomError(
    'tab-blocked',
    'The browser did not open a tab for the copy: allow pop-ups for this page, and fork again.',
  );
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(blocked), PATIENCE_MS);
    channel.onmessage = () => {
      channel.postMessage(copy);
      clearTimeout(timer);
      resolve();
    };
    if (window.open(url, '_blank') === null) {
      clearTimeout(timer);
      reject(blocked);
    }
  }).finally(() => channel.close());
}

/**
 * Goes on with the copy that this tab was opened for. A reload finds it no more, so the address forgets it.
 *
 * @throws SimroomError `not-found` when nobody has it
 */
export async function continueFork(source: string, loader: ModelLoader): Promise<LoadedModel> {
  const url = new URL(window.location.href);
  url.searchParams.delete('model');
  window.history.replaceState(window.history.state, '', url);
  const channel = new BroadcastChannel(source);
  const gone = new SimroomError(
    'not-found',
    'The tab that this copy was to come from is gone. Go back to the room, and fork again.',
  );
  const { entry, files, origin, resume } = await new Promise<WorldCopy>((resolve, reject) => {
    const timer = setTimeout(() => reject(gone), PATIENCE_MS);
    channel.onmessage = ({ data }: MessageEvent<WorldCopy>) => {
      clearTimeout(timer);
      resolve(data);
    };
    channel.postMessage('here');
  }).finally(() => channel.close());
  return loader.continue({ entry, files }, origin, resume);
}
