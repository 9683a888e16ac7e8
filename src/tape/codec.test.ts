import { fc } from '../testing/properties';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter } from '../core/bytes';
import type { Action } from './action';
import { decodeAction, encodeAction } from './codec';
import { type Entry, decodeEntries, encodeEntries } from './tape';

const float = fc.float({ noNaN: true });
const double = fc.double({ noNaN: true });
const vec3 = fc.tuple(float, float, float);
const vec3d = fc.tuple(double, double, double);
const quat = fc.tuple(float, float, float, float);
const index = fc.nat(1 << 20);
const values = fc.float64Array();

const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ kind: fc.constant('ctrl' as const), index, value: double }),
  fc.record({ kind: fc.constant('ctrls' as const), values }),
  fc.record({
    kind: fc.constant('drag' as const),
    hand: fc.nat(9),
    body: index,
    mode: fc.constantFrom('translate' as const, 'rotate' as const),
    point: vec3,
    target: vec3,
    quat,
  }),
  fc.record({ kind: fc.constant('release' as const), hand: fc.nat(9) }),
  fc.record({ kind: fc.constant('wrench' as const), body: index, force: vec3d, torque: vec3d }),
  fc.record({ kind: fc.constant('qpos' as const), index, values }),
  fc.record({ kind: fc.constant('equality' as const), index, active: fc.boolean() }),
  fc.record({ kind: fc.constant('reset' as const), keyframe: fc.integer({ min: -1, max: 100 }) }),
  fc.record({ kind: fc.constant('edit' as const), field: fc.nat(40), index, values }),
  fc.record({ kind: fc.constant('pause' as const), paused: fc.boolean() }),
  fc.record({ kind: fc.constant('speed' as const), speed: fc.constantFrom(0.01, 1, Infinity) }),
  fc.record({ kind: fc.constant('step' as const), ticks: fc.maxSafeNat() }),
  fc.record({ kind: fc.constant('checkpoint' as const) }),
  fc.record({ kind: fc.constant('restore' as const), from: fc.maxSafeNat(), checkpoint: fc.uint8Array() }),
);

describe('actions as bytes', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(action, (wanted) => {
        const out = new ByteWriter();
        encodeAction(out, wanted);
        expect(decodeAction(new ByteReader(out.finish()))).toEqual(wanted);
      }),
    );
  });

  it('never throw on garbage, and say that it is none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (garbage) => {
        const input = new ByteReader(garbage);
        const decoded = decodeAction(input);
        expect(decoded === null).toBe(!input.ok);
      }),
    );
  });
});

describe('entries as bytes', () => {
  it('keep ticks, seats and order', () => {
    const item = fc.record({ wait: fc.nat(5000), seat: fc.nat(50), action });
    fc.assert(
      fc.property(fc.array(item, { maxLength: 20 }), (items) => {
        let tick = 0;
        const entries: Entry[] = items.map(({ wait, seat, action: wanted }, seq) => {
          tick += wait;
          return { tick, seat, seq, action: wanted };
        });
        expect(decodeEntries(encodeEntries(entries))).toEqual(entries);
      }),
    );
  });

  it('refuse a cut tape', () => {
    const whole = encodeEntries([
      { tick: 3, seat: 0, seq: 0, action: { kind: 'ctrl', index: 0, value: 1.5 } },
    ]);
    expect(decodeEntries(whole.slice(0, -1))).toBeNull();
  });
});
