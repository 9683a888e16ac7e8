import { HEADER, Lag, usedBytes } from '../core/frame';
import { SimroomError, type PlainError, toPlainError } from '../core/errors';
import { enumValue, instantiateMujoco } from '../sim/mujoco';
import { FramePacker, type VisualRequest } from '../sim/frame_packer';
import { doubles } from '../sim/heap';
import type { Ray } from '../core/vec';
import { pick, type Pick } from '../sim/pick';
import { Sim } from '../sim/sim';
import type { Action } from '../tape/action';
import { Tape, decodeEntries, encodeEntries, encodeEntry } from '../tape/tape';
import { ByteWriter } from '../core/bytes';
import { Authority, type UnstableEvent } from './authority';
import { replay } from './replay';

/**
 * Wall ms of stepping between two looks at the message queue: a drag or a frame request waits no longer. Longer gains
 * nothing, since a turn of the queue costs some 20 µs.
 */
const SLICE_MS = 6;

/** Timers closer than this are clamped by browsers anyway, ms. */
const MIN_TIMER_MS = 1;

/** While running, the loop comes round at least so often, ms, so that figures stay fresh for slow motion. */
const MAX_TIMER_MS = 100;

/** What a page must know to bring a world back in a new worker. Entries come in the order of the tape. */
export type Backup =
  | { readonly kind: 'checkpoint'; readonly index: number; readonly tick: number; readonly bytes: Uint8Array }
  | { readonly kind: 'entries'; readonly bytes: Uint8Array };

export type EngineEvent =
  | { readonly kind: 'backup'; readonly generation: number; readonly backups: readonly Backup[] }
  | { readonly kind: 'unstable'; readonly event: UnstableEvent }
  | { readonly kind: 'crashed'; readonly error: PlainError };

/** A world to continue: all entries so far, the latest checkpoint, and the tick to come back at. */
export interface Resume {
  readonly entries: Uint8Array;
  readonly checkpoint: { readonly index: number; readonly tick: number; readonly bytes: Uint8Array };
  readonly tick: number;
}

export interface EngineLoad {
  readonly mjb: Uint8Array;
  /** Stamped on every frame of this model. */
  readonly generation: number;
  readonly resume: Resume | null;
}

/** Copies of the state vectors, in MuJoCo's units. */
export interface State {
  readonly tick: number;
  /** s. */
  readonly time: number;
  readonly qpos: Float64Array;
  readonly qvel: Float64Array;
  readonly act: Float64Array;
  readonly ctrl: Float64Array;
  /** Hash of the full integration state, 32 hex digits. */
  readonly hash: string;
}

/** The tape from a checkpoint on. */
export interface TapeParts {
  /** Where it starts. */
  readonly checkpoint: Uint8Array;
  /** What was done since. */
  readonly entries: Uint8Array;
  /** Where it ends, and the hash there. */
  readonly tick: number;
  readonly hash: string;
}

/** What belongs to one loaded model. */
interface World {
  readonly sim: Sim;
  readonly host: Authority;
  readonly packer: FramePacker;
  readonly generation: number;
  readonly energyBit: number;
}

/**
 * The worker's side: holds the world, drives the host session by the clock, and answers the page.
 *
 * Frames are pulled: the page lends a buffer, the engine fills it as soon as there is something new and sends it back.
 */
export class Engine {
  private world: World | null = null;
  private visual: VisualRequest | null = null;
  /** The page's buffer, while nothing new is there to fill it with. */
  private lent: ArrayBuffer | null = null;
  private changed = false;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private readonly turn = new MessageChannel();
  private turning = false;
  private readonly waiters: { tick: number; resolve: () => void }[] = [];
  private backups: Backup[] = [];
  private readonly entries = new ByteWriter();
  private entriesTick = 0;
  private readonly clock = (): number => performance.now();

  /**
   * @param module MuJoCo's compiled wasm
   * @param frames port on which the page lends frame buffers
   * @param onEvent what the page must hear of
   */
  constructor(
    private readonly module: WebAssembly.Module,
    private readonly frames: MessagePort,
    private readonly onEvent: (event: EngineEvent) => void,
  ) {
    frames.onmessage = (message: MessageEvent<unknown>) => {
      if (!(message.data instanceof ArrayBuffer)) return;
      this.lent = message.data;
      this.run();
    };
    this.turn.port1.onmessage = () => {
      this.turning = false;
      this.run();
    };
  }

