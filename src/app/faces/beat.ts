import workerUrl from '../../../workers/beat.ts?worker&url';
import { startWorker } from '../worker';

/**
 * A beat that goes on while the tab is hidden, some sixty times a second.
 *
 * @returns how to stop it
 */
export function startBeat(beat: () => void): () => void {
  const worker = startWorker(workerUrl, 'simroom-beat');
  worker.addEventListener('message', beat);
  return () => {
    // What is on its way already comes no more.
    worker.removeEventListener('message', beat);
    worker.terminate();
  };
}
