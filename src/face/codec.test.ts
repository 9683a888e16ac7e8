import { fc } from '../testing/properties';
import { describe, expect, it } from 'vitest';
import { Random } from '../core/random';
import { FaceDecoder } from './decoder';
import { FaceEncoder } from './encoder';
import { CHANNELS, MAX_HEAD_STEP, WEIGHT_STEPS, quantise } from './frame';
import { generateTake } from './generate';
import { FLAG, HEAD_BYTES, MAX_FRAMES, MAX_MESSAGE_BYTES, peekMessage } from './message';
import { SHAPES } from './names';
import { type Take, frameCount, frameOf } from './take';
import { TABLE } from './table';
import { trainTable } from './training';

const PLAIN = { repeat: 0, urgent: false, resting: false };
const FRAME_MS = 17;

const take = generateTake(3, 12, 'mixed');

/** Any face at all, angles included. */
const wildFace = fc
  .array(fc.float({ min: -4, max: 4 }), { minLength: CHANNELS, maxLength: CHANNELS })
  .map((values) => Float32Array.from(values));

/** What the receiver should have of the take's frames, as the sender quantises them one after the other. */
function quantisedFrames(of: Take): Int16Array[] {
  const frames: Int16Array[] = [];
  for (let f = 0; f < frameCount(of); f++) {
    const frame = new Int16Array(frames.at(-1) ?? new Int16Array(CHANNELS));
    quantise(frameOf(of, f), frame);
    frames.push(frame);
  }
  return frames;
}

/** Sends a take, two frames a message, calling back with each message; the callback may acknowledge. */
function send(
  encoder: FaceEncoder,
  onMessage: (message: Uint8Array, newest: number) => void,
  repeat = 0,
): void {
  for (let f = 0; f < frameCount(take); f++) {
    encoder.add(frameOf(take, f), f * FRAME_MS);
    if (f % 2 === 1) onMessage(encoder.write(f * FRAME_MS, { ...PLAIN, repeat }).slice(), f);
  }
}

