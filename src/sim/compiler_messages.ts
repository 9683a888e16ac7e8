/** What the page and the compiler's worker say to each other: a request, the engine, progress, one end. */

import type { PlainError } from '../core/errors';
import type { FileRecord, LoadProgress, PlainSource } from '../model/source';
import type { Compiled } from './compile';

export interface CompilerRequest {
  readonly source: PlainSource;
  /** The app's base address. */
  readonly base: string;
  /** Files a person added because the source lacks them. */
  readonly extra?: FileRecord;
}

/** Follows the request, as soon as there is one: a model's files are found meanwhile. */
export interface CompilerEngine {
  readonly module: WebAssembly.Module;
}

export type CompilerReply =
  | { readonly kind: 'progress'; readonly progress: LoadProgress }
  | { readonly kind: 'done'; readonly compiled: Compiled }
  | { readonly kind: 'failed'; readonly error: PlainError };
