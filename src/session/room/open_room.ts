import { PEOPLE_COLOURS } from '../../core/people';
import { SimroomError, toPlainError } from '../../core/errors';
import type { CtlMessage, CtlOf, FacePlace, Look, Manifest, Outcome, Person } from '../../protocol/ctl';
import { MAX_PEOPLE } from '../../protocol/limits';
import type { Action } from '../../tape/action';
import type { Authority } from '../world/authority';
import { Chat } from './chat';
import { type ContentEvents, ContentStore, type Digest } from './content';
import type { Gate } from '../trust/gate';
import type { Visitor } from '../trust/handshake';
import { FacePlaces } from './face_places';
import type { HostGuest, HostRoom } from './host_guest';
import { HostFaces } from './host_faces';
import { type RequestedRoom, perform } from './host_requests';
import { Loads } from './loads';
import { Looks } from './looks';
import { PeopleNews, cleanName, cleanText } from './people';
import { requireAction, requireRequest } from './permissions';
import { OwnPresence, Presences } from './presence';
import { TokenBucket } from '../link/rates';
import type { RoomEvent, Self } from '../room_messages';
import { SharedWorld } from './shared_world';

/** Rewinds of everybody together: each simulates up to a quarter of a second's worth again. */
const REWINDS_PER_SECOND = 4;
const REWINDS_BURST = 8;

/** Who speaks. */
interface Speaker {
  readonly seat: number;
  readonly name: string;
  readonly colour: number;
}

/**
 * What there is in a room, and what happens there: the one place where guests, the host's own person and the world meet.
 */
export class OpenRoom implements HostRoom, RequestedRoom {
  world: SharedWorld | null = null;
  readonly store = new ContentStore();
  readonly presences = new Presences();
  readonly faces: HostFaces;
  readonly content: ContentEvents;
  readonly loads: Loads;
  /** The host's own record. */
  readonly own = new OwnPresence();
  /** What an aborted wasm threw, to be thrown again where the engine can catch it. */
  crash: Error | null = null;
  /** Everybody connected, also those still at the door, by the order they came. */
  connected: readonly HostGuest[] = [];
  private self: Self;
  private nextSeat = 1;
  private readonly chat = new Chat();
  private readonly places = new FacePlaces();
  private readonly looks: Looks;
  private readonly news = new PeopleNews();
  private readonly rewinds = new TokenBucket(REWINDS_PER_SECOND, REWINDS_BURST);

  constructor(
    readonly clock: () => number,
    readonly gate: Gate,
    readonly digest: Digest,
    self: Self,
    private readonly tell: (event: RoomEvent) => void,
  ) {
    this.self = { name: cleanName(self.name), colour: self.colour };
    this.loads = new Loads(tell);
    this.faces = new HostFaces(clock);
    this.looks = new Looks(this.store, () => this.guests(), this.changed);
    this.content = {
      onContent: (hash, bytes) => {
        if (!this.looks.come(hash, bytes)) tell({ kind: 'content', hash, bytes });
      },
      onLacking: (hash) => {
        if (!this.looks.lack(hash)) tell({ kind: 'lacking', hash });
      },
      onProgress: (hash, received, size) => {
        if (!this.looks.isComing(hash)) tell({ kind: 'progress', hash, received, size });
      },
    };
  }

  guests(): readonly HostGuest[] {
    return this.connected.filter((guest) => guest.isIn);
  }

  setWorld(authority: Authority, manifest: Manifest): void {
    this.world = null;
    for (const { seat } of authority.sim.drags.held()) if (seat !== 0) authority.letGo(seat);
    this.world = new SharedWorld(authority, manifest);
    for (const guest of this.connected) guest.feed.stop();
    this.tellAll({ kind: 'world', ...manifest });
    this.places.clear();
    this.tellPlaces();
  }

