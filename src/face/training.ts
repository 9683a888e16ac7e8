import { CHANNELS, quantise } from './frame';
import { CONTEXTS, type Decider, FAR, NEAR, codeFrame, codeGap } from './frame_coder';
import { generateTake } from './generate';
import { NEUTRAL } from './history';
import { frameCount, frameOf } from './take';

/** Where the probabilities in `table.ts` come from: counting decisions in sample takes. */

/** Decisions of each kind that are assumed before any was seen. */
const ASSUMED = 2;
/** Ages of baselines, frames: what acknowledgements take near and far; 0 stands for none. */
const AGES = [6, 14, 0];
/** Frames in a message: two, or three with one told again. */
const COUNTS = [2, 3];
const SECONDS = 20;
const SEEDS = [101, 102, 103, 104];

class CountingDecider implements Decider {
  readonly zeros = new Float64Array(CONTEXTS).fill(ASSUMED);
  readonly ones = new Float64Array(CONTEXTS).fill(ASSUMED);

  decide(context: number, bit: number): number {
    const counts = bit === 0 ? this.zeros : this.ones;
    counts[context] = (counts[context] ?? 0) + 1;
    return bit;
  }
}

/** The probability of 0 in each context, 1 to 255 of 256. */
export function trainTable(): Uint8Array {
  const counts = new CountingDecider();
  for (const seed of SEEDS) {
    // A face that talks is what costs most.
    for (const mood of ['talk', 'talk', 'emote', 'idle'] as const) {
      const take = generateTake(seed + 10 * mood.length, SECONDS, mood);
      const frames: Int16Array[] = [];
      for (let f = 0; f < frameCount(take); f++) {
        const frame = new Int16Array(frames.at(-1) ?? NEUTRAL);
        quantise(frameOf(take, f), frame);
        frames.push(frame);
      }
      for (const age of AGES) for (const count of COUNTS) countMessages(counts, frames, age, count);
    }
  }
  return Uint8Array.from(counts.zeros, (zeros, i) => {
    const share = zeros / (zeros + (counts.ones[i] ?? 0));
    return Math.min(255, Math.max(1, Math.round(share * 256)));
  });
}

function countMessages(
  counts: CountingDecider,
  frames: readonly Int16Array[],
  age: number,
  count: number,
): void {
  const moved = new Int16Array(CHANNELS);
  for (let newest = age + count; newest < frames.length; newest += 2) {
    moved.fill(0);
    const oldest = newest - count + 1;
    let reference = age === 0 ? NEUTRAL : (frames[oldest - age] ?? NEUTRAL);
    for (let f = oldest; f <= newest; f++) {
      const frame = frames[f] ?? NEUTRAL;
      // At 60 Hz, in whole ms.
      if (f > oldest) codeGap(counts, Math.round((f * 50) / 3) - Math.round(((f - 1) * 50) / 3));
      codeFrame(counts, f === oldest ? FAR : NEAR, reference, moved, frame);
      reference = frame;
    }
  }
}
