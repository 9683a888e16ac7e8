import workerUrl from '../../workers/glb_reader.ts?worker&url';
import { fromPlainError, SimroomError } from '../core/errors';
import { readGlbHead, type GlbAnswer, type GlbHeadData } from '../face/glb/check';

/** A worker that has not answered by then has met a file that it cannot cope with, ms. */
const TIMEOUT_MS = 30_000;

/**
 * Reads somebody's own head as `readGlbHead` does, in a worker of its own: neither the page nor anything that runs in it
 * waits for a file from a stranger.
 *
 * @param bytes of the file; they stay the caller's
 * @param start tests bring their own worker
 * @throws SimroomError as `readGlbHead`; `head-invalid` too when the worker dies of it
 */
export async function readGlbAside(
  bytes: Uint8Array,
  start: () => Worker = () =>
    new Worker(new URL(workerUrl, import.meta.url), { type: 'module', name: 'head file' }),
): Promise<GlbHeadData> {
  let worker: Worker;
  try {
    worker = start();
  } catch {
    // A page without an origin may not start it (a sandboxed frame): slower here than not at all.
    return readGlbHead(bytes);
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const answer = await new Promise<GlbAnswer>((resolve, reject) => {
      worker.addEventListener('message', ({ data }: MessageEvent<GlbAnswer>) => resolve(data));
      worker.addEventListener('error', (event) => reject(unreadable(event.message)));
      timer = setTimeout(() => reject(unreadable('timeout')), TIMEOUT_MS);
      worker.postMessage(bytes);
    });
    if ('error' in answer) throw fromPlainError(answer.error);
    return answer.data;
  } finally {
    clearTimeout(timer);
    worker.terminate();
  }
}

function unreadable(cause: string): SimroomError {
  return new SimroomError(
    'head-invalid',
    'This head could not be read: it is too much for this browser. Reduce it in the program it was made with, and export it again.',
    { cause },
  );
}
