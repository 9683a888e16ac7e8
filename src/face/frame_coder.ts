import { CHANNELS, MAX_HEAD_STEP, TWIN, WEIGHT_STEPS } from './frame';
import { SHAPES } from './names';
import { REGION, REGIONS } from './regions';

/**
 * What a frame differs in from another one, as a series of decisions: has this channel moved, up or down, by how much.
 *
 * Each decision has a context, by which its probability is known: most channels rest, those at 0 most of all; the right
 * side does as the left; what moved goes on moving. Writing, reading and counting differ only in who decides.
 */

/** Deals with a decision: writes it, or reads it and ignores what is given. */
export interface Decider {
  /**
   * @param context 0 to CONTEXTS - 1
   * @param bit 0 or 1
   * @returns what was decided
   */
  decide(context: number, bit: number): number;
}

/** What a frame is told by: a frame long ago, or the one right before it. */
export type Reference = typeof FAR | typeof NEAR;
export const FAR = 0;
export const NEAR = 1;

/** Sizes of a change that contexts tell apart: none, 1, 2 to 3, more. */
const SIZES = 4;
/** Signs: none, up, down. */
const SIGNS = 3;
/** A size beyond it is told as a number rather than step by step. */
const STEPS = 12;
/** Bits of a number, at most. */
const NUMBER_BITS = 16;

const MOVED = 0;
const MOVED_CONTEXTS = 2 * REGIONS.length * 2 * 2 * SIZES * SIZES;
const SIGN = MOVED + MOVED_CONTEXTS;
const SIGN_CONTEXTS = 2 * SIGNS * SIGNS;
const STEP = SIGN + SIGN_CONTEXTS;
const STEP_CONTEXTS = 2 * SIZES * STEPS;
const LARGE = STEP + STEP_CONTEXTS;
const GAP = LARGE + 2 * NUMBER_BITS;
/** Contexts there are. */
export const CONTEXTS = GAP + 2 * NUMBER_BITS;

const LEAST = Int16Array.from({ length: CHANNELS }, (_, i) => (i < SHAPES ? 0 : -MAX_HEAD_STEP));
const MOST = Int16Array.from({ length: CHANNELS }, (_, i) => (i < SHAPES ? WEIGHT_STEPS : MAX_HEAD_STEP));

function sizeOf(change: number): number {
  const size = change < 0 ? -change : change;
  return size < 2 ? size : size < 4 ? 2 : 3;
}

function signOf(change: number): number {
  return change === 0 ? 0 : change > 0 ? 1 : 2;
}

/**
 * Codes a frame by what it differs in from `reference`.
 *
 * @param moved what each channel changed by in the frame coded before; afterwards, in this one
 * @param frame the frame: given when writing, filled in when reading
 * @returns false when a value would be out of range, which only garbage is; the frame then holds values that are not
 */
export function codeFrame(
  decider: Decider,
  kind: Reference,
  reference: Int16Array,
  moved: Int16Array,
  frame: Int16Array,
): boolean {
  let bustle = 0;
  let fits = true;
  for (let i = 0; i < CHANNELS; i++) {
    const from = reference[i] ?? 0;
    const least = LEAST[i] ?? 0;
    const most = MOST[i] ?? 0;
    const twin = TWIN[i] ?? -1;
    const before = sizeOf(moved[i] ?? 0);
    const twinMoved = twin < 0 ? 0 : (moved[twin] ?? 0);
    let expected = from + twinMoved;
    if (expected < least) expected = least;
    else if (expected > most) expected = most;

    const beside = twin < 0 ? (bustle > 7 ? 3 : bustle >> 1) : sizeOf(twinMoved);
    let context = kind * REGIONS.length + (REGION[i] ?? 0);
    context = (context * 2 + (from === 0 ? 1 : 0)) * 2 + (twin < 0 ? 0 : 1);
    context = (context * SIZES + beside) * SIZES + before;

    let off = (frame[i] ?? 0) - expected;
    if (decider.decide(MOVED + context, off === 0 ? 0 : 1) === 0) {
      off = 0;
    } else {
      const sign = SIGN + (kind * SIGNS + signOf(twinMoved)) * SIGNS + signOf(moved[i] ?? 0);
      const down = expected === least ? 0 : expected === most ? 1 : decider.decide(sign, off < 0 ? 1 : 0);
      const alike = sizeOf(twinMoved);
      const steps = STEP + (kind * SIZES + (alike > before ? alike : before)) * STEPS;
      const size = codeSize(decider, steps, off < 0 ? -off : off);
      off = down === 1 ? -size : size;
    }
    const value = expected + off;
    if (value < least || value > most) {
      fits = false;
      frame[i] = expected;
    } else {
      frame[i] = value;
    }
    const change = (frame[i] ?? 0) - from;
    moved[i] = change;
    const size = change < 0 ? -change : change;
    bustle = (bustle >> 1) + (size > 3 ? 3 : size);
  }
  return fits;
}

/** A size of 1 or more. */
function codeSize(decider: Decider, steps: number, size: number): number {
  let known = 1;
  while (known <= STEPS) {
    if (decider.decide(steps + known - 1, known < size ? 1 : 0) === 0) return known;
    known++;
  }
  return STEPS + codeNumber(decider, LARGE, size - STEPS);
}

/** Time between two frames of a message, ms: 1 to 65535. */
export function codeGap(decider: Decider, gap: number): number {
  return codeNumber(decider, GAP, gap);
}

/** A number from 1 to 65535: its length in bits, then the bits below the first (Elias' gamma code). */
function codeNumber(decider: Decider, contexts: number, value: number): number {
  let length = 1;
  while (length < NUMBER_BITS && decider.decide(contexts + length, value >>> length > 0 ? 1 : 0) === 1)
    length++;
  let number = 1;
  for (let i = length - 2; i >= 0; i--) {
    number = (number << 1) | decider.decide(contexts + NUMBER_BITS + i, (value >>> i) & 1);
  }
  return number;
}
