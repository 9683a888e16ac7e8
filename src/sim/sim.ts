import type { MjData, MjModel, MjvPerturb } from '@mujoco/mujoco';
import { SimroomError } from '../core/errors';
import { hashDoubles } from '../core/hash';
import type { Action } from '../tape/action';
import {
  type Checkpoint,
  type Clock,
  type Wrench,
  decodeCheckpoint,
  encodeCheckpoint,
} from '../tape/checkpoint';
import { checkAction } from './check_action';
import { Drags } from './drags';
import { Edits } from './edits';
import { doubles } from './heap';
import { initialKeyframe } from './initial_keyframe';
import type { Mark } from './mark';
import { enumValue, loadBinary, type Mujoco } from './mujoco';
import { setPositions } from './positions';
import { StateVector } from './state';
import { type Instability, Warnings } from './warnings';

/** Marks copy `mjData` up to this size, bytes: a replica holds three of them, and the heap ends at 2 GiB. */
const MAX_MARK_BYTES = 192 << 20;

/**
 * One simulated world: a model, its data, and what else the next tick depends on.
 *
 * It changes through {@link apply} and {@link step} alone; given the same calls it holds the same bits everywhere.
 */
export class Sim {
  readonly model: MjModel;
  private current: MjData;
  readonly drags: Drags;
  tick = 0;
  private paused = false;
  private requestedSpeed = 1;
  private until = 0;
  private readonly edits: Edits;
  private readonly wrenches = new Map<number, Wrench>();
  private readonly vector: StateVector;
  /** The binding cannot give a view of `eq_active`, but MuJoCo's state functions reach it. */
  private readonly eqActive: StateVector;
  private readonly warnings: Warnings;
  private readonly initialKeyframe: number;
  /** `data.time` after the last step, unless the engine has reset it, s. */
  private expectedTime = 0;
  /** Whether the engine resets the data when a number goes bad. */
  private autoreset = true;
  private xfrc: Float64Array;
  private history = { from: 0, at: 0 };
  /** `opt.timestep`, s. */
  timestep = 0;

  /**
   * @param mujoco a fresh instance, which this world owns
   * @param mjb a model as `mj_saveModel` writes it, from the compiler worker of this page
   */
  constructor(
    readonly mujoco: Mujoco,
    mjb: Uint8Array,
  ) {
    this.model = loadBinary(mujoco, mjb);
    this.current = new mujoco.MjData(this.model);
    const { mjtState } = mujoco;
    this.vector = new StateVector(mujoco, this.model, enumValue(mjtState.mjSTATE_INTEGRATION));
    this.eqActive = new StateVector(mujoco, this.model, enumValue(mjtState.mjSTATE_EQ_ACTIVE));
    this.initialKeyframe = initialKeyframe(mujoco, this.model);
    this.resetTo(this.initialKeyframe);
    this.drags = new Drags(mujoco, this.model, this.data);
    this.warnings = new Warnings(mujoco);
    this.edits = new Edits(this.model);
    this.xfrc = doubles(this.data.xfrc_applied);
    this.readOptions();
  }

  /** MuJoCo's data: another object after {@link back}. */
  get data(): MjData {
    return this.current;
  }

  get clock(): Clock {
    return { paused: this.paused, speed: this.requestedSpeed, until: this.until };
  }

  get isPaused(): boolean {
    return this.paused;
  }

  /** Simulated seconds asked for per wall second. */
  get speed(): number {
    return this.requestedSpeed;
  }

  /** Ticks asked for by `step` and not done yet. */
  get owed(): number {
    return Math.max(0, this.until - this.tick);
  }

  /** The tick of history that the present stands for: differs from `tick` after a rewind. */
  get historyTick(): number {
    return this.history.from + this.tick - this.history.at;
  }

  /** The last rewind: the tick it went to, and the tick at which it applied (both 0 before the first). */
  get rewound(): { readonly from: number; readonly at: number } {
    return this.history;
  }

  /** Hash of the integration state, 32 hex digits. */
  hash(): string {
    return hashDoubles(this.vector.read(this.data));
  }

  /** Advances by so many ticks. */
  step(ticks: number): void {
    const { mujoco, model, data, drags } = this;
    this.expectedTime = data.time + ticks * this.timestep;
    for (let i = 0; i < ticks; i++) {
      if (drags.count > 0) this.pull();
      mujoco.mj_step(model, data);
    }
    this.tick += ticks;
  }

