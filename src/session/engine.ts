import { SimroomError, toPlainError } from '../core/errors';
import type { Manifest } from '../protocol/ctl';
import { toHex } from '../core/encoding';
import { type Mujoco, instantiateMujoco } from '../sim/mujoco';
import type { VisualRequest } from '../sim/frame_packer';
import type { Ray } from '../core/vec';
import { pick, type Pick } from '../sim/pick';
import { Sim } from '../sim/sim';
import type { Action } from '../tape/action';
import { Tape, encodeEntries } from '../tape/tape';
import { Authority, type AuthorityEvents } from './world/authority';
import { Backups } from './world/backups';
import {
  type EngineEvent,
  type EngineLoad,
  FRAME_BUFFERS,
  type SharedModel,
  type State,
  type TapeParts,
} from './engine_messages';
import { EngineRoom, type OpenLine } from './engine_room';
import { EngineWorld } from './engine_world';
import type { GuestOptions, GuestSession } from './room/guest_session';
import type { HostOptions } from './room/host_session';
import { Replica } from './world/replica';
import { PresenceWatch } from './room/presence_watch';
import { resumed } from './world/resume';
import type { RoomEvent, RoomSession } from './room_messages';
import { Turns } from './turns';

/**
 * Wall ms of stepping between two looks at the message queue: a drag or a frame request waits no longer. Longer gains
 * nothing, since a turn of the queue costs some 20 µs.
 */
const SLICE_MS = 6;

/** While running, the loop comes round at least so often, ms, so that figures stay fresh for slow motion. */
const MAX_TIMER_MS = 100;

/** Buffers kept back for the frame that shows one's own action: the others have left with the last picture by then. */
const RESERVED_BUFFERS = FRAME_BUFFERS - 1;

/** A room's world on its way: shown from the moment the host lets it begin. */
interface Coming {
  readonly world: EngineWorld;
  /** Its number in the room. */
  readonly number: number;
  readonly begun: () => void;
  readonly failed: (error: SimroomError) => void;
}

/**
 * The worker's side: holds the world, drives it by the clock, alone or in a room, and answers the page.
 *
 * Frames are pulled: the page lends buffers, the engine fills one as soon as there is something new and sends it back.
 * What somebody does here is something that cannot wait until the page lends again.
 */
export class Engine {
  readonly room: EngineRoom;
  private world: EngineWorld | null = null;
  private coming: Coming | null = null;
  /** A fresh MuJoCo for the next world. */
  private spare: Promise<Mujoco> | null = null;
  private visual: VisualRequest | null = null;
  /** The page's buffers, while nothing new is there to fill them with. */
  private readonly lent: ArrayBuffer[] = [];
  private changed = false;
  /** Somebody has acted here, and no frame shows it yet. */
  private urgent = false;
  private readonly turns = new Turns(() => this.run());
  private readonly waiters: { readonly isDone: () => boolean; readonly resolve: () => void }[] = [];
  private readonly presence = new PresenceWatch();
  private readonly clock = (): number => performance.now();

  /**
   * @param module MuJoCo's compiled wasm, which may still be coming in: a room can be entered meanwhile
   * @param frames port on which the page lends frame buffers
   * @param openLine makes links of the connections that the page sends
   * @param onEvent what the page must hear of
   */
  constructor(
    private readonly module: Promise<WebAssembly.Module>,
    private readonly frames: MessagePort,
    openLine: OpenLine,
    private readonly onEvent: (event: EngineEvent) => void,
  ) {
    this.room = new EngineRoom(openLine, this.turns.soon, this.clock, (event) => this.hear(event));
    frames.onmessage = (message: MessageEvent<unknown>) => {
      if (!(message.data instanceof ArrayBuffer)) return;
      this.lent.push(message.data);
      this.run();
    };
  }

  /**
   * Replaces the world by a compiled model's, or brings one back. The old world runs until the new one stands; the
   * world of a room stands when the host lets it begin.
   *
   * @throws SimroomError `room-closed` when the room ends before
   */
  async load({ mjb, generation, resume, shared, joined }: EngineLoad): Promise<void> {
    const { spare } = this;
    this.spare = null;
    const mujoco = await (spare ?? this.module.then(instantiateMujoco));
    const sim = new Sim(mujoco, mjb);
    if (joined !== null) {
      await this.follow(sim, generation, joined);
      return;
    }
    const tape = resume === null ? new Tape() : resumed(sim, resume);
    const backups = new Backups();
    backups.follow(tape);
    this.adopt(new EngineWorld(sim, new Authority(sim, tape, this.ownEvents(backups)), backups, generation));
    if (shared !== null) this.share(shared);
    this.run();
  }

