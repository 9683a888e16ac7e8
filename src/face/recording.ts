import { ByteReader, ByteWriter } from '../core/bytes';
import { SimroomError } from '../core/errors';
import { ReadingDecider, WritingDecider } from './deciders';
import { CHANNELS, dequantise, quantise } from './frame';
import { FAR, NEAR, codeFrame } from './frame_coder';
import { NEUTRAL } from './history';
import { type Take, frameCount, frameOf } from './take';

/** Takes in a file of our own: 1 MB for a quarter of an hour of talking. FORMAT.md has the bytes. */

const MAGIC = [0x53, 0x52, 0x46, 0x31];
/** Changes with the table of probabilities too. */
const VERSION = 1;
const MAX_RATE = 240;
/** An hour at 60 Hz, 48 MB in memory: more is no take. */
const MAX_FRAMES = 3600 * 60;
/** Frames that are coded together: a damaged block does not touch the next, and memory grows as blocks are read. */
const BLOCK_FRAMES = 60;
/** Most bytes that a block can take, with some to spare: 55 channels of at most 48 decisions of a byte and a half. */
const MAX_BLOCK_BYTES = BLOCK_FRAMES * CHANNELS * 72;

/** Writes a take; weights lose what quantising takes. */
export function writeRecording(take: Take): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter();
  for (const byte of MAGIC) out.u8(byte);
  out.u8(VERSION);
  out.f32(take.rate);
  const count = frameCount(take);
  out.varint(count);
  const decider = new WritingDecider();
  const bytes = new Uint8Array(MAX_BLOCK_BYTES);
  const moved = new Int16Array(CHANNELS);
  const before = new Int16Array(CHANNELS);
  const frame = new Int16Array(CHANNELS);
  for (let start = 0; start < count; start += BLOCK_FRAMES) {
    decider.begin(bytes, 0);
    moved.fill(0);
    for (let i = start; i < Math.min(count, start + BLOCK_FRAMES); i++) {
      before.set(frame);
      quantise(frameOf(take, i), frame);
      codeFrame(decider, i === start ? FAR : NEAR, i === start ? NEUTRAL : before, moved, frame);
    }
    out.blob(bytes.subarray(0, Math.max(0, decider.finish())));
  }
  return out.finish();
}

/**
 * Reads a take.
 *
 * @throws SimroomError `take-invalid`
 */
export function readRecording(bytes: Uint8Array): Take {
  const input = new ByteReader(bytes);
  if (MAGIC.some((byte) => input.u8() !== byte)) throw invalid('It is no recording of a face.');
  const version = input.u8();
  if (version !== VERSION) throw invalid(`It has version ${version}, and this app reads version ${VERSION}.`);
  const rate = input.f32();
  const count = input.varint();
  if (!input.ok || !(rate > 0 && rate <= MAX_RATE) || count > MAX_FRAMES)
    throw invalid('Its beginning is damaged.');
  // Every block has a length, of one byte at least: a count that lies is found out before memory is taken.
  if (Math.ceil(count / BLOCK_FRAMES) > input.remaining) throw invalid('It has been cut short.');
  const frames = new Float32Array(count * CHANNELS);
  const decider = new ReadingDecider();
  const moved = new Int16Array(CHANNELS);
  const before = new Int16Array(CHANNELS);
  const frame = new Int16Array(CHANNELS);
  for (let start = 0; start < count; start += BLOCK_FRAMES) {
    const block = input.blob();
    if (!input.ok) throw invalid('It has been cut short.');
    decider.begin(block, 0, block.length);
    moved.fill(0);
    for (let i = start; i < Math.min(count, start + BLOCK_FRAMES); i++) {
      before.set(frame);
      if (!codeFrame(decider, i === start ? FAR : NEAR, i === start ? NEUTRAL : before, moved, frame)) {
        throw invalid(`It is damaged ${(i / rate).toFixed(1)} s after its beginning.`);
      }
      dequantise(frame, frames, i * CHANNELS);
    }
    if (!decider.spent) throw invalid(`It is damaged ${(start / rate).toFixed(1)} s after its beginning.`);
  }
  if (input.remaining > 0) throw invalid('Something follows after its end.');
  return { rate, frames };
}

function invalid(message: string): SimroomError {
  return new SimroomError('take-invalid', `The recording cannot be read. ${message}`);
}
