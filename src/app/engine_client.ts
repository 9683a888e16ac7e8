import { type Remote, proxy, transfer, wrap } from 'comlink';
import workerUrl from '../../workers/engine.ts?worker&url';
import { SimroomError, fromPlainError, toPlainError } from '../core/errors';
import { type Frame, type FrameLayout, HEADER, frameLayout, frameOn, usedBytes } from '../core/frame';
import type { ModelCopy } from '../core/model';
import type { EngineEvent, State, Resume, TapeParts } from '../session/engine';
import type { Answer, EngineService } from '../session/engine_service';
import type { UnstableEvent } from '../session/authority';
import type { VisualRequest } from '../sim/frame_packer';
import type { Ray } from '../core/vec';
import type { Pick } from '../sim/pick';
import type { Action } from '../tape/action';
import { Mirror } from './mirror';
import { startWorker } from './worker';

/** How often the worker must show that it lives, ms, where there are no locks to tell at once. */
const HEARTBEAT_MS = 2000;

/**
 * Heartbeats in a row that may go unanswered. Counted in beats, not in time, because a laptop that slept must not kill
 * its worker; ten seconds are longer than any step of a model one would want to run.
 */
const MISSED_BEATS = 5;

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

export interface EngineClientEvents {
  /** A frame of the current model has arrived. */
  onFrame(live: LiveModel): void;
  onUnstable(event: UnstableEvent): void;
  /** The worker died and the world is back: where it was, or at its last checkpoint and paused. */
  onRestart(reason: string, fromCheckpoint: boolean): void;
  onFailed(error: SimroomError): void;
}

/**
 * The page's side of the engine worker: asks it, takes its frames, and replaces it when it dies.
 */
export class EngineClient {
  private worker: Worker | null = null;
  private service: Remote<EngineService> | null = null;
  private frames: MessagePort | null = null;
  /** Buffer to lend for the next frame; null while it is with the worker. */
  private spare: ArrayBuffer | null = null;
  private current: LiveModel | null = null;
  private next: LiveModel | null = null;
  private generation = 0;
  /** Loads that wait for their first frame, by generation. */
  private readonly awaited = new Map<number, () => void>();
  private visual: VisualRequest | null = null;
  private readonly mirrors = new Map<number, Mirror>();
  private readonly heartbeat: ReturnType<typeof setInterval>;
  /** Settles when the present worker can be asked, or could not be started. */
  private started: Promise<void>;
  private missed = 0;
  private lastDeath = -Infinity;
  private relapses = 0;
  private epoch = 0;
  private death = deferredDeath();
  private disposed = false;

  constructor(
    private readonly module: Promise<WebAssembly.Module>,
    private readonly events: EngineClientEvents,
  ) {
    // Warm by the time the first model has compiled.
    this.started = this.spawn();
    this.started.catch((error: unknown) =>
      events.onFailed(fromPlainError(toPlainError(error, 'engine-failed'))),
    );
    this.heartbeat = setInterval(() => this.beat(), HEARTBEAT_MS);
  }

  /** The model whose frames arrive, or null before the first. */
  get live(): LiveModel | null {
    return this.current;
  }

  /**
   * Replaces the world; resolves when the new one stands and its first frame is here.
   *
   * @param resume a tape to continue, instead of the model's initial state
   */
  async load(compiled: CompiledModel, resume: Resume | null = null): Promise<LiveModel> {
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
      await this.ask((service) => service.load({ mjb: compiled.mjb, generation, resume }));
    } catch (error) {
      this.mirrors.delete(generation);
      this.awaited.delete(generation);
      if (this.next === live) this.next = null;
      throw error;
    }
    for (const older of this.mirrors.keys()) if (older < generation) this.mirrors.delete(older);
    this.promote(live);
    this.lendBuffer();
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

