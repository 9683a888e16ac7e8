/**
 * Compiles models in a worker of their own: a model that hangs or breaks the engine takes only that worker with it.
 */

import workerUrl from '../../workers/compiler.ts?worker&url';
import { fromPlainError, SimroomError } from '../core/errors';
import { filesByPath, type LoadProgress, type ModelSource, plainSource } from '../model/source';
import type { Compiled } from '../sim/compile';
import type { CompilerEngine, CompilerReply, CompilerRequest } from '../sim/compiler_messages';
import { startWorker } from './worker';

/**
 * Longest silence of the worker, ms. The largest models of the corpus compile in under 5 s on a slow machine; a phone
 * takes ten times that.
 */
export const COMPILE_SILENCE_MS = 60_000;

/** What is used of a worker; tests bring their own. */
export interface CompilerWorker extends Pick<Worker, 'terminate' | 'addEventListener'> {
  postMessage(message: CompilerRequest | CompilerEngine): void;
}

export interface CompileRequest {
  readonly source: ModelSource;
  /** MuJoCo's wasm, compiled once for all workers; the model's files are found while it is still coming in. */
  readonly module: Promise<WebAssembly.Module>;
  /** The app's base address: the catalogue and relative addresses are resolved against it. */
  readonly base: string;
  /** Files a person added because the source lacks them. */
  readonly extra?: readonly File[];
  readonly onProgress: (progress: LoadProgress) => void;
  /** Aborting ends the load with the reason given, else with code `load-cancelled`. */
  readonly signal: AbortSignal;
  readonly spawn?: () => CompilerWorker;
  readonly silenceMs?: number;
}

/**
 * Resolves and compiles a model, then throws the worker away.
 *
 * @throws SimroomError with one of the model loading codes
 */
export async function compileModel(request: CompileRequest): Promise<Compiled> {
  const { signal, onProgress, silenceMs = COMPILE_SILENCE_MS } = request;
  if (signal.aborted) throw cancelled(signal);
  const worker = (request.spawn ?? spawnCompiler)();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let abort: (() => void) | undefined;
  let last: LoadProgress | null = null;
  try {
    return await new Promise<Compiled>((resolve, reject) => {
      let hasEngine = false;
      const watch = (): void => {
        clearTimeout(timer);
        // Until then it waits for us, however slow the network.
        if (hasEngine) timer = setTimeout(() => reject(silent(last, silenceMs)), silenceMs);
      };
      abort = () => reject(cancelled(signal));
      signal.addEventListener('abort', abort);
      worker.addEventListener('message', (event: MessageEvent<CompilerReply>) => {
        const reply = event.data;
        watch();
        if (reply.kind === 'done') resolve(reply.compiled);
        else if (reply.kind === 'failed') reject(fromPlainError(reply.error));
        else {
          last = reply.progress;
          onProgress(reply.progress);
        }
      });
      worker.addEventListener('error', (event) => reject(died(event.message)));
      worker.addEventListener('messageerror', () => reject(died('its answer could not be read')));
      worker.postMessage(messageOf(request));
      request.module.then((module) => {
        if (signal.aborted) return;
        hasEngine = true;
        watch();
        worker.postMessage({ module });
      }, reject);
    });
  } finally {
    clearTimeout(timer);
    if (abort !== undefined) signal.removeEventListener('abort', abort);
    worker.terminate();
  }
}

/** Started before it was needed. */
let spare: Worker | null = null;

/** Starts a compiler whose work is sure to come soon: its script loads meanwhile. */
export function warmCompiler(): void {
  spare ??= startWorker(workerUrl, 'simroom compiler');
}

function spawnCompiler(): Worker {
  const worker = spare ?? startWorker(workerUrl, 'simroom compiler');
  spare = null;
  return worker;
}

function messageOf({ source, base, extra }: CompileRequest): CompilerRequest {
  const plain = plainSource(source);
  return extra === undefined ? { source: plain, base } : { source: plain, base, extra: filesByPath(extra) };
}

function cancelled({ reason }: AbortSignal): SimroomError {
  if (reason instanceof SimroomError) return reason;
  return new SimroomError('load-cancelled', 'Loading was cancelled; the running model stays.');
}

function silent(last: LoadProgress | null, silenceMs: number): SimroomError {
  const seconds = Math.round(silenceMs / 1000);
  if (last?.step === 'fetch')
    return new SimroomError(
      'fetch-failed',
      `${last.what} did not arrive: nothing came for ${seconds} s. Check the network and load again, or download the ` +
        'model and drop it here.',
      { file: last.what },
    );
  return new SimroomError(
    'compile-timeout',
    `${last?.what ?? 'The model'} was given up after ${seconds} s without progress: it is too large to compile here. ` +
      'Lower its counts, or simplify its meshes, and load it again.',
    last === null ? {} : { file: last.what },
  );
}

function died(why: string): SimroomError {
  return new SimroomError(
    'compile-failed',
    `The compiler broke down (${why === '' ? 'no reason given' : why}). The running model is not affected; load again, ` +
      'or make the model smaller.',
  );
}