describe('FaceEncoder and FaceDecoder', () => {
  const expected = quantisedFrames(take);

  it('FACE-3 give back every frame, its number and its time', () => {
    const encoder = new FaceEncoder();
    const decoder = new FaceDecoder();
    send(encoder, (message, newest) => {
      expect(decoder.read(message)).toBe(true);
      encoder.acknowledge(decoder.held);
      expect([decoder.count, decoder.number]).toEqual([2, newest]);
      expect([...decoder.stamps.subarray(0, 2)]).toEqual([(newest - 1) * FRAME_MS, newest * FRAME_MS]);
      expect(decoder.frame(0)).toEqual(expected[newest - 1]);
      expect(decoder.frame(1)).toEqual(expected[newest]);
    });
  });

  it('FACE-3 give back any faces whatsoever', () => {
    fc.assert(
      fc.property(
        fc.array(wildFace, { minLength: 1, maxLength: 12 }),
        fc.nat(3),
        fc.boolean(),
        (faces, repeat, held) => {
          const encoder = new FaceEncoder();
          const decoder = new FaceDecoder();
          const frame = new Int16Array(CHANNELS);
          faces.forEach((face, i) => {
            quantise(face, frame);
            encoder.add(face, i);
            const message = encoder.write(i, { ...PLAIN, repeat });
            expect(message.length).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
            expect(decoder.read(message)).toBe(true);
            expect(decoder.frame(decoder.count - 1)).toEqual(frame);
            if (held) encoder.acknowledge(decoder.held);
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('FACE-4 read any message whose baseline is here, whatever else is lost, late or twice', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = new Random(seed);
        const encoder = new FaceEncoder();
        const decoder = new FaceDecoder();
        const late: { message: Uint8Array; newest: number }[] = [];
        const deliver = (message: Uint8Array, newest: number): void => {
          expect(decoder.read(message)).toBe(true);
          expect(decoder.frame(decoder.count - 1)).toEqual(expected[newest]);
          if (random.next() < 0.5) encoder.acknowledge(decoder.held);
        };
        send(
          encoder,
          (message, newest) => {
            if (random.next() < 0.3) return;
            late.push({ message, newest });
            while (late.length > 3) {
              const [out] = late.splice(random.below(late.length), 1);
              if (out === undefined) continue;
              deliver(out.message, out.newest);
              if (random.next() < 0.1) deliver(out.message, out.newest);
            }
          },
          1,
        );
      }),
      { numRuns: 10 },
    );
  });

  it('FACE-5 tell a newcomer everything anew, and use baselines again once it has one', () => {
    const encoder = new FaceEncoder();
    const first = new FaceDecoder();
    const second = new FaceDecoder();
    const JOINS = 301;
    let whole = 0;
    send(encoder, (message, newest) => {
      expect(first.read(message)).toBe(true);
      if (newest < JOINS) {
        encoder.acknowledge(first.held);
        return;
      }
      const isRead = second.read(message);
      // The first was told by a frame that it never had.
      expect(isRead).toBe(newest > JOINS);
      expect(second.held === null).toBe(newest === JOINS);
      expect(second.frame(1)).toEqual(newest === JOINS ? new Int16Array(CHANNELS) : expected[newest]);
      if (message[HEAD_BYTES - 1] === 0) whole++;
      encoder.acknowledge(second.held);
    });
    expect(whole).toBe(1);
  });

  it('FACE-6 repeat a candidate until everybody has it', () => {
    const encoder = new FaceEncoder();
    const receivers = [new FaceDecoder(), new FaceDecoder(), new FaceDecoder()];
    const random = new Random(1);
    let based = 0;
    let messages = 0;
    send(encoder, (message) => {
      messages++;
      if (message[HEAD_BYTES - 1] !== 0) based++;
      const reached = receivers.filter(() => random.next() > 0.5);
      expect(reached.every((receiver) => receiver.read(message))).toBe(true);
      const held = receivers.map((receiver) => receiver.held);
      const [one = null] = held;
      if (held.every((number) => number === one) || held.includes(null))
        encoder.acknowledge(held.includes(null) ? null : one);
    });
    // With every second datagram lost to each of three, hardly any frame reaches all by itself.
    expect(based / messages).toBeGreaterThan(0.8);
  });

  it('propose another baseline a while after the last one, and the first one at once', () => {
    const encoder = new FaceEncoder();
    const decoder = new FaceDecoder();
    const proposed = new Map<number, number>();
    send(encoder, (message, newest) => {
      decoder.read(message);
      encoder.acknowledge(decoder.held);
      const names = ((message[0] ?? 0) & FLAG.candidate) !== 0;
      const number = newest - (message[HEAD_BYTES] ?? 0);
      if (names && !proposed.has(number)) proposed.set(number, newest * FRAME_MS);
    });
    const times = [...proposed.values()];
    const waits = times.slice(1).map((time, i) => time - (times[i] ?? 0));
    expect(times[0]).toBe(FRAME_MS);
    expect(waits.length).toBeGreaterThan(30);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(200);
    expect(Math.max(...waits)).toBeLessThan(200 + 2 * FRAME_MS);
  });

  it('FACE-7 never use a baseline older than receivers keep', () => {
    const encoder = new FaceEncoder();
    const decoder = new FaceDecoder();
    const late: number[] = [];
    send(encoder, (message, newest) => {
      expect(decoder.read(message)).toBe(true);
      if (newest < 100) encoder.acknowledge(decoder.held);
      if (newest > 100 + 256) late.push(message[HEAD_BYTES - 1] ?? -1);
    });
    expect(new Set(late)).toEqual(new Set([0]));
  });

  it('FACE-1 count on past 65535', () => {
    const encoder = new FaceEncoder();
    const decoder = new FaceDecoder();
    const face = new Float32Array(CHANNELS);
    for (let i = 0; i < 2 ** 16 + 600; i++) {
      face[17] = (i % 100) / 100;
      encoder.add(face, i);
      if (i < 2 ** 16 - 300 && i % 50 !== 0) {
        encoder.write(i, PLAIN);
        continue;
      }
      expect(decoder.read(encoder.write(i, PLAIN))).toBe(true);
      encoder.acknowledge(decoder.held);
    }
    expect(decoder.number).toBe(599);
    expect(decoder.stamps[0]).toBe(599);
  });

  it('say what whoever passes them on needs to know in the first byte', () => {
    const encoder = new FaceEncoder();
    encoder.add(new Float32Array(CHANNELS), 0);
    const message = encoder.write(0, { repeat: 0, urgent: true, resting: false });
    expect(peekMessage(message) & (FLAG.urgent | FLAG.resting)).toBe(FLAG.urgent);
    expect(peekMessage(new Uint8Array(3))).toBe(-1);
    expect(peekMessage(new Uint8Array(MAX_MESSAGE_BYTES + 1))).toBe(-1);
  });

  it('say nothing when there is nothing', () => {
    expect(new FaceEncoder().write(0, PLAIN)).toHaveLength(0);
  });
});

describe('FaceDecoder, given garbage', () => {
  /** Values out of range would be shown. */
  function isFine(decoder: FaceDecoder): boolean {
    let isInRange = true;
    for (let k = 0; k < decoder.count; k++) {
      decoder.frame(k).forEach((value, i) => {
        const [low, high] = i < SHAPES ? [0, WEIGHT_STEPS] : [-MAX_HEAD_STEP, MAX_HEAD_STEP];
        isInRange &&= value >= low && value <= high;
      });
    }
    return isInRange && decoder.count <= MAX_FRAMES;
  }

  it('FACE-9 never throws and never gives a value out of range', () => {
    const decoder = new FaceDecoder();
    let taken = 0;
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1200 }), (bytes) => {
        if (decoder.read(bytes)) taken++;
        expect(isFine(decoder)).toBe(true);
      }),
      { numRuns: 3000 },
    );
    expect(taken).toBeLessThan(1500);
  });

  it('FACE-9 stands any damage to a good message', () => {
    const encoder = new FaceEncoder();
    const messages: Uint8Array[] = [];
    send(encoder, (message) => messages.push(message), 1);
    const decoder = new FaceDecoder();
    fc.assert(
      fc.property(
        fc.nat(messages.length - 1),
        fc.nat(40),
        fc.nat(255),
        fc.nat(60),
        (which, at, value, cut) => {
          const damaged = (messages[which] ?? new Uint8Array(0)).slice(0, cut < 20 ? cut : undefined);
          if (at < damaged.length) damaged[at] = value;
          decoder.read(damaged);
          expect(isFine(decoder)).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('FACE-9 refuses what is too short, too long, or has bytes left over', () => {
    const encoder = new FaceEncoder();
    encoder.add(new Float32Array(CHANNELS).fill(0.5), 0);
    const message = encoder.write(0, PLAIN).slice();
    const decoder = new FaceDecoder();
    expect(decoder.read(message)).toBe(true);
    expect(decoder.read(message.subarray(0, HEAD_BYTES))).toBe(false);
    expect(decoder.read(new Uint8Array(0))).toBe(false);
    expect(decoder.read(Uint8Array.from([...message, 1, 2, 3, 4, 5]))).toBe(false);
    expect(decoder.read(new Uint8Array(MAX_MESSAGE_BYTES + 1))).toBe(false);
  });

  it('keeps what it had', () => {
    const encoder = new FaceEncoder();
    encoder.add(new Float32Array(CHANNELS).fill(0.5), 0);
    const decoder = new FaceDecoder();
    expect(decoder.read(encoder.write(0, PLAIN))).toBe(true);
    const { held } = decoder;
    expect(decoder.read(Uint8Array.from([0x20, 9, 9, 9, 9, 0, 1, 2, 3]))).toBe(false);
    expect(decoder.held).toBe(held);
    encoder.acknowledge(held);
    encoder.add(new Float32Array(CHANNELS).fill(0.25), 20);
    expect(decoder.read(encoder.write(20, PLAIN))).toBe(true);
  });
});

describe('TABLE', () => {
  it('is what training on the sample takes gives', () => {
    // One apart where an engine's exp and sin round the other way.
    const trained = trainTable();
    const hex = Array.from(trained, (entry) => entry.toString(16).padStart(2, '0')).join('');
    expect(TABLE).toHaveLength(trained.length);
    const apart = trained.reduce((most, entry, i) => Math.max(most, Math.abs(entry - (TABLE[i] ?? 0))), 0);
    expect(apart, `Should it be trained anew, this is the table:\n${hex}\n`).toBeLessThanOrEqual(1);
  });
});
