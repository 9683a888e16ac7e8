import { transfer } from 'comlink';
import { type PlainError, SimroomError, toPlainError } from '../core/errors';
import type { VisualRequest } from '../sim/frame_packer';
import type { Ray } from '../core/vec';
import type { Pick } from '../sim/pick';
import type { Action } from '../tape/action';
import type { Request } from '../protocol/ctl';
import { Engine } from './engine';
import type { EngineEvent, EngineLoad, SharedModel, State, TapeParts } from './engine_messages';
import type { OpenLine } from './engine_room';
import type { GuestOptions } from './room/guest_session';
import type { HostOptions } from './room/host_session';
import type { Answered, LinkFigures } from './room_messages';

/** An answer that crossed the worker boundary: a value, or an error with its code. */
export type Answer<T> = { readonly value: T } | { readonly error: PlainError };

/** What the page can ask of the engine worker. */
export interface EngineService {
  /** First of all; MuJoCo itself may still be coming in. */
  start(
    frames: MessagePort,
    onEvent: (event: EngineEvent) => void,
    /** Name of a lock to hold for as long as the worker lives, or null where there are no locks. */
    lock: string | null,
  ): Promise<void>;
  /** Gives it MuJoCo's compiled wasm. */
  equip(module: WebAssembly.Module): Promise<void>;
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

  /** Opens the running world to others. */
  host(options: HostOptions, shared: SharedModel): Promise<Answer<void>>;
  /** A guest is coming in: the port of its connection. */
  addGuest(line: MessagePort): Promise<Answer<void>>;
  /** Enters a room over a connection; events tell what becomes of it. */
  join(options: GuestOptions, line: MessagePort): Promise<Answer<void>>;
  /** Ends the room, or leaves it; the world stays. */
  leaveRoom(): Promise<Answer<void>>;
  request(request: Request): Promise<Answer<Answered>>;
  say(text: string): Promise<Answer<void>>;
  /** Where the person looks and points: a record as `PERSON` in `core/frame.ts` has it. */
  present(person: Float32Array): Promise<Answer<void>>;
  /**
   * One's own face as it is now, for the others of the room; outside one it goes nowhere.
   *
   * @param values 52 weights and the head's angles (`src/face/frame.ts`), or null: there is no face any more
   */
  face(values: Float32Array | null): Promise<Answer<void>>;
  /**
   * How others' faces arrive: repeated `seat varint | report` (`src/face/report.ts`). To be called every 50 to 100 ms
   * while something comes; what is worth a datagram is decided here.
   */
  faceReports(bytes: Uint8Array): Promise<Answer<void>>;
  want(hash: string): Promise<Answer<void>>;
  provide(hash: string, bytes: Uint8Array<ArrayBuffer>): Promise<Answer<void>>;
  /** What became of a load that somebody in the room has asked for. */
  answerLoad(id: number, error: PlainError | null): Promise<Answer<void>>;
  links(): Promise<Answer<readonly LinkFigures[]>>;
}

/** An engine behind answers, so that error codes survive the worker boundary. */
export function engineService(openLine: OpenLine): EngineService {
  let engine: Engine | null = null;
  let equip: (module: WebAssembly.Module) => void = () => {};
  const module = new Promise<WebAssembly.Module>((resolve) => {
    equip = resolve;
  });
  const ask = async <T>(question: (engine: Engine) => T | Promise<T>): Promise<Answer<T>> => {
    try {
      if (engine === null) throw new SimroomError('no-model', 'The engine has not been started.');
      return { value: await question(engine) };
    } catch (thrown) {
      return { error: toPlainError(thrown, 'engine-failed') };
    }
  };
  return {
    async start(frames, onEvent, lock) {
      engine = new Engine(module, frames, openLine, (event) => onEvent(moved(event)));
      if (lock !== null) await hold(lock);
    },
    async equip(given) {
      equip(given);
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
    ping: () => ask(() => {}),

    host: (options, shared) => ask((e) => e.host(options, shared)),
    addGuest: (line) => ask((e) => e.room.addGuest(line)),
    join: (options, line) => ask((e) => e.join(options, line)),
    leaveRoom: () => ask((e) => e.leaveRoom()),
    request: (request) =>
      ask((e) => {
        const answer = e.room.need().request(request);
        e.wake();
        return answer;
      }),
    say: (text) =>
      ask((e) => {
        e.room.need().say(text);
        e.wake();
      }),
    present: (person) =>
      ask((e) => {
        e.room.need().present(person);
        e.wake();
      }),
    face: (values) =>
      ask((e) => {
        e.room.present?.face(values);
        e.wake();
      }),
    faceReports: (bytes) =>
      ask((e) => {
        e.room.present?.faceReports(bytes);
        e.wake();
      }),
    want: (hash) =>
      ask((e) => {
        e.room.need().want(hash);
        e.wake();
      }),
    provide: (hash, bytes) =>
      ask((e) => {
        e.room.need().provide(hash, bytes);
        e.wake();
      }),
    answerLoad: (id, error) =>
      ask((e) => {
        e.room.host?.answerLoad(id, error);
        e.wake();
      }),
    links: () => ask((e) => e.room.present?.figures() ?? []),
  };
}

/** Large things are handed over, not copied. */
function moved(event: EngineEvent): EngineEvent {
  if (event.kind === 'faces') return transfer(event, [event.bytes.buffer]);
  return event.kind === 'room' && event.event.kind === 'content'
    ? transfer(event, [event.event.bytes.buffer])
    : event;
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
