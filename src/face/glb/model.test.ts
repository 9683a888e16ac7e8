import { describe, expect, it } from 'vitest';
import { buildHead } from '../head/head';
import { deform } from '../head/deform';
import { makePose, poseOf } from '../head/rig';
import { ARKIT_NAMES, SHAPE, SHAPES, type ArkitName } from '../names';
import { readGlbHead } from './check';
import type { GlbModel } from './model';
import { BOX_HEIGHT } from './place';
import { GLB_TURN, makeGlbPose, poseGlb } from './pose';
import { GlbWriter } from './testing';
import { exportHead } from './testing_heads';

const MM = 1e-3;

type Weights = Partial<Record<ArkitName, number>>;

function weightsOf(values: Weights): Float32Array {
  const weights = new Float32Array(SHAPES);
  for (const name of ARKIT_NAMES) weights[SHAPE[name]] = values[name] ?? 0;
  return weights;
}

/** Vertices with their displacements, head frame, m; turns left aside. */
function shaped(model: GlbModel, values: Weights): Float32Array {
  const { channels } = poseGlb(model, weightsOf(values), makeGlbPose());
  const out = model.positions.slice();
  for (let i = 0; i < model.vertices; i++)
    for (let d = model.first[i] ?? 0; d < (model.first[i + 1] ?? 0); d++)
      for (let k = 0; k < 3; k++)
        out[3 * i + k] =
          (out[3 * i + k] ?? 0) + (channels[model.channel[d] ?? 0] ?? 0) * (model.deltas[6 * d + k] ?? 0);
  return out;
}

/** Mean displacement of what moves, and its middle, m. */
function motion(model: GlbModel, values: Weights): { at: number[]; by: number[]; far: number } {
  const rest = model.positions;
  const moved = shaped(model, values);
  const at = [0, 0, 0];
  const by = [0, 0, 0];
  let weight = 0;
  let far = 0;
  for (let i = 0; i < model.vertices; i++) {
    const move = [0, 1, 2].map((k) => (moved[3 * i + k] ?? 0) - (rest[3 * i + k] ?? 0));
    const length = Math.hypot(...move);
    far = Math.max(far, length);
    weight += length;
    for (let k = 0; k < 3; k++) {
      at[k] = (at[k] ?? 0) + length * (rest[3 * i + k] ?? 0);
      by[k] = (by[k] ?? 0) + length * (move[k] ?? 0);
    }
  }
  return { at: at.map((value) => value / weight), by: by.map((value) => value / weight), far };
}

const own = readGlbHead(exportHead());

describe('a head that went through a file', () => {
  it('has all shapes, and our own size and place', () => {
    const { report, model } = own;
    expect(report).toMatchObject({
      kind: 'glb',
      missing: [],
      unused: [],
      gaze: 'shapes',
      cropped: false,
      textures: 1,
    });
    expect(report.shapes).toEqual(ARKIT_NAMES);
    const heights = model.positions.filter((_, i) => i % 3 === 2);
    expect(Math.max(...heights) - Math.min(...heights)).toBeCloseTo(BOX_HEIGHT, 4);
    const human = buildHead('human');
    expect([model.vertices, model.indices.length]).toEqual([human.vertices, human.indices.length]);
  });

  it.each([
    ['eyeBlinkLeft', 1, [0, 0, -1]],
    ['eyeBlinkRight', -1, [0, 0, -1]],
    ['browOuterUpLeft', 1, [0, 0, 1]],
    ['mouthSmileRight', -1, [0, -1, 1]],
    ['jawOpen', 0, [0, 0, -1]],
    ['jawForward', 0, [1, 0, 0]],
  ] as const)('%s moves the right side the right way', (name, side, way) => {
    const { at, by, far } = motion(own.model, { [name]: 1 });
    expect(far).toBeGreaterThan(2 * MM);
    expect(Math.abs((at[1] ?? 0) - side * 0.035)).toBeLessThan(0.02);
    expect(at[0]).toBeGreaterThan(-0.03);
    // Where it says nothing either way is right.
    const along = way.map((sign, k) => (sign === 0 ? MM : (by[k] ?? 0) * sign));
    expect(Math.min(...along)).toBeGreaterThan(0.2 * MM);
  });

  it('is the same to a tenth of a millimetre wherever it comes from', () => {
    const shapes = ['jawOpen', 'eyeBlinkLeft', 'mouthSmileRight'] as const;
    const others = {
      sparse: exportHead({ shapes, sparse: true }),
      centimetres: exportHead({ shapes, unit: 0.01 }),
      back: exportHead({ shapes, facesBack: true }),
      spelled: exportHead({
        shapes,
        spell: (name) => `blendShape1.${name.replace(/Left$/, '_L').replace(/Right$/, '_R')}`,
      }),
    };
    const face = { jawOpen: 0.7, eyeBlinkLeft: 1, mouthSmileRight: 0.5 };
    const expected = shaped(own.model, face);
    for (const [name, bytes] of Object.entries(others)) {
      const found = shaped(readGlbHead(bytes).model, face);
      expect(found.length, name).toBe(expected.length);
      const worst = found.reduce((most, value, i) => Math.max(most, Math.abs(value - (expected[i] ?? 0))), 0);
      expect(worst, name).toBeLessThan(0.1 * MM);
    }
  });

  it('follows our own head, but for its size', () => {
    const human = buildHead('human');
    const rest = deform(
      human,
      poseOf(weightsOf({}), human.joints, makePose()),
      new Float32Array(3 * human.vertices),
    );
    const posed = deform(
      human,
      poseOf(weightsOf({ jawOpen: 1 }), human.joints, makePose()),
      new Float32Array(3 * human.vertices),
    );
    const far = posed.reduce((most, value, i) => Math.max(most, Math.abs(value - (rest[i] ?? 0))), 0);
    const z = rest.filter((_, i) => i % 3 === 2);
    const scale = BOX_HEIGHT / (Math.max(...z) - Math.min(...z));
    const moved = shaped(own.model, { jawOpen: 1 });
    const found = moved.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - (own.model.positions[i] ?? 0))),
      0,
    );
    expect(found / (scale * far)).toBeCloseTo(1, 3);
  });
});

