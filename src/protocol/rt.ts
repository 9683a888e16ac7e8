import { PERSON } from '../core/frame';
import { ByteReader, ByteWriter } from '../core/bytes';
import { toHex } from '../core/encoding';
import type { Action } from '../tape/action';
import { decodeAction, encodeAction } from '../tape/codec';
import { type Entry, encodeEntry } from '../tape/tape';
import { MAX_FACE_BYTES, MAX_RT_BYTES } from './limits';

/**
 * Datagrams on `rt`: sections, each `kind u8 | length varint | body`, so that a reader skips what it does not know.
 *
 * Every datagram stands alone: what was lost with the last one is in this one too.
 */

const TAPE = 1;
const HASH = 2;
const ACTS = 3;
const PING = 4;
const PONG = 5;
const PRESENCE = 6;
const FACE = 7;
const FACE_REPORT = 8;
const FACE_DEMAND = 9;

/** What a face's section takes besides its message, bytes: kind, length, seat and stamp. */
export const FACE_SECTION_BYTES = 1 + 2 + 4 + 1;
/** A report or a demand is shorter, bytes. */
const MAX_FACE_WORDS_BYTES = 16;
/** A report's section, or a demand's, bytes. */
export const MAX_FACE_WORDS_SECTION_BYTES = 2 + 4 + MAX_FACE_WORDS_BYTES;

/** Half a state hash tells two states apart as well as a whole one, bytes. */
const HASH_BYTES = 8;
/** Beyond it a float32, which presence records are made of, no longer tells seats apart. */
const MAX_SEAT = 2 ** 24;
/** More in one datagram is garbage: an entry takes three bytes at least. */
const MAX_ENTRIES = 512;

/** The host's head of the tape: complete through `tick`. */
export interface TapeSection {
  readonly world: number;
  /** Every entry stamped before this tick has a number below `nextSeq`. */
  readonly tick: number;
  readonly nextSeq: number;
  /** Actions of this guest that were dealt with, taken or not. */
  readonly acted: number;
  /** Entries from `nextSeq - entries.length` on; possibly none. */
  readonly entries: readonly Entry[];
}

/** A guest's actions that the host has not dealt with yet, and what the guest has. */
export interface ActsSection {
  readonly world: number;
  /** The entry the guest expects next. */
  readonly nextSeq: number;
  /** Number of the first action. */
  readonly first: number;
  readonly actions: readonly Action[];
}

/** What is in a datagram; each is called as it is met, with arguments that are in range and finite. */
export interface RtHandler {
  tape(section: TapeSection): void;
  /** The first 8 bytes of the host's hash at a tick, as 16 hex digits. */
  hash(world: number, tick: number, hash: string): void;
  acts(section: ActsSection): void;
  /** `stamp` in ms modulo 65536, by the sender's clock: to be returned. */
  ping(stamp: number): void;
  pong(stamp: number): void;
  /** A record as {@link PERSON} has it; `stamp` counts up by one per record, modulo 256. The array is reused. */
  presence(person: Float32Array, stamp: number): void;
  /**
   * A message of somebody's face, unread, valid during the call; what it says is `face/FORMAT.md`'s matter. `stamp`
   * counts up by one per message of its sender, modulo 256.
   */
  face(seat: number, stamp: number, message: Uint8Array): void;
  /** How that seat's face arrives there, and what its sender is asked for: unread too. */
  faceReport(seat: number, report: Uint8Array): void;
  faceDemand(demand: Uint8Array): void;
}

/** Writes one datagram at a time, in memory that is reused. */
export class RtWriter {
  private readonly out = new ByteWriter();
  private readonly body = new ByteWriter();

  get length(): number {
    return this.out.length;
  }

  begin(): void {
    this.out.clear();
  }

  /** What was written since {@link begin}; valid until the next call. */
  datagram(): Uint8Array<ArrayBuffer> {
    return this.out.written();
  }