  /**
   * What went wrong in the last {@link step}, if the engine found a bad number.
   *
   * It then resets the data, which shows in the time; only where that is switched off must it be asked each time.
   */
  instability(): Instability | null {
    const late = Math.abs(this.data.time - this.expectedTime) > this.timestep / 2;
    return late || !this.autoreset ? this.warnings.check(this.data) : null;
  }

  /**
   * Applies an action at the present tick.
   *
   * @throws SimroomError `bad-argument` when it does not fit this model: then nothing has changed
   */
  apply(action: Action, seat: number): void {
    const { mujoco, model, data } = this;
    checkAction(model, action);
    switch (action.kind) {
      case 'ctrl':
        doubles(data.ctrl)[action.index] = action.value;
        break;
      case 'ctrls':
        doubles(data.ctrl).set(action.values);
        break;
      case 'drag':
        this.pose(this.drags.take(data, seat, action));
        break;
      case 'move':
        this.pose(this.drags.move(seat, action.hand, action.target));
        break;
      case 'turn':
        this.pose(this.drags.turn(seat, action.hand, action.quat));
        break;
      case 'release': {
        const body = this.drags.end(seat, action.hand);
        if (body >= 0) this.holdWrench(body);
        break;
      }
      case 'wrench': {
        const { body, force, torque } = action;
        if ([...force, ...torque].every((part) => part === 0)) this.wrenches.delete(body);
        else this.wrenches.set(body, { body, force, torque });
        this.holdWrench(body);
        break;
      }
      case 'qpos':
        setPositions(mujoco, model, data, action.index, action.values);
        break;
      case 'equality':
        this.setEquality(action.index, action.active);
        break;
      case 'reset':
        this.wrenches.clear();
        this.resetTo(action.keyframe < 0 ? this.initialKeyframe : action.keyframe);
        break;
      case 'edit':
        this.edits.apply({ field: action.field, index: action.index, values: action.values });
        this.readOptions();
        break;
      case 'pause':
        this.paused = action.paused;
        this.until = 0;
        break;
      case 'speed':
        this.requestedSpeed = action.speed;
        break;
      case 'step':
        this.until = Math.max(this.tick, this.until) + action.ticks;
        break;
      case 'checkpoint':
        this.restoreState(this.vector.read(this.data).slice());
        break;
      case 'restore':
        this.continueFrom(action);
        break;
    }
  }

  /** Which equalities are active, 1 or 0 each; the view is overwritten by the next call. */
  equalities(): Float64Array {
    return this.eqActive.read(this.data);
  }

  /** Everything the next tick depends on, as bytes. */
  save(): Uint8Array<ArrayBuffer> {
    return encodeCheckpoint({
      tick: this.tick,
      state: this.vector.read(this.data),
      clock: this.clock,
      edits: this.edits.save(),
      wrenches: [...this.wrenches.values()],
      drags: this.drags.save(),
      history: this.history,
    });
  }

  /**
   * Becomes the world of a checkpoint, tick and clock included.
   *
   * @throws SimroomError `tape-invalid` when it is not a checkpoint of this model
   */
  load(saved: Uint8Array): void {
    const checkpoint = this.parse(saved);
    this.tick = checkpoint.tick;
    this.paused = checkpoint.clock.paused;
    this.requestedSpeed = checkpoint.clock.speed;
    this.until = checkpoint.clock.until;
    this.history = checkpoint.history;
    this.take(checkpoint);
    this.drags.load(checkpoint.drags);
  }

  /** Whether there is memory for copies of `mjData`: some models ask for an arena of a gigabyte. */
  get isMarkable(): boolean {
    return this.data.nbuffer + this.data.narena <= MAX_MARK_BYTES;
  }

  /**
   * Remembers the world as it is, to the last bit of what MuJoCo keeps: for {@link back}. Cheaper than a checkpoint, and
   * it changes nothing. The caller disposes of it, before this world. Only where {@link isMarkable}.
   */
  mark(): Mark {
    const { mujoco, model, data, tick, paused, requestedSpeed, until, history, expectedTime } = this;
    const copy = new mujoco.MjData(model, data);
    return {
      data: copy,
      tick,
      paused,
      requestedSpeed,
      until,
      history,
      expectedTime,
      edits: this.edits.save(),
      wrenches: [...this.wrenches.values()],
      drags: this.drags.save(),
      dispose: () => copy.delete(),
    };
  }

