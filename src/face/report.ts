import type { ByteReader, ByteWriter } from '../core/bytes';
import { MAX_RATE } from './message';

/** What a receiver tells about one sender's face, a few times a second; FORMAT.md has the bytes. */
export interface FaceReport {
  /** The newest proposed baseline it has; null when it has nothing to go by. */
  readonly held: number | null;
  /** Messages that came, modulo 256: who passed them on knows how many there were. */
  readonly received: number;
  /** How much later than the least messages come, ms. */
  readonly lateness: number;
  /** Frames a second that it can make use of. */
  readonly rate: number;
}

/** What a sender is told: the same for all its receivers together. */
export interface FaceDemand {
  /** The frame that all receivers have; null when one of them has nothing to go by. */
  readonly held: number | null;
  /** Frames a second, the most that anyone gets. */
  readonly rate: number;
  /** Frames to be told again in each message. */
  readonly repeat: number;
}

const MOST = 255;
const MAX_NUMBER = 0xffff;
/** More than that is garbage. */
const MAX_REPEAT = 4;

export function writeReport(out: ByteWriter, { held, received, lateness, rate }: FaceReport): void {
  writeHeld(out, held);
  out.u8(received & 0xff);
  out.u8(Math.min(MOST, Math.max(0, Math.round(lateness))));
  out.u8(Math.min(MAX_RATE, Math.max(0, Math.round(rate))));
}

/** Null for what is not a report. */
export function readReport(input: ByteReader): FaceReport | null {
  const held = readHeld(input);
  const report = { held: held ?? null, received: input.u8(), lateness: input.u8(), rate: input.u8() };
  return input.ok && held !== undefined && report.rate <= MAX_RATE ? report : null;
}

export function writeDemand(out: ByteWriter, { held, rate, repeat }: FaceDemand): void {
  writeHeld(out, held);
  out.u8(Math.min(MAX_RATE, Math.max(0, Math.round(rate))));
  out.u8(repeat);
}

/** Null for what is not a demand. */
export function readDemand(input: ByteReader): FaceDemand | null {
  const held = readHeld(input);
  const demand = { held: held ?? null, rate: input.u8(), repeat: input.u8() };
  const fits = demand.rate <= MAX_RATE && demand.repeat <= MAX_REPEAT;
  return input.ok && held !== undefined && fits ? demand : null;
}

function writeHeld(out: ByteWriter, held: number | null): void {
  out.varint(held === null ? 0 : held + 1);
}

/** Undefined when it is out of range. */
function readHeld(input: ByteReader): number | null | undefined {
  const value = input.varint();
  if (value > MAX_NUMBER + 1) return undefined;
  return value === 0 ? null : value - 1;
}
