import { wrap } from 'comlink';
import type { BareWorker } from './worker';

declare global {
  interface Window {
    /** The worker that does nothing but step. */
    bare: ReturnType<typeof wrap<BareWorker>>;
  }
}

window.bare = wrap<BareWorker>(new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }));
