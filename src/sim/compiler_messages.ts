/** What the page and the compiler's worker say to each other: one request, progress, one end. */

import type { PlainError } from '../core/errors';
import type { FileRecord, LoadProgress, PlainSource } from '../model/source';
import type { Compiled } from './compile';

export interface CompilerRequest {
  readonly source: PlainSource;
  readonly module: WebAssembly.Module;
  /** The app's base address. */
  readonly base: string;
  /** Files a person added because the source lacks them. */
  readonly extra?: FileRecord;
}

export type CompilerReply =
  | { readonly kind: 'progress'; readonly progress: LoadProgress }
  | { readonly kind: 'done'; readonly compiled: Compiled }
  | { readonly kind: 'failed'; readonly error: PlainError };
