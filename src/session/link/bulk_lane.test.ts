import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random';
import { bulk } from '../../protocol/bulk';
import { BULK_CHUNK_BYTES } from '../../protocol/limits';
import { encode } from '../../protocol/schema';
import {
  type Conditions,
  PERFECT,
  VirtualClock,
  type VirtualLink,
  connect,
} from '../../testing/virtual_network';
import { BulkLane } from './bulk_lane';

const SIZE = 40 * BULK_CHUNK_BYTES + 123;

class Pair {
  readonly clock = new VirtualClock();
  readonly links: readonly [VirtualLink, VirtualLink];
  readonly from: BulkLane;
  readonly to: BulkLane;
  readonly content: Uint8Array<ArrayBuffer>;
  malformed = 0;
  cancelled = 0;
  received = 0;
  whole: Uint8Array | null = null;

  constructor(conditions: Conditions) {
    this.links = connect(this.clock, new Random(5), conditions);
    const bad = (): void => {
      this.malformed++;
    };
    this.from = new BulkLane(this.links[0].bulk, 'host', this.clock.read, () => {}, bad);
    this.to = new BulkLane(this.links[1].bulk, 'guest', this.clock.read, () => {}, bad);
    const random = new Random(9);
    this.content = Uint8Array.from({ length: SIZE }, () => random.below(256));
  }

  /** Whether all has come, as it was. */
  get isWhole(): boolean {
    return this.whole !== null && Buffer.compare(this.whole, this.content) === 0;
  }

  expect(transfer: number, size = SIZE): void {
    this.to.receiver.expect(transfer, size, {
      onProgress: (received) => {
        this.received = received;
      },
      onWhole: (bytes) => {
        this.whole = bytes;
      },
      onCancel: () => {
        this.cancelled++;
      },
    });
  }
}

describe('bulk', () => {
  it('arrives whole, over any network', async () => {
    for (const conditions of [PERFECT, { delay: 300, jitter: 200, loss: 0.2, duplicated: 0 }]) {
      const pair = new Pair(conditions);
      pair.expect(pair.from.sender.begin(pair.content, false));
      await pair.clock.run(120_000);
      expect(pair.isWhole).toBe(true);
      expect(pair.malformed).toBe(0);
    }
  });

  it('sends nothing before the other side is ready, and has but a few chunks on their way at first', async () => {
    const pair = new Pair({ ...PERFECT, delay: 100 });
    const transfer = pair.from.sender.begin(pair.content, false);
    await pair.clock.run(1000);
    expect(pair.links[0].bulk.count).toBe(0);
    pair.expect(transfer);
    await pair.clock.run(1150);
    expect(pair.links[0].bulk.count).toBe(4);
  });

  it('grows while the way is quick and shrinks when it queues', async () => {
    const speed = async (conditions: Conditions, worse: Conditions): Promise<readonly [number, number]> => {
      const pair = new Pair(conditions);
      const send = (): void => pair.expect(pair.from.sender.begin(pair.content, false));
      send();
      await pair.clock.run(600);
      const before = pair.links[0].bulk.count;
      pair.links[0].conditions = worse;
      const at = pair.received;
      await pair.clock.run(1200);
      return [before, pair.received - at];
    };
    const near = { ...PERFECT, delay: 25 };
    const [grown, steady] = await speed(near, near);
    expect(grown).toBeGreaterThan(20);
    const [, slowed] = await speed(near, { ...near, delay: 150 });
    expect(slowed).toBeLessThanOrEqual(steady);
  });

  it('halves its window when chunks take longer than the way does', async () => {
    const pair = new Pair({ ...PERFECT, delay: 10 });
    const large = new Uint8Array(600 * BULK_CHUNK_BYTES);
    pair.expect(pair.from.sender.begin(large, false), large.length);
    await pair.clock.run(60);
    const perRoundTrip = async (ms: number): Promise<number> => {
      const before = pair.received;
      await pair.clock.run(pair.clock.now + ms);
      return (pair.received - before) / BULK_CHUNK_BYTES;
    };
    const quick = await perRoundTrip(20);
    pair.links[0].conditions = { ...PERFECT, delay: 100 };
    await pair.clock.run(pair.clock.now + 600);
    expect(await perRoundTrip(110)).toBeLessThan(quick / 2);
  });

  it('lets what is urgent pass', async () => {
    const pair = new Pair({ ...PERFECT, delay: 20 });
    const slow = pair.from.sender.begin(pair.content, false);
    pair.expect(slow);
    await pair.clock.run(100);
    const urgent = pair.from.sender.begin(Uint8Array.of(1, 2, 3), true);
    let done = 0;
    pair.to.receiver.expect(urgent, 3, {
      onProgress: () => {},
      onWhole: () => {
        done = pair.received;
      },
      onCancel: () => {},
    });
    await pair.clock.run(10_000);
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(SIZE);
    expect(pair.isWhole).toBe(true);
  });

  it('stops when either side gives up', async () => {
    const pair = new Pair({ ...PERFECT, delay: 50 });
    const transfer = pair.from.sender.begin(pair.content, false);
    pair.expect(transfer);
    await pair.clock.run(250);
    pair.to.receiver.cancel(transfer);
    await pair.clock.run(2000);
    const { count } = pair.links[0].bulk;
    await pair.clock.run(4000);
    expect(pair.links[0].bulk.count).toBe(count);
    expect([pair.whole, pair.malformed]).toEqual([null, 0]);
    pair.expect(pair.from.sender.begin(pair.content, false));
    await pair.clock.run(6000);
    pair.links[0].bulk.send(encode(bulk, { kind: 'cancel', transfer: 4 }));
    await pair.clock.run(20_000);
    expect(pair.isWhole).toBe(true);
  });

  it('tells the receiver that the sender has given up', async () => {
    const pair = new Pair(PERFECT);
    pair.expect(2);
    pair.links[0].bulk.send(encode(bulk, { kind: 'cancel', transfer: 2 }));
    await pair.clock.run(100);
    expect(pair.cancelled).toBe(1);
  });

  it('takes nothing that it does not expect, out of place, or beyond the size', async () => {
    const pair = new Pair(PERFECT);
    pair.expect(2, 100);
    // The sender knows of no such transfer either.
    await pair.clock.run(10);
    expect(pair.malformed).toBe(1);
    pair.malformed = 0;
    const chunk = (transfer: number, offset: number, size: number): void => {
      const bytes = new Uint8Array(size);
      pair.links[0].bulk.send(encode(bulk, { kind: 'chunk', transfer, offset, bytes }));
    };
    chunk(3, 0, 10);
    chunk(2, 10, 10);
    chunk(2, 0, 101);
    chunk(2, 0, 0);
    pair.links[0].bulk.send(encode(bulk, { kind: 'received', transfer: 50, bytes: 0 }));
    pair.links[0].bulk.send(Uint8Array.of(7));
    await pair.clock.run(100);
    expect([pair.malformed, pair.received]).toEqual([6, 0]);
    chunk(2, 0, 60);
    chunk(2, 60, 40);
    await pair.clock.run(200);
    expect([pair.received, pair.whole?.length]).toEqual([100, 100]);
  });
});
