import { describe, expect, it } from 'vitest';
import { CHANNELS, HEAD } from '../frame';
import { type ArkitName, SHAPE } from '../names';
import { REGION } from '../regions';
import { fromCoefficients } from './blendshapes';
import { HeadPose } from './pose';
import { CAMERA_REGIONS, FaceSolver } from './solver';
import { mirrored, mirrorPairs, type RecordedFace, recordedFace } from '../../testing/recorded_faces';
import { EYES, LANDMARKS } from './topology';

/** Around the mouth and the chin; the chin; lids and brows and corners of the mouth. */
const AROUND_MOUTH = [0, 13, 14, 17, 37, 39, 267, 269, 84, 181, 314, 405, 61, 291];
const CHIN = 152;
const MOUTH = [0, 13, 14, 17, 61, 291, CHIN, 105, 334, 159, 386];
/** Distance of a camera, cm, and its pixels per cm there. */
const AWAY = 60;
const PIXELS = 15;
const UNSEEN_SHAPES: readonly ArkitName[] = [
  'jawForward',
  'mouthClose',
  'cheekPuff',
  'cheekSquintLeft',
  'cheekSquintRight',
  'noseSneerLeft',
  'noseSneerRight',
  'tongueOut',
];
const FRAME_MS = 33;
const SECOND = 40;

/** A solver that knows the face at rest, and the time it has come to. */
class Watcher {
  readonly solver = new FaceSolver();
  readonly face = new Float32Array(CHANNELS);
  private now = 0;

  constructor(rest: Float32Array = recordedFace('neutral')) {
    for (let i = 0; i < SECOND; i++) this.see(rest);
  }

  see(landmarks: ArrayLike<number>): boolean {
    this.now += FRAME_MS;
    return this.solver.solve(landmarks, this.now, this.face);
  }

  weight(name: ArkitName): number {
    return this.face[SHAPE[name]] ?? NaN;
  }
}

function seen(name: RecordedFace): Watcher {
  const watcher = new Watcher();
  expect(watcher.see(recordedFace(name))).toBe(true);
  return watcher;
}

describe('HeadPose', () => {
  it('has the head turn to its own right, bow and lean to its own left as positive', () => {
    const pose = new HeadPose();
    const angles = (name: RecordedFace): number[] => {
      expect(pose.align(recordedFace(name))).toBe(true);
      return [pose.yaw, pose.pitch, pose.roll];
    };
    const [, pitch = NaN] = angles('neutral');
    expect(angles('turnRight')[0]).toBeGreaterThan(0.15);
    expect(angles('turnLeft')[0]).toBeLessThan(-0.15);
    expect((angles('bow')[1] ?? NaN) - pitch).toBeGreaterThan(0.08);
    expect(angles('lean')[2]).toBeCloseTo(0.25, 1);
  });

  it('gives the same points wherever and however large the face is, and however it is turned', () => {
    const pose = new HeadPose();
    const landmarks = recordedFace('mouthSmile');
    pose.align(landmarks);
    const before = pose.points.slice();
    const away = Math.cos(pose.yaw) * Math.cos(pose.pitch);
    pose.align(moved(landmarks, 0.3, 0.7, 25, -40));
    expect(largestDifference(pose.points, before)).toBeLessThan(1e-3);
    expect(pose.roll).not.toBeCloseTo(0, 1);
    // How far it looks away from the camera is the same.
    expect(Math.cos(pose.yaw) * Math.cos(pose.pitch)).toBeCloseTo(away, 4);
  });
});

describe('HeadPose of a head in perspective', () => {
  it.each([-0.6, -0.3, 0.3, 0.6])('finds a turn of %d, and the same points', (yaw) => {
    const pose = new HeadPose();
    const head = new HeadPose();
    head.align(recordedFace('neutral'));
    // Level, and as the average face has it, so that the turn is known exactly.
    pose.align(photographed(head.points, 0));
    const [before, from] = [pose.points.slice(), pose.yaw];
    pose.align(photographed(head.points, yaw));
    expect(pose.yaw - from).toBeCloseTo(yaw, 1);
    for (const i of MOUTH) {
      for (let k = 3 * i; k < 3 * i + 3; k++)
        expect(Math.abs((pose.points[k] ?? NaN) - (before[k] ?? NaN)), `landmark ${i}`).toBeLessThan(
          0.4 * Math.abs(yaw),
        );
    }
  });

  it('keeps the chin in the middle when depths turn less than places', () => {
    const head = new HeadPose();
    head.align(recordedFace('neutral'));
    const pose = new HeadPose();
    pose.align(photographed(head.points, 0));
    const before = pose.points[3 * CHIN] ?? NaN;
    const [places, depths] = [photographed(head.points, 0.5), photographed(head.points, 0.4)];
    pose.align(places.map((value, i) => (i % 3 === 2 ? (depths[i] ?? NaN) : value)));
    expect(Math.abs((pose.points[3 * CHIN] ?? NaN) - before)).toBeLessThan(0.1);
  });
});

