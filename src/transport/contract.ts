import { BULK_CHUNK_BYTES, HASH_BYTES, MAX_CTL_PART_BYTES, MAX_RT_BYTES } from '../protocol/limits';
import type { Channel, Link } from '../protocol/link';

/**
 * What every kind of link must do, whoever runs it: tests in Node, a page, a worker.
 */
export interface Check {
  readonly name: string;
  /** @throws Error saying what was not as it should be */
  run(pair: readonly [Link, Link]): Promise<void>;
}

/** Makes two ends of one connection. */
export type MakePair = () => Promise<[Link, Link]>;

const LENGTHS = [0, 1, 2, 255, 256, MAX_RT_BYTES, MAX_CTL_PART_BYTES, MAX_CTL_PART_BYTES + 64, 65_535];
const MESSAGES = 2000;
const ROUND_TRIPS = 20;
const BULK_BYTES = 4 << 20;
/** Far more than any queue of `rt` may hold. */
const FLOOD = 4000;
const RT_PATIENCE_BYTES = 64 << 10;
/** A link that has not done what it should by then hangs, ms. */
const CHECK_TIMEOUT_MS = 15_000;

const LANES = ['ctl', 'rt', 'bulk'] as const;
/** Those that lose nothing. */
const RELIABLE = ['ctl', 'bulk'] as const;

export const CONTRACT: readonly Check[] = [
  {
    name: 'ctl, rt and bulk carry both ways, each its own',
    async run([a, b]) {
      for (const [from, to] of [
        [a, b],
        [b, a],
      ] as const) {
        const heard = RELIABLE.map((lane) => take(to[lane], 1));
        RELIABLE.forEach((lane, i) => must(from[lane].send(pattern(8, i)), `${lane} takes a message`));
        for (const [i, messages] of heard.entries()) {
          mustEqual((await messages)[0], pattern(8, i), RELIABLE[i] ?? '');
        }
        mustEqual(await overRt(from, to, () => pattern(8, 2)), pattern(8, 2), 'rt');
      }
    },
  },
  {
    name: 'messages of every length arrive as they were sent',
    async run([a, b]) {
      for (const length of LENGTHS) {
        if (length > MAX_RT_BYTES) continue;
        const heard = await overRt(a, b, () => pattern(length, length));
        mustEqual(heard, pattern(length, length), `rt, ${length} bytes`);
      }
      for (const lane of RELIABLE) {
        for (const length of LENGTHS) {
          const heard = take(b[lane], 1);
          must(a[lane].send(pattern(length, length)), `${lane} takes ${length} bytes`);
          mustEqual((await heard)[0], pattern(length, length), `${lane}, ${length} bytes`);
        }
      }
    },
  },
  {
    name: 'the bytes may be reused after the call',
    async run([a, b]) {
      const part = pattern(64, 1).subarray(8, 40);
      const memory = new Uint8Array(64);
      for (const lane of RELIABLE) {
        const heard = take(b[lane], 1);
        memory.set(pattern(64, 1));
        must(a[lane].send(memory.subarray(8, 40)), `${lane} takes a part`);
        memory.fill(0);
        mustEqual((await heard)[0], part, lane);
      }
      const heard = await overRt(a, b, () => {
        memory.set(pattern(64, 1));
        queueMicrotask(() => memory.fill(0));
        return memory.subarray(8, 40);
      });
      mustEqual(heard, part, 'rt');
    },
  },
  {
    name: 'ctl and bulk keep the order',
    async run([a, b]) {
      for (const lane of RELIABLE) {
        const heard = take(b[lane], MESSAGES);
        for (let i = 0; i < MESSAGES; i++) must(a[lane].send(numbered(i)), `${lane} takes message ${i}`);
        for (const [i, message] of (await heard).entries()) {
          mustEqual(message, numbered(i), `${lane}, message ${i}`);
        }
      }
    },
  },
  {
    name: 'rt refuses rather than queues, and recovers',
    async run([a, b]) {
      let taken = 0;
      let most = 0;
      const datagram = pattern(MAX_RT_BYTES, 0);
      for (let i = 0; i < FLOOD; i++) {
        if (a.rt.send(datagram)) taken++;
        most = Math.max(most, a.rt.bufferedAmount);
      }
      must(taken > 0 && taken < FLOOD, `rt has taken ${taken} of ${FLOOD}`);
      must(most <= RT_PATIENCE_BYTES, `rt has queued ${most} bytes`);
      const fresh = new Promise<void>((resolve) => {
        b.rt.onmessage = (message) => {
          if (message.length === 1) resolve();
        };
      });
      let arrived = false;
      const done = fresh.then(() => (arrived = true));
      // Unreliable as it is, one of them comes through.
      while (!arrived) {
        a.rt.send(new Uint8Array(1));
        await roundTrip(a, b);
      }
      await done;
    },
  },
  {
    name: 'bulk carries 4 MB intact, and ctl meanwhile',
    async run([a, b]) {
      const chunks = BULK_BYTES / BULK_CHUNK_BYTES;
      const heard = take(b.bulk, chunks);
      for (let i = 0; i < chunks; i++) {
        while (!a.bulk.send(pattern(BULK_CHUNK_BYTES, i))) await roundTrip(a, b);
      }
      await roundTrip(a, b);
      for (const [i, chunk] of (await heard).entries()) {
        mustEqual(chunk, pattern(BULK_CHUNK_BYTES, i), `chunk ${i}`);
      }
    },
  },
  {
    name: 'what comes before anybody listens is kept',
    async run([a, b]) {
      must(a.ctl.send(numbered(1)), 'ctl takes a message');
      must(a.ctl.send(numbered(2)), 'ctl takes another');
      // Time enough for them to arrive.
      for (let i = 0; i < ROUND_TRIPS; i++) {
        await exchange(a.bulk, b.bulk);
        await exchange(b.bulk, a.bulk);
      }
      const [first, second] = await take(b.ctl, 2);
      mustEqual(first, numbered(1), 'the first');
      mustEqual(second, numbered(2), 'the second');
    },
  },
  {
    name: 'both ends see the same certificates',
    async run([a, b]) {
      mustEqual(a.binding.local, b.binding.remote, 'the one');
      mustEqual(b.binding.local, a.binding.remote, 'the other');
      must(a.binding.local.length === HASH_BYTES, 'a certificate is known by its SHA-256');
      must(a.binding.local.join() !== a.binding.remote.join(), 'each end has its own');
      await roundTrip(a, b);
    },
  },
  {
    name: 'the end is seen once by either side, and nothing is taken after it',
    async run([a, b]) {
      let ends = 0;
      const ended = [a, b].map(
        (link) =>
          new Promise<void>((resolve) => {
            link.onclose = () => {
              ends++;
              resolve();
            };
          }),
      );
      a.close();
      a.close();
      await Promise.all(ended);
      b.close();
      for (const link of [a, b]) {
        for (const lane of LANES) must(!link[lane].send(numbered(1)), `${lane} takes nothing any more`);
      }
      must(ends === 2, `the end was told ${ends} times`);
    },
  },
  {
    name: 'last words arrive',
    async run([a, b]) {
      const heard = take(b.ctl, MESSAGES);
      const ended = new Promise<void>((resolve) => {
        b.onclose = resolve;
      });
      for (let i = 0; i < MESSAGES; i++) must(a.ctl.send(numbered(i)), `ctl takes message ${i}`);
      a.close();
      mustEqual((await heard).at(-1), numbered(MESSAGES - 1), 'the last one');
      await ended;
    },
  },
];