  /** Replaces the world by a compiled model's, or brings one back. The old world runs until the new one stands. */
  async load({ mjb, generation, resume }: EngineLoad): Promise<void> {
    const mujoco = await instantiateMujoco(this.module);
    const sim = new Sim(mujoco, mjb);
    const tape = new Tape();
    if (resume !== null) {
      const entries = decodeEntries(resume.entries);
      if (entries === null) throw new SimroomError('tape-invalid', 'The tape to continue from is damaged.');
      const { checkpoint } = resume;
      sim.load(checkpoint.bytes);
      for (const entry of entries.slice(0, checkpoint.index)) tape.append(entry);
      tape.keep(checkpoint.tick, checkpoint.bytes);
      for (const entry of entries.slice(checkpoint.index)) tape.append(entry);
      replay(sim, tape.entries, checkpoint.index, Math.max(resume.tick, tape.lastTick), true);
    }
    this.dropWorld();
    this.entries.clear();
    this.backups = [];
    this.entriesTick = tape.lastTick;
    const host = new Authority(sim, tape, {
      onEntry: (entry) => {
        encodeEntry(this.entries, entry, this.entriesTick);
        this.entriesTick = entry.tick;
      },
      onCheckpoint: (kept) => {
        this.flushEntries();
        this.backups.push({ kind: 'checkpoint', index: kept.index, tick: kept.tick, bytes: kept.bytes });
      },
      onUnstable: (event) => {
        this.onEvent({ kind: 'unstable', event });
      },
    });
    const packer = new FramePacker(sim);
    if (this.visual !== null) packer.setVisual(this.visual);
    this.world = {
      sim,
      host,
      packer,
      generation,
      energyBit: enumValue(mujoco.mjtEnableBit.mjENBL_ENERGY),
    };
    this.changed = true;
    this.run();
  }

  /**
   * Puts an action on the tape.
   *
   * @throws SimroomError `bad-argument` when this model does not take it; `no-model` before the first load
   */
  submit(action: Action): void {
    this.need().host.submit(action);
    this.changed = true;
    this.run();
  }

  /** Resolves when the ticks asked for by `step` are done. */
  async step(ticks: number): Promise<void> {
    const world = this.need();
    this.submit({ kind: 'step', ticks });
    const tick = world.sim.tick + world.sim.owed;
    if (world.sim.tick >= tick) return;
    await new Promise<void>((resolve) => {
      this.waiters.push({ tick, resolve });
    });
  }

  rewind(tick: number): void {
    this.need().host.rewind(tick);
    this.changed = true;
    this.run();
  }

  scrub(ticks: number): void {
    this.need().host.scrub(ticks);
    this.changed = true;
    this.run();
  }

  state(): State {
    const { sim } = this.need();
    return { tick: sim.tick, ...sim.copyState(), hash: sim.hash() };
  }

  hashAt(tick: number): string | null {
    return this.need().host.hashAt(tick);
  }

  pick(ray: Ray, geomGroups: readonly boolean[]): Pick | null {
    return pick(this.need().sim, ray, geomGroups);
  }

  setVisual(request: VisualRequest): void {
    this.visual = request;
    this.world?.packer.setVisual(request);
    this.changed = true;
    this.run();
  }

  /** The tape from its first checkpoint to now. */
  tape(): TapeParts {
    const { sim, host } = this.need();
    const { origin, entries } = host.tape;
    if (origin === undefined) throw new SimroomError('history-gone', 'This world has no tape.');
    return {
      checkpoint: origin.bytes,
      entries: encodeEntries(entries.slice(origin.index)),
      tick: sim.tick,
      hash: sim.hash(),
    };
  }

  /** Answers, to show that the worker lives. */
  ping(): void {}

  private need(): World {
    if (this.world === null) throw new SimroomError('no-model', 'No model is loaded yet: load one first.');
    return this.world;
  }

