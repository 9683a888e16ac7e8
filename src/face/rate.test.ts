import { fc } from '../testing/properties';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter } from '../core/bytes';
import { Random } from '../core/random';
import { CommonAck } from './common_ack';
import { FLAG, MAX_RATE, MIN_RATE, UNSEEN_RATE } from './message';
import { Quantile } from './quantile';
import { GapMeter, LossMeter, RateControl, Thinner, rateWorth, repeatFor } from './rate';
import { readDemand, readReport, writeDemand, writeReport } from './report';

const held = fc.option(fc.nat(65_535));
const rate = fc.nat(60);

describe('GapMeter', () => {
  it('finds what is lost on the way there, whatever overtakes or comes twice', () => {
    const meter = new GapMeter();
    const random = new Random(4);
    expect(meter.loss).toBe(0);
    for (let i = 0; i < 2000; i++) {
      // Neighbours change places, and some come twice.
      const stamp = (i % 8 < 2 ? i ^ 1 : i) % 256;
      if (random.next() < 0.2) continue;
      meter.hear(stamp);
      if (random.next() < 0.1) meter.hear(stamp);
    }
    expect(meter.loss).toBeGreaterThan(0.1);
    expect(meter.loss).toBeLessThan(0.3);
  });

  it('finds nothing where all come', () => {
    const meter = new GapMeter();
    for (let i = 0; i < 1000; i++) meter.hear(i % 256);
    expect(meter.loss).toBe(0);
  });
});

describe('RateControl', () => {
  /** Ten seconds of reports of the same kind. */
  function after(control: RateControl, lateness: number, loss: number, repeat = 0, from = 0): number {
    for (let now = from; now < from + 10_000; now += 100) control.report(now, lateness, loss, repeat);
    return control.rate;
  }

  it('falls where messages come more than 50 ms late, and rises again below 10 ms', () => {
    const control = new RateControl();
    expect(after(control, 60, 0)).toBe(MIN_RATE);
    expect(after(control, 30, 0, 0, 20_000)).toBe(MIN_RATE);
    expect(after(control, 5, 0, 0, 40_000)).toBe(MAX_RATE);
  });

  it('falls at more than 5 % loss, unless what is told again makes up for it', () => {
    expect(after(new RateControl(), 0, 0.06)).toBe(MIN_RATE);
    expect(after(new RateControl(), 0, 0.04)).toBe(MAX_RATE);
    expect(after(new RateControl(), 0, 0.12, 1)).toBe(MAX_RATE);
    expect(after(new RateControl(), 0, 0.3, 1)).toBe(MIN_RATE);
    expect(after(new RateControl(), 0, 0.25, 4)).toBe(MAX_RATE);
    expect(after(new RateControl(), 0, 0.5, 4)).toBe(MIN_RATE);
  });

  it('takes its time', () => {
    const control = new RateControl();
    control.report(0, 100, 0, 0);
    control.report(100, 100, 0, 0);
    expect(control.rate).toBeCloseTo(42);
  });
});

describe('LossMeter', () => {
  it('finds how much is lost, across the turn of the count', () => {
    const random = new Random(2);
    const meter = new LossMeter();
    let received = 200;
    for (let i = 0; i < 1000; i++) {
      meter.send();
      if (random.next() > 0.2) received = (received + 1) % 256;
      if (i % 10 === 0) meter.report(received);
    }
    expect(meter.loss).toBeGreaterThan(0.1);
    expect(meter.loss).toBeLessThan(0.3);
  });
});

describe('Thinner', () => {
  /** Messages of two frames at 60 Hz for ten seconds; how many pass. */
  const passed = (at: number, head = 1): number => {
    const thinner = new Thinner();
    let count = 0;
    for (let i = 0; i < 300; i++) if (thinner.pass((i * 1000) / 30, head, at)) count++;
    return count;
  };

  it('lets all through at the full rate, and fewer at lower ones', () => {
    expect(passed(60)).toBe(300);
    expect(passed(30)).toBe(150);
    expect(passed(15)).toBeLessThan(101);
    expect(passed(UNSEEN_RATE)).toBeLessThan(12);
  });

  it('lets through what is sudden, except where nobody looks', () => {
    expect(passed(15, FLAG.urgent)).toBe(300);
    expect(passed(UNSEEN_RATE, FLAG.urgent)).toBeLessThan(12);
    expect(passed(60, -1)).toBe(0);
  });
});

describe('what a face is worth', () => {
  it('grows with its height in the picture', () => {
    expect([0, Number.NaN, 10, 40, 400].map(rateWorth)).toEqual([
      UNSEEN_RATE,
      UNSEEN_RATE,
      MIN_RATE,
      30,
      MAX_RATE,
    ]);
  });

  it('tells more again where more is lost', () => {
    expect([0, 0.05, 0.15, 0.3].map(repeatFor)).toEqual([1, 1, 2, 4]);
  });
});

describe('CommonAck', () => {
  it('FACE-8 is the oldest that anyone has, and null for a newcomer', () => {
    const acks = new CommonAck();
    expect(acks.common).toBeNull();
    acks.set(1, 3);
    acks.set(2, 65_534);
    expect(acks.common).toBe(65_534);
    acks.set(3, null);
    expect(acks.common).toBeNull();
    acks.delete(3);
    acks.delete(2);
    expect(acks.common).toBe(3);
  });
});

describe('reports and demands', () => {
  it('FACE-10 come back as they were written', () => {
    fc.assert(
      fc.property(
        fc.record({ held, received: fc.nat(255), lateness: fc.nat(255), rate }),
        fc.record({ held, rate, repeat: fc.nat(4) }),
        (report, demand) => {
          const out = new ByteWriter();
          writeReport(out, report);
          writeDemand(out, demand);
          const input = new ByteReader(out.finish());
          expect(readReport(input)).toEqual(report);
          expect(readDemand(input)).toEqual(demand);
          expect(input.remaining).toBe(0);
        },
      ),
    );
  });

  it('FACE-10 are null where the bytes are none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 8 }), (bytes) => {
        const report = readReport(new ByteReader(bytes));
        expect(report?.rate ?? 0).toBeLessThanOrEqual(MAX_RATE);
        const demand = readDemand(new ByteReader(bytes));
        expect(demand?.repeat ?? 0).toBeLessThanOrEqual(4);
      }),
    );
    expect(readReport(new ByteReader(new Uint8Array(2)))).toBeNull();
    expect(readDemand(new ByteReader(Uint8Array.from([0, 200, 0])))).toBeNull();
  });
});

describe('Quantile', () => {
  it('is that of the newest values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1, maxLength: 60 }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (values, share) => {
          const quantile = new Quantile(share, 16);
          for (const value of values) quantile.add(value);
          const newest = values.slice(-16).toSorted((a, b) => a - b);
          expect(quantile.value).toBe(newest[Math.floor(share * newest.length)]);
        },
      ),
    );
    expect(new Quantile(0.5, 4).value).toBeNaN();
  });
});