  /**
   * Puts an action on the tape; in a room of others, asks the host to.
   *
   * @throws SimroomError `bad-argument` when this model does not take it; `no-model` before the first load
   */
  submit(action: Action): void {
    const { driver } = this.need();
    if (driver instanceof Replica) this.needGuest().submit(action);
    else driver.submit(action);
    this.acted();
  }

  /** Resolves when the ticks asked for by `step` are done. */
  async step(ticks: number): Promise<void> {
    const { sim, driver } = this.need();
    this.submit({ kind: 'step', ticks });
    const tick = sim.tick + sim.owed;
    const isDone =
      driver instanceof Replica
        ? () => driver.inFlight.list.length === 0 && !driver.hungry && sim.owed === 0
        : // A pause or rewind that came between also ends the waiting: those ticks will not be done.
          () => sim.tick >= tick || sim.owed === 0;
    if (isDone()) return;
    await new Promise<void>((resolve) => {
      this.waiters.push({ isDone, resolve });
    });
  }

  async rewind(tick: number): Promise<void> {
    const { driver } = this.need();
    if (driver instanceof Replica) await this.room.need().request({ kind: 'rewind', tick });
    else driver.rewind(tick);
    this.acted();
  }

  async scrub(ticks: number): Promise<void> {
    const { driver } = this.need();
    if (driver instanceof Replica) await this.room.need().request({ kind: 'scrub', ticks });
    else driver.scrub(ticks);
    this.acted();
  }

  state(): State {
    const { sim } = this.need();
    return { tick: sim.tick, ...sim.copyState(), hash: sim.hash() };
  }

  hashAt(tick: number): string | null {
    return this.need().driver.hashAt(tick);
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
    const { sim, driver } = this.need();
    const { origin, entries } = driver.tape;
    if (origin === undefined) throw new SimroomError('history-gone', 'This world has no tape.');
    return {
      checkpoint: origin.bytes,
      entries: encodeEntries(entries.slice(origin.index)),
      tick: sim.tick,
      hash: sim.hash(),
    };
  }

  /** Opens the running world to others. */
  host(options: HostOptions, shared: SharedModel): void {
    this.need();
    this.room.create(options);
    this.share(shared);
    this.run();
  }

  /** Enters a room over a connection that is being made; the present world stays until the room's begins. */
  join(options: GuestOptions, line: MessagePort): void {
    this.leaveRoom();
    // Needed as soon as the room's model is here.
    this.spare = this.module.then(instantiateMujoco);
    this.spare.catch(() => {});
    this.room.join(options, line);
  }

  /** Leaves the room, if there is one; the world stays, as one's own. */
  leaveRoom(): void {
    this.room.leave();
    this.becomeOwn();
    this.run();
  }

  /** A turn soon, once for all that asks for it meanwhile. */
  wake(): void {
    this.turns.soon();
  }

  /** Somebody has done something here: it is shown in the next picture. */
  private acted(): void {
    this.changed = true;
    this.urgent = true;
    this.run();
  }

  private need(): EngineWorld {
    if (this.world === null) throw new SimroomError('no-model', 'No model is loaded yet: load one first.');
    return this.world;
  }

  private needGuest(): GuestSession {
    const { guest } = this.room;
    if (guest === null) throw new SimroomError('not-in-room', 'The room has been closed meanwhile.');
    return guest;
  }

  private ownEvents(backups: Backups): AuthorityEvents {
    return {
      onEntry: (entry) => {
        backups.entry(entry);
        if (this.world?.backups === backups) this.room.host?.entered(entry);
      },
      onCheckpoint: (kept) => backups.checkpoint(kept),
      onUnstable: (event) => this.onEvent({ kind: 'unstable', event }),
    };
  }

