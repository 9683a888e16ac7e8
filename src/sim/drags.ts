import type { MjData, MjModel, MjvCamera, MjvPerturb, MjvScene } from '@mujoco/mujoco';
import type { Quat, Vec3 } from '../core/vec';
import type { Action } from '../tape/action';
import type { Drag } from '../tape/checkpoint';
import { doubles } from './heap';
import { enumValue, type Mujoco } from './mujoco';

/** Hands per seat on the wire is below this, so that seat and hand make one key. */
const HANDS_PER_SEAT = 16;

interface Pull {
  readonly seat: number;
  readonly hand: number;
  readonly perturb: MjvPerturb;
}

const copy3 = (view: Float64Array): [number, number, number] => [view[0] ?? 0, view[1] ?? 0, view[2] ?? 0];
const copy4 = (view: Float64Array): [number, number, number, number] => [
  view[0] ?? 1,
  view[1] ?? 0,
  view[2] ?? 0,
  view[3] ?? 0,
];

/** Hamilton product a*b of the quaternions at `out = a * b[offset..]`, w first. */
function multiplyQuat(out: Float64Array, a: readonly number[], b: Float64Array, offset: number): void {
  const [aw = 1, ax = 0, ay = 0, az = 0] = a;
  const bw = b[offset] ?? 1;
  const bx = b[offset + 1] ?? 0;
  const by = b[offset + 2] ?? 0;
  const bz = b[offset + 3] ?? 0;
  out[0] = aw * bw - ax * bx - ay * by - az * bz;
  out[1] = aw * bx + ax * bw + ay * bz - az * by;
  out[2] = aw * by - ax * bz + ay * bw + az * bx;
  out[3] = aw * bz + ax * by - ay * bx + az * bw;
}

/** Puts the reference where the grabbed point should be. */
function steer(perturb: MjvPerturb, target: Vec3): void {
  const refselpos = doubles(perturb.refselpos);
  const refpos = doubles(perturb.refpos);
  for (let i = 0; i < 3; i++) {
    const to = target[i] ?? 0;
    refpos[i] = (refpos[i] ?? 0) + to - (refselpos[i] ?? 0);
    refselpos[i] = to;
  }
}

/**
 * Everybody's pulls on bodies, as MuJoCo's own `mjvPerturb` springs.
 *
 * The reference each steers towards comes from the tape; the force is computed in wasm at every tick, so that replicas
 * agree to the bit and several people's forces add up.
 */
export class Drags {
  private readonly pulls = new Map<number, Pull>();
  /** `mjv_initPerturb` wants a scene with a camera; what it takes from it (the mouse scale) is not used here. */
  private readonly scene: MjvScene;
  private readonly camera: MjvCamera;
  /** Sum of forces of several pulls on one body, while they are being added. */
  private readonly sum = new Float64Array(6);
  /** `mjtPertBit` by mode. */
  private readonly bit: Readonly<Record<Drag['mode'], number>>;

  constructor(
    private readonly mujoco: Mujoco,
    private readonly model: MjModel,
    data: MjData,
  ) {
    this.scene = new mujoco.MjvScene(model, 1);
    this.camera = new mujoco.MjvCamera();
    mujoco.mjv_defaultFreeCamera(model, this.camera);
    mujoco.mjv_updateCamera(model, data, this.camera, this.scene);
    this.bit = {
      translate: enumValue(mujoco.mjtPertBit.mjPERT_TRANSLATE),
      rotate: enumValue(mujoco.mjtPertBit.mjPERT_ROTATE),
    };
  }

  get count(): number {
    return this.pulls.size;
  }

  /** Begins or moves a pull; returns its perturbation. */
  take(data: MjData, seat: number, action: Extract<Action, { kind: 'drag' }>): MjvPerturb {
    const key = seat * HANDS_PER_SEAT + action.hand;
    let pull = this.pulls.get(key);
    if (pull === undefined || pull.perturb.select !== action.body) {
      this.end(seat, action.hand);
      pull = { seat, hand: action.hand, perturb: new this.mujoco.MjvPerturb() };
      pull.perturb.select = action.body;
      doubles(pull.perturb.localpos).set(action.point);
      this.mujoco.mjv_initPerturb(this.model, data, this.scene, pull.perturb);
      this.pulls.set(key, pull);
    }
    const { perturb } = pull;
    perturb.active = this.bit[action.mode];
    steer(perturb, action.target);
    this.orient(perturb, action.quat);
    return perturb;
  }

