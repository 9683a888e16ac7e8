import type { Random } from '../core/random';
import type { Binding, Channel, Link } from '../protocol/link';

/** A clock that jumps from event to event: hours of a network pass in moments, and always in the same way. */
export class VirtualClock {
  /** ms. */
  now = 0;
  private readonly heap: { readonly at: number; readonly order: number; readonly work: () => void }[] = [];
  private order = 0;
  private busy = false;

  readonly read = (): number => this.now;

  /** Does something later. */
  at(time: number, work: () => void): void {
    const { heap } = this;
    heap.push({ at: Math.max(time, this.now), order: this.order++, work });
    for (let i = heap.length - 1; i > 0;) {
      const parent = (i - 1) >> 1;
      if (!this.swapIfEarlier(i, parent)) break;
      i = parent;
    }
  }

  /** Promises are on their way: they are waited for before time goes on. */
  settle(): void {
    this.busy = true;
  }

  /** Lets time pass until `end`. */
  async run(end: number): Promise<void> {
    for (;;) {
      const next = this.heap[0];
      if (next === undefined || next.at > end) break;
      this.pop();
      this.now = next.at;
      next.work();
      while (this.busy) {
        this.busy = false;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    this.now = end;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
    for (let i = 0; ;) {
      const left = 2 * i + 1;
      const child = left + 1 < heap.length && this.isEarlier(left + 1, left) ? left + 1 : left;
      if (child >= heap.length || !this.swapIfEarlier(child, i)) break;
      i = child;
    }
  }

  private isEarlier(a: number, b: number): boolean {
    const [one, other] = [this.heap[a], this.heap[b]];
    if (one === undefined || other === undefined) return false;
    return one.at < other.at || (one.at === other.at && one.order < other.order);
  }

  private swapIfEarlier(a: number, b: number): boolean {
    const { heap } = this;
    const [one, other] = [heap[a], heap[b]];
    if (one === undefined || other === undefined || !this.isEarlier(a, b)) return false;
    heap[a] = other;
    heap[b] = one;
    return true;
  }
}

/** What a way through a network does to messages. */
export interface Conditions {
  /** One way, ms. */
  readonly delay: number;
  /** Added at random, ms. */
  readonly jitter: number;
  /** Shares of messages: lost on `rt`, late elsewhere; delivered twice on `rt`. */
  readonly loss: number;
  readonly duplicated: number;
}

export const PERFECT: Conditions = { delay: 0.5, jitter: 0, loss: 0, duplicated: 0 };

/** One end's view of a channel to the other end. */
class VirtualChannel implements Channel {
  onmessage: ((message: Uint8Array) => void) | null = null;
  readonly bufferedAmount = 0;
  peer: VirtualChannel | null = null;
  /** Bytes and messages sent so far. */
  bytes = 0;
  count = 0;
  private lastArrival = 0;

  constructor(
    private readonly line: Line,
    private readonly reliable: boolean,
  ) {}

  send(message: Uint8Array): boolean {
    const { line } = this;
    if (line.closed) return false;
    this.bytes += message.length;
    this.count++;
    if (line.cut) return true;
    const { clock, random, conditions } = line;
    const copy = Uint8Array.from(message);
    const delay = conditions.delay + conditions.jitter * random.next();
    const isLost = random.next() < conditions.loss;
    if (!this.reliable) {
      if (!isLost) this.deliver(clock.now + delay, copy);
      if (random.next() < conditions.duplicated) {
        this.deliver(clock.now + delay + conditions.jitter * random.next(), copy.slice());
      }
      return true;
    }
    // What is lost comes with the retransmission, and everything behind it waits.
    const again = isLost ? 2 * conditions.delay + RETRANSMIT_MS : 0;
    this.lastArrival = Math.max(this.lastArrival, clock.now + delay + again);
    this.deliver(this.lastArrival, copy);
    return true;
  }

  /** When everything sent so far will have arrived, ms. */
  get drained(): number {
    return Math.max(this.lastArrival, this.line.clock.now);
  }

  private deliver(at: number, message: Uint8Array): void {
    const { peer, line } = this;
    line.clock.at(at, () => {
      if (!line.cut && !line.gone) peer?.onmessage?.(message);
    });
  }
}

/** SCTP's shortest retransmission timeout is longer; browsers retransmit sooner, by gaps. */
const RETRANSMIT_MS = 60;

/** What both ends of a connection share. */
class Line {
  closed = false;
  /** Nothing arrives any more. */
  gone = false;
  /** The cable is out: neither end is told. */
  cut = false;

  constructor(
    readonly clock: VirtualClock,
    readonly random: Random,
    public conditions: Conditions,
  ) {}
}

/** One end of a connection. */
export class VirtualLink implements Link {
  readonly ctl: VirtualChannel;
  readonly rt: VirtualChannel;
  readonly bulk: VirtualChannel;
  readonly binding: Binding = { local: new Uint8Array(32), remote: new Uint8Array(32) };
  onclose: (() => void) | null = null;
  peer: VirtualLink | null = null;

  constructor(private readonly line: Line) {
    this.ctl = new VirtualChannel(line, true);
    this.rt = new VirtualChannel(line, false);
    this.bulk = new VirtualChannel(line, true);
  }

  get isClosed(): boolean {
    return this.line.closed;
  }

  close(): void {
    const { line, peer } = this;
    if (line.closed) return;
    line.closed = true;
    this.onclose?.();
    line.clock.at(this.ctl.drained, () => {
      line.gone = true;
      if (!line.cut) peer?.onclose?.();
    });
  }

  /** Pulls the cable. */
  cut(): void {
    this.line.cut = true;
  }

  set conditions(conditions: Conditions) {
    this.line.conditions = conditions;
  }
}

/** Connects two ends. */
export function connect(
  clock: VirtualClock,
  random: Random,
  conditions: Conditions,
): readonly [VirtualLink, VirtualLink] {
  const line = new Line(clock, random, conditions);
  const [a, b] = [new VirtualLink(line), new VirtualLink(line)];
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    one.peer = other;
    one.ctl.peer = other.ctl;
    one.rt.peer = other.rt;
    one.bulk.peer = other.bulk;
  }
  return [a, b];
}
