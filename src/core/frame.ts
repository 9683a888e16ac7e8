import type { ModelCopy } from './model';

/**
 * One rendered picture's worth of simulation, in one transferable buffer.
 *
 * The worker packs it, the view draws it, then the buffer goes back to be filled again: nothing is allocated in
 * steady state. World frame, m, rad, s; matrices are row-major 3x3 as MuJoCo has them.
 */

/** Float64 header fields, by index. */
export const HEADER = {
  tick: 0,
  /** Simulated time, s. */
  time: 1,
  /** 1 when paused. */
  paused: 2,
  /** Requested speed: simulated s per wall s; Infinity for as fast as it can go. */
  speed: 3,
  /** Measured real-time factor over the last half second. */
  rtf: 4,
  /** Steps per wall second over the last half second. */
  stepsPerSecond: 5,
  /** Mean ms of one step over the last half second. */
  stepMs: 6,
  /** Why the measured factor is below the requested one: a `Lag` value. */
  lag: 7,
  contacts: 8,
  constraints: 9,
  /** Number of live records in `vgeoms`. */
  vgeomCount: 10,
  /** Model generation: grows by one per loaded model; a frame of an older generation is dropped. */
  generation: 11,
  /** Number of live records in `drags`. */
  dragCount: 12,
  /** Bytes of wasm memory. */
  wasmBytes: 13,
  /** Total energy, J, or NaN when the model does not compute it. */
  energy: 14,
  /** The tick in history that this state stands at after a rewind (equals tick when there was none). */
  historyTick: 15,
  /** Number of live records in `persons`. */
  personCount: 16,
  size: 17,
} as const;

/** Values of `HEADER.lag`: `physics` when a step costs more wall time than it simulates at the asked speed. */
export const Lag = { none: 0, physics: 1 } as const;

/** Float64 fields of the section `options`: what `mjOption` holds now, edits included, in MuJoCo's units. */
export const OPTIONS = {
  gravity: 0,
  wind: 3,
  timestep: 6,
  density: 7,
  viscosity: 8,
  integrator: 9,
  cone: 10,
  solver: 11,
  iterations: 12,
  disableflags: 13,
  enableflags: 14,
  size: 15,
} as const;

/**
 * One `mjvGeom` as float32s: what MuJoCo's own visualizer wants drawn besides the model's geoms, such as sites,
 * tendons, contacts, forces, joints, frames. Sizes, position, matrix and colour are the engine's.
 */
export const VGEOM = {
  /** `mjtGeom`, the arrow and line kinds included. */
  type: 0,
  dataid: 1,
  objtype: 2,
  objid: 3,
  category: 4,
  matid: 5,
  size: 6,
  pos: 9,
  mat: 12,
  rgba: 21,
  emission: 25,
  specular: 26,
  shininess: 27,
  reflectance: 28,
  stride: 29,
} as const;

/** Most `mjvGeom` records in a frame: beyond it the rest is not drawn (116 bytes each). */
export const MAX_VGEOMS = 4096;

/** One person's pull on a body. */
export const DRAG = {
  body: 0,
  /** 0 translate, 1 rotate. */
  mode: 1,
  /** Grabbed point, world, m. */
  point: 2,
  /** Where it is pulled to, world, m. */
  target: 5,
  seat: 8,
  stride: 9,
} as const;

/** Drags shown at once: more pull, but are not drawn. */
export const MAX_DRAGS = 32;

/** Where one other participant is and what they point at. */
export const PERSON = {
  seat: 0,
  /** Their eye and the point they look at, world, m. */
  eye: 1,
  lookat: 4,
  /** 1 while they point. */
  pointing: 7,
  /** The point hit, world, m. */
  hit: 8,
  stride: 11,
} as const;

/** People shown at once: as many as a room holds. */
export const MAX_PERSONS = 64;

/** Length of every section of a frame, in elements. */
export interface FrameLayout {
  readonly bytes: number;
  readonly sections: Readonly<Record<FrameSection, { readonly offset: number; readonly length: number }>>;
}

export type FrameSection =
  | 'qpos'
  | 'ctrl'
  | 'options'
  | 'eqActive'
  | 'sensordata'
  | 'xpos'
  | 'xquat'
  | 'geom_xpos'
  | 'geom_xmat'
  | 'cam_xpos'
  | 'cam_xmat'
  | 'light_xpos'
  | 'light_xdir'
  | 'flexVert'
  | 'flexNormal'
  | 'skinVert'
  | 'skinNormal'
  | 'vgeoms'
  | 'drags'
  | 'persons';

