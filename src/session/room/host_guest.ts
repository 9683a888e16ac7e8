import { ByteReader } from '../../core/bytes';
import { type PlainError, toPlainError } from '../../core/errors';
import type { CtlMessage, CtlOf, Look, Mode, Role, Route } from '../../protocol/ctl';
import { MAX_CTL_PART_BYTES, MAX_GUEST_CTL_BYTES } from '../../protocol/limits';
import type { Link } from '../../protocol/link';
import type { Action } from '../../tape/action';
import { decodeAction } from '../../tape/codec';
import { BulkLane } from '../link/bulk_lane';
import { type ContentEvents, ContentExchange, type ContentStore, type Digest } from './content';
import { CtlChannel } from '../link/ctl_channel';
import { GuestLimits, MALFORMED_COST } from './guest_limits';
import { type Company, HostDatagrams, type Speaker } from './host_datagrams';
import type { HostHandshake, Visitor } from '../trust/handshake';
import { firstLook } from './worn';
import { GONE_MS, type Pulse, STALLED_MS } from '../link/pulse';
import type { LinkFigures } from '../room_messages';
import type { SharedWorld } from './shared_world';
import { TapeFeed } from './tape_feed';

/** Somebody who has not come in after this long is sent away, ms. */
const HANDSHAKE_MS = 10_000;
/** What a guest's connection needs of the room. */
export interface HostRoom extends Company {
  readonly digest: Digest;
  readonly store: ContentStore;
  readonly world: SharedWorld | null;
  /**
   * Lets somebody in who has proven who they are.
   *
   * @throws SimroomError whatever keeps them out
   */
  admit(guest: HostGuest, visitor: Visitor): Promise<void>;
  /** @throws SimroomError when it is not taken */
  act(guest: HostGuest, action: Action): void;
  say(guest: HostGuest, text: string): void;
  request(guest: HostGuest, message: CtlOf<'request'>): void;
  readonly content: ContentEvents;
  /** Something that others see has changed. */
  changed(): void;
  /** The connection has ended. */
  gone(guest: HostGuest): void;
  /** Something threw that is no refusal: the world's wasm has aborted. */
  failed(thrown: unknown): void;
}

/** The host's end of one connection: what the guest may do there, and what it is told. */
export class HostGuest implements Speaker {
  /** -1 until it is in. */
  seat = -1;
  identity = '';
  name = '';
  colour = 0;
  role: Role = 'viewer';
  look: Look = firstLook(0);
  mode: Mode = 'tape';
  route: Exclude<Route, 'host'> = 'p2p';
  /** Messages and actions that were dropped. */
  dropped = 0;
  readonly content: ContentExchange;
  readonly feed: TapeFeed;
  private stage: 'hello' | 'knock' | 'busy' | 'in' | 'gone' = 'hello';
  private readonly since: number;
  private readonly ctl: CtlChannel;
  private readonly lane: BulkLane;
  private readonly datagrams: HostDatagrams;
  private repairs = 0;
  readonly limits = new GuestLimits();

  constructor(
    private readonly link: Link,
    private readonly room: HostRoom,
    private readonly handshake: HostHandshake,
  ) {
    const { clock } = room;
    this.since = clock();
    this.datagrams = new HostDatagrams(link, room, this, (datagram) => this.receive(datagram));
    this.lane = new BulkLane(link.bulk, 'host', clock, this.heard, () => this.drop());
    this.ctl = new CtlChannel(link.ctl, () => (this.isIn ? MAX_GUEST_CTL_BYTES : MAX_CTL_PART_BYTES), {
      onMessage: (message, parts) => this.hear(message, parts),
      onMalformed: this.malformed,
      onStuck: () => this.close(),
    });
    this.feed = new TapeFeed(this.send, this.lane.sender, this.datagrams.lane.out);
    this.content = new ContentExchange(
      this.send,
      this.lane.sender,
      this.lane.receiver,
      room.store,
      clock,
      room.digest,
      room.content,
    );
    link.onclose = () => this.end();
  }

