import type { Remote } from 'comlink';
import { SimroomError, fromPlainError, toPlainError } from '../core/errors';
import { type Frame, type FrameLayout, HEADER, frameLayout, frameOn, usedBytes } from '../core/frame';
import type { ModelCopy } from '../core/model';
import {
  type EngineEvent,
  type EngineLoad,
  FRAME_BUFFERS,
  type Resume,
  type State,
  type TapeParts,
} from '../session/engine_messages';
import type { Answer, EngineService } from '../session/engine_service';
import type { UnstableEvent } from '../session/world/authority';
import type { RoomEvent } from '../session/room_messages';
import type { VisualRequest } from '../sim/frame_packer';
import type { Ray } from '../core/vec';
import type { Pick } from '../sim/pick';
import type { Action } from '../tape/action';
import { EngineWorker } from './engine_worker';
import { Mirror } from './mirror';

/** A worker that dies again within this time, ms, died of what it was doing. */
const RELAPSE_MS = 10_000;

/** Deaths in a row after which it is not tried again: once with everything, once from the last checkpoint. */
const MAX_RELAPSES = 2;

/** A compiled model as the engine and the view take it. */
export interface CompiledModel {
  readonly mjb: Uint8Array;
  readonly model: ModelCopy;
}

/** A model in the engine, with the frames it gives. */
export interface LiveModel {
  readonly compiled: CompiledModel;
  readonly generation: number;
  readonly layout: FrameLayout;
  /** The newest frame: the same arrays for the model's life. Its generation is 0 until the first arrived. */
  readonly frame: Frame;
}

/** What a load is besides the model: a tape to continue, or a part in a room. */
export interface LoadOptions {
  readonly resume?: EngineLoad['resume'];
  readonly shared?: EngineLoad['shared'];
  readonly joined?: EngineLoad['joined'];
}

export interface EngineClientEvents {
  /** A frame of the current model has arrived. */
  onFrame(live: LiveModel): void;
  onUnstable(event: UnstableEvent): void;
  onRoom(event: RoomEvent): void;
  /** Messages of others' faces: `seat varint | length varint | message`, one after the other. */
  onFaces(bytes: Uint8Array): void;
  /** The worker died, and every connection with it. */
  onDeath(): void;
  /** The worker died and the world is back: where it was, or at its last checkpoint and paused. */
  onRestart(reason: string, fromCheckpoint: boolean): void;
  onFailed(error: SimroomError): void;
}

/**
 * The page's side of the engine: asks its worker, takes its frames, and replaces it when it dies.
 */
export class EngineClient {
  private worker: EngineWorker;
  /** Buffers to lend for the next frames; the others are with the worker. */
  private readonly spare: ArrayBuffer[] = [];
  private current: LiveModel | null = null;
  private next: LiveModel | null = null;
  private generation = 0;
  /** Loads that wait for their first frame, by generation. */
  private readonly awaited = new Map<number, () => void>();
  private visual: VisualRequest | null = null;
  private readonly mirrors = new Map<number, Mirror>();
  private lastDeath = -Infinity;
  private relapses = 0;
  private disposed = false;

  constructor(
    private readonly module: Promise<WebAssembly.Module>,
    private readonly events: EngineClientEvents,
  ) {
    // Warm by the time the first model has compiled.
    this.worker = this.spawn();
    this.worker.started.catch((error: unknown) =>
      events.onFailed(fromPlainError(toPlainError(error, 'engine-failed'))),
    );
  }

  /** The model whose frames arrive, or null before the first. */
  get live(): LiveModel | null {
    return this.current;
  }

  /**
   * Replaces the world; resolves when the new one stands and its first frame is here.
   *
   * @throws SimroomError `engine-restarted`; `room-closed` when the room of a joined world ends before it begins
   */
  async load(compiled: CompiledModel, options: LoadOptions = {}): Promise<LiveModel> {
    const { resume = null, shared = null, joined = null } = options;
    const generation = ++this.generation;
    const layout = frameLayout(compiled.model);
    const live: LiveModel = {
      compiled,
      generation,
      layout,
      frame: frameOn(new ArrayBuffer(layout.bytes), layout),
    };
    this.next = live;
    const mirror = new Mirror();
    if (resume !== null) {
      mirror.take({ kind: 'entries', bytes: resume.entries });
      mirror.take({ kind: 'checkpoint', ...resume.checkpoint });
    }
    this.mirrors.set(generation, mirror);
    const arrived = new Promise<void>((resolve) => {
      this.awaited.set(generation, resolve);
    });
    try {
      await this.ask((service) => service.load({ mjb: compiled.mjb, generation, resume, shared, joined }));
    } catch (error) {
      this.mirrors.delete(generation);
      this.awaited.delete(generation);
      if (this.next === live) this.next = null;
      throw error;
    }
    for (const older of this.mirrors.keys()) if (older < generation) this.mirrors.delete(older);
    this.promote(live);
    this.lendBuffers();
    await arrived;
    return live;
  }

  /** All that is needed to continue the present world elsewhere, or null before the first. */
  snapshot(): Resume | null {
    const { current } = this;
    if (current === null) return null;
    const tick = current.frame.header[HEADER.tick] ?? 0;
    return this.mirrors.get(current.generation)?.resume(tick, false) ?? null;
  }

  /** Asks for a frame, and at once for another when one acts. Call once per picture. */
  lendBuffers(): void {
    for (let buffer = this.spare.pop(); buffer !== undefined; buffer = this.spare.pop()) {
      this.worker.lend(buffer);
    }
  }

