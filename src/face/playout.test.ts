import { describe, expect, it } from 'vitest';
import { CHANNELS } from './frame';
import { SHAPE } from './names';
import { FaceReceiver } from './receiver';
import { FaceSender } from './sender';

/** A sender and a receiver joined by a way of so many ms; the sender's clock is another one. */
class Pair {
  readonly sender = new FaceSender();
  readonly receiver = new FaceReceiver(1);
  readonly face = new Float32Array(CHANNELS);
  readonly shown = new Float32Array(CHANNELS);
  now = 0;
  cut = false;
  private readonly flying: { at: number; message: Uint8Array }[] = [];

  constructor(
    private readonly delay: (now: number) => number,
    private readonly skew = 5000,
  ) {}

  /** Lets time pass; the face is pushed 60 times a second. */
  run(ms: number, each: (now: number) => void = () => {}): void {
    const end = this.now + ms;
    for (; this.now < end; this.now++) {
      const { now, sender, receiver } = this;
      each(now);
      if (Math.floor((now * 60) / 1000) !== Math.floor(((now - 1) * 60) / 1000))
        sender.push(this.face, now + this.skew);
      if (now + this.skew >= sender.due) {
        const message = sender.take(now + this.skew).slice();
        if (message.length > 0 && !this.cut) this.flying.push({ at: now + this.delay(now), message });
      }
      for (const { at, message } of this.flying.splice(0)) {
        if (at > now) this.flying.push({ at, message });
        else receiver.receive(message, now);
      }
      if (now % 10 === 0) {
        receiver.sample(now, this.shown);
        sender.obey({ held: receiver.report(60).held, rate: 60, repeat: 1 });
      }
    }
  }

  jaw(): number {
    return this.shown[SHAPE.jawOpen] ?? 0;
  }
}

describe('Playout', () => {
  it('shows a sudden change within two frames and the way', () => {
    const pair = new Pair(() => 2);
    pair.run(3000);
    for (let i = 0; i < 8; i++) {
      const to = i % 2 === 0 ? 0.8 : 0.1;
      pair.face[SHAPE.jawOpen] = to;
      const began = pair.now;
      let seen = -1;
      pair.run(500, (now) => {
        if (seen < 0 && Math.abs(pair.jaw() - to) < 0.02) seen = now;
      });
      expect(seen - began).toBeGreaterThan(0);
      // Up to one frame until it is taken, and up to 10 ms until it is drawn here.
      expect(seen - began).toBeLessThan(60);
    }
    expect(pair.receiver.figures(pair.now).delay).toBeLessThan(30);
  });

  it('is no slower after a pause than before it', () => {
    const pair = new Pair(() => 10);
    const swing = (now: number): void => {
      pair.face[SHAPE.jawOpen] = 0.5 + 0.4 * Math.sin(now / 150);
    };
    pair.run(1500, swing);
    const before = pair.receiver.figures(pair.now).delay;
    for (let i = 0; i < 3; i++) {
      pair.cut = true;
      pair.run(1000, swing);
      pair.cut = false;
      pair.run(400, swing);
    }
    expect(pair.receiver.figures(pair.now).delay).toBeLessThan(before + 15);
  });

  it('moves evenly although messages come unevenly', () => {
    let seed = 1;
    const pair = new Pair(() => {
      seed = (seed * 16_807) % 2_147_483_647;
      return 20 + (seed % 40);
    });
    const swing = (now: number): void => {
      pair.face[SHAPE.jawOpen] = 0.5 + 0.4 * Math.sin(now / 150);
    };
    pair.run(4000, swing);
    let before = pair.jaw();
    let largest = 0;
    pair.run(2000, (now) => {
      swing(now);
      if (now % 10 !== 1) return;
      largest = Math.max(largest, Math.abs(pair.jaw() - before));
      before = pair.jaw();
    });
    // 0.4 / 150 a ms is its highest speed.
    expect(largest).toBeLessThan((0.4 / 150) * 10 * 1.6);
  });

  it('holds a face that rests', () => {
    const pair = new Pair(() => 10);
    pair.face[SHAPE.jawOpen] = 0.6;
    pair.run(8000);
    expect(pair.jaw()).toBeCloseTo(0.6, 2);
  });

  it('holds what came last for 100 ms and relaxes within 300 ms more when nothing comes', () => {
    const pair = new Pair(() => 10);
    const open = (now: number): void => {
      pair.face[SHAPE.jawOpen] = 0.6 + 0.05 * Math.sin(now / 20);
    };
    pair.run(3000, open);
    pair.cut = true;
    pair.run(100, open);
    expect(pair.jaw()).toBeGreaterThan(0.5);
    pair.run(500, open);
    expect(pair.jaw()).toBeLessThan(0.01);
    let lids = 0;
    pair.run(12_000, (now) => {
      open(now);
      lids = Math.max(lids, pair.shown[SHAPE.eyeBlinkLeft] ?? 0);
    });
    expect(lids).toBeGreaterThan(0.9);
    pair.cut = false;
    pair.run(600, open);
    expect(pair.jaw()).toBeGreaterThan(0.5);
  });

  it('idles before anything came', () => {
    const receiver = new FaceReceiver(3);
    const shown = new Float32Array(CHANNELS);
    let lids = 0;
    for (let now = 0; now < 10_000; now += 16) {
      receiver.sample(now, shown);
      lids = Math.max(lids, shown[SHAPE.eyeBlinkRight] ?? 0);
      expect(shown[SHAPE.jawOpen]).toBe(0);
    }
    expect(lids).toBeGreaterThan(0.9);
    expect(receiver.playhead).toBe(-Infinity);
  });

  it('waits longer where messages come unevenly, and less again later', () => {
    let rough = true;
    let even = false;
    const pair = new Pair(() => {
      even = !even;
      return rough && even ? 90 : 20;
    });
    const swing = (now: number): void => {
      pair.face[SHAPE.jawOpen] = 0.5 + 0.4 * Math.sin(now / 150);
    };
    pair.run(5000, swing);
    const roughDelay = pair.receiver.figures(pair.now).delay;
    rough = false;
    pair.run(15_000, swing);
    expect(roughDelay).toBeGreaterThan(90);
    expect(pair.receiver.figures(pair.now).delay).toBeLessThan(45);
  });

  it('goes on after a silence in which stamps have turned over', () => {
    const pair = new Pair(() => 10);
    pair.face[SHAPE.jawOpen] = 0.4;
    pair.run(2000);
    pair.cut = true;
    pair.run(70_000);
    pair.cut = false;
    pair.face[SHAPE.jawOpen] = 0.7;
    pair.run(2000);
    expect(pair.jaw()).toBeCloseTo(0.7, 2);
  });

  it('knows how it goes', () => {
    const pair = new Pair(() => 10);
    pair.run(6000, (now) => {
      pair.face[SHAPE.jawOpen] = 0.5 + 0.4 * Math.sin(now / 150);
      // Two of six messages.
      pair.cut = now % 200 < 66;
    });
    const { rate, bytesPerSecond, lost, delay } = pair.receiver.figures(pair.now);
    expect(rate).toBeGreaterThan(30);
    expect(rate).toBeLessThan(60);
    expect(bytesPerSecond).toBeGreaterThan(200);
    expect(lost).toBeGreaterThan(0.1);
    expect(lost).toBeLessThan(0.4);
    expect(delay).toBeGreaterThan(60);
    expect(pair.receiver.figures(pair.now + 5000).rate).toBe(0);
  });
});
