import { PerspectiveCamera } from 'three';
import { describe, expect, it } from 'vitest';
import type { ViewOptions } from '../core/picture';
import { HEADER, VGEOM, type Frame } from '../core/frame';
import type { ModelCopy } from '../core/model';
import { CameraControl } from './camera';
import { LabelLayout } from './label_layout';
import { LabelSet } from './label_set';

/** The world and two bodies; geom 1 is in a hidden group; site 3 and tendon 0 are drawn, site 0 is not. */
const model = {
  ncam: 1,
  nbody: 3,
  nflexfacevert: 0,
  names: {
    body: ['world', 'arm', ''],
    joint: ['elbow'],
    geom: ['floor', 'hidden'],
    site: ['lost', '', '', 'tip'],
    camera: ['front'],
    light: ['sun'],
    tendon: ['rope'],
    flex: ['sheet'],
    actuator: ['motor', 'winch', 'idle'],
  },
  body_weldid: Int32Array.of(0, 1, 2),
  body_ipos: Float64Array.of(0, 0, 0, 0, 0, 1, 0, 0, 0),
  jnt_bodyid: Int32Array.of(1),
  jnt_pos: Float64Array.of(0, 1, 0),
  geom_group: Int32Array.of(0, 4),
  geom_bodyid: Int32Array.of(1, 1),
  flex_faceadr: Int32Array.of(0),
  actuator_trntype: Int32Array.of(0, 3, 1000),
  actuator_trnid: Int32Array.of(0, -1, 0, -1, -1, -1),
  stat: { center: [0, 0, 0], extent: 2, meansize: 1 },
  vis: { global: { fovy: 90, azimuth: 90, elevation: 0 }, map: { znear: 0.01, zfar: 50 } },
} as unknown as ModelCopy;

function options(label: string): ViewOptions {
  return { label, geomGroups: [true, true, true, false, false, false], flags: {} } as unknown as ViewOptions;
}

function frame(): Frame {
  const vgeoms = new Float32Array(3 * VGEOM.stride);
  const record = (i: number, objtype: number, objid: number, x: number): void => {
    vgeoms[i * VGEOM.stride + VGEOM.objtype] = objtype;
    vgeoms[i * VGEOM.stride + VGEOM.objid] = objid;
    vgeoms[i * VGEOM.stride + VGEOM.pos] = x;
  };
  record(0, 6, 3, 7);
  record(1, 18, 0, 8);
  // Left over from an earlier frame: beyond the count.
  record(2, 6, 0, 9);
  const header = new Float64Array(HEADER.size);
  header[HEADER.vgeomCount] = 2;
  return {
    header,
    vgeoms,
    xpos: Float32Array.of(0, 0, 0, 1, 2, 3, 5, 5, 5),
    // Body 1 is turned half round about z.
    xquat: Float32Array.of(1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0),
    geom_xpos: Float32Array.of(0, 0, -1, 0, 0, -2),
    cam_xpos: Float32Array.of(4, 4, 4),
    light_xpos: Float32Array.of(0, 0, 9),
    flexVert: Float32Array.of(6, 6, 6),
  } as unknown as Frame;
}

function shown(label: string, selected: number | null = null): [string, ...number[]][] {
  const set = new LabelSet(model, options(label), selected);
  const out = new Float32Array(4 * set.texts.length);
  set.place(frame(), out);
  return set.texts.map((text, i) => [text, ...out.subarray(4 * i, 4 * i + 4)]);
}

describe('names', () => {
  it('of bodies hang at their centres of mass; the nameless have stand-ins', () => {
    expect(shown('body')).toEqual([
      ['arm', 1, 2, 4, 1],
      ['body 2', 5, 5, 5, 1],
    ]);
  });

  it('of joints hang where they turn', () => {
    expect(shown('joint')).toEqual([['elbow', 1, 1, 3, 1]]);
  });

  it('of geoms are there for visible groups only', () => {
    expect(shown('geom')).toEqual([['floor', 0, 0, -1, 1]]);
  });

  it('of sites and tendons are where the visualizer has them, if it has', () => {
    const sites = shown('site');
    expect(sites[3]).toEqual(['tip', 7, 0, 0, 1]);
    expect(sites[0]?.[4]).toBe(0);
    expect(shown('tendon')).toEqual([['rope', 8, 0, 0, 1]]);
  });

  it('of cameras, lights and flexes are where those are', () => {
    expect(shown('camera')).toEqual([['front', 4, 4, 4, 1]]);
    expect(shown('light')).toEqual([['sun', 0, 0, 9, 1]]);
    expect(shown('flex')).toEqual([['sheet', 6, 6, 6, 1]]);
  });

  it('of actuators hang at what they act on', () => {
    expect(shown('actuator')).toEqual([
      ['motor', 1, 1, 3, 1],
      ['winch', 8, 0, 0, 1],
    ]);
  });

  it('of the selection is one, or none', () => {
    expect(shown('selection', 1)).toEqual([['arm', 1, 2, 4, 1]]);
    expect(shown('selection')).toEqual([]);
    expect(shown('none')).toEqual([]);
  });
});

describe('layout', () => {
  /** Seen from (0, -3, 0) along y: 6 m of height and width at the origin, on 600 by 600 px. */
  function setup() {
    const camera = new CameraControl(
      () => undefined,
      () => true,
    );
    camera.setModel(model);
    camera.applyTo(new PerspectiveCamera(), frame(), 1, 0);
    const layout = new LabelLayout(Float32Array.of(100, 20, 100, 20));
    const arrange = (...xs: readonly [number, number]): number[] => {
      const places = Float32Array.of(xs[0], 0, 0, 1, xs[1], 0, 0, 1);
      layout.arrange(places, camera, 600, 600);
      return [places[3] ?? -1, places[7] ?? -1];
    };
    return { arrange };
  }

  it('shows what has room', () => {
    expect(setup().arrange(-1, 1)).toEqual([1, 1]);
  });

  it('hides the later of two that would overlap', () => {
    expect(setup().arrange(0, 0.5)).toEqual([1, 0]);
  });

  it('keeps showing the one that was shown', () => {
    const { arrange } = setup();
    // The first is out of the picture.
    expect(arrange(50, 0)).toEqual([0, 1]);
    expect(arrange(0.5, 0)).toEqual([0, 1]);
    expect(arrange(2, 0)).toEqual([1, 1]);
  });
});
