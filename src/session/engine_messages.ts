import type { PlainError } from '../core/errors';
import type { Manifest } from '../protocol/ctl';
import type { UnstableEvent } from './world/authority';
import type { RoomEvent } from './room_messages';

/** What the engine worker and the page say to each other, beside the calls: plain data. */

/** Frame buffers that go back and forth: one for every picture, and one for what cannot wait until the page lends again. */
export const FRAME_BUFFERS = 2;

/** What a page must know to bring a world back in a new worker. Entries come in the order of the tape. */
export type Backup =
  /** The tape begins here: what was kept of another one is void. */
  | { readonly kind: 'tape'; readonly entries: Uint8Array }
  | { readonly kind: 'checkpoint'; readonly index: number; readonly tick: number; readonly bytes: Uint8Array }
  | { readonly kind: 'entries'; readonly bytes: Uint8Array };

export type EngineEvent =
  | { readonly kind: 'backup'; readonly generation: number; readonly backups: readonly Backup[] }
  | { readonly kind: 'unstable'; readonly event: UnstableEvent }
  | { readonly kind: 'crashed'; readonly error: PlainError }
  | { readonly kind: 'room'; readonly event: RoomEvent }
  /** Face messages of others: repeated `seat varint | length varint | message`. */
  | { readonly kind: 'faces'; readonly bytes: Uint8Array<ArrayBuffer> };

/** A world to continue: all entries so far, the latest checkpoint, and the tick to come back at. */
export interface Resume {
  readonly entries: Uint8Array;
  readonly checkpoint: { readonly index: number; readonly tick: number; readonly bytes: Uint8Array };
  readonly tick: number;
}

/** What a room must know of a model that its host loads. */
export interface SharedModel {
  readonly manifest: Manifest;
  /** The packed files. */
  readonly bundle: Uint8Array<ArrayBuffer>;
}

export interface EngineLoad {
  readonly mjb: Uint8Array;
  /** Stamped on every frame of this model. */
  readonly generation: number;
  readonly resume: Resume | null;
  /** Set when this browser hosts a room: everybody gets the model. */
  readonly shared: SharedModel | null;
  /** Set when this is the world of the room that was joined: its description as the host sent it. */
  readonly joined: Manifest | null;
}

/** Copies of the state vectors, in MuJoCo's units. */
export interface State {
  readonly tick: number;
  /** s. */
  readonly time: number;
  readonly qpos: Float64Array;
  readonly qvel: Float64Array;
  readonly act: Float64Array;
  readonly ctrl: Float64Array;
  /** Hash of the full integration state, 32 hex digits. */
  readonly hash: string;
}

/** The tape from a checkpoint on. */
export interface TapeParts {
  /** Where it starts. */
  readonly checkpoint: Uint8Array;
  /** What was done since. */
  readonly entries: Uint8Array;
  /** Where it ends, and the hash there. */
  readonly tick: number;
  readonly hash: string;
}