describe('eyes and jaws on nodes', () => {
  it('turn, where shapes do not turn them', () => {
    const { report, model } = readGlbHead(exportHead({ eyeNodes: true }));
    expect(report).toMatchObject({ gaze: 'turned', missing: [] });
    expect(model.turned).toEqual({ jaw: false, leftEye: true, rightEye: true, gaze: 1 });
    expect(model.pivots.leftEye[1]).toBeGreaterThan(0.03);
    expect(model.pivots.rightEye[1]).toBeCloseTo(-model.pivots.leftEye[1], 5);
    const { turns } = poseGlb(model, weightsOf({ eyeLookOutLeft: 1, eyeLookInRight: 1 }), makeGlbPose());
    expect(turns[GLB_TURN.yawLeft]).toBeGreaterThan(0.3);
    expect(turns[GLB_TURN.yawRight]).toBeGreaterThan(0.3);
    const down = poseGlb(model, weightsOf({ eyeLookDownLeft: 1 }), makeGlbPose()).turns;
    expect(down[GLB_TURN.pitchLeft]).toBeGreaterThan(0.3);
    expect(down[GLB_TURN.pitchRight]).toBeCloseTo(0);
  });

  it('stay with shapes that turn them', () => {
    expect(own.model.turned).toMatchObject({ leftEye: false, rightEye: false });
  });

  it('open a jaw that has a bone and no shape', () => {
    const writer = new GlbWriter();
    const triangle = (y: number): number =>
      writer.numbers(Float32Array.from([-1, y, 0, 1, y, 0, 0, y + 1, 0.2]), 'VEC3');
    const bytes = writer.finish({
      nodes: [
        { name: 'Head', mesh: 0, children: [1] },
        { name: 'Jaw', mesh: 1, translation: [0, 0.2, -0.5] },
      ],
      meshes: [
        {
          primitives: [
            {
              attributes: { POSITION: triangle(1) },
              targets: [
                { POSITION: writer.numbers(Float32Array.from([0, 0, 0, 0, 0, 0, 0, 0.2, 0]), 'VEC3') },
              ],
            },
          ],
          extras: { targetNames: ['browInnerUp'] },
        },
        { primitives: [{ attributes: { POSITION: triangle(-1) } }] },
      ],
    });
    const { report, model } = readGlbHead(bytes);
    expect(report.shapes).toContain('jawOpen');
    expect(model.rig.filter((_, i) => i % 3 === 0)).toEqual(Float32Array.of(0, 0, 0, 1, 1, 1));
    expect(poseGlb(model, weightsOf({ jawOpen: 1 }), makeGlbPose()).turns[GLB_TURN.jaw]).toBeGreaterThan(0.2);
  });
});

describe('an avatar', () => {
  it('is cut down to its head, which is as large as any', () => {
    const { report, model } = readGlbHead(exportHead({ body: true, unit: 0.01 }));
    expect(report).toMatchObject({ cropped: true, head: 'Head' });
    expect(model.vertices).toBe(own.model.vertices);
    // Its eyes hang on no bone: where they are is told by their lids.
    expect(Math.abs(model.radius - own.model.radius)).toBeLessThan(8 * MM);
  });
});

