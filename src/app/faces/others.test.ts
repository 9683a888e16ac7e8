import { beforeEach, describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter } from '../../core/bytes';
import { CHANNELS } from '../../face/frame';
import { SHAPE } from '../../face/names';
import { type FaceReport, readReport } from '../../face/report';
import { FaceSender } from '../../face/sender';
import { FACE_REPORTS_PER_SECOND } from '../../protocol/limits';
import { Others } from './others';

/** A room with a sender at seat 3, on one clock; the engine brings its messages 5 ms later. */
const SEAT = 3;
let others: Others;
let sender: FaceSender;
let now: number;
/** The sender's clock, against that of the page, ms. */
let skew: number;
let pixels: number;
let reports: { at: number; seat: number; report: FaceReport }[];

beforeEach(() => {
  reports = [];
  now = 10_000;
  skew = 0;
  pixels = 200;
  sender = new FaceSender();
  others = new Others(
    (bytes) => {
      const input = new ByteReader(bytes);
      while (input.remaining > 0) {
        const seat = input.varint();
        const report = readReport(input);
        if (report === null) throw new Error('not a report');
        reports.push({ at: now, seat, report });
      }
    },
    () => {},
  );
});

const batch = (seat: number, message: Uint8Array): Uint8Array => {
  const out = new ByteWriter();
  out.varint(seat);
  out.blob(message);
  return out.finish();
};

/** Goes on for so long, at 60 Hz; the jaw is open by `jaw`. */
function run(ms: number, jaw: number | null): void {
  const face = new Float32Array(CHANNELS);
  for (const end = now + ms; now < end; now += 1000 / 60) {
    if (jaw !== null) {
      face[SHAPE.jawOpen] = jaw;
      const at = now + skew;
      sender.push(face, at);
      if (sender.due <= at) others.receive(batch(SEAT, sender.take(at)), now + 5);
    }
    others.sample(now + 6);
    others.tell(now + 6, () => pixels, false);
  }
}

const jawOf = (seat: number): number => others.liveFace(seat)?.[SHAPE.jawOpen] ?? NaN;

describe('Others', () => {
  it('shows in one array what comes, and rests when nothing comes any more', () => {
    others.setSeats([SEAT]);
    const face = others.liveFace(SEAT);
    run(500, 0.5);
    expect(jawOf(SEAT)).toBeCloseTo(0.5, 2);
    run(3000, null);
    expect(jawOf(SEAT)).toBe(0);
    expect(others.liveFace(SEAT)).toBe(face);
  });

  it('goes on at once with a sender that has begun anew, with numbers and a clock of its own', () => {
    others.setSeats([SEAT]);
    const face = others.liveFace(SEAT);
    run(2000, 0.5);
    sender = new FaceSender();
    skew = -9000;
    others.restart();
    run(300, 0.75);
    expect(jawOf(SEAT)).toBeCloseTo(0.75, 2);
    expect(others.liveFace(SEAT)).toBe(face);
  });

  it('goes on when others come and go, and forgets who has gone', () => {
    others.setSeats([SEAT]);
    const face = others.liveFace(SEAT);
    run(300, 0.5);
    others.setSeats([SEAT, 4]);
    expect(others.liveFace(SEAT)).toBe(face);
    others.setSeats([4]);
    expect(others.liveFace(SEAT)).toBe(null);
    expect(others.faceAt(SEAT, now)).toBe(null);
    run(300, 0.5);
    expect(others.figures(now).map(({ peer }) => peer)).toEqual(['4']);
  });

  it('breaks at no garbage, and at nobody whom it does not know', () => {
    others.setSeats([SEAT]);
    run(300, 0.5);
    for (const bytes of [[], [SEAT], [SEAT, 200, 1], [SEAT, 3, 1, 2, 3], [255, 255, 255], [9, 1, 0]])
      others.receive(Uint8Array.from(bytes), now);
    run(300, 0.5);
    expect(jawOf(SEAT)).toBeCloseTo(0.5, 2);
  });

  it('reports at once what it holds, some times a second how it goes, less often the more people there are', () => {
    others.setSeats([SEAT]);
    const told: number[] = [];
    for (let i = 0; i < 120; i++) {
      // A face that moves: one that rests says so twice a second only.
      run(1000 / 60, (i % 2) / 2);
      const last = reports.at(-1);
      if (last === undefined || told.includes(last.report.held ?? -1)) continue;
      told.push(last.report.held ?? -1);
      expect(last.at).toBeGreaterThan(now - 40);
      sender.obey({ held: last.report.held, rate: 60, repeat: 1 });
    }
    // A baseline each fifth of a second, and a report between two at most.
    expect(told.length).toBeGreaterThanOrEqual(8);
    expect(reports.length).toBeGreaterThanOrEqual(told.length);
    expect(reports.length).toBeLessThanOrEqual(24);
    reports = [];
    run(1000, null);
    expect(reports.length).toBeLessThanOrEqual(4);
    reports = [];
    others.setSeats(Array.from({ length: 60 }, (_, i) => i + 1));
    run(1000, null);
    expect(reports.length).toBeLessThan(FACE_REPORTS_PER_SECOND);
  });

  it('asks for less of a face that is small or out of sight, after a while, and for more at once', () => {
    others.setSeats([SEAT]);
    run(200, 0.5);
    const wanted = (): number | undefined => others.figures(now)[0]?.wanted;
    expect(wanted()).toBe(60);
    pixels = 40;
    run(500, 0.5);
    expect(wanted()).toBe(60);
    run(1000, 0.5);
    expect(wanted()).toBe(30);
    pixels = 0;
    run(1500, 0.5);
    expect(wanted()).toBe(0);
    expect(reports.at(-1)?.report.rate).toBeLessThan(15);
    pixels = 200;
    run(100, 0.5);
    expect(wanted()).toBe(60);
  });

  it('asks for more soon, though it has only just told something', () => {
    pixels = 0;
    others.setSeats([SEAT]);
    run(1500, 0.5);
    reports = [];
    const tell = (at: number): void => others.tell(at, () => pixels, false);
    while (reports.length === 0) tell((now += 10));
    expect(reports.at(-1)?.report.rate).toBeLessThan(15);
    pixels = 200;
    for (let i = 0; i < 5; i++) tell((now += 10));
    expect(reports.at(-1)?.report.rate).toBe(60);
  });

  it('asks for all of a face that code looks at, whatever is in the picture', () => {
    pixels = 0;
    others.setSeats([SEAT]);
    run(1500, 0.5);
    expect(others.figures(now)[0]?.wanted).toBe(0);
    others.faceAt(SEAT, now);
    run(100, 0.5);
    expect(others.figures(now)[0]?.wanted).toBe(60);
    expect(others.faceAt(SEAT, now)?.[SHAPE.jawOpen]).toBeCloseTo(0.5, 2);
  });
});
