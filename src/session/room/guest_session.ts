import { SimroomError, toPlainError } from '../../core/errors';
import type { CtlMessage, CtlOf, Manifest, Person, Request, Role, Route } from '../../protocol/ctl';
import { toHex } from '../../core/encoding';
import { MAX_CTL_BYTES, MAX_CTL_PART_BYTES } from '../../protocol/limits';
import type { Link } from '../../protocol/link';
import type { Action } from '../../tape/action';
import { BulkLane } from '../link/bulk_lane';
import { ContentExchange, ContentStore } from './content';
import { CtlChannel } from '../link/ctl_channel';
import { GuestDatagrams } from './guest_datagrams';
import { type GuestDoor, type GuestOptions, guestDoor } from './guest_door';
import type { GuestHandshake } from '../trust/handshake';
import { cleanText } from './people';
import { requireAction, requireRequest } from './permissions';
import { headSize } from './worn';
import { PendingRequests } from './pending_requests';
import { GONE_MS, type Pulse } from '../link/pulse';
import { TokenBucket } from '../link/rates';
import type { Replica } from '../world/replica';
import type { Answered, LinkFigures, RoomEvent, RoomSession } from '../room_messages';
import { TapeFollower } from './tape_follower';

export type { GuestOptions } from './guest_door';

/** A host that has not let us in after this long will not, ms. */
const HANDSHAKE_MS = 10_000;
/** What makes no sense is passed over, so much of it at first and so much per second: more is no host of ours. */
const NONSENSE = 20;
const NONSENSE_PER_SECOND = 1;
/** People say no more than the host lets through. */
const CHATS_PER_SECOND = 0.9;
const CHAT_BURST = 6;

/**
 * A guest's side of a room: comes in, follows the host's world, and asks for what its person wants.
 */
export class GuestSession implements RoomSession {
  /** -1 until we are in. */
  seat = -1;
  private stage: 'challenge' | 'busy' | 'accept' | 'in' | 'over' = 'challenge';
  private role: Role = 'viewer';
  private people: readonly Person[] = [];
  private manifest: Manifest | null = null;
  private route: Exclude<Route, 'host'> = 'p2p';
  private readonly since: number;
  private readonly ctl: CtlChannel;
  private readonly lane: BulkLane;
  private readonly datagrams: GuestDatagrams;
  private readonly store = new ContentStore();
  private readonly content: ContentExchange;
  private readonly handshake: GuestHandshake;
  private readonly requests = new PendingRequests();
  private readonly chats = new TokenBucket(CHATS_PER_SECOND, CHAT_BURST);
  private readonly nonsense = new TokenBucket(NONSENSE_PER_SECOND, NONSENSE);

  /**
   * @param clock wall clock, ms
   * @param door tests bring their own
   */
  constructor(
    private readonly link: Link,
    options: GuestOptions,
    private readonly clock: () => number,
    private readonly onEvent: (event: RoomEvent) => void,
    door: GuestDoor = guestDoor(options),
  ) {
    this.since = clock();
    this.datagrams = new GuestDatagrams(link.rt, clock, (datagram) => this.receive(datagram), this.malformed);
    this.lane = new BulkLane(link.bulk, 'guest', clock, this.heard, this.malformed);
    this.ctl = new CtlChannel(link.ctl, () => (this.stage === 'in' ? MAX_CTL_BYTES : MAX_CTL_PART_BYTES), {
      onMessage: (message) => this.hear(message),
      onMalformed: this.malformed,
      onStuck: () => this.lose(),
    });
    const { sender, receiver } = this.lane;
    this.content = new ContentExchange(this.send, sender, receiver, this.store, clock, door.digest, {
      onContent: (hash, bytes) => onEvent({ kind: 'content', hash, bytes }),
      onLacking: (hash) => onEvent({ kind: 'lacking', hash }),
      onProgress: (hash, received, size) => onEvent({ kind: 'progress', hash, received, size }),
    });
    link.onclose = () => this.lose();
    this.handshake = door.handshake(link.binding);
    this.send(this.handshake.hello());
  }

  /**
   * The page has compiled a world of the room: asks to begin in it.
   *
   * @param world its number in the room
   * @param compiled SHA-256 of what this browser made of the model
   */
  setWorld(replica: Replica, world: number, compiled: Uint8Array<ArrayBuffer>): void {
    if (this.manifest?.world !== world || this.stage !== 'in') return;
    this.follower?.stop();
    replica.seat = this.seat;
    this.datagrams.follower = new TapeFollower(
      replica,
      world,
      this.clock,
      this.send,
      this.lane.receiver,
      this.datagrams.lane.out,
      this.onEvent,
    );
    this.send({ kind: 'ready', world, compiled });
  }

