import { type Remote, proxy, transfer, wrap } from 'comlink';
import workerUrl from '../../workers/engine.ts?worker&url';
import { SimroomError, fromPlainError } from '../core/errors';
import type { EngineEvent } from '../session/engine_messages';
import type { Answer, EngineService } from '../session/engine_service';
import { startWorker } from './worker';

/** How often the worker must show that it lives, ms, where there are no locks to tell at once. */
const HEARTBEAT_MS = 2000;

/**
 * Heartbeats in a row that may go unanswered. Counted in beats, not in time, because a laptop that slept must not kill
 * its worker; ten seconds are longer than any step of a model one would want to run.
 */
const MISSED_BEATS = 5;

export interface EngineWorkerEvents {
  /** A lent buffer comes back, filled. */
  onFrame(buffer: ArrayBuffer): void;
  onEvent(event: EngineEvent): void;
  /** The worker is gone. Called once; nothing else is called after it. */
  onDeath(reason: string): void;
}

/**
 * One engine worker, from its start to its end.
 */
export class EngineWorker {
  /** Settles when it can be asked, or could not be started. It can hear of connections before. */
  readonly started: Promise<void>;
  private readonly worker: Worker;
  private readonly service: Remote<EngineService>;
  private readonly frames: MessagePort;
  private heartbeat: ReturnType<typeof setInterval> | undefined;
  /** Fails the questions that wait. Each leaves when it is answered: one promise of the end would keep them all. */
  private readonly waiting = new Set<(error: SimroomError) => void>();
  private end: SimroomError | null = null;
  private missed = 0;
  private alive = true;

  constructor(
    module: Promise<WebAssembly.Module>,
    private readonly events: EngineWorkerEvents,
  ) {
    // Its script loads while MuJoCo still comes in and is compiled.
    this.worker = startWorker(workerUrl, 'simroom engine');
    this.service = wrap<EngineService>(this.worker);
    const { port1, port2 } = new MessageChannel();
    this.frames = port1;
    port1.onmessage = (message: MessageEvent<unknown>) => {
      if (message.data instanceof ArrayBuffer) this.events.onFrame(message.data);
    };
    this.started = this.start(module, port2);
  }

  /** @throws SimroomError as answered, and `engine-restarted` when the worker dies meanwhile */
  async ask<T>(question: (service: Remote<EngineService>) => Promise<Answer<T>>): Promise<T> {
    await this.started;
    return this.askAtOnce(question);
  }

  /** As {@link ask}, without waiting for MuJoCo: rooms can be entered meanwhile. */
  async askAtOnce<T>(question: (service: Remote<EngineService>) => Promise<Answer<T>>): Promise<T> {
    const answer = await this.orEnd(question(this.service));
    if ('error' in answer) throw fromPlainError(answer.error);
    return answer.value;
  }

  /** Lends a buffer for the next frame. */
  lend(buffer: ArrayBuffer): void {
    this.frames.postMessage(buffer, [buffer]);
  }

  dispose(): void {
    if (!this.alive) return;
    this.alive = false;
    clearInterval(this.heartbeat);
    this.worker.terminate();
    this.frames.close();
    const end = new SimroomError(
      'engine-restarted',
      'The physics engine was restarted meanwhile: try again.',
    );
    this.end = end;
    for (const fail of this.waiting) fail(end);
    this.waiting.clear();
  }

  /** An answer, or the end of the worker: one that dies never answers. */
  private orEnd<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.end !== null) {
        reject(this.end);
        return;
      }
      this.waiting.add(reject);
      void answer.then(resolve, reject).finally(() => this.waiting.delete(reject));
    });
  }

  private async start(module: Promise<WebAssembly.Module>, frames: MessagePort): Promise<void> {
    const { worker, service } = this;
    const lock = lockName();
    const onEvent = proxy((event: EngineEvent) => {
      if (!this.alive) return;
      if (event.kind === 'crashed') this.die(event.error.message);
      else this.events.onEvent(event);
    });
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
    const running = service.start(transfer(frames, [frames]), onEvent, lock);
    await Promise.race([Promise.all([running, module.then((given) => service.equip(given))]), cannotStart]);
    worker.onerror = (event) => {
      event.preventDefault();
      this.die(event.message);
    };
    if (lock !== null) {
      // Granted when the worker, which holds it, is gone.
      void navigator.locks.request(lock, () => this.die('its worker ended'));
    }
    if (this.alive) this.heartbeat = setInterval(() => this.beat(), HEARTBEAT_MS);
  }

  private beat(): void {
    if (this.missed >= MISSED_BEATS) {
      this.die('it did not answer for 10 seconds');
      return;
    }
    this.missed++;
    void this.service.ping().then(() => {
      this.missed = 0;
    });
  }

  private die(reason: string): void {
    if (!this.alive) return;
    this.dispose();
    this.events.onDeath(reason);
  }
}

/** A name for the lock that tells of a worker's death; null where locks are not to be had (no secure context). */
function lockName(): string | null {
  return 'locks' in navigator && window.isSecureContext && window.origin !== 'null'
    ? `simroom-engine-${crypto.randomUUID()}`
    : null;
}