  /** The head of the tape, with `entries[from..to)`, the last of which has number `nextSeq - 1`. */
  tape(
    world: number,
    tick: number,
    nextSeq: number,
    acted: number,
    entries: readonly Entry[],
    from: number,
    to = entries.length,
  ): void {
    const { body } = this;
    body.clear();
    body.varint(world);
    body.varint(tick);
    body.varint(nextSeq);
    body.varint(acted);
    body.varint(to - from);
    let before = tick;
    for (let i = from; i < to; i++) {
      const entry = entries[i];
      if (entry === undefined) break;
      if (i === from) {
        body.varint(tick - entry.tick);
        before = entry.tick;
      }
      encodeEntry(body, entry, before);
      before = entry.tick;
    }
    this.section(TAPE);
  }

  /** @param hash 32 hex digits */
  hash(world: number, tick: number, hash: string): void {
    const { body } = this;
    body.clear();
    body.varint(world);
    body.varint(tick);
    for (let i = 0; i < HASH_BYTES; i++) body.u8(Number.parseInt(hash.slice(2 * i, 2 * i + 2), 16));
    this.section(HASH);
  }

  /** Actions `first`, `first + 1`...: encoded ones, as {@link encodeAction} writes them. */
  acts(world: number, nextSeq: number, first: number, actions: readonly Uint8Array[]): void {
    const { body } = this;
    body.clear();
    body.varint(world);
    body.varint(nextSeq);
    body.varint(first);
    body.varint(actions.length);
    for (const action of actions) body.raw(action);
    this.section(ACTS);
  }

  ping(stamp: number): void {
    this.stamp(PING, stamp);
  }

  pong(stamp: number): void {
    this.stamp(PONG, stamp);
  }

  presence(person: Float32Array, stamp: number): void {
    const { body } = this;
    const pointing = person[PERSON.pointing] === 1;
    body.clear();
    body.varint(person[PERSON.seat] ?? 0);
    body.u8(stamp);
    body.u8(pointing ? 1 : 0);
    for (let i = PERSON.eye; i < PERSON.pointing; i++) body.f32(person[i] ?? 0);
    if (pointing) for (let i = PERSON.hit; i < PERSON.stride; i++) body.f32(person[i] ?? 0);
    this.section(PRESENCE);
  }

  /** @param message up to MAX_FACE_BYTES */
  face(seat: number, stamp: number, message: Uint8Array): void {
    const { body } = this;
    body.clear();
    body.varint(seat);
    body.u8(stamp);
    body.raw(message);
    this.section(FACE);
  }

  faceReport(seat: number, report: Uint8Array): void {
    const { body } = this;
    body.clear();
    body.varint(seat);
    body.raw(report);
    this.section(FACE_REPORT);
  }

  faceDemand(demand: Uint8Array): void {
    const { body } = this;
    body.clear();
    body.raw(demand);
    this.section(FACE_DEMAND);
  }

  private stamp(kind: number, stamp: number): void {
    const { body } = this;
    body.clear();
    body.u8(stamp & 0xff);
    body.u8((stamp >> 8) & 0xff);
    this.section(kind);
  }

  private section(kind: number): void {
    const { out, body } = this;
    out.u8(kind);
    out.varint(body.length);
    out.raw(body.written());
  }
}

/** Encodes an action once, for all datagrams it will travel in. */
export function encodedAction(action: Action): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter();
  encodeAction(out, action);
  return out.finish();
}

const person = new Float32Array(PERSON.stride);

/**
 * Reads a datagram.
 *
 * @returns false when it is too long, or a section was malformed: those before it have been handed over, it and the
 *   rest have not
 */
export function readRt(datagram: Uint8Array, handler: RtHandler): boolean {
  if (datagram.length > MAX_RT_BYTES) return false;
  const input = new ByteReader(datagram);
  while (input.remaining > 0) {
    const kind = input.u8();
    const length = input.varint();
    if (!input.ok || length > input.remaining) return false;
    const start = input.position;
    const body = new ByteReader(datagram.subarray(start, start + length));
    if (!readSection(kind, body, handler)) return false;
    input.skip(length);
  }
  return input.ok;
}

