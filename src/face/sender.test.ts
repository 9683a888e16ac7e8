import { describe, expect, it } from 'vitest';
import { FaceDecoder } from './decoder';
import { WEIGHT_STEPS } from './frame';
import { generateTake } from './generate';
import { SHAPE, SHAPES } from './names';
import { FaceSender } from './sender';
import { frameCount, frameOf } from './take';

interface Sent {
  readonly at: number;
  readonly message: Uint8Array;
}

/** Drives a sender on a clock of whole ms; `face` is called at 60 Hz. */
function run(sender: FaceSender, ms: number, face: (now: number) => Float32Array | null): Sent[] {
  const sent: Sent[] = [];
  let frame = 0;
  for (let now = 0; now < ms; now++) {
    if (now >= (frame * 1000) / 60) {
      frame++;
      const values = face(now);
      if (values !== null) sender.push(values, now);
    }
    if (now < sender.due) continue;
    const message = sender.take(now).slice();
    if (message.length > 0) sent.push({ at: now, message });
  }
  return sent;
}

function posed(pose: Partial<Record<keyof typeof SHAPE, number>>): Float32Array {
  const face = new Float32Array(SHAPES);
  for (const [name, weight] of Object.entries(pose)) face[SHAPE[name as keyof typeof SHAPE]] = weight;
  return face;
}

/** Slow enough for no jump, fast enough for every frame to be new. */
const swinging = (now: number): Float32Array =>
  posed({ mouthSmileLeft: 0.5 + 0.4 * Math.sin(now / 120), jawOpen: 0.4 + 0.2 * Math.sin(now / 170) });