/** Runs one check on a pair of its own. */
export async function runCheck({ name, run }: Check, make: MakePair): Promise<void> {
  const pair = await make();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`"${name}" hangs`)), CHECK_TIMEOUT_MS);
  });
  try {
    await Promise.race([run(pair), late]);
  } finally {
    clearTimeout(timer);
    for (const link of pair) link.close();
  }
}

/** The next so many messages. */
function take(channel: Channel, count: number): Promise<readonly Uint8Array[]> {
  return new Promise((resolve) => {
    const messages: Uint8Array[] = [];
    channel.onmessage = (message) => {
      messages.push(message);
      if (messages.length === count) resolve(messages);
    };
  });
}

/**
 * Sends a datagram until one of its length is heard: they may be lost, on one machine too.
 *
 * @param datagram made anew each time
 */
async function overRt(a: Link, b: Link, datagram: () => Uint8Array): Promise<Uint8Array> {
  let heard: Uint8Array | undefined;
  const { length } = datagram();
  b.rt.onmessage = (message) => {
    if (message.length === length) heard ??= message;
  };
  while (heard === undefined) {
    must(a.rt.send(datagram()), `rt takes ${length} bytes`);
    await roundTrip(a, b);
  }
  return heard;
}

/** A message on `ctl` there and back. */
async function roundTrip(a: Link, b: Link): Promise<void> {
  await exchange(a.ctl, b.ctl);
  await exchange(b.ctl, a.ctl);
}

async function exchange(from: Channel, to: Channel): Promise<void> {
  const heard = take(to, 1);
  must(from.send(numbered(0)), 'a message is taken');
  await heard;
}

function numbered(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, value >> 8);
}

/** Bytes that differ by place and by `seed`. */
function pattern(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + seed * 17 + (i >> 8)) & 0xff);
}

function must(condition: boolean, what: string): void {
  if (!condition) throw new Error(`Not so: ${what}.`);
}

function mustEqual(actual: Uint8Array | undefined, expected: Uint8Array, what: string): void {
  const same = actual?.length === expected.length && actual.every((byte, i) => byte === expected[i]);
  must(same, `${what}: ${actual?.length ?? 'no'} bytes as the ${expected.length} sent`);
}
