import type { MjvCamera, MjvOption, MjvPerturb, MjvScene } from '@mujoco/mujoco';
import {
  DRAG,
  type Frame,
  type FrameLayout,
  MAX_DRAGS,
  MAX_VGEOMS,
  OPTIONS,
  VGEOM,
  frameLayout,
  frameOn,
} from '../core/frame';
import { bytes, doubles, floats, ints } from './heap';
import { enumValue } from './mujoco';
import type { Sim } from './sim';

/** What MuJoCo's visualizer is asked to add to the model's geoms. */
export interface VisualRequest {
  /** `mjtVisFlag` by index, 1 on. */
  readonly flags: Uint8Array;
  /** Groups 0..5, 1 visible. */
  readonly sitegroup: Uint8Array;
  readonly tendongroup: Uint8Array;
  readonly jointgroup: Uint8Array;
  readonly actuatorgroup: Uint8Array;
  readonly flexgroup: Uint8Array;
  readonly skingroup: Uint8Array;
  /** `mjtFrame`: whose coordinate frames to draw. */
  readonly frame: number;
}

/**
 * Layout of the C struct `mjvGeom` (mjvisualize.h), in bytes. The binding gives copies of it only, so the scene's own
 * array is read from the heap; what is read is compared with the copies once per scene.
 */
const STRUCT = { stride: 252, size: 40, pos: 52, reflectance: 128 } as const;

/** Where `mjvScene` has `geoms` and `geomorder`, in 32-bit words from its start, where `maxgeom` is. */
const SCENE = { geoms: 2, geomorder: 3 } as const;

/** `translate` lies this many words behind the start of `mjvScene` at most: the lights come between. */
const SCENE_WORDS = 8192;

/** int32 fields at the head of the struct, in struct order, and where each goes in a record. */
const INT_FIELDS = [VGEOM.type, VGEOM.dataid, VGEOM.objtype, VGEOM.objid, VGEOM.category, VGEOM.matid];

/** Three vertices of three coordinates. */
const FACE_FLOATS = 9;

/** float32 fields of the struct from `size` to `reflectance` lie together, in the record's own order. */
const FLOAT_COUNT = (STRUCT.reflectance - STRUCT.size) / 4 + 1;

/** Copies what a picture needs out of the wasm heap into a frame. */
export class FramePacker {
  /** The frame that is packed; its arrays stay the same for the packer's life. */
  readonly frame: Frame;
  readonly layout: FrameLayout;
  private readonly scene: MjvScene;
  private readonly option: MjvOption;
  private readonly perturb: MjvPerturb;
  private readonly camera: MjvCamera;
  private readonly everything: number;
  /** Heap address of the first `mjvGeom`; 0 until one has been seen. */
  private geomsAddress = 0;
  private heapInts: Int32Array = new Int32Array(0);
  private heapFloats: Float32Array = new Float32Array(0);

  constructor(private readonly sim: Sim) {
    const { mujoco, model } = sim;
    this.scene = new mujoco.MjvScene(model, MAX_VGEOMS);
    this.option = new mujoco.MjvOption();
    bytes(this.option.geomgroup).fill(0);
    this.perturb = new mujoco.MjvPerturb();
    this.camera = new mujoco.MjvCamera();
    this.everything = enumValue(mujoco.mjtCatBit.mjCAT_ALL);
    this.layout = frameLayout({
      nq: model.nq,
      nu: model.nu,
      neq: model.neq,
      nsensordata: model.nsensordata,
      nbody: model.nbody,
      ngeom: model.ngeom,
      ncam: model.ncam,
      nlight: model.nlight,
      nflexfacevert: floats(this.scene.flexface).length / 3,
      nskinvert: floats(this.scene.skinvert).length / 3,
    });
    this.frame = frameOn(new ArrayBuffer(this.layout.bytes), this.layout);
  }

  setVisual(request: VisualRequest): void {
    const { option } = this;
    bytes(option.flags).set(request.flags);
    bytes(option.sitegroup).set(request.sitegroup);
    bytes(option.tendongroup).set(request.tendongroup);
    bytes(option.jointgroup).set(request.jointgroup);
    bytes(option.actuatorgroup).set(request.actuatorgroup);
    bytes(option.flexgroup).set(request.flexgroup);
    bytes(option.skingroup).set(request.skingroup);
    option.frame = request.frame;
  }

  /** Fills the frame from the world as it is now; header fields are the caller's. Returns counts for the header. */
  pack(): { vgeoms: number; drags: number } {
    const { frame, sim } = this;
    const { data, mujoco, model } = sim;
    frame.qpos.set(doubles(data.qpos));
    frame.ctrl.set(doubles(data.ctrl));
    frame.sensordata.set(doubles(data.sensordata));
    if (model.neq > 0) frame.eqActive.set(sim.equalities());
    this.packOptions();
    frame.xpos.set(doubles(data.xpos));
    frame.xquat.set(doubles(data.xquat));
    frame.geom_xpos.set(doubles(data.geom_xpos));
    frame.geom_xmat.set(doubles(data.geom_xmat));
    frame.cam_xpos.set(doubles(data.cam_xpos));
    frame.cam_xmat.set(doubles(data.cam_xmat));
    frame.light_xpos.set(doubles(data.light_xpos));
    frame.light_xdir.set(doubles(data.light_xdir));
    mujoco.mjv_updateScene(model, data, this.option, this.perturb, this.camera, this.everything, this.scene);
    if (frame.flexVert.length > 0) {
      frame.flexVert.set(floats(this.scene.flexface));
      frame.flexNormal.set(floats(this.scene.flexnormal));
      this.collapseUnusedFaces();
    }
    if (frame.skinVert.length > 0) {
      mujoco.mjv_updateSkin(model, data, this.scene);
      frame.skinVert.set(floats(this.scene.skinvert));
      frame.skinNormal.set(floats(this.scene.skinnormal));
    }
    return { vgeoms: this.packVgeoms(), drags: this.packDrags() };
  }

