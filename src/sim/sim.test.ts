import { beforeAll, describe, expect, it } from 'vitest';
import { WORKSHOP, compileXml, simOf } from '../testing/mujoco';
import { decodeCheckpoint, encodeCheckpoint } from '../tape/checkpoint';
import { editField } from './edits';
import { doubles } from './heap';
import { pick } from './pick';
import type { Sim } from './sim';

let mjb: Uint8Array;

beforeAll(async () => {
  mjb = await compileXml(WORKSHOP);
});

const drag = (body: number, target: readonly [number, number, number], hand = 0) =>
  ({ kind: 'drag', hand, body, mode: 'translate', point: [0, 0, 0], target, quat: [1, 0, 0, 0] }) as const;

/** z of the ball, m. */
const ballHeight = (sim: Sim): number => sim.copyState().qpos[4] ?? NaN;

describe('Sim', () => {
  it('starts, and resets, to the keyframe that the model names', async () => {
    const sim = await simOf(mjb);
    expect(sim.copyState().qpos[1]).toBe(0.1);
    sim.step(10);
    sim.apply({ kind: 'reset', keyframe: -1 }, 0);
    expect(sim.copyState().qpos[1]).toBe(0.1);
    expect(sim.data.time).toBe(0);
  });

  it('starts at qpos0 when the model names none', async () => {
    const sim = await simOf(await compileXml(WORKSHOP.replace('initial_keyframe', 'other')));
    expect(sim.copyState().qpos[1]).toBe(0);
  });

  it('pulls a body towards the target, from several hands at once', async () => {
    const one = await simOf(mjb);
    one.apply(drag(3, [1, 1, 3]), 0);
    one.step(50);
    const two = await simOf(mjb);
    two.apply(drag(3, [1, 1, 3], 0), 0);
    two.apply(drag(3, [1, 1, 3], 1), 5);
    two.step(50);
    const none = await simOf(mjb);
    none.step(50);
    expect(ballHeight(one)).toBeGreaterThan(ballHeight(none) + 0.05);
    expect(ballHeight(two)).toBeGreaterThan(ballHeight(one) + 0.05);
    two.apply({ kind: 'release', hand: 0 }, 0);
    two.apply({ kind: 'release', hand: 1 }, 5);
    expect([...doubles(two.data.xfrc_applied).subarray(18, 24)]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('moves a free body while paused, and a mocap body always', async () => {
    const sim = await simOf(mjb);
    sim.apply({ kind: 'pause', paused: true }, 0);
    sim.apply(drag(3, [0.5, 0.25, 2]), 0);
    expect([...sim.copyState().qpos.subarray(2, 5)].map((x) => Math.round(x * 1e6) / 1e6)).toEqual([
      0.5, 0.25, 2,
    ]);
    sim.apply({ kind: 'pause', paused: false }, 0);
    sim.apply(drag(4, [-1, 1, 1.5], 1), 0);
    sim.step(1);
    expect([...doubles(sim.data.mocap_pos)]).toEqual([-1, 1, 1.5]);
  });

  it('holds a wrench beside a pull, and keeps it when the hand lets go', async () => {
    const sim = await simOf(mjb);
    sim.apply({ kind: 'wrench', body: 3, force: [0, 0, 7], torque: [0, 0, 0] }, 0);
    sim.apply(drag(3, [1, 1, 3]), 0);
    sim.step(5);
    expect(doubles(sim.data.xfrc_applied)[20]).toBeGreaterThan(7);
    sim.apply({ kind: 'release', hand: 0 }, 0);
    sim.step(5);
    expect(doubles(sim.data.xfrc_applied)[20]).toBe(7);
    sim.apply({ kind: 'wrench', body: 3, force: [0, 0, 0], torque: [0, 0, 0] }, 0);
    expect(doubles(sim.data.xfrc_applied)[20]).toBe(0);
  });

  it('takes edits back with the state they belong to', async () => {
    const sim = await simOf(mjb);
    const before = sim.save();
    const gravity = editField('opt.gravity');
    sim.apply({ kind: 'edit', field: gravity, index: 0, values: Float64Array.of(0, 0, 5) }, 0);
    sim.apply(
      { kind: 'edit', field: editField('opt.timestep'), index: 0, values: Float64Array.of(0.004) },
      0,
    );
    const after = sim.save();
    sim.load(before);
    expect(doubles(sim.model.opt.gravity)[2]).toBe(-9.81);
    expect(sim.timestep).toBe(0.002);
    sim.load(after);
    expect(doubles(sim.model.opt.gravity)[2]).toBe(5);
    expect(sim.timestep).toBe(0.004);
  });

  it('refuses a checkpoint of another model', async () => {
    const sim = await simOf(mjb);
    const other = await simOf(await compileXml('<mujoco><worldbody><geom size=".1"/></worldbody></mujoco>'));
    expect(() => sim.load(other.save())).toThrow(/another model/);
    expect(() => sim.load(Uint8Array.of(1, 2, 3))).toThrow(/damaged/);
  });

  it('zeroes the velocity of a joint that is set, and of no other', async () => {
    const sim = await simOf(mjb);
    sim.step(100);
    const [slide] = sim.copyState().qvel;
    sim.apply({ kind: 'qpos', index: 1, values: Float64Array.of(1) }, 0);
    const { qpos, qvel } = sim.copyState();
    expect(qpos[1]).toBe(1);
    expect(qvel[1]).toBe(0);
    expect(qvel[0]).toBe(slide);
  });

  it('picks what a ray meets first, in visible groups', async () => {
    const sim = await simOf(mjb);
    const ray = { origin: [1, 1, 5], direction: [0, 0, -1] } as const;
    const hit = pick(sim, ray, []);
    expect(hit?.body).toBe(3);
    expect(hit?.point[2]).toBeCloseTo(0.6, 6);
    expect(hit?.local[2]).toBeCloseTo(0.1, 6);
    expect(pick(sim, ray, [false])).toBeNull();
    expect(pick(sim, { origin: [0, 0, 5], direction: [0, 0, 1] }, [])).toBeNull();
  });

  it('refuses a checkpoint that reaches outside the model, and stays as it was', async () => {
    const sim = await simOf(mjb);
    sim.apply(drag(3, [1, 1, 3]), 0);
    sim.apply({ kind: 'wrench', body: 3, force: [0, 0, 1], torque: [0, 0, 0] }, 0);
    const good = decodeCheckpoint(sim.save());
    const before = sim.hash();
    if (good === null) throw new Error('not a checkpoint');
    const bad = [
      { ...good, drags: good.drags.map((held) => ({ ...held, select: 4000 })) },
      { ...good, wrenches: good.wrenches.map((held) => ({ ...held, body: 4000 })) },
      { ...good, state: good.state.slice(1) },
    ];
    for (const checkpoint of bad) {
      expect(() => sim.load(encodeCheckpoint(checkpoint))).toThrow(/another model/);
    }
    expect(sim.hash()).toBe(before);
  });

  it('goes back to a mark, edits and pulls included, as often as it is asked', async () => {
    const sim = await simOf(mjb);
    sim.apply(drag(3, [1, 1, 3]), 0);
    sim.step(20);
    const mark = sim.mark();
    const there = sim.hash();
    sim.step(50);
    const later = sim.hash();
    for (let i = 0; i < 3; i++) {
      sim.apply({ kind: 'release', hand: 0 }, 0);
      sim.apply(
        { kind: 'edit', field: editField('opt.gravity'), index: 0, values: Float64Array.of(0, 0, 5) },
        0,
      );
      sim.apply({ kind: 'pause', paused: true }, 0);
      sim.step(7);
      sim.back(mark);
      expect(sim.hash()).toBe(there);
      expect(sim.isPaused).toBe(false);
    }
    sim.step(50);
    expect(sim.hash()).toBe(later);
    mark.dispose();
  });

  it('says where there is no memory for marks', async () => {
    const huge = WORKSHOP.replace('<worldbody>', '<size memory="300M"/><worldbody>');
    expect((await simOf(mjb)).isMarkable).toBe(true);
    expect((await simOf(await compileXml(huge))).isMarkable).toBe(false);
  });
});
