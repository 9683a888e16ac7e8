import { fc } from '../src/testing/properties';
import { expect, test } from 'vitest';
import { ARKIT_NAMES } from '../src/face/names';
import { writeIFacialMocap, writeLiveLinkFace } from '../src/face/sources/testing';
import { SOURCE_NAMES } from './config';
import { playRecording, readRecording, RecordingWriter, type RecordedPacket, type Timer } from './recording';
import { FakeClient, FakePhone, startTestBridge } from './testing';

interface Packet {
  readonly source: (typeof SOURCE_NAMES)[number];
  readonly from: string;
  readonly bytes: Uint8Array;
  /** ms since the one before. */
  readonly after: number;
}

const packet: fc.Arbitrary<Packet> = fc.record({
  source: fc.constantFrom(...SOURCE_NAMES),
  from: fc.constantFrom('192.168.1.7', '192.168.1.8', '10.0.0.1:5000'),
  bytes: fc.uint8Array({ maxLength: 300 }),
  after: fc.integer({ min: 0, max: 100_000 }).map((tenths) => tenths / 10),
});

function record(packets: readonly Packet[]): { bytes: Buffer; ends: readonly number[] } {
  const writer = new RecordingWriter();
  const parts = [writer.start()];
  let now = 1234.5;
  for (const { source, from, bytes, after } of packets) {
    now += after;
    parts.push(writer.add(source, from, bytes, now));
  }
  let end = 0;
  return { bytes: Buffer.concat(parts), ends: parts.map((part) => (end += part.length)) };
}

test('a recording has the packets, their senders and times, as far as it goes', () => {
  fc.assert(
    fc.property(
      fc.array(packet, { maxLength: 20 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (packets, part) => {
        const { bytes, ends } = record(packets);
        const first = ends[0] ?? 0;
        const length = first + Math.round((bytes.length - first) * part);
        const read = readRecording(bytes.subarray(0, length), 'file');
        expect(read).toHaveLength(ends.filter((end) => end <= length).length - 1);
        const names = [...new Set(packets.map(({ from }) => from))];
        packets.slice(0, read.length).forEach(({ source, from, bytes: sent, after }, i) => {
          expect(read[i]).toMatchObject({ source, sender: names.indexOf(from) });
          expect(Buffer.compare(read[i]?.bytes ?? Buffer.of(), sent)).toBe(0);
          expect(read[i]?.afterMs).toBeCloseTo(i === 0 ? 0 : after, 3);
        });
      },
    ),
  );
});

test('what is no recording is refused by name', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(() => readRecording(bytes, 'take.bin')).toThrow('take.bin');
    }),
  );
  const damaged = Buffer.concat([new RecordingWriter().start(), Buffer.from([0, 99, 0, 0])]);
  expect(() => readRecording(damaged, 'take.bin')).toThrow('damaged after 0 packets');
});

/** Time that passes when a test says so; tasks are as late as it says. */
class ManualTimer implements Timer {
  private time = 0;
  private task: { readonly due: number; readonly run: () => void } | null = null;

  constructor(private readonly lateMs: number) {}

  now(): number {
    return this.time;
  }

  after(ms: number, run: () => void): () => void {
    this.task = { due: this.time + ms + this.lateMs, run };
    return () => {
      this.task = null;
    };
  }

  passUntil(end: number): void {
    while (this.task !== null && this.task.due <= end) {
      const { due, run } = this.task;
      this.task = null;
      this.time = due;
      run();
    }
    this.time = end;
  }
}

const recorded = (afterMs: number): RecordedPacket => ({
  afterMs,
  source: 'vmc',
  sender: 0,
  bytes: Buffer.alloc(1),
});

test('packets are played at their times, however late timers are', () => {
  const timer = new ManualTimer(2);
  const packets = Array.from({ length: 61 }, () => recorded(16));
  const times: number[] = [];
  let ended = 0;
  playRecording(packets, () => times.push(timer.now()), { timer, ended: () => ended++ });
  timer.passUntil(10_000);
  expect(ended).toBe(1);
  times.forEach((time, i) => expect(Math.abs(time - 16 * i)).toBeLessThanOrEqual(4));
});

test('a loop goes on until it is stopped', () => {
  const timer = new ManualTimer(0);
  let played = 0;
  const stop = playRecording([recorded(5000), recorded(16)], () => played++, { timer, loop: true });
  timer.passUntil(320);
  expect(played).toBeGreaterThanOrEqual(20);
  const soFar = played;
  stop();
  timer.passUntil(1000);
  expect(played).toBe(soFar);
  playRecording([], () => expect.fail(), { timer, loop: true });
  timer.passUntil(2000);
});

test('packets of phones that were recorded show the same faces when played', async () => {
  const writer = new RecordingWriter();
  const parts = [writer.start()];
  let now = 0;
  const first = await startTestBridge(
    {},
    {
      onPacket(source, from, bytes) {
        parts.push(writer.add(source, from, bytes, (now += 16)));
      },
    },
  );
  const page = await FakeClient.connect(first.bridge);
  const phone = await FakePhone.start(first.bridge);
  const weights = (i: number): number[] => ARKIT_NAMES.map((_, shape) => ((i + shape) % 10) / 10);
  const live: unknown[] = [];
  for (let i = 1; i <= 12; i++) {
    if (i % 2 === 0) await phone.send('ifacialmocap', writeIFacialMocap({ weights: weights(i) }));
    else
      await phone.send('livelink', writeLiveLinkFace({ subject: 'Ada', time: i / 60, weights: weights(i) }));
    live.push((await page.face()).blendshapes);
  }
  await first.bridge.close();

  const second = await startTestBridge();
  const again = await FakeClient.connect(second.bridge);
  const timer = new ManualTimer(0);
  const packets = readRecording(Buffer.concat(parts), 'take');
  playRecording(
    packets,
    ({ source, sender, bytes }) => second.bridge.deliver(source, String(sender), bytes),
    { timer },
  );
  const played: unknown[] = [];
  for (let i = 0; i < packets.length; i++) {
    timer.passUntil(16 * i);
    played.push((await again.face()).blendshapes);
  }
  expect(played).toEqual(live);
});
