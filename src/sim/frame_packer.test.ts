import { describe, expect, it } from 'vitest';
import { DRAG, OPTIONS, VGEOM } from '../core/frame';
import { WORKSHOP, compileXml, simOf } from '../testing/mujoco';
import { FramePacker, type VisualRequest } from './frame_packer';
import { doubles } from './heap';

const GROUPS = Uint8Array.of(1, 1, 1, 0, 0, 0);

/** Default flags but for the one with this index. */
function request(flags: Uint8Array): VisualRequest {
  return {
    flags,
    sitegroup: GROUPS,
    tendongroup: GROUPS,
    jointgroup: GROUPS,
    actuatorgroup: GROUPS,
    flexgroup: GROUPS,
    skingroup: GROUPS,
    frame: 0,
  };
}

async function workshop() {
  const sim = await simOf(await compileXml(WORKSHOP));
  return { sim, packer: new FramePacker(sim) };
}

describe('FramePacker', () => {
  it('copies positions, controls, options and equalities', async () => {
    const { sim, packer } = await workshop();
    sim.apply({ kind: 'ctrl', index: 0, value: 0.25 }, 0);
    sim.apply({ kind: 'edit', field: 0, index: 0, values: Float64Array.of(0, 0, -1.5) }, 0);
    sim.apply({ kind: 'equality', index: 0, active: true }, 0);
    sim.step(10);
    packer.pack();
    const { frame } = packer;
    expect([...frame.qpos]).toEqual([...doubles(sim.data.qpos)]);
    expect(frame.ctrl[0]).toBe(0.25);
    expect(frame.options[OPTIONS.gravity + 2]).toBe(-1.5);
    expect(frame.options[OPTIONS.timestep]).toBe(0.002);
    expect(frame.eqActive[0]).toBe(1);
    expect([...frame.geom_xpos]).toEqual([...Float32Array.from(doubles(sim.data.geom_xpos))]);
  });

  it('reads the visualizer geoms from the heap as the engine has them', async () => {
    const { sim, packer } = await workshop();
    const flags = new Uint8Array(31);
    // mjVIS_JOINT: one arrow for the slide, one for the hinge.
    flags[2] = 1;
    packer.setVisual(request(flags));
    const { vgeoms } = packer.pack();
    const records = Array.from({ length: vgeoms }, (_, i) =>
      packer.frame.vgeoms.subarray(i * VGEOM.stride, (i + 1) * VGEOM.stride),
    );
    const joints = records.filter((record) => record[VGEOM.objtype] === 3);
    expect(joints.map((record) => record[VGEOM.objid]).sort()).toEqual([0, 1, 2]);
    const slide = joints.find((record) => record[VGEOM.objid] === 0);
    if (slide === undefined) throw new Error('no slide');
    // vis.rgba.joint, and an arrow along the world's x axis: the third column of its matrix.
    expect([...slide.subarray(VGEOM.rgba, VGEOM.rgba + 4)].map((x) => Math.round(x * 10) / 10)).toEqual([
      0.2, 0.6, 0.8, 1,
    ]);
    expect(slide[VGEOM.mat + 2]).toBeCloseTo(1, 6);
    sim.step(1);
  });

  it('reports drags where they hold and where they pull to', async () => {
    const { sim, packer } = await workshop();
    sim.apply(
      {
        kind: 'drag',
        hand: 0,
        body: 3,
        mode: 'translate',
        point: [0, 0, 0.1],
        target: [1, 1, 2],
        quat: [1, 0, 0, 0],
      },
      7,
    );
    sim.step(1);
    const { drags } = packer.pack();
    expect(drags).toBe(1);
    const record = packer.frame.drags.subarray(0, DRAG.stride);
    expect(record[DRAG.body]).toBe(3);
    expect(record[DRAG.mode]).toBe(0);
    expect(record[DRAG.seat]).toBe(7);
    expect([...record.subarray(DRAG.target, DRAG.target + 3)]).toEqual([1, 1, 2]);
    expect(record[DRAG.point + 2]).toBeCloseTo((packer.frame.xpos[11] ?? 0) + 0.1, 6);
  });
});
