import { SimroomError, type PlainError, toPlainError } from '../core/errors';
import type { VisualRequest } from '../sim/frame_packer';
import type { Ray } from '../core/vec';
import type { Pick } from '../sim/pick';
import type { Action } from '../tape/action';
import { Engine, type EngineEvent, type EngineLoad, type State, type TapeParts } from './engine';

/** An answer that crossed the worker boundary: a value, or an error with its code. */
export type Answer<T> = { readonly value: T } | { readonly error: PlainError };

/** What the page can ask of the engine worker. */
export interface EngineService {
  start(
    module: WebAssembly.Module,
    frames: MessagePort,
    onEvent: (event: EngineEvent) => void,
    /** Name of a lock to hold for as long as the worker lives, or null where there are no locks. */
    lock: string | null,
  ): Promise<void>;
  load(request: EngineLoad): Promise<Answer<void>>;
  submit(action: Action): Promise<Answer<void>>;
  step(ticks: number): Promise<Answer<void>>;
  rewind(tick: number): Promise<Answer<void>>;
  scrub(ticks: number): Promise<Answer<void>>;
  state(): Promise<Answer<State>>;
  hashAt(tick: number): Promise<Answer<string | null>>;
  pick(ray: Ray, geomGroups: readonly boolean[]): Promise<Answer<Pick | null>>;
  setVisual(request: VisualRequest): Promise<Answer<void>>;
  tape(): Promise<Answer<TapeParts>>;
  ping(): Promise<Answer<void>>;
}

/** An engine behind answers, so that error codes survive the worker boundary. */
export function engineService(): EngineService {
  let engine: Engine | null = null;
  const ask = async <T>(question: (engine: Engine) => T | Promise<T>): Promise<Answer<T>> => {
    try {
      if (engine === null) throw new SimroomError('no-model', 'The engine has not been started.');
      return { value: await question(engine) };
    } catch (thrown) {
      return { error: toPlainError(thrown, 'engine-failed') };
    }
  };
  return {
    async start(module, frames, onEvent, lock) {
      engine = new Engine(module, frames, onEvent);
      if (lock !== null) await hold(lock);
    },
    load: (request) => ask((e) => e.load(request)),
    submit: (action) => ask((e) => e.submit(action)),
    step: (ticks) => ask((e) => e.step(ticks)),
    rewind: (tick) => ask((e) => e.rewind(tick)),
    scrub: (ticks) => ask((e) => e.scrub(ticks)),
    state: () => ask((e) => e.state()),
    hashAt: (tick) => ask((e) => e.hashAt(tick)),
    pick: (ray, geomGroups) => ask((e) => e.pick(ray, geomGroups)),
    setVisual: (request) => ask((e) => e.setVisual(request)),
    tape: () => ask((e) => e.tape()),
    ping: () => ask((e) => e.ping()),
  };
}

/** Takes a lock for the life of this worker; resolves once it is held. */
function hold(lock: string): Promise<void> {
  return new Promise((held, refused) => {
    navigator.locks
      .request(lock, () => {
        held();
        return new Promise<never>(() => {});
      })
      .catch(refused);
  });
}