  /** Asks for a frame: at most one is on its way. Call once per picture. */
  lendBuffer(): void {
    if (this.spare === null || this.frames === null) return;
    const buffer = this.spare;
    this.spare = null;
    this.frames.postMessage(buffer, [buffer]);
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

  dispose(): void {
    this.disposed = true;
    clearInterval(this.heartbeat);
    this.kill();
  }

  private async ask<T>(question: (service: Remote<EngineService>) => Promise<Answer<T>>): Promise<T> {
    await this.started;
    if (this.service === null)
      throw new SimroomError('engine-failed', 'The engine is not running: reload the page.');
    // A worker that dies never answers.
    const answer = await Promise.race([question(this.service), this.death.promise]);
    if ('error' in answer) throw fromPlainError(answer.error);
    return answer.value;
  }

  /** Starts a worker; it does not hold a world yet. */
  private async spawn(): Promise<void> {
    if (this.disposed) return;
    const epoch = ++this.epoch;
    // Its script loads while MuJoCo still comes in and is compiled.
    const worker = startWorker(workerUrl, 'simroom engine');
    const channel = new MessageChannel();
    channel.port1.onmessage = (message: MessageEvent<unknown>) => {
      if (message.data instanceof ArrayBuffer) this.take(message.data);
    };
    const service = wrap<EngineService>(worker);
    const lock = lockName(epoch);
    const onEvent = proxy((event: EngineEvent) => this.hear(epoch, event));
    this.worker = worker;
    const cannotStart = new Promise<never>((_, reject) => {
      worker.onerror = (event) => {
        event.preventDefault();
        reject(
          new SimroomError(
            'engine-failed',
            'The physics engine could not be started: its worker did not load. Reload the page.',
          ),
        );
      };
    });
    await Promise.race([
      this.module.then((module) =>
        service.start(module, transfer(channel.port2, [channel.port2]), onEvent, lock),
      ),
      cannotStart,
    ]);
    worker.onerror = (event) => {
      event.preventDefault();
      this.died(epoch, event.message);
    };
    if (lock !== null) {
      // Granted when the worker, which holds it, is gone.
      void navigator.locks.request(lock, () => this.died(epoch, 'its worker ended'));
    }
    this.service = service;
    this.frames = channel.port1;
    this.spare = new ArrayBuffer(0);
    this.missed = 0;
    if (this.visual !== null) await service.setVisual(this.visual);
  }

  private kill(): void {
    this.epoch++;
    this.death.happen();
    this.death = deferredDeath();
    this.worker?.terminate();
    this.frames?.close();
    this.worker = null;
    this.service = null;
    this.frames = null;
    this.spare = null;
  }

  private hear(epoch: number, event: EngineEvent): void {
    if (epoch !== this.epoch) return;
    switch (event.kind) {
      case 'backup': {
        const mirror = this.mirrors.get(event.generation);
        for (const backup of event.backups) mirror?.take(backup);
        break;
      }
      case 'unstable':
        this.events.onUnstable(event.event);
        break;
      case 'crashed':
        this.died(epoch, event.error.message);
        break;
    }
  }

  private take(buffer: ArrayBuffer): void {
    this.spare = buffer;
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

  private beat(): void {
    const { service } = this;
    if (service === null) return;
    if (this.missed >= MISSED_BEATS) {
      this.died(this.epoch, 'it did not answer for 10 seconds');
      return;
    }
    this.missed++;
    void service.ping().then(() => {
      if (service === this.service) this.missed = 0;
    });
  }

  /** Brings the world back in a new worker. */
  private died(epoch: number, reason: string): void {
    if (epoch !== this.epoch || this.disposed) return;
    const now = performance.now();
    this.relapses = now - this.lastDeath < RELAPSE_MS ? this.relapses + 1 : 0;
    this.lastDeath = now;
    this.kill();
    const { current } = this;
    if (this.relapses >= MAX_RELAPSES) {
      this.events.onFailed(
        new SimroomError(
          'engine-failed',
          `The physics engine stopped (${reason}) and could not be brought back: load another model.`,
        ),
      );
      this.relapses = 0;
      this.settle(Infinity);
      this.restart().catch(() => {});
      return;
    }
    const fromCheckpoint = this.relapses > 0;
    void this.revive(current, fromCheckpoint).then(
      () => this.events.onRestart(reason, fromCheckpoint),
      (error: unknown) => this.events.onFailed(fromPlainError(toPlainError(error, 'engine-failed'))),
    );
  }

  private restart(): Promise<void> {
    this.started = this.spawn();
    return this.started;
  }

  private async revive(live: LiveModel | null, fromCheckpoint: boolean): Promise<void> {
    await this.restart();
    if (live === null) return;
    const tick = live.frame.header[HEADER.tick] ?? 0;
    const resume = this.mirrors.get(live.generation)?.resume(tick, fromCheckpoint) ?? null;
    await this.ask((service) =>
      service.load({ mjb: live.compiled.mjb, generation: live.generation, resume }),
    );
    // What it died of lies just ahead: let people decide.
    if (fromCheckpoint) await this.submit({ kind: 'pause', paused: true });
    this.lendBuffer();
  }
}

/** A promise that rejects when the worker it belongs to is gone. */
function deferredDeath(): { readonly promise: Promise<never>; happen(): void } {
  let reject: (error: SimroomError) => void = () => {};
  const promise = new Promise<never>((_, fail) => {
    reject = fail;
  });
  // Most of the time nobody is asking when it happens.
  promise.catch(() => {});
  return {
    promise,
    happen: () =>
      reject(new SimroomError('engine-restarted', 'The physics engine was restarted meanwhile: try again.')),
  };
}

/** A name for the lock that tells of a worker's death; null where locks are not to be had (no secure context). */
function lockName(epoch: number): string | null {
  return 'locks' in navigator && window.isSecureContext && window.origin !== 'null'
    ? `simroom-engine-${crypto.randomUUID()}-${epoch}`
    : null;
}