  private dropWorld(): void {
    if (this.world === null) return;
    this.world.packer.dispose();
    this.world.sim.dispose();
    this.world = null;
    for (const waiter of this.waiters.splice(0)) waiter.resolve();
  }

  /** One turn: step what is owed, answer what waits, and see when to come round again. */
  private run(): void {
    const { world } = this;
    if (world === null) return;
    try {
      if (world.host.advance(this.clock, SLICE_MS)) this.changed = true;
    } catch (thrown) {
      // The wasm aborted: nothing in this instance can be trusted any more.
      this.world = null;
      this.onEvent({ kind: 'crashed', error: toPlainError(thrown, 'engine-failed') });
      return;
    }
    this.settleWaiters(world);
    if (this.lent !== null && this.changed) this.serve(world, this.lent);
    this.flushBackups(world);
    this.schedule(world);
  }

  private schedule(world: World): void {
    if (this.timer !== null) {
      clearTimeout(this.timer);
      this.timer = null;
    }
    const { wait } = world.host;
    if (wait === 0) {
      if (!this.turning) {
        this.turning = true;
        this.turn.port2.postMessage(null);
      }
    } else if (wait !== Infinity) {
      this.timer = setTimeout(
        () => {
          this.timer = null;
          this.run();
        },
        Math.min(Math.max(wait, MIN_TIMER_MS), MAX_TIMER_MS),
      );
    }
  }

  private settleWaiters(world: World): void {
    for (let i = this.waiters.length - 1; i >= 0; i--) {
      const waiter = this.waiters[i];
      // A pause or rewind that came between also ends the waiting: those ticks will not be done.
      if (waiter !== undefined && (world.sim.tick >= waiter.tick || world.sim.owed === 0)) {
        this.waiters.splice(i, 1);
        waiter.resolve();
      }
    }
  }

  private serve(world: World, lent: ArrayBuffer): void {
    const { sim, host, packer } = world;
    const { frame, layout } = packer;
    const counts = packer.pack();
    const { header } = frame;
    const { figures } = host;
    header[HEADER.tick] = sim.tick;
    header[HEADER.time] = sim.data.time;
    header[HEADER.paused] = sim.isPaused ? 1 : 0;
    header[HEADER.speed] = sim.speed;
    header[HEADER.rtf] = sim.isPaused ? 0 : figures.rtf;
    header[HEADER.stepsPerSecond] = sim.isPaused ? 0 : figures.stepsPerSecond;
    header[HEADER.stepMs] = figures.stepMs;
    header[HEADER.lag] = figures.behind && !sim.isPaused ? Lag.physics : Lag.none;
    header[HEADER.contacts] = sim.data.ncon;
    header[HEADER.constraints] = sim.data.nefc;
    header[HEADER.vgeomCount] = counts.vgeoms;
    header[HEADER.dragCount] = counts.drags;
    header[HEADER.generation] = world.generation;
    const qpos = doubles(sim.data.qpos);
    header[HEADER.wasmBytes] = qpos.buffer.byteLength;
    const hasEnergy = (sim.model.opt.enableflags & world.energyBit) !== 0;
    const energy = doubles(sim.data.energy);
    header[HEADER.energy] = hasEnergy ? (energy[0] ?? 0) + (energy[1] ?? 0) : NaN;
    header[HEADER.historyTick] = sim.historyTick;
    const buffer = lent.byteLength === layout.bytes ? lent : new ArrayBuffer(layout.bytes);
    const used = usedBytes(frame, layout);
    new Uint8Array(buffer).set(new Uint8Array(frame.buffer, 0, used));
    this.lent = null;
    this.changed = false;
    this.frames.postMessage(buffer, [buffer]);
  }

  private flushEntries(): void {
    if (this.entries.length === 0) return;
    this.backups.push({ kind: 'entries', bytes: this.entries.finish() });
    this.entries.clear();
  }

  private flushBackups(world: World): void {
    this.flushEntries();
    if (this.backups.length === 0) return;
    this.onEvent({ kind: 'backup', generation: world.generation, backups: this.backups });
    this.backups = [];
  }
}
