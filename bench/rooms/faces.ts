import type { Page } from '@playwright/test';
import { generateTake } from '../../src/face/generate';
import { ARKIT_NAMES, SHAPES } from '../../src/face/names';
import { frameCount, frameOf } from '../../src/face/take';
import { atMost, info, median, percentile, type Bench, type BenchContext, type BenchRow } from '../bench';
import { openPair, type Pair } from './pair';

/** Steps of a shape that are timed; a full run and a quick one. */
const STEPS = [100, 10] as const;
/** Seconds of talking that are sent; a full run and a quick one. */
const TALK_S = [20, 4] as const;
/** A step that is not seen by then never will be, ms. */
const PATIENCE_MS = 2000;
/** Between two steps, ms, and up to as much again: not in step with pictures or heartbeats. */
const PAUSE_MS = 80;
/** Both have found out how the way between them is, ms. */
const SETTLE_MS = 3000;
/** UDP and IP around each packet, bytes. */
const PACKET_BYTES = 28;
/** The shape that is stepped: nobody's speech moves it. */
const SHAPE = 'tongueOut';

/** The issue's: ms, and bytes a second. */
const SEEN_MEDIAN = 35;
const SEEN_P95 = 60;
const WAY_MEDIAN = 5;
const WAY_P95 = 15;
const WIRE = 4096;
/** Longest delay between the two that is tried when they are compared, ms. */
const MAX_DELAY_MS = 250;

/** A face from one browser to another over real channels, both on this machine: how late, how true, at what cost. */
export const bench: Bench = { name: 'rooms-faces', run: faces };

/** Time since the epoch in ms, then the weights. */
type Sample = readonly number[];

async function faces(context: BenchContext): Promise<BenchRow[]> {
  const quick = context.quick ? 1 : 0;
  const pair = await openPair(context, 'pendulum');
  try {
    const { host, guest } = pair;
    await host.evaluate(() => window.simroom.pause());
    await showFaces(pair);
    const idle = await wire(host, () => host.waitForTimeout(SETTLE_MS));
    await host.evaluate((name) => window.simroom.face.set({ [name]: 0 }), SHAPE);
    await host.waitForTimeout(SETTLE_MS);

    const rested = await steps(host, guest, STEPS[quick]);
    const restedNote = await guest.evaluate(arrival);
    const take = generateTake(5, TALK_S[quick], 'talk');
    const frames = Array.from({ length: frameCount(take) }, (_, i) => [
      ...frameOf(take, i).subarray(0, SHAPES),
    ]);
    await guest.evaluate(listen, '0');
    await host.evaluate(listen, undefined);
    const talking = await wire(host, () => host.evaluate(play, frames));
    const sent = await host.evaluate(heard);
    const seen = await guest.evaluate(heard);
    const { rms, delay } = compare(sent, seen);
    const talkingSteps = host.evaluate(play, frames);
    const midTalk = await steps(host, guest, STEPS[quick]);
    const midTalkNote = await guest.evaluate(arrival);
    await talkingSteps;
    const way = await ways(guest);
    return [
      atMost(
        'face.set to applied in the other browser, median',
        median(rested),
        'ms',
        SEEN_MEDIAN,
        restedNote,
      ),
      atMost('the same, 95th percentile', percentile(rested, 95), 'ms', SEEN_P95),
      info('the same while talking at 60 Hz, median', median(midTalk), 'ms', midTalkNote),
      info('the same while talking, 95th percentile', percentile(midTalk, 95), 'ms'),
      atMost('way of a datagram, median', median(way), 'ms', WAY_MEDIAN, 'half of measured round trips'),
      atMost('the same, 95th percentile', percentile(way, 95), 'ms', WAY_P95),
      atMost('on the wire while talking, the room included', talking.rate, 'B/s', WIRE, talking.note),
      info('on the wire of a room without faces', idle.rate, 'B/s', idle.note),
      info('rms difference of what both show', rms, '', `the other's ${delay} ms later`),
    ];
  } finally {
    await pair.close();
  }
}

/** Somebody whom nobody looks at sends next to nothing: both draw each other's portrait. */
async function showFaces({ host, guest }: Pair): Promise<void> {
  for (const page of [host, guest]) {
    await page.evaluate(() => {
      const { room, face } = window.simroom;
      const other = room.peers().find(({ self }) => !self);
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = 96;
      canvas.style.cssText = 'position:fixed;left:0;bottom:0;width:96px;height:96px';
      document.body.append(canvas);
      face.portrait(canvas, other?.id ?? '');
    });
  }
}

/** ms from each step of a shape in one page to the animation frame in which the other is half way there. */
async function steps(from: Page, to: Page, count: number): Promise<number[]> {
  await to.evaluate((name) => {
    const crossings: number[] = [];
    const index = window.simroom.face.names.findIndex((known) => known === name);
    let was = false;
    const turn = (): void => {
      requestAnimationFrame(turn);
      const is = (window.simroom.face.of('0')?.weights[index] ?? 0) > 0.5;
      if (is !== was) crossings.push(performance.timeOrigin + performance.now());
      was = is;
    };
    requestAnimationFrame(turn);
    Object.assign(window, { crossings });
  }, SHAPE);
  const begun = await from.evaluate(
    async ({ name, steps: all, pauseMs }) => {
      const times: number[] = [];
      for (let i = 0; i < all; i++) {
        times.push(performance.timeOrigin + performance.now());
        window.simroom.face.set({ [name]: i % 2 === 0 ? 1 : 0 });
        await new Promise((resolve) => setTimeout(resolve, pauseMs * (1 + ((0.618 * i) % 1))));
      }
      return times;
    },
    { name: SHAPE, steps: count, pauseMs: PAUSE_MS },
  );
  await to.waitForTimeout(500);
  const crossings = await to.evaluate(() => Reflect.get(window, 'crossings') as number[]);
  return begun.map((at) => (crossings.find((seen) => seen > at && seen < at + PATIENCE_MS) ?? NaN) - at);
}