  get isIn(): boolean {
    return this.stage === 'in';
  }

  /** ms; of a connection that has stalled, for how long; 0 until measured. */
  get rtt(): number {
    const silence = this.pulse.silence(this.room.clock());
    return Math.round(silence > STALLED_MS ? silence : Math.ceil(this.pulse.roundTrip.ms));
  }

  get figures(): LinkFigures {
    const { seat, route, rtt, datagrams, repairs } = this;
    return { seat, route, rtt, ...datagrams.lane.figures, rollbacks: 0, repairs };
  }

  readonly send = (message: CtlMessage): void => {
    if (this.stage !== 'gone') this.ctl.send(message);
  };

  /** It has a seat. */
  enter(seat: number, visitor: Visitor, name: string, role: Role): void {
    this.seat = seat;
    this.identity = visitor.identity;
    this.name = name;
    this.colour = visitor.colour;
    this.role = role;
    this.look = firstLook(seat);
    this.stage = 'in';
    this.datagrams.enter(seat);
  }

  /** Says why, and hangs up. */
  refuse({ code, message }: Pick<PlainError, 'code' | 'message'>): void {
    this.send({ kind: 'refuse', code, message });
    this.close();
  }

  bye(): void {
    this.send({ kind: 'bye' });
    this.close();
  }

  /** What came was not to be taken. */
  drop(cost = 1): void {
    this.dropped++;
    if (this.limits.patience.take(this.room.clock(), cost) || this.stage === 'gone') return;
    this.refuse({
      code: 'too-fast',
      message:
        'This browser sent too much, or what nobody may send. Reload the page and open the link again.',
    });
  }

  /** When {@link flush} has something to do by itself, wall ms. */
  due(now: number): number {
    if (!this.isIn) return this.since + HANDSHAKE_MS;
    if (this.ctl.isWaiting) return now;
    return this.datagrams.due(now);
  }

  /** Sends what is due, and hangs up on silence. */
  flush(now: number): void {
    if (!this.isIn) {
      if (now - this.since >= HANDSHAKE_MS) this.close();
      return;
    }
    if (this.pulse.silence(now) > GONE_MS) {
      this.close();
      return;
    }
    this.ctl.flush();
    this.lane.sender.pump();
    this.content.flush(now);
    this.datagrams.send(now);
  }

  private get pulse(): Pulse {
    return this.datagrams.lane.pulse;
  }

  private readonly heard = (): void => this.pulse.hear(this.room.clock());

  /** No app of ours would have sent it. */
  readonly malformed = (): void => this.drop(MALFORMED_COST);

  private hear(message: CtlMessage, parts: number): void {
    this.heard();
    if (!this.limits.messages.take(this.room.clock(), parts)) {
      this.drop();
      return;
    }
    switch (this.stage) {
      case 'hello':
        if (message.kind === 'hello') this.prove(message);
        else this.malformed();
        break;
      case 'knock':
        if (message.kind === 'knock') this.knock(message);
        else this.malformed();
        break;
      case 'in':
        try {
          this.obey(message);
        } catch (thrown) {
          this.room.failed(thrown);
        }
        break;
      case 'busy':
        this.malformed();
        break;
      case 'gone':
        break;
    }
  }

  private prove(message: CtlOf<'hello'>): void {
    this.stage = 'busy';
    this.handshake.hello(message).then((challenge) => {
      if (this.stage !== 'busy') return;
      this.send(challenge);
      this.stage = 'knock';
    }, this.refuseWith);
  }

  private knock(message: CtlOf<'knock'>): void {
    this.stage = 'busy';
    this.handshake
      .knock(message)
      .then((visitor) => (this.stage === 'busy' ? this.room.admit(this, visitor) : undefined))
      .catch(this.refuseWith);
  }

  private readonly refuseWith = (thrown: unknown): void =>
    this.refuse(toPlainError(thrown, 'connection-failed'));