/** A frame's typed views on its buffer. */
export interface Frame {
  readonly buffer: ArrayBuffer;
  readonly header: Float64Array;
  /** State, as MuJoCo has it (float64). `ctrl` has nu values. */
  readonly qpos: Float64Array;
  readonly ctrl: Float64Array;
  readonly sensordata: Float64Array;
  /** See {@link OPTIONS}. */
  readonly options: Float64Array;
  /** Per equality: 1 when active. */
  readonly eqActive: Float64Array;
  readonly xpos: Float32Array;
  readonly xquat: Float32Array;
  readonly geom_xpos: Float32Array;
  readonly geom_xmat: Float32Array;
  readonly cam_xpos: Float32Array;
  readonly cam_xmat: Float32Array;
  readonly light_xpos: Float32Array;
  readonly light_xdir: Float32Array;
  /** Flex faces as the engine's visualizer makes them: 3 vertices a face, not indexed; unused faces are collapsed. */
  readonly flexVert: Float32Array;
  readonly flexNormal: Float32Array;
  /** Skin vertices and normals, indexed by `skin_face`. */
  readonly skinVert: Float32Array;
  readonly skinNormal: Float32Array;
  readonly vgeoms: Float32Array;
  readonly drags: Float32Array;
  /** See {@link PERSON}. */
  readonly persons: Float32Array;
}

const DOUBLES: readonly FrameSection[] = ['qpos', 'ctrl', 'sensordata', 'options', 'eqActive'];

/** Section lengths and offsets of the frames of a model. */
export function frameLayout(
  m: Pick<
    ModelCopy,
    | 'nq'
    | 'nu'
    | 'neq'
    | 'nsensordata'
    | 'nbody'
    | 'ngeom'
    | 'ncam'
    | 'nlight'
    | 'nflexfacevert'
    | 'nskinvert'
  >,
): FrameLayout {
  const lengths: Record<FrameSection, number> = {
    qpos: m.nq,
    ctrl: m.nu,
    sensordata: m.nsensordata,
    options: OPTIONS.size,
    eqActive: m.neq,
    xpos: 3 * m.nbody,
    xquat: 4 * m.nbody,
    geom_xpos: 3 * m.ngeom,
    geom_xmat: 9 * m.ngeom,
    cam_xpos: 3 * m.ncam,
    cam_xmat: 9 * m.ncam,
    light_xpos: 3 * m.nlight,
    light_xdir: 3 * m.nlight,
    flexVert: 3 * m.nflexfacevert,
    flexNormal: 3 * m.nflexfacevert,
    skinVert: 3 * m.nskinvert,
    skinNormal: 3 * m.nskinvert,
    drags: DRAG.stride * MAX_DRAGS,
    persons: PERSON.stride * MAX_PERSONS,
    // Last, so that a frame can be copied up to its last record in use.
    vgeoms: VGEOM.stride * MAX_VGEOMS,
  };
  const sections = {} as Record<FrameSection, { offset: number; length: number }>;
  let bytes = HEADER.size * Float64Array.BYTES_PER_ELEMENT;
  // Doubles come first in `lengths`, so that every section stays aligned.
  for (const name of Object.keys(lengths) as FrameSection[]) {
    const length = lengths[name];
    sections[name] = { offset: bytes, length };
    bytes +=
      length * (DOUBLES.includes(name) ? Float64Array.BYTES_PER_ELEMENT : Float32Array.BYTES_PER_ELEMENT);
  }
  return { bytes, sections };
}

/** Typed views on a frame's buffer, which must have `layout.bytes` bytes. */
export function frameOn(buffer: ArrayBuffer, layout: FrameLayout): Frame {
  const doubles = (name: FrameSection): Float64Array =>
    new Float64Array(buffer, layout.sections[name].offset, layout.sections[name].length);
  const floats = (name: FrameSection): Float32Array =>
    new Float32Array(buffer, layout.sections[name].offset, layout.sections[name].length);
  return {
    buffer,
    header: new Float64Array(buffer, 0, HEADER.size),
    qpos: doubles('qpos'),
    ctrl: doubles('ctrl'),
    sensordata: doubles('sensordata'),
    options: doubles('options'),
    eqActive: doubles('eqActive'),
    xpos: floats('xpos'),
    xquat: floats('xquat'),
    geom_xpos: floats('geom_xpos'),
    geom_xmat: floats('geom_xmat'),
    cam_xpos: floats('cam_xpos'),
    cam_xmat: floats('cam_xmat'),
    light_xpos: floats('light_xpos'),
    light_xdir: floats('light_xdir'),
    flexVert: floats('flexVert'),
    flexNormal: floats('flexNormal'),
    skinVert: floats('skinVert'),
    skinNormal: floats('skinNormal'),
    vgeoms: floats('vgeoms'),
    drags: floats('drags'),
    persons: floats('persons'),
  };
}

/** Bytes of a frame up to its last visualizer record in use: what has to be copied. */
export function usedBytes(frame: Frame, layout: FrameLayout): number {
  return layout.sections.vgeoms.offset + (frame.header[HEADER.vgeomCount] ?? 0) * VGEOM.stride * 4;
}