describe('FaceSender', () => {
  it('sends two frames a message, each at most a batch late', () => {
    const decoder = new FaceDecoder();
    const sent = run(new FaceSender(), 2000, swinging).slice(2);
    const counts = sent.map(({ message }) => {
      expect(decoder.read(message)).toBe(true);
      return decoder.count;
    });
    // Two new ones and one told again.
    expect(counts.filter((count) => count === 3).length / counts.length).toBeGreaterThan(0.9);
    expect(sent.length).toBeGreaterThan(50);
    expect(sent.length).toBeLessThan(65);
  });

  it('never lets a blink or a jaw that drops wait', () => {
    for (const shape of ['eyeBlinkLeft', 'eyeBlinkRight', 'jawOpen'] as const) {
      const onset = 1033;
      const sent = run(new FaceSender(), 1300, (now) =>
        posed({ [shape]: now < onset ? 0 : Math.min(1, (now - onset + 17) / 70) }),
      );
      const decoder = new FaceDecoder();
      const first = sent.find(({ message }) => {
        expect(decoder.read(message)).toBe(true);
        return (decoder.frame(decoder.count - 1)[SHAPE[shape]] ?? 0) > 10;
      });
      expect(first?.at).toBeLessThan(onset + 18);
      expect(decoder.urgent || (first?.message[0] ?? 0) & 0x80).toBeTruthy();
    }
  });

  it('says before a sudden change that the face was still as it was', () => {
    const sent = run(new FaceSender(), 1100, (now) => posed({ jawOpen: now < 1000 ? 0.1 : 0.8 }));
    const decoder = new FaceDecoder();
    for (const { message, at } of sent) {
      expect(decoder.read(message)).toBe(true);
      if (at >= 1000) break;
    }
    const { count } = decoder;
    expect(decoder.frame(count - 2)[SHAPE.jawOpen]).toBe(26);
    expect(decoder.frame(count - 1)[SHAPE.jawOpen]).toBe(Math.round(0.8 * WEIGHT_STEPS));
    expect((decoder.stamps[count - 1] ?? 0) - (decoder.stamps[count - 2] ?? 0)).toBeLessThan(20);
  });

  it('says that the face rests, and then little more', () => {
    const sent = run(new FaceSender(), 10_000, () => posed({ jawOpen: 0.3 }));
    const decoder = new FaceDecoder();
    expect(sent.slice(1).every(({ message }) => decoder.read(message) && decoder.resting)).toBe(true);
    expect(sent.length).toBeLessThan(25);
    expect(sent.reduce((bytes, { message }) => bytes + message.length, 0)).toBeLessThan(500);
  });

  it('sends what was set once, and what was set right after it', () => {
    const sender = new FaceSender();
    sender.push(posed({ jawOpen: 0.5 }), 0);
    sender.push(posed({ jawOpen: 0.52 }), 3);
    const decoder = new FaceDecoder();
    let at = -1;
    for (let now = 3; now < 200 && at < 0; now++) {
      if (now < sender.due) continue;
      expect(decoder.read(sender.take(now))).toBe(true);
      if (decoder.frame(decoder.count - 1)[SHAPE.jawOpen] === Math.round(0.52 * WEIGHT_STEPS)) at = now;
    }
    expect(at).toBeGreaterThan(0);
    expect(at).toBeLessThan(40);
  });

  it('rides along with a datagram that leaves earlier', () => {
    const sender = new FaceSender();
    sender.push(posed({ jawOpen: 0.05 }), 100);
    expect(sender.due).toBeGreaterThan(105);
    expect(sender.take(105).length).toBeGreaterThan(0);
    expect(sender.take(106)).toHaveLength(0);
  });

  it('keeps to the rate it is given, and costs almost nothing unseen', () => {
    const take = generateTake(5, 10, 'talk');
    const face = (now: number): Float32Array =>
      frameOf(take, Math.min(frameCount(take) - 1, Math.floor((now * 60) / 1000)));
    const bytes = [60, 30, 15, 1].map((rate) => {
      const sender = new FaceSender();
      sender.obey({ held: null, rate, repeat: 1 });
      return run(sender, 10_000, face).reduce((sum, { message }) => sum + message.length, 0) / 10;
    });
    expect(bytes.every((value, i) => i === 0 || value < (bytes[i - 1] ?? 0))).toBe(true);
    expect(bytes.at(-1)).toBeLessThan(100);
  });

  it('thins out sources of other rates', () => {
    for (const hz of [75, 90, 144, 240]) {
      const sender = new FaceSender();
      const decoder = new FaceDecoder();
      for (let i = 0; i < 2 * hz; i++) {
        const now = (i * 1000) / hz;
        sender.push(swinging(now), now);
        if (now >= sender.due) decoder.read(sender.take(now));
      }
      expect(decoder.number).toBeGreaterThan(90);
      expect(decoder.number).toBeLessThan(126);
    }
  });

  it('tells that a face has ended, then nothing, until there is one again', () => {
    const sender = new FaceSender();
    const decoder = new FaceDecoder();
    const laughing = posed({ jawOpen: 0.8 });
    for (const { message } of run(sender, 300, () => laughing)) decoder.read(message);
    expect(decoder.frame(0)[SHAPE.jawOpen]).toBeGreaterThan(0);
    sender.end(300);
    let last = 0;
    for (let now = 300; now < 3000; now++) {
      if (now < sender.due) continue;
      decoder.read(sender.take(now));
      last = now;
    }
    expect(decoder.frame(decoder.count - 1)[SHAPE.jawOpen]).toBe(0);
    expect(decoder.resting).toBe(true);
    expect(last).toBeLessThan(500);
    expect(sender.due).toBe(Infinity);
    sender.end(3000);
    expect(sender.due).toBe(Infinity);
    sender.push(laughing, 3100);
    expect(sender.due).toBe(3100);
  });

  it('does not wait out a low rate once somebody looks', () => {
    const sender = new FaceSender();
    sender.obey({ held: null, rate: 1, repeat: 1 });
    run(sender, 1200, swinging);
    sender.obey({ held: null, rate: 60, repeat: 1 });
    sender.push(swinging(1210), 1210);
    expect(sender.due).toBeLessThan(1240);
  });

  it('waits for nothing before there is a face', () => {
    const sender = new FaceSender();
    expect(sender.due).toBe(Infinity);
    expect(sender.take(0)).toHaveLength(0);
  });
});
