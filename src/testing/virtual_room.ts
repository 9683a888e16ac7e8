import type { PlainError } from '../core/errors';
import type { Random } from '../core/random';
import type { Manifest, Person, Role } from '../protocol/ctl';
import { toHex } from '../core/encoding';
import { Authority } from '../session/world/authority';
import { GuestSession } from '../session/room/guest_session';
import { HostSession } from '../session/room/host_session';
import { Replica } from '../session/world/replica';
import type { RoomEvent, RoomSession } from '../session/room_messages';
import { WakingLink } from '../session/link/waking_link';
import { instantiateMujoco, type Mujoco } from '../sim/mujoco';
import { Sim } from '../sim/sim';
import { type Entry, Tape } from '../tape/tape';
import { compileXml, mujocoModule } from './mujoco';
import { VirtualFaces } from './virtual_faces';
import { guestDoor, guestOptions, hostDoor, hostOptions, sha256 } from './virtual_door';
import { type Conditions, type VirtualClock, type VirtualLink, connect } from './virtual_network';

/** Browsers do not wait for less, ms. */
const MIN_TIMER_MS = 4;
const MAX_TIMER_MS = 100;

/** A model as a room shares it: what travels, and what every browser makes of it. */
export interface VirtualModel {
  readonly mjb: Uint8Array;
  readonly bundle: Uint8Array<ArrayBuffer>;
  readonly bundleHash: Uint8Array<ArrayBuffer>;
  readonly compiled: Uint8Array<ArrayBuffer>;
}

/** Compiles a model; its bundle has so many bytes. */
export async function virtualModel(xml: string, bundleBytes: number): Promise<VirtualModel> {
  const mjb = await compileXml(xml);
  const bundle = new Uint8Array(bundleBytes);
  bundle.set(mjb.subarray(0, bundleBytes));
  return { mjb, bundle, bundleHash: sha256(bundle), compiled: sha256(mjb) };
}

/** One MuJoCo for all the worlds of a test: a fresh one each would take the time. */
export async function virtualMujoco(): Promise<Mujoco> {
  return instantiateMujoco(await mujocoModule());
}

/** Somebody's browser: takes turns as the engine does. */
abstract class Peer {
  private timer = 0;
  private isOver = false;
  private page: VirtualFaces | null = null;

  constructor(protected readonly clock: VirtualClock) {}

  /** A turn as soon as possible. */
  readonly wake = (): void => this.schedule(0);

  stop(): void {
    this.isOver = true;
  }

  /** What its page does with faces, once it does anything with them. */
  get faces(): VirtualFaces {
    this.page ??= new VirtualFaces(this.clock, this.session, this.wake);
    return this.page;
  }

  abstract readonly session: RoomSession;

  protected abstract turn(): number;

  private schedule(wait: number): void {
    const mine = ++this.timer;
    this.clock.at(this.clock.now + wait, () => {
      if (mine !== this.timer || this.isOver) return;
      const wait = this.turn();
      this.page?.hear();
      this.schedule(Math.min(MAX_TIMER_MS, Math.max(MIN_TIMER_MS, wait)));
    });
  }
}

/** A room's host, with a page that loads whatever is asked for. */
export class VirtualHost extends Peer {
  readonly session: HostSession;
  readonly said: string[] = [];
  readonly events: RoomEvent[] = [];
  people: readonly Person[] = [];
  model: VirtualModel;
  private driver: Authority;
  /** Number of the world. */
  world = 0;
  /** Loads that were asked for: file hashes by number. */
  private readonly asked = new Map<number, string>();

  constructor(
    clock: VirtualClock,
    private readonly mujoco: Mujoco,
    /** Models this browser has, or gets. */
    private readonly models: readonly VirtualModel[],
    first: VirtualModel,
    defaultRole: Role = 'developer',
    private readonly random: Random | null = null,
  ) {
    super(clock);
    this.model = first;
    this.session = new HostSession(
      hostOptions(defaultRole),
      clock.read,
      (event) => this.hear(event),
      hostDoor(clock, defaultRole),
    );
    this.driver = this.worldOf(first);
    this.share();
    this.wake();
  }

