import { describe, expect, it } from 'vitest';
import { ARKIT_NAMES, SHAPE, SHAPES, type ArkitName } from '../names';
import { makePose, poseOf, TURN } from './rig';

const joints = { jawOpen: 0.36, lidGap: 0.92 };

function weightsOf(values: Partial<Record<ArkitName, number>>): Float32Array {
  const weights = new Float32Array(SHAPES);
  for (const name of ARKIT_NAMES) weights[SHAPE[name]] = values[name] ?? 0;
  return weights;
}

describe('poseOf', () => {
  // First of all: once it has been given other things than typed arrays, the compiler is less sure of itself.
  it('allocates nothing', () => {
    const pose = makePose();
    const weights = new Float32Array(SHAPES).fill(0.3);
    const run = (times: number): void => {
      for (let i = 0; i < times; i++) {
        weights[i % SHAPES] = (i % 100) / 100;
        poseOf(weights, joints, pose);
      }
    };
    run(300_000);
    // One round may be the collector's, or that of code which is still to be optimised; not each of them.
    const grown = Array.from({ length: 5 }, () => {
      const before = process.memoryUsage().heapUsed;
      run(50_000);
      return Math.abs(process.memoryUsage().heapUsed - before);
    });
    // The least object takes 16 bytes: one a call would be 800 kB.
    expect(Math.min(...grown)).toBeLessThan(400_000);
  });

  it('takes anything for weights', () => {
    const wild = Float32Array.from(
      { length: SHAPES },
      (_, i) => [NaN, -3, 7, Infinity, -Infinity][i % 5] ?? 0,
    );
    const { turns, weights } = poseOf(wild, joints, makePose());
    for (const value of turns) expect(Math.abs(value)).toBeLessThan(2);
    for (const value of weights) expect(value >= 0 && value <= 1).toBe(true);
    expect(poseOf([], joints, makePose()).weights.every((value) => value === 0)).toBe(true);
  });

  it('turns eyes the way the shapes say', () => {
    const { turns } = poseOf(weightsOf({ eyeLookOutLeft: 1, eyeLookInRight: 1 }), joints, makePose());
    expect(turns[TURN.yawLeft]).toBeGreaterThan(0.3);
    expect(turns[TURN.yawRight]).toBeGreaterThan(0.3);
    const down = poseOf(weightsOf({ eyeLookDownLeft: 1, eyeLookDownRight: 1 }), joints, makePose()).turns;
    expect(down[TURN.pitchLeft]).toBeGreaterThan(0.2);
    expect(down[TURN.upperLeft], 'the lid follows').toBeGreaterThan(0.1);
  });

  it('makes room for the tongue', () => {
    const { turns } = poseOf(weightsOf({ tongueOut: 1 }), joints, makePose());
    expect(turns[TURN.jaw]).toBeGreaterThan(0.1);
  });

  it('leaves lids their way: each stops at the other', () => {
    const shut = poseOf(weightsOf({ eyeBlinkLeft: 1, eyeSquintLeft: 1 }), joints, makePose()).turns;
    const blink = poseOf(weightsOf({ eyeBlinkLeft: 1 }), joints, makePose()).turns;
    expect(shut[TURN.lowerLeft]).toBeLessThan(blink[TURN.lowerLeft] ?? 0);
    expect(shut[TURN.upperLeft]).toBeLessThan(blink[TURN.upperLeft] ?? 0);
  });

  it('holds back what would add up to more than a face can do', () => {
    const { weights } = poseOf(
      weightsOf({ mouthPucker: 1, mouthFunnel: 1, mouthSmileLeft: 1, mouthStretchLeft: 1 }),
      joints,
      makePose(),
    );
    expect((weights[SHAPE.mouthPucker] ?? 9) + (weights[SHAPE.mouthFunnel] ?? 9)).toBeLessThan(1.2);
    expect((weights[SHAPE.mouthSmileLeft] ?? 9) + (weights[SHAPE.mouthStretchLeft] ?? 9)).toBeLessThan(1);
  });
});
