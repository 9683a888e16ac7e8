import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { FaceDecoder } from '../src/face/decoder';
import { FaceEncoder } from '../src/face/encoder';
import { CHANNELS, dequantise, quantise } from '../src/face/frame';
import { type Mood, generateTake } from '../src/face/generate';
import { readLiveLinkCsv } from '../src/face/live_link_csv';
import { SHAPES } from '../src/face/names';
import { type SimulationResult, simulate } from '../src/face/simulation';
import { type Take, frameCount, frameOf } from '../src/face/take';
import { type Bench, type BenchRow, atMost, info, median } from './bench';
import { headRows } from './heads/measure';

/** Networks that each take is sent over; the worst counts. */
const SEEDS = [21, 22, 23];
const SECONDS = 30;
const QUICK_SECONDS = 8;
/** A message's way besides its own bytes: UDP/IP, DTLS, SCTP, its share of SACKs (measured). */
const OVERHEAD_BYTES = 78;
/** The targets, as the issue has them. */
const LIMIT = {
  talk: 1500,
  idle: 500,
  wire: 4096,
  error: 1 / 127,
  loss5: 0.002,
  loss20: 0.004,
  encode: 20,
  decode: 10,
};
/** Measured in turns, so that what else the machine does falls on all alike; the first ones warm up. */
const TURNS = 40;
const WARM_UP = 10;
/** Takes of Live Link Face to measure too: paths of CSV files, separated as in PATH. */
const TAKES = 'FACE_TAKES';

/**
 * What a face costs and how true it stays, on seeded networks and a virtual clock; and the codec's time, here in Node; then many heads
 * in a browser.
 */
export const bench: Bench = {
  name: 'faces',
  async run(context) {
    const { quick } = context;
    const seconds = quick ? QUICK_SECONDS : SECONDS;
    const own = (mood: Mood): readonly Take[] => SEEDS.map((seed) => generateTake(seed, seconds, mood));
    const rows: BenchRow[] = [
      ...figures('talking', own('talk'), LIMIT.talk),
      ...figures('talking, emoting, idling', own('mixed'), LIMIT.talk),
      atMost('idle: payload', over(own('idle'), 0).bytesPerSecond, 'B/s', LIMIT.idle),
      ...timing(generateTake(1, seconds, 'talk')),
      ...(await headRows(context)),
    ];
    for (const file of (process.env[TAKES] ?? '').split(path.delimiter).filter((name) => name !== '')) {
      const take = readLiveLinkCsv(await readFile(file, 'utf8'));
      rows.push(...figures(path.basename(file), [take], LIMIT.talk));
    }
    return rows;
  },
};

function figures(name: string, takes: readonly Take[], limit: number): BenchRow[] {
  const sound = over(takes, 0);
  return [
    atMost(`${name}: payload at 60 Hz`, sound.bytesPerSecond, 'B/s', limit),
    atMost(
      `${name}: on the wire, all in`,
      sound.bytesPerSecond + sound.messagesPerSecond * OVERHEAD_BYTES,
      'B/s',
      LIMIT.wire,
      `${sound.messagesPerSecond.toFixed(1)} messages/s with ${OVERHEAD_BYTES} B each besides their own`,
    ),
    atMost(`${name}: error after quantising`, Math.max(...takes.map(quantisingError)), '', LIMIT.error),
    info(`${name}: rms error without loss`, sound.rms, '', 'quantising included, as in those that follow'),
    atMost(`${name}: rms error at 5 % loss`, over(takes, 0.05).rms, '', LIMIT.loss5),
    atMost(`${name}: rms error at 20 % loss`, over(takes, 0.2).rms, '', LIMIT.loss20),
    info(
      `${name}: from face to picture, mean`,
      over(takes, 0, { delay: 1, jitter: 0.5 }).latency,
      'ms',
      'way of 1 ms',
    ),
  ];
}

/** The worst of what becomes of some takes. */
function over(takes: readonly Take[], loss: number, way = { delay: 25, jitter: 4 }): SimulationResult {
  const results = takes.map((take, i) =>
    simulate({ seed: SEEDS[i % SEEDS.length] ?? 1, take, loss, ...way }),
  );
  const most = (pick: (result: SimulationResult) => number): number => Math.max(...results.map(pick));
  return {
    bytesPerSecond: most((result) => result.bytesPerSecond),
    messagesPerSecond: most((result) => result.messagesPerSecond),
    passedPerSecond: most((result) => result.passedPerSecond),
    rms: most((result) => result.rms),
    latency: most((result) => result.latency),
    unreadable: most((result) => result.unreadable),
  };
}

function quantisingError(take: Take): number {
  const quantised = new Int16Array(CHANNELS);
  const back = new Float32Array(CHANNELS);
  let largest = 0;
  for (let f = 0; f < frameCount(take); f++) {
    const frame = frameOf(take, f);
    quantise(frame, quantised);
    dequantise(quantised, back);
    for (let i = 0; i < SHAPES; i++) largest = Math.max(largest, Math.abs((frame[i] ?? 0) - (back[i] ?? 0)));
  }
  return largest;
}

/** Time per frame, two new frames and one told again in a message, as a sender and a receiver would. */
function timing(take: Take): BenchRow[] {
  const encoding: number[] = [];
  const decoding: number[] = [];
  const frames = frameCount(take) & ~1;
  for (let turn = 0; turn < TURNS; turn++) {
    const encoder = new FaceEncoder();
    const decoder = new FaceDecoder();
    let encode = 0;
    let decode = 0;
    for (let f = 0; f < frames; f += 2) {
      const began = performance.now();
      encoder.add(frameOf(take, f), f * 17);
      encoder.add(frameOf(take, f + 1), f * 17 + 17);
      const message = encoder.write(f * 17 + 17, { repeat: 1, urgent: false, resting: false });
      const written = performance.now();
      decoder.read(message);
      decode += performance.now() - written;
      encode += written - began;
      // Acknowledged some 100 ms later.
      if (f % 6 === 0) encoder.acknowledge(decoder.held);
    }
    if (turn < WARM_UP) continue;
    encoding.push((1000 * encode) / frames);
    decoding.push((1000 * decode) / frames);
  }
  return [
    atMost('encoding a frame', median(encoding), 'µs', LIMIT.encode, 'in Node'),
    atMost('decoding a frame', median(decoding), 'µs', LIMIT.decode, 'in Node'),
  ];
}