  private obey(message: CtlMessage): void {
    const { room } = this;
    const now = room.clock();
    switch (message.kind) {
      case 'say':
        if (this.limits.chats.take(now)) room.say(this, message.text);
        else this.drop();
        break;
      case 'request':
        room.request(this, message);
        break;
      case 'route':
        this.route = message.route;
        room.changed();
        break;
      case 'mode':
        this.follow(message.mode);
        room.changed();
        break;
      case 'ready':
        this.ready(message);
        break;
      case 'missing':
        if (this.isHere(message.world)) this.feed.missing(message.seq, now);
        break;
      case 'diverged':
        this.repair(message);
        break;
      case 'act':
        this.actAlone(message);
        break;
      case 'want':
        this.content.onWant(message);
        break;
      case 'content':
        if (!this.content.onContent(message)) this.malformed();
        break;
      case 'lacking':
        this.content.onLacking(message);
        break;
      case 'bye':
        this.close();
        break;
      default:
        this.malformed();
    }
  }

  /** Whether what is said of a world is said of the one that this guest is in. */
  isHere(world: number): boolean {
    const present = this.room.world;
    return present !== null && present.number === world && this.feed.isIn(present);
  }

  private ready({ world, compiled }: CtlOf<'ready'>): void {
    const present = this.room.world;
    if (present === null || present.number !== world) return;
    if (!present.manifest.compiled.every((byte, i) => byte === compiled[i])) {
      this.refuse({
        code: 'version-differs',
        message:
          'This browser compiles the model of the room to something else than its host, so the two would compute different worlds. Reload the page; if that does not help, use another browser.',
      });
      return;
    }
    if (this.feed.isIn(present)) this.startAgain(present);
    else this.feed.start(present);
  }

  private repair({ world }: CtlOf<'diverged'>): void {
    const present = this.room.world;
    if (present !== null && this.isHere(world)) this.startAgain(present);
  }

  /** A guest that does not keep up asks for the world as it is, each time it wants to see it. */
  private follow(mode: Mode): void {
    const { world } = this.room;
    const again = this.mode === 'snapshot' && mode === 'tape';
    this.mode = mode;
    if (world === null || !this.feed.isIn(world)) return;
    if (again) this.startAgain(world);
    else if (mode === 'snapshot' && this.limits.snapshots.take(this.room.clock())) {
      this.feed.start(world, false);
    }
  }

  private startAgain(world: SharedWorld): void {
    if (!this.limits.repairs.take(this.room.clock())) {
      this.drop();
      return;
    }
    this.repairs++;
    this.feed.start(world);
  }

  private receive(datagram: Uint8Array): void {
    this.heard();
    if (!this.isIn || !this.limits.datagrams.take(this.room.clock())) this.drop();
    else
      try {
        if (!this.datagrams.read(datagram)) this.malformed();
      } catch (thrown) {
        this.room.failed(thrown);
      }
  }

  /** An action that came on `ctl`, because it is long. */
  private actAlone({ world, number, action: bytes }: CtlOf<'act'>): void {
    if (!this.isHere(world)) return;
    const action = decodedAction(bytes);
    if (action === null) this.malformed();
    else this.act(number, action);
  }

  /** Deals with an action, if it is the next one: those before have been dealt with, those after come again. */
  act(number: number, action: Action): void {
    if (number !== this.feed.acted + 1 || this.stage === 'gone') return;
    this.feed.acted = number;
    if (!this.limits.actions.take(this.room.clock())) this.drop();
    else this.room.act(this, action);
  }

  private close(): void {
    this.end();
    this.link.close();
  }

  private end(): void {
    if (this.stage === 'gone') return;
    this.ctl.flush();
    this.stage = 'gone';
    this.ctl.close();
    this.lane.close();
    this.datagrams.lane.close();
    this.content.end();
    this.room.gone(this);
  }
}

function decodedAction(bytes: Uint8Array): Action | null {
  const input = new ByteReader(bytes);
  const action = decodeAction(input);
  return input.remaining === 0 ? action : null;
}