describe('expressions of a VRM', () => {
  const names: readonly ArkitName[] = [
    'jawOpen',
    'mouthFunnel',
    'eyeBlinkLeft',
    'eyeBlinkRight',
    'mouthSmileLeft',
  ];
  const spell = (name: ArkitName): string => `Fcl_${names.indexOf(name)}`;
  const bind = (index: number): object => ({ mesh: 0, index, weight: 100 });
  const bind1 = (index: number): object => ({ node: 1, index, weight: 1 });
  const vrm0 = exportHead({
    shapes: names,
    spell,
    facesBack: true,
    more: {
      extensions: {
        VRM: {
          meta: { title: 'Alice', author: 'Bob', licenseName: 'CC_BY' },
          blendShapeMaster: {
            blendShapeGroups: [
              { name: 'A', presetName: 'a', binds: [bind(0)] },
              { name: 'O', presetName: 'o', binds: [bind(1)] },
              { name: 'Blink', presetName: 'blink', binds: [bind(2), bind(3)] },
              { name: 'BrowDownLeft', presetName: 'unknown', binds: [{ mesh: 0, index: 4, weight: 50 }] },
              { name: 'Lost', presetName: 'joy', binds: [{ mesh: 9, index: 999, weight: 100 }] },
            ],
          },
          humanoid: {
            humanBones: [
              { bone: 'leftEye', node: 2 },
              { bone: 'rightEye', node: 3 },
            ],
          },
        },
      },
    },
  });
  const vrm1 = exportHead({
    shapes: names,
    spell,
    more: {
      extensions: {
        VRMC_vrm: {
          meta: { name: 'Carol', authors: ['Dan', 'Eve'], licenseUrl: 'https://vrm.dev/licenses/1.0/' },
          expressions: {
            preset: {
              aa: { morphTargetBinds: [bind1(0)] },
              oh: { morphTargetBinds: [bind1(1)] },
              blink: { morphTargetBinds: [bind1(2), bind1(3)] },
              blinkLeft: { morphTargetBinds: [bind1(2)] },
              blinkRight: { morphTargetBinds: [bind1(3)] },
            },
            custom: { browDownLeft: { morphTargetBinds: [{ node: 1, index: 4, weight: 0.5 }] } },
          },
          humanoid: { humanBones: { head: { node: 0 }, leftEye: { node: 2 }, rightEye: { node: 3 } } },
        },
      },
    },
  });

  it.each([
    ['0', vrm0, 'vrm-0', ['aa', 'oh', 'blink'], { title: 'Alice', author: 'Bob', licence: 'CC_BY' }],
    [
      '1',
      vrm1,
      'vrm-1',
      ['aa', 'oh', 'blinkleft', 'blinkright'],
      { title: 'Carol', author: 'Dan, Eve', licence: 'https://vrm.dev/licenses/1.0/' },
    ],
  ])('version %s drive it', (_, bytes, kind, expressions, credits) => {
    const { report, model } = readGlbHead(bytes);
    expect(report).toMatchObject({ kind, credits });
    expect(new Set(report.expressions)).toEqual(new Set(expressions));
    expect(report.shapes).toContain('browDownLeft');
    expect(motion(model, { jawOpen: 1 }).by[2]).toBeLessThan(-MM);
    // Half of a smile's target.
    expect(motion(model, { browDownLeft: 1 }).far).toBeCloseTo(
      motion(own.model, { mouthSmileLeft: 1 }).far / 2,
      3,
    );
    expect(motion(model, { browDownLeft: 1 }).at[1]).toBeGreaterThan(0.01);
    expect(motion(model, { eyeBlinkLeft: 1, eyeBlinkRight: 1 }).far).toBeCloseTo(
      motion(own.model, { eyeBlinkLeft: 1, eyeBlinkRight: 1 }).far,
      3,
    );
  });

  it('close one eye alone, where it can', () => {
    expect(motion(readGlbHead(vrm1).model, { eyeBlinkRight: 1 }).at[1]).toBeLessThan(-0.02);
  });

  it('do not open a mouth that is kept closed', () => {
    const { model } = readGlbHead(vrm1);
    const { channels } = poseGlb(model, weightsOf({ jawOpen: 1, mouthClose: 1 }), makeGlbPose());
    expect(channels[model.channels.findIndex(({ name }) => name === 'aa')]).toBeCloseTo(0.1);
  });
});

describe('weights from anywhere', () => {
  it('stay within 0 and 1, and NaN is 0', () => {
    const { channels } = poseGlb(own.model, Float32Array.of(NaN, 7, -3), makeGlbPose());
    expect([...channels.subarray(0, 3)]).toEqual([0, 1, 0]);
    expect(channels.every((value) => value >= 0 && value <= 1)).toBe(true);
  });
});