describe('FaceSolver', () => {
  it('finds nothing in a face at rest', () => {
    const { face } = seen('neutral');
    expect(Math.max(...face.subarray(0, HEAD.yaw))).toBe(0);
  });

  const moves: readonly (readonly [RecordedFace, readonly ArkitName[], number])[] = [
    ['jawOpen', ['jawOpen'], 0.6],
    ['jawLeft', ['jawLeft'], 0.15],
    ['eyeBlink', ['eyeBlinkLeft', 'eyeBlinkRight'], 0.8],
    ['turnedBlink', ['eyeBlinkLeft', 'eyeBlinkRight'], 0.8],
    ['mouthSmile', ['mouthSmileLeft', 'mouthSmileRight'], 0.8],
    ['mouthFrown', ['mouthFrownLeft', 'mouthFrownRight'], 0.4],
    ['mouthPucker', ['mouthPucker'], 0.7],
    ['mouthStretch', ['mouthStretchLeft', 'mouthStretchRight'], 0.4],
    ['mouthUpperUp', ['mouthUpperUpLeft', 'mouthUpperUpRight'], 0.4],
    ['lookLeft', ['eyeLookOutLeft', 'eyeLookInRight'], 0.5],
    ['lookRight', ['eyeLookInLeft', 'eyeLookOutRight'], 0.5],
  ];
  it.each(moves)('sees %s', (name, shapes, least) => {
    const watcher = seen(name);
    for (const shape of shapes) expect(watcher.weight(shape), shape).toBeGreaterThan(least);
  });

  it('tells the sides apart: a person has their left on the right of the picture', () => {
    const wink = seen('eyeBlinkLeft');
    expect(wink.weight('eyeBlinkLeft')).toBeGreaterThan(0.8);
    expect(wink.weight('eyeBlinkRight')).toBeLessThan(0.1);
    const smirk = seen('mouthSmileRight');
    expect(smirk.weight('mouthSmileRight')).toBeGreaterThan(0.6);
    expect(smirk.weight('mouthSmileLeft')).toBeLessThan(0.15);
    // The lids that were measured are where the camera has them.
    const landmarks = recordedFace('neutral');
    expect(landmarks[3 * EYES.left.iris]).toBeGreaterThan((landmarks[3 * EYES.right.iris] ?? NaN) + 50);
  });

  it('sees a mirrored face mirrored', () => {
    const pose = new HeadPose();
    const rest = recordedFace('neutral');
    pose.align(rest);
    const pairs = mirrorPairs(pose.points);
    const watcher = new Watcher(mirrored(rest, pairs));
    watcher.see(mirrored(recordedFace('eyeBlinkLeft'), pairs));
    expect(watcher.weight('eyeBlinkRight')).toBeGreaterThan(0.8);
    expect(watcher.weight('eyeBlinkLeft')).toBeLessThan(0.1);
    watcher.see(mirrored(recordedFace('turnRight'), pairs));
    expect(watcher.face[HEAD.yaw]).toBeLessThan(-0.15);
  });

  it('sees brows that rise and sink', () => {
    const watcher = new Watcher();
    watcher.see(shifted([55, 107, 285, 336], -8));
    expect(watcher.weight('browInnerUp')).toBeGreaterThan(0.5);
    expect(watcher.weight('browDownLeft')).toBe(0);
    watcher.see(shifted([70, 63, 46], -8));
    expect(watcher.weight('browOuterUpRight')).toBeGreaterThan(0.5);
    expect(watcher.weight('browOuterUpLeft')).toBe(0);
    watcher.see(shifted([334, 282], 8));
    expect(watcher.weight('browDownLeft')).toBeGreaterThan(0.5);
    expect(watcher.weight('browDownRight')).toBe(0);
  });

  it('takes a mouth that moves as a whole for the chin, not for its corners', () => {
    const watcher = new Watcher();
    const corners = ['mouthFrownLeft', 'mouthFrownRight', 'mouthSmileLeft', 'mouthSmileRight'] as const;
    watcher.see(shifted(AROUND_MOUTH, 12));
    for (const shape of corners) expect(watcher.weight(shape), shape).toBe(0);
    expect(watcher.weight('mouthShrugLower')).toBe(0);
    watcher.see(shifted(AROUND_MOUTH, -8));
    for (const shape of corners) expect(watcher.weight(shape), shape).toBe(0);
    expect(watcher.weight('mouthShrugLower')).toBeGreaterThan(0.5);
    expect(watcher.weight('mouthShrugUpper')).toBeGreaterThan(0.5);
    expect(watcher.weight('mouthUpperUpLeft')).toBe(0);
  });

  it('tells corners pulled up, level and down apart', () => {
    const watcher = new Watcher();
    const pulled = (down: number): void => {
      const landmarks = recordedFace('neutral');
      for (const [i, side] of [[291, 1] as const, [61, -1] as const]) {
        landmarks[3 * i] = (landmarks[3 * i] ?? 0) + 9 * side;
        landmarks[3 * i + 1] = (landmarks[3 * i + 1] ?? 0) + down;
      }
      watcher.see(landmarks);
    };
    const most = (): string => {
      const shapes = ['mouthSmile', 'mouthDimple', 'mouthStretch', 'mouthFrown'] as const;
      return shapes.reduce((a, b) => (watcher.weight(`${b}Left`) > watcher.weight(`${a}Left`) ? b : a));
    };
    pulled(-7);
    expect(most()).toBe('mouthSmile');
    pulled(-2);
    expect(most()).toBe('mouthDimple');
    pulled(2);
    expect(most()).toBe('mouthStretch');
  });

  it('sees a lower lid that rises on its own as a squint, and none in a blink or a look aside', () => {
    const watcher = new Watcher();
    watcher.see(shifted(EYES.left.lower.slice(2, 7), -2.5));
    expect(watcher.weight('eyeSquintLeft')).toBeGreaterThan(0.4);
    expect(watcher.weight('eyeSquintRight')).toBe(0);
    for (const name of ['eyeBlink', 'eyeBlinkLeft', 'turnedBlink', 'lookRight'] as const) {
      watcher.see(recordedFace(name));
      expect(watcher.weight('eyeSquintLeft'), name).toBeLessThan(0.15);
      expect(watcher.weight('eyeSquintRight'), name).toBeLessThan(0.15);
    }
  });

  it('takes lids that the networks see a quarter shut for half shut', () => {
    const watcher = new Watcher();
    const [rest, shut] = [recordedFace('neutral'), recordedFace('eyeBlink')];
    watcher.see(rest.map((value, i) => value + 0.3 * ((shut[i] ?? NaN) - value)));
    expect(watcher.weight('eyeBlinkLeft')).toBeGreaterThan(0.3);
    expect(watcher.weight('eyeBlinkLeft')).toBeLessThan(0.6);
  });

  it('finds little in a head that only turns, bows or leans', () => {
    const watcher = new Watcher();
    const jaw = ['jawOpen', 'jawLeft', 'jawRight', 'mouthLeft', 'mouthRight', 'mouthFunnel'] as const;
    const corners = ['mouthSmileLeft', 'mouthSmileRight', 'mouthFrownLeft', 'mouthFrownRight'] as const;
    for (const name of ['turnRight', 'turnLeft', 'bow', 'lean'] as const) {
      watcher.see(recordedFace(name));
      for (const shape of jaw) expect(watcher.weight(shape), `${name}: ${shape}`).toBeLessThan(0.2);
      for (const shape of corners) expect(watcher.weight(shape), `${name}: ${shape}`).toBeLessThan(0.3);
    }
  });

  it('sees lips rolled in and pressed, as long as the mouth is shut', () => {
    const watcher = new Watcher();
    watcher.see(shifted([0], 6));
    expect(watcher.weight('mouthRollUpper')).toBeGreaterThan(0.5);
    expect(watcher.weight('mouthPressLeft')).toBe(0);
    watcher.see(shifted([17], -8));
    expect(watcher.weight('mouthRollLower')).toBeGreaterThan(0.5);
    const pressed = shifted([0], 6);
    pressed[3 * 17 + 1] = (pressed[3 * 17 + 1] ?? 0) - 8;
    watcher.see(pressed);
    expect(watcher.weight('mouthPressLeft')).toBeGreaterThan(0.5);
    expect(watcher.weight('mouthPressRight')).toBeGreaterThan(0.5);
  });

  it('says nothing about what landmarks do not show, and stays within 0 to 1', () => {
    const watcher = new Watcher();
    for (const [name] of moves) {
      watcher.see(recordedFace(name));
      for (const shape of UNSEEN_SHAPES) {
        expect(watcher.weight(shape)).toBe(0);
      }
      const weights = watcher.face.subarray(0, HEAD.yaw);
      expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...weights)).toBeLessThanOrEqual(1);
    }
    const driven = [...watcher.face.keys()].filter((i) => watcher.face[i] !== 0);
    expect(driven.every((i) => ((CAMERA_REGIONS >> (REGION[i] ?? 0)) & 1) === 1)).toBe(true);
  });

  it('measures against the rest of the first second, a blink in it or not', () => {
    const watcher = new Watcher();
    const solver = new FaceSolver();
    const face = new Float32Array(CHANNELS);
    let now = 0;
    for (let i = 0; i < SECOND; i++) {
      solver.solve(recordedFace(i % 10 < 3 ? 'eyeBlink' : 'neutral'), (now += FRAME_MS), face);
    }
    expect(solver.calibrated).toBe(true);
    solver.solve(recordedFace('eyeBlink'), (now += FRAME_MS), face);
    watcher.see(recordedFace('eyeBlink'));
    expect(face[SHAPE.eyeBlinkLeft]).toBeCloseTo(watcher.weight('eyeBlinkLeft'), 5);
  });

  it('takes another rest when it is told to, and a mouth that was open for one that shuts', () => {
    const watcher = new Watcher(recordedFace('jawOpen'));
    expect(watcher.solver.calibrated).toBe(true);
    for (let i = 0; i < SECOND; i++) watcher.see(recordedFace('neutral'));
    watcher.see(recordedFace('jawOpen'));
    expect(watcher.weight('jawOpen')).toBeGreaterThan(0.5);
    watcher.solver.recalibrate();
    expect(watcher.solver.calibrated).toBe(false);
    for (let i = 0; i < SECOND; i++) watcher.see(recordedFace('mouthSmile'));
    expect(watcher.weight('mouthSmileLeft')).toBe(0);
  });

  it('refuses what is no face, and stays as it was', () => {
    const watcher = seen('mouthSmile');
    const before = watcher.face.slice();
    const rest = recordedFace('neutral');
    const broken = rest.slice();
    broken[3 * 291] = NaN;
    const infinite = rest.slice();
    infinite[3 * 10] = Infinity;
    const noise = Float32Array.from({ length: 3 * LANDMARKS }, (_, i) => ((i * 7919) % 997) / 2);
    const flat = rest.map((value, i) => (i % 3 === 0 ? 320 : value));
    const insideOut = rest.map((value, i) => (i % 3 === 0 ? 640 - value : value));
    for (const garbage of [broken, infinite, noise, flat, insideOut, new Float32Array(3 * LANDMARKS), []]) {
      expect(watcher.see(garbage)).toBe(false);
      expect(watcher.face).toEqual(before);
    }
    watcher.see(recordedFace('mouthSmile'));
    expect(watcher.face).toEqual(before);
  });
});