  dispose(): void {
    this.camera.delete();
    this.perturb.delete();
    this.option.delete();
    this.scene.delete();
  }

  /** Which of a flex's faces are drawn depends on the flags; the rest of its slice still holds older ones. */
  private collapseUnusedFaces(): void {
    const { scene, frame } = this;
    const start = ints(scene.flexfaceadr);
    const count = ints(scene.flexfacenum);
    const used = ints(scene.flexfaceused);
    for (let flex = 0; flex < start.length; flex++) {
      const first = start[flex] ?? 0;
      frame.flexVert.fill(
        0,
        (first + (used[flex] ?? 0)) * FACE_FLOATS,
        (first + (count[flex] ?? 0)) * FACE_FLOATS,
      );
    }
  }

  private packOptions(): void {
    const out = this.frame.options;
    const opt = this.sim.model.opt;
    out.set(doubles(opt.gravity), OPTIONS.gravity);
    out.set(doubles(opt.wind), OPTIONS.wind);
    out[OPTIONS.timestep] = opt.timestep;
    out[OPTIONS.density] = opt.density;
    out[OPTIONS.viscosity] = opt.viscosity;
    out[OPTIONS.integrator] = opt.integrator;
    out[OPTIONS.cone] = opt.cone;
    out[OPTIONS.solver] = opt.solver;
    out[OPTIONS.iterations] = opt.iterations;
    out[OPTIONS.disableflags] = opt.disableflags;
    out[OPTIONS.enableflags] = opt.enableflags;
  }

  private packVgeoms(): number {
    const count = Math.min(this.scene.ngeom, MAX_VGEOMS);
    if (count === 0) return 0;
    if (this.geomsAddress === 0) this.geomsAddress = this.findGeoms();
    if (this.heapInts.length === 0) {
      const heap = doubles(this.sim.data.qpos).buffer;
      this.heapInts = new Int32Array(heap);
      this.heapFloats = new Float32Array(heap);
    }
    const { heapInts, heapFloats } = this;
    const out = this.frame.vgeoms;
    for (let i = 0; i < count; i++) {
      const from = (this.geomsAddress + i * STRUCT.stride) >> 2;
      const to = i * VGEOM.stride;
      for (let k = 0; k < INT_FIELDS.length; k++) out[to + k] = heapInts[from + k] ?? 0;
      const floatsFrom = from + (STRUCT.size >> 2);
      for (let k = 0; k < FLOAT_COUNT; k++) out[to + VGEOM.size + k] = heapFloats[floatsFrom + k] ?? 0;
    }
    return count;
  }

  /** Address of the scene's array of geoms, found by the fields of `mjvScene` that are known. */
  private findGeoms(): number {
    const { scene } = this;
    const order = ints(scene.geomorder).byteOffset;
    const heap = new Int32Array(floats(scene.translate).buffer);
    const inside = floats(scene.translate).byteOffset >> 2;
    for (let start = inside; start > inside - SCENE_WORDS; start--) {
      if (heap[start] === MAX_VGEOMS && heap[start + SCENE.geomorder] === order) {
        const address = heap[start + SCENE.geoms] ?? 0;
        this.checkGeoms(address);
        return address;
      }
    }
    throw new Error('mjvScene is laid out differently in this MuJoCo build');
  }

  /** Compares the last geom in the heap with the binding's copy of it. */
  private checkGeoms(address: number): void {
    const last = this.scene.ngeom - 1;
    const copies = this.scene.geoms;
    const copy = copies.get(last);
    copies.delete();
    const heap = doubles(this.sim.data.qpos).buffer;
    const at = address + last * STRUCT.stride;
    const [type, , , objid] = new Int32Array(heap, at, 4);
    const pos = new Float32Array(heap, at + STRUCT.pos, 3);
    const same =
      copy !== undefined &&
      type === copy.type &&
      objid === copy.objid &&
      floats(copy.pos).every((value, i) => value === pos[i]);
    copy?.delete();
    if (!same) throw new Error('mjvGeom is laid out differently in this MuJoCo build');
  }

  private packDrags(): number {
    const { frame, sim } = this;
    const xmat = doubles(sim.data.xmat);
    let count = 0;
    sim.drags.forEach((seat, perturb) => {
      if (count >= MAX_DRAGS) return;
      const at = count * DRAG.stride;
      const body = perturb.select;
      const local = doubles(perturb.localpos);
      const target = doubles(perturb.refselpos);
      frame.drags[at + DRAG.body] = body;
      frame.drags[at + DRAG.mode] = sim.drags.isRotation(perturb) ? 1 : 0;
      frame.drags[at + DRAG.seat] = seat;
      for (let row = 0; row < 3; row++) {
        const m = 9 * body + 3 * row;
        frame.drags[at + DRAG.point + row] =
          (frame.xpos[3 * body + row] ?? 0) +
          (xmat[m] ?? 0) * (local[0] ?? 0) +
          (xmat[m + 1] ?? 0) * (local[1] ?? 0) +
          (xmat[m + 2] ?? 0) * (local[2] ?? 0);
        frame.drags[at + DRAG.target + row] = target[row] ?? 0;
      }
      count++;
    });
    return count;
  }
}