  /**
   * Asks the host to do something with the world; what can be guessed is shown at once.
   *
   * @throws SimroomError `role-refused`, `bad-argument`, `no-model`, `not-in-room`
   */
  submit(action: Action): void {
    requireAction(this.role, action.kind);
    const { follower } = this;
    if (this.stage !== 'in') throw notInRoom();
    if (follower === null || follower.world !== this.manifest?.world) {
      throw new SimroomError('no-model', "The room's next world is not here yet. Try again in a moment.");
    }
    follower.submit(action);
  }

  /** The replica's state is not the host's: asks for a repair. */
  diverged(tick: number, hash: string): void {
    if (this.stage === 'in') this.follower?.diverged(tick, hash);
  }

  /** How the connection goes has become known. */
  setRoute(route: Exclude<Route, 'host'>): void {
    this.route = route;
    if (this.stage === 'in') this.send({ kind: 'route', route });
  }

  async request(request: Request): Promise<Answered> {
    if (this.stage !== 'in') throw notInRoom();
    requireRequest(this.role, request.kind);
    if (request.kind === 'wear') this.store.pin(request.look.file === null ? [] : [toHex(request.look.file)]);
    return await this.requests.ask(request, this.send);
  }

  say(text: string): void {
    if (this.stage !== 'in') throw notInRoom();
    const seen = cleanText(text);
    if (seen === '') return;
    if (!this.chats.take(this.clock())) {
      throw new SimroomError('too-fast', 'That was a lot of messages at once. Wait a moment.');
    }
    this.send({ kind: 'say', text: seen });
  }

  present(person: Float32Array): void {
    this.datagrams.own.set(person);
  }

  persons(into: Float32Array): number {
    return this.datagrams.presences.write(into, this.seat);
  }

  face(values: Float32Array | null): void {
    if (this.stage !== 'over') this.datagrams.faces.set(values);
  }

  faceReports(bytes: Uint8Array): void {
    this.datagrams.faces.report(bytes);
  }

  takeFaces(): Uint8Array<ArrayBuffer> | null {
    return this.datagrams.faces.take();
  }

  want(hash: string): void {
    const size = headSize(this.people, hash);
    if (this.stage === 'in') this.content.want(hash, size, size !== null);
    else this.onEvent({ kind: 'lacking', hash });
  }

  provide(hash: string, bytes: Uint8Array<ArrayBuffer>): void {
    this.store.provide(hash, bytes);
  }

  figures(): readonly LinkFigures[] {
    const { route, follower } = this;
    const { lane } = this.datagrams;
    const rtt = Math.ceil(lane.pulse.roundTrip.ms);
    const rollbacks = follower?.replica.rollbacks ?? 0;
    return [{ seat: 0, route, rtt, ...lane.figures, rollbacks, repairs: follower?.repairs ?? 0 }];
  }

  flush(): void {
    const now = this.clock();
    if (this.stage === 'over') return;
    if (this.stage !== 'in') {
      if (now - this.since >= HANDSHAKE_MS) this.end('connection-failed', NO_ANSWER);
      return;
    }
    if (this.pulse.silence(now) > GONE_MS) {
      this.lose();
      return;
    }
    this.ctl.flush();
    this.lane.sender.pump();
    this.content.flush(now);
    this.follower?.flush(now, this.pulse.roundTrip.ms);
    this.datagrams.send(now, this.seat);
  }

  get wait(): number {
    const now = this.clock();
    let due: number;
    if (this.stage === 'over') return Infinity;
    if (this.stage !== 'in') due = this.since + HANDSHAKE_MS;
    else if (this.ctl.isWaiting) due = now;
    else due = Math.min(this.datagrams.due(now), this.datagrams.faces.told);
    return Math.max(0, due - now);
  }

  leave(): void {
    if (this.stage === 'over') return;
    this.send({ kind: 'bye' });
    this.close(new SimroomError('not-in-room', 'You have left the room.'));
  }

  private readonly send = (message: CtlMessage): void => {
    if (this.stage !== 'over') this.ctl.send(message);
  };

  private get pulse(): Pulse {
    return this.datagrams.lane.pulse;
  }

  private get follower(): TapeFollower | null {
    return this.datagrams.follower;
  }

  private readonly heard = (): void => this.pulse.hear(this.clock());

  private readonly malformed = (): void => {
    if (this.stage === 'over' || this.nonsense.take(this.clock())) return;
    this.end(
      'connection-failed',
      'The host sent what makes no sense: its app may be another version. Reload this page.',
    );
  };

  private receive(datagram: Uint8Array): void {
    this.heard();
    if (this.stage === 'in') this.attempt(() => this.datagrams.read(datagram));
  }