  /** Becomes the world that was marked; the mark can be used again. */
  back(mark: Mark): void {
    this.tick = mark.tick;
    this.paused = mark.paused;
    this.requestedSpeed = mark.requestedSpeed;
    this.until = mark.until;
    this.history = mark.history;
    this.edits.replace(mark.edits);
    this.readOptions();
    this.wrenches.clear();
    for (const wrench of mark.wrenches) this.wrenches.set(wrench.body, wrench);
    this.current.delete();
    this.current = new this.mujoco.MjData(this.model, mark.data);
    this.drags.load(mark.drags);
    this.expectedTime = mark.expectedTime;
    this.xfrc = doubles(this.data.xfrc_applied);
  }

  /** Copies of the state vectors people ask for. */
  copyState(): {
    time: number;
    qpos: Float64Array;
    qvel: Float64Array;
    act: Float64Array;
    ctrl: Float64Array;
  } {
    const { data } = this;
    return {
      time: data.time,
      qpos: doubles(data.qpos).slice(),
      qvel: doubles(data.qvel).slice(),
      act: doubles(data.act).slice(),
      ctrl: doubles(data.ctrl).slice(),
    };
  }

  dispose(): void {
    this.drags.dispose();
    this.eqActive.dispose();
    this.vector.dispose();
    this.data.delete();
    this.model.delete();
  }

  /** Takes what stepping needs to know of `mjOption`: reading it through the binding is slow. */
  private readOptions(): void {
    const { timestep, disableflags } = this.model.opt;
    this.timestep = timestep;
    this.autoreset = (disableflags & enumValue(this.mujoco.mjtDisableBit.mjDSBL_AUTORESET)) === 0;
  }

  private resetTo(keyframe: number): void {
    const { mujoco, model, data } = this;
    if (keyframe < 0) mujoco.mj_resetData(model, data);
    else mujoco.mj_resetDataKeyframe(model, data, keyframe);
    mujoco.mj_forward(model, data);
  }

  private pull(): void {
    // A heap that grew has detached the view.
    if (this.xfrc.length === 0) this.xfrc = doubles(this.data.xfrc_applied);
    this.drags.forEach(this.resetWrench);
    this.drags.apply(this.data, this.xfrc);
  }

  private readonly resetWrench = (_seat: number, perturb: { readonly select: number }): void => {
    this.holdWrench(perturb.select);
  };

  /** Puts the held wrench of a body, or none, into `xfrc_applied`. */
  private holdWrench(body: number): void {
    if (this.xfrc.length === 0) this.xfrc = doubles(this.data.xfrc_applied);
    const wrench = this.wrenches.get(body);
    if (wrench === undefined) {
      this.xfrc.fill(0, 6 * body, 6 * body + 6);
      return;
    }
    this.xfrc.set(wrench.force, 6 * body);
    this.xfrc.set(wrench.torque, 6 * body + 3);
  }

  /** While paused a pull poses its body at once. */
  private pose(perturb: MjvPerturb | null): void {
    if (!this.paused || perturb === null) return;
    this.mujoco.mjv_applyPerturbPose(this.model, this.data, perturb, 1);
    this.mujoco.mj_forward(this.model, this.data);
  }

  private setEquality(index: number, active: boolean): void {
    const values = [...this.equalities()];
    values[index] = active ? 1 : 0;
    this.eqActive.write(this.data, values);
  }

  private continueFrom(action: Extract<Action, { kind: 'restore' }>): void {
    const checkpoint = this.parse(action.checkpoint);
    this.history = { from: action.from, at: this.tick };
    this.until = 0;
    // Who still holds a body holds it at another time: letting go is the calm answer.
    this.drags.clear();
    this.take(checkpoint);
  }

  private take(checkpoint: Checkpoint): void {
    this.edits.replace(checkpoint.edits);
    this.readOptions();
    this.wrenches.clear();
    for (const wrench of checkpoint.wrenches) this.wrenches.set(wrench.body, wrench);
    this.restoreState(checkpoint.state);
  }

  /** Reset, reload, recompute: so that nothing outside the integration state survives. */
  private restoreState(state: Float64Array): void {
    this.mujoco.mj_resetData(this.model, this.data);
    this.vector.write(this.data, state);
    this.mujoco.mj_forward(this.model, this.data);
  }

  private parse(saved: Uint8Array): Checkpoint {
    const { nbody } = this.model;
    const checkpoint = decodeCheckpoint(saved);
    const fits =
      checkpoint?.state.length === this.vector.size &&
      checkpoint.drags.every(({ select }) => select > 0 && select < nbody) &&
      checkpoint.wrenches.every(({ body }) => body > 0 && body < nbody);
    if (checkpoint === null || !fits) {
      throw new SimroomError('tape-invalid', 'This checkpoint is damaged or belongs to another model.');
    }
    return checkpoint;
  }
}