  submit(action: Action): Promise<void> {
    return this.ask((service) => service.submit(action));
  }

  step(ticks: number): Promise<void> {
    return this.ask((service) => service.step(ticks));
  }

  rewind(tick: number): Promise<void> {
    return this.ask((service) => service.rewind(tick));
  }

  scrub(ticks: number): Promise<void> {
    return this.ask((service) => service.scrub(ticks));
  }

  state(): Promise<State> {
    return this.ask((service) => service.state());
  }

  hashAt(tick: number): Promise<string | null> {
    return this.ask((service) => service.hashAt(tick));
  }

  pick(ray: Ray, geomGroups: readonly boolean[]): Promise<Pick | null> {
    return this.ask((service) => service.pick(ray, geomGroups));
  }

  /** A new worker is told again. */
  async setVisual(request: VisualRequest): Promise<void> {
    this.visual = request;
    await this.ask((service) => service.setVisual(request));
  }

  tape(): Promise<TapeParts> {
    return this.ask((service) => service.tape());
  }

  /** Asks the present worker, as soon as it has MuJoCo. @throws SimroomError as answered; `engine-restarted` */
  ask<T>(question: (service: Remote<EngineService>) => Promise<Answer<T>>): Promise<T> {
    return this.worker.ask(question);
  }

  /** As {@link ask}, without waiting for MuJoCo. */
  askAtOnce<T>(question: (service: Remote<EngineService>) => Promise<Answer<T>>): Promise<T> {
    return this.worker.askAtOnce(question);
  }

  dispose(): void {
    this.disposed = true;
    this.worker.dispose();
  }

  /** Starts a worker; it does not hold a world yet. */
  private spawn(): EngineWorker {
    const worker: EngineWorker = new EngineWorker(this.module, {
      onFrame: (buffer) => this.take(buffer),
      onEvent: (event) => this.hear(event),
      onDeath: (reason) => this.died(reason),
    });
    // Empty ones: the worker makes them as large as its frames are.
    this.spare.length = 0;
    for (let i = 0; i < FRAME_BUFFERS; i++) this.spare.push(new ArrayBuffer(0));
    const { visual } = this;
    if (visual !== null) worker.ask((service) => service.setVisual(visual)).catch(() => {});
    return worker;
  }

  private hear(event: EngineEvent): void {
    switch (event.kind) {
      case 'backup': {
        const mirror = this.mirrors.get(event.generation);
        for (const backup of event.backups) mirror?.take(backup);
        break;
      }
      case 'unstable':
        this.events.onUnstable(event.event);
        break;
      case 'room':
        this.events.onRoom(event.event);
        break;
      case 'faces':
        this.events.onFaces(event.bytes);
        break;
      case 'crashed':
        break;
    }
  }

  private take(buffer: ArrayBuffer): void {
    this.spare.push(buffer);
    const generation = new Float64Array(buffer, 0, HEADER.size)[HEADER.generation] ?? 0;
    if (this.next?.generation === generation) this.promote(this.next);
    const { current } = this;
    if (current === null || current.generation !== generation) return;
    // The header goes first: it says how much of the rest is in use.
    const target = new Uint8Array(current.frame.buffer);
    target.set(new Uint8Array(buffer, 0, HEADER.size * 8));
    target.set(new Uint8Array(buffer, 0, usedBytes(current.frame, current.layout)));
    this.events.onFrame(current);
    this.settle(generation);
  }

  /** Ends the waiting for first frames up to a generation: a later world's frame says that an earlier one is gone. */
  private settle(generation: number): void {
    for (const [awaited, arrived] of this.awaited) {
      if (awaited > generation) continue;
      this.awaited.delete(awaited);
      arrived();
    }
  }

  private promote(live: LiveModel): void {
    this.current = live;
    if (this.next === live) this.next = null;
  }

  /** Brings the world back in a new worker. */
  private died(reason: string): void {
    if (this.disposed) return;
    const now = performance.now();
    this.relapses = now - this.lastDeath < RELAPSE_MS ? this.relapses + 1 : 0;
    this.lastDeath = now;
    this.events.onDeath();
    this.worker = this.spawn();
    if (this.relapses >= MAX_RELAPSES) {
      this.events.onFailed(
        new SimroomError(
          'engine-failed',
          `The physics engine stopped (${reason}) and could not be brought back: load another model.`,
        ),
      );
      this.relapses = 0;
      this.settle(Infinity);
      return;
    }
    const fromCheckpoint = this.relapses > 0;
    void this.revive(this.current, fromCheckpoint).then(
      () => this.events.onRestart(reason, fromCheckpoint),
      (error: unknown) => this.events.onFailed(fromPlainError(toPlainError(error, 'engine-failed'))),
    );
  }

  private async revive(live: LiveModel | null, fromCheckpoint: boolean): Promise<void> {
    await this.worker.started;
    if (live === null) return;
    const tick = live.frame.header[HEADER.tick] ?? 0;
    const resume = this.mirrors.get(live.generation)?.resume(tick, fromCheckpoint) ?? null;
    const { generation, compiled } = live;
    await this.ask((service) =>
      service.load({ mjb: compiled.mjb, generation, resume, shared: null, joined: null }),
    );
    // What it died of lies just ahead: let people decide.
    if (fromCheckpoint) await this.submit({ kind: 'pause', paused: true });
    this.lendBuffers();
  }
}