function readSection(kind: number, body: ByteReader, handler: RtHandler): boolean {
  switch (kind) {
    case TAPE:
      return readTape(body, handler);
    case ACTS:
      return readActs(body, handler);
    case HASH: {
      const world = body.varint();
      const tick = body.varint();
      const hash = toHex(body.raw(HASH_BYTES));
      if (!whole(body)) return false;
      handler.hash(world, tick, hash);
      return true;
    }
    case PING:
    case PONG: {
      const stamp = body.u8() | (body.u8() << 8);
      if (!whole(body)) return false;
      if (kind === PING) handler.ping(stamp);
      else handler.pong(stamp);
      return true;
    }
    case PRESENCE:
      return readPresence(body, handler);
    case FACE: {
      const seat = body.varint();
      const stamp = body.u8();
      const { remaining } = body;
      if (!body.ok || seat > MAX_SEAT || remaining === 0 || remaining > MAX_FACE_BYTES) return false;
      handler.face(seat, stamp, body.rest());
      return true;
    }
    case FACE_REPORT: {
      const seat = body.varint();
      if (!body.ok || seat > MAX_SEAT || !isFaceWords(body)) return false;
      handler.faceReport(seat, body.rest());
      return true;
    }
    case FACE_DEMAND:
      if (!isFaceWords(body)) return false;
      handler.faceDemand(body.rest());
      return true;
    default:
      return true;
  }
}

function readTape(body: ByteReader, handler: RtHandler): boolean {
  const world = body.varint();
  const tick = body.varint();
  const nextSeq = body.varint();
  const acted = body.varint();
  const count = body.varint();
  if (!body.ok || count > MAX_ENTRIES || count > nextSeq || count > body.remaining) return false;
  const entries: Entry[] = [];
  let at = count > 0 ? tick - body.varint() : tick;
  for (let i = 0; i < count; i++) {
    at += body.varint();
    const seat = body.varint();
    const action = decodeAction(body);
    if (action === null || at < 0 || at > tick) return false;
    entries.push({ tick: at, seat, seq: nextSeq - count + i, action });
  }
  if (!whole(body)) return false;
  handler.tape({ world, tick, nextSeq, acted, entries });
  return true;
}

function readActs(body: ByteReader, handler: RtHandler): boolean {
  const world = body.varint();
  const nextSeq = body.varint();
  const first = body.varint();
  const count = body.varint();
  if (!body.ok || count > MAX_ENTRIES || count > body.remaining) return false;
  if (!Number.isSafeInteger(first + count)) return false;
  const actions: Action[] = [];
  for (let i = 0; i < count; i++) {
    const action = decodeAction(body);
    if (action === null) return false;
    actions.push(action);
  }
  if (!whole(body)) return false;
  handler.acts({ world, nextSeq, first, actions });
  return true;
}

function readPresence(body: ByteReader, handler: RtHandler): boolean {
  const seat = body.varint();
  const stamp = body.u8();
  const pointing = body.u8();
  if (pointing > 1 || seat > MAX_SEAT) return false;
  person.fill(0);
  person[PERSON.seat] = seat;
  person[PERSON.pointing] = pointing;
  for (let i = PERSON.eye; i < PERSON.pointing; i++) person[i] = body.f32();
  if (pointing === 1) for (let i = PERSON.hit; i < PERSON.stride; i++) person[i] = body.f32();
  if (!whole(body) || !person.every(Number.isFinite)) return false;
  handler.presence(person, stamp);
  return true;
}

function isFaceWords(body: ByteReader): boolean {
  return body.remaining > 0 && body.remaining <= MAX_FACE_WORDS_BYTES;
}

function whole(body: ByteReader): boolean {
  return body.ok && body.remaining === 0;
}
