import { sha256 } from 'virtual:mujoco-wasm';
import { SimroomError } from '../core/errors';
import type { Resume, TapeParts } from '../session/engine_messages';
import { decodeCheckpoint } from '../tape/checkpoint';
import { decodeTapeFile, encodeTapeFile } from '../tape/file';
import type { ModelSource } from './api';
import type { LoadedModel } from './model_loader';

/** A tape ready to be continued. */
export interface OpenedTape {
  readonly source: ModelSource;
  readonly origin: string;
  readonly resume: Resume;
  /** Hash of the state at its end, as recorded. */
  readonly hash: string;
}

/** The tape of the running model as a file, its model's files included. */
export async function saveTape(parts: TapeParts, { bundle, info }: LoadedModel): Promise<Blob> {
  const { packBundle } = await import('../model/pack');
  return new Blob([
    encodeTapeFile({ ...parts, wasm: sha256, origin: info.origin, bundle: packBundle(bundle) }),
  ]);
}

/** @throws SimroomError `tape-invalid` */
export async function openTape(file: Blob): Promise<OpenedTape> {
  const { unpackBundle } = await import('../model/pack');
  const tape = decodeTapeFile(new Uint8Array(await file.arrayBuffer()));
  const checkpoint = decodeCheckpoint(tape.checkpoint);
  if (checkpoint === null) {
    throw new SimroomError(
      'tape-invalid',
      'The start of this tape is damaged: save it again where it came from.',
    );
  }
  const { entry, files } = unpackBundle(tape.bundle);
  return {
    source: { entry, files: Object.fromEntries(files) },
    origin: tape.origin,
    resume: {
      entries: tape.entries,
      checkpoint: { index: 0, tick: checkpoint.tick, bytes: tape.checkpoint },
      tick: tape.tick,
    },
    hash: tape.hash,
  };
}
