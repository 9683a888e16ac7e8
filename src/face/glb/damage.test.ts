import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random';
import { glbOf, pngOf, refusal, smallHead } from './testing';

/** Reading a damaged small file must not take longer, ms: a busy machine included. */
const MOST_MS = 10_000;

describe('damage', () => {
  const picture = pngOf(4, 4, () => [1, 2, 3, 255]);
  const whole = smallHead({
    picture,
    primitive: { material: 0 },
    more: { materials: [{}], textures: [{ source: 0 }] },
  });

  it.each([1, 2, 3, 4])('anywhere is a word at most, and soon (seed %i)', (seed) => {
    const random = new Random(seed);
    let slowest = 0;
    const codes = new Set<string>();
    for (let round = 0; round < 400; round++) {
      let bytes = whole.slice();
      const flips = 1 + random.below(6);
      for (let i = 0; i < flips; i++) bytes[random.below(bytes.length)] = random.below(256);
      if (random.next() < 0.2) bytes = bytes.slice(0, random.below(bytes.length));
      const started = performance.now();
      codes.add(refusal(bytes).code);
      slowest = Math.max(slowest, performance.now() - started);
    }
    expect(codes.size).toBeGreaterThan(1);
    expect(slowest).toBeLessThan(MOST_MS);
  });

  it('of any value in the description is a word at most', () => {
    const random = new Random(9);
    const wrong = [null, -1, 1e9, 0.5, 'x', [], {}, true, [null], [-1], [{ children: [0] }]];
    const view = new DataView(whole.buffer);
    const jsonLength = view.getUint32(12, true);
    const json = String.fromCharCode(...whole.subarray(20, 20 + jsonLength));
    const bin = whole.subarray(28 + jsonLength);
    for (let round = 0; round < 1500; round++) {
      const draft: unknown = JSON.parse(json);
      bend(draft, random, wrong);
      refusal(glbOf(draft, bin));
    }
  });
});

/** Replaces a value somewhere within a description. */
function bend(draft: unknown, random: Random, wrong: readonly unknown[]): void {
  let owner: unknown = draft;
  for (;;) {
    if (typeof owner !== 'object' || owner === null) return;
    const keys = Object.keys(owner);
    const key = keys[random.below(keys.length)];
    if (key === undefined) return;
    const value: unknown = Reflect.get(owner, key);
    if (typeof value !== 'object' || value === null || random.next() < 0.2) {
      Reflect.set(owner, key, wrong[random.below(wrong.length)]);
      return;
    }
    owner = value;
  }
}