  /** Follows the world of the room; resolves when it is shown. */
  private async follow(sim: Sim, generation: number, { world, compiled }: Manifest): Promise<void> {
    const { guest } = this.room;
    if (guest === null) {
      sim.dispose();
      throw closed();
    }
    const backups = new Backups();
    const replica = new Replica(sim, this.clock, {
      onEntry: (entry) => backups.entry(entry),
      onCheckpoint: (kept) => {
        // The first of a tape: the host has let us begin, or begin again.
        if (kept.index === 0) backups.restart(replica.tape);
        else backups.checkpoint(kept);
      },
      onDiverged: (tick, hash) => this.room.guest?.diverged(tick, hash),
    });
    this.giveUpComing(new SimroomError('load-superseded', 'The room has another world by now.'));
    await new Promise<void>((begun, failed) => {
      this.coming = {
        world: new EngineWorld(sim, replica, backups, generation),
        number: world,
        begun,
        failed,
      };
      guest.setWorld(replica, world, compiled);
      this.run();
    });
  }

  /** Gives everybody in the room the present world. */
  private share({ manifest, bundle }: SharedModel): void {
    const { host } = this.room;
    const { driver } = this.need();
    if (host === null || driver instanceof Replica) return;
    host.provide(toHex(manifest.bundle), bundle);
    host.setWorld(driver, manifest);
  }

  private hear(event: RoomEvent): void {
    if (event.kind === 'started') this.begin(event.world);
    else if (event.kind === 'ended') this.becomeOwn();
    else if (event.kind === 'people') this.changed = true;
    this.onEvent({ kind: 'room', event });
  }

  /** The room's world begins here: what was shown until now goes. */
  private begin(number: number): void {
    const { coming } = this;
    if (coming === null || coming.number !== number) return;
    this.coming = null;
    this.adopt(coming.world);
    coming.begun();
  }

  /** The room is over: what was followed goes on as one's own. */
  private becomeOwn(): void {
    this.giveUpComing(closed());
    const { world } = this;
    if (world === null || !(world.driver instanceof Replica)) return;
    world.driver = world.driver.release(this.ownEvents(world.backups));
    this.changed = true;
  }

  private giveUpComing(why: SimroomError): void {
    const { coming } = this;
    this.coming = null;
    coming?.world.dispose();
    coming?.failed(why);
  }

  private adopt(world: EngineWorld): void {
    this.world?.dispose();
    for (const waiter of this.waiters.splice(0)) waiter.resolve();
    if (this.visual !== null) world.packer.setVisual(this.visual);
    this.world = world;
    this.changed = true;
    this.wake();
  }

  /** One turn: hear and say what is due, step what is owed, answer what waits, and see when to come round again. */
  private run(): void {
    const session = this.room.present;
    try {
      session?.flush();
      const faces = session?.takeFaces() ?? null;
      if (faces !== null) this.onEvent({ kind: 'faces', bytes: faces });
      // It may have ended or begun the world just now.
      if (this.world !== null) this.drive(this.world);
    } catch (thrown) {
      // The wasm aborted: nothing in this instance can be trusted any more.
      this.world = null;
      this.onEvent({ kind: 'crashed', error: toPlainError(thrown, 'engine-failed') });
      return;
    }
    this.schedule();
  }

  private drive(world: EngineWorld): void {
    if (world.driver.advance(this.clock, SLICE_MS)) this.changed = true;
    if (world.takeNews()) this.changed = true;
    const session = this.room.present;
    if (this.presence.changed(session)) this.changed = true;
    for (let i = this.waiters.length - 1; i >= 0; i--) {
      const waiter = this.waiters[i];
      if (waiter === undefined || !waiter.isDone()) continue;
      this.waiters.splice(i, 1);
      waiter.resolve();
    }
    if (this.changed) this.send(world, session);
    const backups = world.backups.take();
    if (backups !== null) this.onEvent({ kind: 'backup', generation: world.generation, backups });
  }

  /** Fills a buffer, if there is one for it, and sends it to the page. */
  private send(world: EngineWorld, session: RoomSession | null): void {
    const { lent } = this;
    const buffer = this.urgent || lent.length > RESERVED_BUFFERS ? lent.pop() : undefined;
    if (buffer === undefined) return;
    const filled = world.fill(buffer, session);
    this.changed = false;
    this.urgent = false;
    this.frames.postMessage(filled, [filled]);
  }

  private schedule(): void {
    const worldWait = this.world === null ? Infinity : Math.min(this.world.driver.wait, this.longest());
    this.turns.after(Math.min(worldWait, this.room.present?.wait ?? Infinity));
  }

  /** While the world runs the loop comes round at least so often, ms. */
  private longest(): number {
    return this.world?.sim.isPaused === true ? Infinity : MAX_TIMER_MS;
  }
}

function closed(): SimroomError {
  return new SimroomError('room-closed', 'The room was closed before its world was here.');
}