describe('fromCoefficients', () => {
  it('puts names where they belong, and leaves out what is none', () => {
    const face = new Float32Array(CHANNELS).fill(0.5);
    face[HEAD.yaw] = 0.3;
    fromCoefficients(
      [
        { categoryName: '_neutral', score: 0.9 },
        { categoryName: 'jawOpen', score: 0.4 },
        { categoryName: 'eyeBlinkLeft', score: 1.2 },
        { categoryName: 'browInnerUp', score: NaN },
        { categoryName: 'mouthFunnel', score: -1 },
      ],
      face,
    );
    expect(face[SHAPE.jawOpen]).toBeCloseTo(0.4);
    expect(face[SHAPE.eyeBlinkLeft]).toBe(1);
    expect(face.subarray(0, HEAD.yaw).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1.4);
    expect(face[HEAD.yaw]).toBeCloseTo(0.3);
  });
});

/** A head as a camera in front of it has it, turned to its own right, radians. */
function photographed(points: Float32Array, yaw: number): Float32Array {
  const [cos, sin] = [Math.cos(yaw), Math.sin(yaw)];
  return points.map((_, i) => {
    const at = i - (i % 3);
    const [x, y, z] = [points[at] ?? 0, points[at + 1] ?? 0, points[at + 2] ?? 0];
    const near = AWAY / (AWAY - (cos * z + sin * x));
    if (i % 3 === 0) return 320 + PIXELS * near * (cos * x - sin * z);
    return i % 3 === 1 ? 240 - PIXELS * near * y : -PIXELS * (cos * z + sin * x);
  });
}

/** The face at rest with some landmarks lower in the picture, pixels. */
function shifted(indices: readonly number[], down: number): Float32Array {
  const landmarks = recordedFace('neutral');
  for (const i of indices) landmarks[3 * i + 1] = (landmarks[3 * i + 1] ?? 0) + down;
  return landmarks;
}

/** Landmarks turned in the picture, scaled and moved. */
function moved(landmarks: Float32Array, angle: number, scale: number, x: number, y: number): Float32Array {
  const [cos, sin] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  return landmarks.map((value, i) => {
    const at = i - (i % 3);
    const [px, py] = [landmarks[at] ?? 0, landmarks[at + 1] ?? 0];
    if (i % 3 === 0) return cos * px - sin * py + x;
    return i % 3 === 1 ? sin * px + cos * py + y : scale * value;
  });
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? NaN))), 0);
}