  get authority(): Authority {
    return this.driver;
  }

  /** Whether a model is on its way here. */
  get isLoading(): boolean {
    return this.asked.size > 0;
  }

  /** Puts another model in the place of the world. */
  load(model: VirtualModel): void {
    const before = this.driver;
    this.model = model;
    this.driver = this.worldOf(model);
    this.share();
    before.sim.dispose();
    this.wake();
  }

  dispose(): void {
    this.stop();
    this.driver.sim.dispose();
  }

  protected turn(): number {
    this.session.flush();
    // As fast as it can is one tick per turn here: this clock stands still meanwhile.
    this.driver.advance(this.clock.read, this.driver.sim.speed === Infinity ? 0 : Infinity);
    return Math.min(this.session.wait, this.driver.wait);
  }

  private worldOf(model: VirtualModel): Authority {
    return new Authority(new Sim(this.mujoco, model.mjb), new Tape(), {
      onEntry: (entry: Entry) => this.session.entered(entry),
      onCheckpoint: () => {},
      onUnstable: () => {},
    });
  }

  private share(): void {
    const { bundle, bundleHash, compiled } = this.model;
    const manifest: Manifest = {
      world: ++this.world,
      bundle: bundleHash,
      size: bundle.length,
      compiled,
      origin: 'test',
    };
    this.session.provide(toHex(bundleHash), bundle);
    this.session.setWorld(this.driver, manifest);
  }

  private hear(event: RoomEvent): void {
    this.events.push(event);
    switch (event.kind) {
      case 'said':
        this.said.push(`${event.seat} ${event.name}: ${event.text}`);
        break;
      case 'people':
        this.people = event.people;
        break;
      case 'loadRequested':
        this.asked.set(event.id, event.bundle);
        // It may come from this browser's own cache, or from the guest.
        if (this.random !== null && this.random.next() < 0.3) this.answer(event.bundle, null);
        else this.session.want(event.bundle);
        break;
      case 'content':
        this.answer(event.hash, null);
        break;
      case 'lacking':
        this.answer(event.hash, { code: 'fetch-failed', message: 'It did not come.', details: {} });
        break;
      default:
    }
  }

  private answer(hash: string, error: PlainError | null): void {
    const model = this.models.find((one) => toHex(one.bundleHash) === hash);
    this.clock.at(this.clock.now + 20, () => {
      for (const [id, asked] of this.asked) {
        if (asked !== hash) continue;
        this.asked.delete(id);
        if (model !== undefined && error === null) this.load(model);
        this.session.answerLoad(id, error);
      }
      this.wake();
    });
  }
}

/** A guest, with a page that compiles what the room has and keeps files by their hash. */
export class VirtualGuest extends Peer {
  readonly session: GuestSession;
  readonly link: VirtualLink;
  readonly events: RoomEvent[] = [];
  readonly said: string[] = [];
  people: readonly Person[] = [];
  ended: string | null = null;
  role: Role = 'viewer';
  seat = -1;
  /** Number of the world that is shown. */
  world = 0;
  /** Ticks at which it was not the host's. */
  readonly diverged: number[] = [];
  private shown: Replica | null = null;
  private coming: { readonly replica: Replica; readonly world: number } | null = null;
  private manifest: Manifest | null = null;
  private compiling = 0;
  /** Requests that have not been answered. */
  asking = 0;
  /** Wall ms that pass with each look at the clock while it steps: more than 0 makes it a slow machine. */
  slowMs = 0;