  /** Does what a message asks; one that makes no sense is passed over. */
  private attempt(read: () => boolean): void {
    try {
      if (!read()) this.malformed();
    } catch (thrown) {
      if (!(thrown instanceof SimroomError)) throw thrown;
      this.end('connection-failed', `The host's tape makes no sense here: ${thrown.message}`);
    }
  }

  private hear(message: CtlMessage): void {
    this.heard();
    if (message.kind === 'refuse') {
      this.end(message.code, message.message);
      return;
    }
    if (message.kind === 'bye') {
      this.end('room-closed', 'The host has closed the room. The world is yours now: carry on alone.');
      return;
    }
    if (this.stage === 'challenge' && message.kind === 'challenge') this.prove(message);
    else if (this.stage === 'accept' && message.kind === 'accept') this.enter(message);
    else if (this.stage === 'in') this.attempt(() => this.obey(message));
    else this.malformed();
  }

  private prove(message: CtlOf<'challenge'>): void {
    this.stage = 'busy';
    this.handshake.challenge(message).then(
      (knock) => {
        if (this.stage !== 'busy') return;
        this.send(knock);
        this.stage = 'accept';
      },
      (thrown: unknown) => {
        const { code, message: words } = toPlainError(thrown, 'connection-failed');
        this.end(code, words);
      },
    );
  }

  private enter({ seat }: CtlOf<'accept'>): void {
    this.seat = seat;
    this.stage = 'in';
    this.send({ kind: 'route', route: this.route });
    this.onEvent({ kind: 'entered', seat });
  }

  /** @returns false when the message makes no sense */
  private obey(message: CtlMessage): boolean {
    switch (message.kind) {
      case 'people':
        return this.meet(message);
      case 'room':
        this.onEvent({ kind: 'room', locked: message.locked, defaultRole: message.defaultRole });
        return true;
      case 'said': {
        const { seat, name, colour, text, age } = message;
        this.onEvent({ kind: 'said', seat, name, colour, text, age });
        return true;
      }
      case 'gather':
        this.onEvent({ kind: 'gather', seat: message.seat });
        return true;
      case 'answer':
        return this.requests.answer(message);
      case 'world':
        return this.changeWorld(message);
      case 'start': {
        const { follower } = this;
        // It may be about a world that has just been replaced here.
        if (follower?.world !== message.world) this.lane.receiver.cancel(message.transfer);
        else return follower.start(message);
        return true;
      }
      case 'entries':
        return this.follower?.world !== message.world || this.follower.hearEntries(message);
      case 'faces':
        if (message.world === this.manifest?.world) {
          this.onEvent({ kind: 'faces', world: message.world, all: message.all });
        }
        return true;
      case 'want':
        this.content.onWant(message);
        return true;
      case 'content':
        return this.content.onContent(message);
      case 'lacking':
        this.content.onLacking(message);
        return true;
      default:
        return false;
    }
  }

  private meet({ all }: CtlOf<'people'>): boolean {
    const self = all.find(({ seat }) => seat === this.seat);
    if (self === undefined) return false;
    this.role = self.role;
    this.people = all;
    this.datagrams.keepOnly(new Set(all.map(({ seat }) => seat).filter((seat) => seat !== this.seat)));
    this.onEvent({ kind: 'people', people: all });
    return true;
  }

  private changeWorld({ world, bundle, size, compiled, origin }: CtlOf<'world'>): boolean {
    if (this.manifest !== null && world <= this.manifest.world) return false;
    const manifest = { world, bundle, size, compiled, origin };
    this.manifest = manifest;
    this.follower?.stop();
    const kept = toHex(bundle);
    this.content.drop((hash) => hash !== kept && headSize(this.people, hash) === null);
    this.onEvent({ kind: 'world', manifest });
    return true;
  }

  /** The connection is gone, and the host has not said why. */
  private lose(): void {
    this.end('connection-failed', LOST);
  }

  private end(code: string, message: string): void {
    if (this.stage === 'over') return;
    this.close(new SimroomError('room-closed', message));
    this.onEvent({ kind: 'ended', code, message });
  }

  private close(reason: SimroomError): void {
    this.ctl.flush();
    this.stage = 'over';
    this.ctl.close();
    this.lane.close();
    this.datagrams.lane.close();
    this.link.onclose = null;
    this.content.end();
    this.requests.end(reason);
    this.link.close();
  }
}

const NO_ANSWER =
  'The host of this room did not answer. Its tab may be asleep or the connection bad: try again.';
const LOST =
  'The connection to the host of this room is gone. The world is yours now: carry on alone, or try to rejoin.';

function notInRoom(): SimroomError {
  return new SimroomError('not-in-room', 'You are in no room any more.');
}