  /** Moves the point that a pull aims at, m; null when that hand holds nothing. */
  move(seat: number, hand: number, target: Vec3): MjvPerturb | null {
    const perturb = this.pulls.get(seat * HANDS_PER_SEAT + hand)?.perturb ?? null;
    if (perturb !== null) steer(perturb, target);
    return perturb;
  }

  /** Turns the orientation that a pull aims at; null when that hand holds nothing. */
  turn(seat: number, hand: number, quat: Quat): MjvPerturb | null {
    const perturb = this.pulls.get(seat * HANDS_PER_SEAT + hand)?.perturb ?? null;
    if (perturb !== null) this.orient(perturb, quat);
    return perturb;
  }

  /** The hands that hold something: seat and hand of each. */
  held(): readonly { readonly seat: number; readonly hand: number }[] {
    return [...this.pulls.values()].map(({ seat, hand }) => ({ seat, hand }));
  }

  /** Ends a pull; returns the body it was on, or -1. */
  end(seat: number, hand: number): number {
    const key = seat * HANDS_PER_SEAT + hand;
    const pull = this.pulls.get(key);
    if (pull === undefined) return -1;
    const body = pull.perturb.select;
    pull.perturb.delete();
    this.pulls.delete(key);
    return body;
  }

  /** Adds every pull's force to `xfrc` (6 per body, force then torque) and moves pulled mocap bodies. */
  apply(data: MjData, xfrc: Float64Array): void {
    for (const { perturb } of this.pulls.values()) {
      const at = 6 * perturb.select;
      for (let i = 0; i < 6; i++) {
        this.sum[i] = xfrc[at + i] ?? 0;
        xfrc[at + i] = 0;
      }
      this.mujoco.mjv_applyPerturbPose(this.model, data, perturb, 0);
      this.mujoco.mjv_applyPerturbForce(this.model, data, perturb);
      for (let i = 0; i < 6; i++) xfrc[at + i] = (xfrc[at + i] ?? 0) + (this.sum[i] ?? 0);
    }
  }

  /** Calls back for every pull: its seat and perturbation. */
  forEach(visit: (seat: number, perturb: MjvPerturb) => void): void {
    for (const { seat, perturb } of this.pulls.values()) visit(seat, perturb);
  }

  isRotation(perturb: MjvPerturb): boolean {
    return perturb.active === this.bit.rotate;
  }

  save(): Drag[] {
    return [...this.pulls.values()].map(({ seat, hand, perturb }) => ({
      seat,
      hand,
      select: perturb.select,
      mode: this.isRotation(perturb) ? 'rotate' : 'translate',
      localpos: copy3(doubles(perturb.localpos)),
      refpos: copy3(doubles(perturb.refpos)),
      refquat: copy4(doubles(perturb.refquat)),
      refselpos: copy3(doubles(perturb.refselpos)),
      localmass: perturb.localmass,
    }));
  }

  load(drags: readonly Drag[]): void {
    this.clear();
    for (const drag of drags) {
      const perturb = new this.mujoco.MjvPerturb();
      perturb.select = drag.select;
      perturb.active = this.bit[drag.mode];
      perturb.localmass = drag.localmass;
      doubles(perturb.localpos).set(drag.localpos);
      doubles(perturb.refpos).set(drag.refpos);
      doubles(perturb.refquat).set(drag.refquat);
      doubles(perturb.refselpos).set(drag.refselpos);
      this.pulls.set(drag.seat * HANDS_PER_SEAT + drag.hand, { seat: drag.seat, hand: drag.hand, perturb });
    }
  }

  clear(): void {
    for (const { perturb } of this.pulls.values()) perturb.delete();
    this.pulls.clear();
  }

  /** MuJoCo keeps the reference of the inertial frame. */
  private orient(perturb: MjvPerturb, quat: Quat): void {
    multiplyQuat(doubles(perturb.refquat), quat, doubles(this.model.body_iquat), 4 * perturb.select);
  }

  dispose(): void {
    this.clear();
    this.camera.delete();
    this.scene.delete();
  }
}
