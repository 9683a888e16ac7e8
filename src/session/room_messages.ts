import type { FacePlace, Invitation, Manifest, Mode, Person, Request, Role, Route } from '../protocol/ctl';

/**
 * What a room's session and the rest of the app say to each other. All of it is plain data, because the session lives
 * in the worker.
 */

/** What a session tells the app. */
export type RoomEvent =
  /** The handshake is through: this is our seat. */
  | { readonly kind: 'entered'; readonly seat: number }
  /** Everybody, whenever something about somebody changes. */
  | { readonly kind: 'people'; readonly people: readonly Person[] }
  | { readonly kind: 'room'; readonly locked: boolean; readonly defaultRole: Role }
  /** `age`: ms since it was said. */
  | {
      readonly kind: 'said';
      readonly seat: number;
      readonly name: string;
      readonly colour: number;
      readonly text: string;
      readonly age: number;
    }
  /** Somebody asks everybody to look where they look. */
  | { readonly kind: 'gather'; readonly seat: number }
  /** To a guest: the room has this world now; compile it and load it. */
  | { readonly kind: 'world'; readonly manifest: Manifest }
  /** Whose faces are on the model of a world, whenever that changes; the next world begins without any. */
  | { readonly kind: 'faces'; readonly world: number; readonly all: readonly FacePlace[] }
  /** Something that was wanted is here, and its hash is right. */
  | { readonly kind: 'content'; readonly hash: string; readonly bytes: Uint8Array<ArrayBuffer> }
  /** The other side does not have it (any more). */
  | { readonly kind: 'lacking'; readonly hash: string }
  /** Bytes of content received so far. */
  | { readonly kind: 'progress'; readonly hash: string; readonly received: number; readonly size: number }
  /**
   * To the host: somebody who may wants this model loaded. Its files come from them by `want`, unless the page has them;
   * to be answered with `answerLoad`.
   */
  | {
      readonly kind: 'loadRequested';
      readonly id: number;
      readonly seat: number;
      readonly bundle: string;
      readonly size: number;
      readonly origin: string;
    }
  /** To a guest: the world of the room is running here. */
  | { readonly kind: 'started'; readonly world: number }
  /** To a guest: this browser cannot keep up, or can again. */
  | { readonly kind: 'mode'; readonly mode: Mode }
  /** To the host: what must survive a reload of its page has changed (bans, invitations). */
  | { readonly kind: 'keep'; readonly gate: unknown }
  /** The session is over; a guest keeps the world as its own. Codes as in `core/errors.ts`. */
  | { readonly kind: 'ended'; readonly code: string; readonly message: string };

/** The answer to a request. */
export interface Answered {
  /** Of `invite`. */
  readonly token?: string;
  /** Of `invitations`. */
  readonly invitations?: readonly Invitation[];
}

/** Oneself, as others see it. */
export interface Self {
  readonly name: string;
  readonly colour: number;
}

/** The figures of one connection. */
export interface LinkFigures {
  readonly seat: number;
  readonly route: Route;
  /** ms, 0 until measured. */
  readonly rtt: number;
  /** Bytes and messages of `rt` so far, as sent and received by this end, without transport overhead. */
  readonly rtBytesOut: number;
  readonly rtBytesIn: number;
  readonly rtOut: number;
  readonly rtIn: number;
  /** Rollbacks and repairs so far; 0 at the host. */
  readonly rollbacks: number;
  readonly repairs: number;
}

/** What both kinds of session offer the engine. */
export interface RoomSession {
  /** Anything the person asks of the room; rejects with a `SimroomError` when it is refused. */
  request(request: Request): Promise<Answered>;
  say(text: string): void;
  /** Where the person looks and points: a record as `PERSON` in `core/frame.ts` has it; its seat is not looked at. */
  present(person: Float32Array): void;
  /**
   * One's own face as it is now; the array may be reused after the call.
   *
   * @param values 52 weights and the head's angles (`src/face/frame.ts`), or null: there is no face any more
   */
  face(values: Float32Array | null): void;
  /** How others' faces arrive here: repeated `seat varint | report` (`src/face/report.ts`). */
  faceReports(bytes: Uint8Array): void;
  /** Others' face messages since the last call, repeated `seat varint | length varint | message`; null when none waits. */
  takeFaces(): Uint8Array<ArrayBuffer> | null;
  /** Writes everybody else's newest records into a frame's section; returns how many. */
  persons(into: Float32Array): number;
  /** Wants content by its hash, hex; `content` or `lacking` follows. */
  want(hash: string): void;
  /** Has content for others. */
  provide(hash: string, bytes: Uint8Array<ArrayBuffer>): void;
  figures(): readonly LinkFigures[];
  /** Sends what is due. To be called after every turn of the engine. */
  flush(): void;
  /** Wall ms until {@link flush} has something to do by itself. */
  readonly wait: number;
  /** Says goodbye and ends. */
  leave(): void;
}