/** How faces arrive, in words. Runs in the page. */
async function arrival(): Promise<string> {
  const [figures] = window.simroom.face.figures();
  const pictures = 30;
  const begun = await new Promise<number>(requestAnimationFrame);
  let last = begun;
  for (let i = 0; i < pictures; i++) last = await new Promise<number>(requestAnimationFrame);
  const { delayMs = NaN, jitterMs = NaN } = figures ?? {};
  const every = (last - begun) / pictures;
  return `played ${delayMs.toFixed(0)} ms later than the least, jitter ${jitterMs.toFixed(1)} ms, a picture every ${every.toFixed(1)} ms`;
}

/** Sends frames, one for each 60th of a second. Runs in the page. */
async function play(frames: readonly (readonly number[])[]): Promise<void> {
  const begun = performance.now();
  const { face } = window.simroom;
  const frame = new Float32Array(face.names.length);
  const tongue = face.names.length - 1;
  for (;;) {
    await new Promise(requestAnimationFrame);
    const weights = frames[Math.floor(((performance.now() - begun) * 60) / 1000)];
    if (weights === undefined) return;
    frame.set(weights);
    // Steps go on meanwhile.
    frame[tongue] = face.of()?.weights[tongue] ?? 0;
    face.set(frame);
  }
}

/** Notes a face with every animation frame. Runs in the page. */
function listen(peer: string | undefined): void {
  const samples: number[][] = [];
  const turn = (): void => {
    if (Reflect.get(window, 'samples') !== samples) return;
    requestAnimationFrame(turn);
    const weights = window.simroom.face.of(peer)?.weights ?? [];
    samples.push([performance.timeOrigin + performance.now(), ...weights]);
  };
  Object.assign(window, { samples });
  requestAnimationFrame(turn);
}

/** Ends {@link listen}. Runs in the page. */
function heard(): number[][] {
  const samples = Reflect.get(window, 'samples') as number[][];
  Object.assign(window, { samples: null });
  return samples;
}

/** The least rms difference between what was sent and what was seen, for any constant delay. */
function compare(sent: readonly Sample[], seen: readonly Sample[]): { rms: number; delay: number } {
  let best = { rms: Infinity, delay: 0 };
  for (let delay = 0; delay <= MAX_DELAY_MS; delay++) {
    const rms = difference(sent, seen, delay);
    if (rms < best.rms) best = { rms, delay };
  }
  return best;
}

function difference(sent: readonly Sample[], seen: readonly Sample[], delay: number): number {
  let sum = 0;
  let count = 0;
  let at = 0;
  for (const sample of seen) {
    const time = (sample[0] ?? 0) - delay;
    while (at + 2 < sent.length && (sent[at + 1]?.[0] ?? 0) <= time) at++;
    const [before, after] = [sent[at], sent[at + 1]];
    if (before === undefined || after === undefined) continue;
    const [t0 = 0, t1 = 0] = [before[0], after[0]];
    if (time < t0 || time > t1) continue;
    const part = (time - t0) / (t1 - t0);
    for (let i = 1; i <= ARKIT_NAMES.length; i++) {
      const was = before[i] ?? 0;
      sum += (was + ((after[i] ?? 0) - was) * part - (sample[i] ?? 0)) ** 2;
      count++;
    }
  }
  return Math.sqrt(sum / count);
}

/** What a page sends meanwhile, all included, B/s. */
async function wire(page: Page, meanwhile: () => Promise<void>): Promise<{ rate: number; note: string }> {
  const totals = () =>
    page.evaluate(async () => {
      const { network } = await window.simroom.stats();
      return {
        at: performance.now(),
        ...network.wire,
        payload: network.peers[0]?.rtBytesOut ?? NaN,
        out: network.peers[0]?.rtOut ?? NaN,
        back: network.peers[0]?.rtIn ?? NaN,
      };
    });
  const before = await totals();
  await meanwhile();
  const after = await totals();
  const seconds = (after.at - before.at) / 1000;
  const of = (key: keyof typeof before): number => (after[key] - before[key]) / seconds;
  const note =
    `${of('payload').toFixed(0)} B/s of rt payload in ${of('out').toFixed(0)} datagrams a second, ` +
    `${of('packetsSent').toFixed(0)} packets with what acknowledges the ${of('back').toFixed(0)} that come back`;
  return { rate: of('bytesSent') + PACKET_BYTES * of('packetsSent'), note };
}

/** Half of the round trips that are measured in 5 s, ms. */
async function ways(page: Page): Promise<number[]> {
  const found: number[] = [];
  for (let i = 0; i < 25; i++) {
    await page.waitForTimeout(200);
    const rtt = await page.evaluate(
      async () => (await window.simroom.stats()).network.peers[0]?.rttMs ?? null,
    );
    if (rtt !== null) found.push(rtt / 2);
  }
  return found;
}
