import { Random } from '../core/random';
import { CHANNELS } from './frame';
import { MAX_RATE } from './message';
import { SHAPES } from './names';
import { FaceReceiver } from './receiver';
import { FaceRelay } from './relay';
import { FaceSender } from './sender';
import { type Take, frameCount, sampleTake } from './take';

/** One sender and its receivers on a seeded bad network and a virtual clock: what the figures are measured with. */

export interface NetworkOptions {
  /** Share of datagrams that are lost, either way. */
  readonly loss: number;
  /** Time on the way, ms, and what comes on top at random: mostly little, sometimes much. */
  readonly delay: number;
  readonly jitter: number;
}

export interface SimulationOptions extends NetworkOptions {
  readonly seed: number;
  readonly take: Take;
  readonly receivers?: number;
  /** Frames a second that each receiver can use. */
  readonly rates?: readonly number[];
  /** The sender's clock is ahead of the receivers' by so much, ms. */
  readonly skew?: number;
}

export interface SimulationResult {
  /** Bytes of messages a second, without what carries them. */
  readonly bytesPerSecond: number;
  readonly messagesPerSecond: number;
  /** The same to all receivers together. */
  readonly passedPerSecond: number;
  /** Root of the mean square of what is shown less what the actor did at the time being shown, over all weights. */
  readonly rms: number;
  /** From the actor's doing to its being shown, mean, ms. */
  readonly latency: number;
  /** Share of messages that came and could not be read. */
  readonly unreadable: number;
}

/** A receiver reports so often, ms, and at once when it holds another baseline. */
const REPORT_MS = 250;
/** Measuring begins then, ms: the delay has settled. */
const WARM_UP_MS = 3000;
/** A picture is shown so often, ms: not in step with the sender. */
const PICTURE_MS = 1000 / 75;

interface Datagram {
  readonly at: number;
  readonly deliver: () => void;
}

/** Runs the whole of a take. */
export function simulate(options: SimulationOptions): SimulationResult {
  const { take, seed, delay, jitter, loss, skew = 123_456, receivers = 1, rates = [] } = options;
  const random = new Random(seed);
  const flying: Datagram[] = [];
  let now = 0;
  const send = (deliver: () => void): void => {
    if (random.next() < loss) return;
    const at = now + delay - jitter * Math.log(1 - random.next());
    flying.push({ at, deliver });
  };

  const sender = new FaceSender();
  const relay = new FaceRelay();
  const ends = Array.from({ length: receivers }, (_, i) => {
    relay.join(i, now);
    return { receiver: new FaceReceiver(seed + i), told: null as number | null, toldAt: -Infinity };
  });
  const first = ends[0]?.receiver ?? new FaceReceiver(seed);
  const truth = new Float32Array(CHANNELS);
  const shown = new Float32Array(CHANNELS);
  const total = (1000 * frameCount(take)) / take.rate;
  let bytes = 0;
  let messages = 0;
  let passed = 0;
  let came = 0;
  let unreadable = 0;
  let squares = 0;
  let pictures = 0;
  let latency = 0;
  let frame = 0;
  let nextPicture = 0;

  const leave = (): void => {
    if (now + skew < sender.due) return;
    const message = sender.take(now + skew).slice();
    if (message.length === 0) return;
    if (now > WARM_UP_MS) {
      bytes += message.length;
      messages++;
    }
    ends.forEach((end, i) => {
      if (!relay.pass(now, i, message)) return;
      passed += message.length;
      send(() => {
        came++;
        if (!end.receiver.receive(message, now)) unreadable++;
      });
    });
  };

  for (; now < total; now++) {
    while ((frame * 1000) / take.rate <= now && frame < frameCount(take)) {
      sampleTake(take, frame / take.rate, truth);
      sender.push(truth, (frame * 1000) / take.rate + skew);
      frame++;
    }
    leave();
    for (let i = flying.length - 1; i >= 0; i--) {
      const datagram = flying[i];
      if (datagram === undefined || datagram.at > now) continue;
      flying.splice(i, 1);
      datagram.deliver();
    }
    ends.forEach((end, i) => {
      const { receiver } = end;
      if (now < end.toldAt + REPORT_MS && receiver.held === end.told) return;
      end.toldAt = now;
      end.told = receiver.held;
      const report = receiver.report(rates[i] ?? MAX_RATE);
      send(() => {
        relay.report(now, i, report);
        const { demand } = relay;
        send(() => sender.obey(demand));
      });
    });
    if (now >= nextPicture) {
      nextPicture += PICTURE_MS;
      first.sample(now, shown);
      if (now < WARM_UP_MS) continue;
      // Stamps are modulo 65536 ms; nobody is behind by so much.
      const behind = (now + skew - first.playhead + 2 ** 32) % 2 ** 16;
      sampleTake(take, (now - behind) / 1000, truth);
      for (let i = 0; i < SHAPES; i++) squares += ((shown[i] ?? 0) - (truth[i] ?? 0)) ** 2;
      latency += behind;
      pictures++;
    }
  }
  const seconds = (total - WARM_UP_MS) / 1000;
  return {
    bytesPerSecond: bytes / seconds,
    messagesPerSecond: messages / seconds,
    passedPerSecond: (1000 * passed) / total,
    rms: Math.sqrt(squares / Math.max(1, pictures * SHAPES)),
    latency: latency / Math.max(1, pictures),
    unreadable: unreadable / Math.max(1, came),
  };
}