  async admit(guest: HostGuest, visitor: Visitor): Promise<void> {
    const { gate } = this;
    const invitation = await gate.verify(visitor.invitation);
    if (!this.connected.includes(guest)) return;
    const role = gate.enter(visitor.identity, invitation, this.guests().length + 1);
    const colour = this.freeColour(visitor.colour);
    guest.enter(this.nextSeat++, { ...visitor, colour }, cleanName(visitor.name), role);
    this.keep();
    const now = this.clock();
    guest.send({ kind: 'accept', seat: guest.seat });
    guest.send(this.state());
    guest.send({ kind: 'people', all: this.people() });
    for (const said of this.chat.tell(now)) guest.send(said);
    if (this.world !== null) {
      guest.send({ kind: 'world', ...this.world.manifest });
      guest.send({ kind: 'faces', world: this.world.number, all: this.places.all });
    }
    this.news.change();
    this.flush(now);
  }

  act(guest: HostGuest, action: Action): void {
    try {
      requireAction(guest.role, action.kind);
      this.world?.authority.submit(action, guest.seat);
    } catch (thrown) {
      if (!(thrown instanceof SimroomError)) throw thrown;
      guest.drop();
    }
  }

  say(speaker: Speaker, text: string): void {
    const seen = cleanText(text);
    if (seen === '') return;
    const { seat, name, colour } = speaker;
    this.chat.add({ seat, name, colour, text: seen, at: this.clock() });
    this.tellAll({ kind: 'said', seat, name, colour, text: seen, age: 0 });
    this.tell({ kind: 'said', seat, name, colour, text: seen, age: 0 });
  }

  /** The host's own person says something. */
  sayOwn(text: string): void {
    this.say({ seat: 0, ...this.self }, text);
  }

  request(guest: HostGuest, { id, request }: CtlOf<'request'>): void {
    const fail = (thrown: unknown): void => {
      if (!(thrown instanceof SimroomError)) this.failed(thrown);
      const { code, message } = toPlainError(thrown, 'engine-failed');
      if (code === 'role-refused') guest.drop();
      guest.send({ kind: 'answer', id, outcome: { kind: 'failed', code, message } });
    };
    try {
      requireRequest(guest.role, request.kind);
      if (request.kind === 'load') {
        this.loads.add(guest, id, request);
        return;
      }
      if (request.kind === 'rewind' || request.kind === 'scrub') this.checkRewinds();
      const outcome = perform(this, guest, request);
      if (outcome instanceof Promise) outcome.then((late) => this.answer(guest, id, late), fail);
      else this.answer(guest, id, outcome);
    } catch (thrown) {
      fail(thrown);
    }
  }

  rename(seat: number, name: string, colour: number): void {
    const clean = cleanName(name);
    const guest = this.guests().find((one) => one.seat === seat);
    if (guest === undefined) this.self = { name: clean, colour };
    else {
      guest.name = clean;
      guest.colour = colour;
    }
    this.changed();
  }

  gather(seat: number): void {
    for (const guest of this.guests()) if (guest.seat !== seat) guest.send({ kind: 'gather', seat });
    if (seat !== 0) this.tell({ kind: 'gather', seat });
  }

  /** @throws SimroomError as `Looks` does; `too-fast` */
  async wear(seat: number, look: Look): Promise<void> {
    const guest = this.guests().find((one) => one.seat === seat);
    if (guest === undefined) {
      this.looks.wearOwn(look);
      return;
    }
    if (!guest.limits.wears.take(this.clock())) {
      throw new SimroomError('too-fast', 'That was a lot of looks at once. Wait a moment.');
    }
    await this.looks.wear(guest, look);
  }

  /** @throws SimroomError `no-model`, `unknown-name`, `bad-argument` */
  putFace(place: Omit<FacePlace, 'seat'>, seat: number | null): void {
    const { world } = this;
    if (world === null) throw new SimroomError('no-model', 'The room has no world yet.');
    if (seat !== null && seat !== 0 && !this.guests().some((guest) => guest.seat === seat)) {
      throw new SimroomError('unknown-name', `Nobody is in seat ${seat} any more.`);
    }
    const { object, id, size } = place;
    if (this.places.put(world.authority.sim.model, { object, id, size }, seat)) this.tellPlaces();
  }

