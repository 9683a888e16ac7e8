import type { MjvCamera, MjvOption, MjvPerturb, MjvScene } from '@mujoco/mujoco';
import { DRAG, type Frame, MAX_DRAGS, MAX_VGEOMS, VGEOM, frameLayout, frameOn } from '../core/frame';
import { bytes, doubles, floats } from './heap';
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

/** Layout of the C struct `mjvGeom` (mjvisualize.h), in bytes; asserted against embind's views once per scene. */
const STRUCT = { stride: 256, size: 40, pos: 52, mat: 64, rgba: 100, reflectance: 128 } as const;

/** int32 fields at the head of the struct, in struct order, and where each goes in a record. */
const INT_FIELDS = [VGEOM.type, VGEOM.dataid, VGEOM.objtype, VGEOM.objid, VGEOM.category, VGEOM.matid];

/** float32 fields of the struct from `size` to `reflectance` lie together, in the record's own order. */
const FLOAT_COUNT = (STRUCT.reflectance - STRUCT.size) / 4 + 1;

/** Copies what a picture needs out of the wasm heap into a frame. */
export class FramePacker {
  /** The frame that is packed; its arrays stay the same for the packer's life. */
  readonly frame: Frame;
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
    const layout = frameLayout({
      nq: model.nq,
      nu: model.nu,
      nsensordata: model.nsensordata,
      nbody: model.nbody,
      ngeom: model.ngeom,
      ncam: model.ncam,
      nlight: model.nlight,
      nflexfacevert: floats(this.scene.flexface).length / 3,
      nskinvert: floats(this.scene.skinvert).length / 3,
    });
    this.frame = frameOn(new ArrayBuffer(layout.bytes), layout);
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

  /** Address of the scene's geoms, checking that the struct is laid out as this build was known to have it. */
  private findGeoms(): number {
    const geoms = this.scene.geoms;
    const first = geoms.get(0);
    geoms.delete();
    if (first === undefined) throw new Error('mjvScene has geoms but gives none');
    const pos = floats(first.pos).byteOffset;
    const fits =
      pos - floats(first.size).byteOffset === STRUCT.pos - STRUCT.size &&
      floats(first.mat).byteOffset - pos === STRUCT.mat - STRUCT.pos &&
      floats(first.rgba).byteOffset - pos === STRUCT.rgba - STRUCT.pos;
    first.delete();
    if (!fits) throw new Error('mjvGeom is laid out differently in this MuJoCo build');
    return pos - STRUCT.pos;
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