  /** @param cache files this browser has */
  constructor(
    clock: VirtualClock,
    host: VirtualHost,
    random: Random,
    conditions: Conditions,
    identity: number,
    private readonly mujoco: Mujoco,
    private readonly models: readonly VirtualModel[],
    private readonly cache: Set<string>,
    private readonly compileMs = 50,
  ) {
    super(clock);
    const [near, far] = connect(clock, random, conditions);
    this.link = near;
    host.session.add(new WakingLink(far, host.wake));
    const self = { name: `Guest ${identity}`, colour: identity % 12 };
    this.session = new GuestSession(
      new WakingLink(near, this.wake),
      guestOptions(self),
      clock.read,
      (event) => this.hear(event),
      guestDoor(clock, identity, self),
    );
    this.wake();
  }

  /** The world that is shown, once there is one. */
  get replica(): Replica | null {
    return this.shown;
  }

  /** Asks the room to load a model. */
  load(model: VirtualModel): void {
    const { bundle, bundleHash } = model;
    this.session.provide(toHex(bundleHash), bundle);
    this.ask({ kind: 'load', bundle: bundleHash, size: bundle.length, origin: 'test' });
  }

  /** Asks, and does not mind a refusal. */
  ask(request: Parameters<GuestSession['request']>[0]): void {
    const answered = (): void => {
      this.asking--;
    };
    this.asking++;
    this.clock.settle();
    this.session.request(request).then(answered, answered);
    this.wake();
  }

  leave(): void {
    this.session.leave();
    this.over();
  }

  dispose(): void {
    this.stop();
    for (const replica of [this.shown, this.coming?.replica]) {
      replica?.dispose();
      replica?.sim.dispose();
    }
    this.shown = null;
    this.coming = null;
  }

  protected turn(): number {
    this.session.flush();
    if (this.shown === null) return this.session.wait;
    if (this.slowMs === 0) this.shown.advance(this.clock.read, Infinity);
    else {
      let now = this.clock.now;
      this.shown.advance(() => (now += this.slowMs), MIN_TIMER_MS);
    }
    return Math.min(this.session.wait, this.shown.wait);
  }

  private over(): void {
    this.ended ??= 'left';
    this.dispose();
  }

  private hear(event: RoomEvent): void {
    this.events.push(event);
    switch (event.kind) {
      case 'entered':
        this.seat = event.seat;
        break;
      case 'people':
        this.people = event.people;
        this.role = event.people.find(({ seat }) => seat === this.seat)?.role ?? 'viewer';
        break;
      case 'said':
        this.said.push(`${event.seat} ${event.name}: ${event.text}`);
        break;
      case 'world':
        this.manifest = event.manifest;
        if (this.cache.has(toHex(event.manifest.bundle))) this.compile(event.manifest);
        else this.session.want(toHex(event.manifest.bundle));
        break;
      case 'content':
        this.cache.add(event.hash);
        if (this.manifest !== null && toHex(this.manifest.bundle) === event.hash) this.compile(this.manifest);
        break;
      case 'started':
        if (this.coming?.world !== event.world) break;
        this.shown?.dispose();
        this.shown?.sim.dispose();
        this.shown = this.coming.replica;
        this.world = event.world;
        this.coming = null;
        break;
      case 'ended':
        this.ended = event.code;
        this.over();
        break;
      default:
    }
  }

  private compile({ world, bundle }: Manifest): void {
    const mine = ++this.compiling;
    this.clock.at(this.clock.now + this.compileMs, () => {
      if (mine !== this.compiling || this.ended !== null) return;
      const model = this.models.find((one) => toHex(one.bundleHash) === toHex(bundle));
      if (model === undefined) return;
      const replica: Replica = new Replica(new Sim(this.mujoco, model.mjb), this.clock.read, {
        onEntry: () => {},
        onCheckpoint: () => {},
        onDiverged: (tick, hash) => {
          this.diverged.push(tick);
          this.session.diverged(tick, hash);
        },
      });
      this.coming?.replica.sim.dispose();
      this.coming = { replica, world };
      this.session.setWorld(replica, world, model.compiled);
      this.wake();
    });
  }
}