  readonly changed = (): void => this.news.change();

  reopened(): void {
    const state = this.state();
    this.tellAll(state);
    this.tell(state);
    this.keep();
  }

  keep(): void {
    this.tell({ kind: 'keep', gate: this.gate.save() });
  }

  gone(guest: HostGuest): void {
    this.connected = this.connected.filter((one) => one !== guest);
    this.loads.forget(guest);
    if (guest.seat < 0) return;
    this.presences.forget(guest.seat);
    this.faces.leave(guest.seat);
    this.looks.leave(guest);
    if (this.places.forget(guest.seat)) this.tellPlaces();
    this.news.change();
    try {
      this.world?.authority.letGo(guest.seat);
    } catch (thrown) {
      this.failed(thrown);
    }
  }

  failed(thrown: unknown): void {
    this.crash ??= thrown instanceof Error ? thrown : new Error(String(thrown));
  }

  /** Gives the host's page somebody's head; asks the guest who wants it loaded for other content. */
  pull(hash: string): void {
    const head = this.looks.copy(hash);
    if (head !== null) this.tell({ kind: 'content', hash, bytes: head });
    else if (!this.loads.pull(hash)) this.tell({ kind: 'lacking', hash });
  }

  /** When {@link flush} has something to do by itself, wall ms. */
  due(now: number): number {
    let due = Math.min(this.news.due, this.own.due, this.faces.due);
    for (const guest of this.connected) due = Math.min(due, guest.due(now));
    return due;
  }

  flush(now: number): void {
    const { own } = this;
    if (own.due <= now) {
      own.next(now);
      this.presences.hear(0, own.person, own.stamp);
    }
    this.faces.flush(now);
    for (const guest of this.connected) guest.flush(now);
    if (this.news.due > now) return;
    const all = this.people();
    if (!this.news.take(all, now)) return;
    this.tellAll({ kind: 'people', all });
    this.tell({ kind: 'people', people: all });
  }

  state(): CtlOf<'room'> {
    const { locked, defaultRole } = this.gate;
    return { kind: 'room', locked, defaultRole };
  }

  private answer(guest: HostGuest, id: number, outcome: Outcome): void {
    guest.send({ kind: 'answer', id, outcome });
  }

  /** The colour somebody would like, or the next that nobody here has. */
  private freeColour(wish: number): number {
    const taken = new Set(this.people().map(({ colour }) => colour % PEOPLE_COLOURS.length));
    for (let i = 0; i < PEOPLE_COLOURS.length; i++) {
      const colour = (wish + i) % PEOPLE_COLOURS.length;
      if (!taken.has(colour)) return colour;
    }
    return wish;
  }

  private checkRewinds(): void {
    if (this.rewinds.take(this.clock())) return;
    throw new SimroomError(
      'too-fast',
      'The room is going through its history already. Try again in a second.',
    );
  }

  private tellPlaces(): void {
    if (this.world === null) return;
    const faces = { kind: 'faces', world: this.world.number, all: this.places.all } as const;
    this.tellAll(faces);
    this.tell(faces);
  }

  private tellAll(message: CtlMessage): void {
    for (const guest of this.guests()) guest.send(message);
  }

  private people(): readonly Person[] {
    const host: Person = {
      seat: 0,
      ...this.self,
      role: 'admin',
      mode: 'tape',
      route: 'host',
      rtt: 0,
      dropped: 0,
      look: this.looks.own,
    };
    const guests = this.guests().map(({ seat, name, colour, role, mode, route, rtt, dropped, look }) => ({
      seat,
      name,
      colour,
      role,
      mode,
      route,
      rtt,
      dropped,
      look,
    }));
    return [host, ...guests].slice(0, MAX_PEOPLE);
  }
}
