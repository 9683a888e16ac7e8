import { type PlainError, SimroomError, fromPlainError } from '../core/errors';
import type { Route } from '../protocol/ctl';
import type { Binding, Channel, Link } from '../protocol/link';

/**
 * A `Link` in a worker, of whatever the page has sent through a connection's port: the data channels themselves where
 * the browser can transfer them, else ports that forward them.
 *
 * The port is a queue: the page puts everything into it at once, and nothing is lost until the worker reads it.
 */

/** How a peer is reached. */
export type LinkRoute = Exclude<Route, 'host'>;

/** A data channel, or the end of a port whose other end is a {@link PortLane} or forwards a data channel. */
export type LanePart = RTCDataChannel | MessagePort;

/** What the page tells the worker through a connection's port; the worker tells the page {@link CLOSE}. */
export type LineMessage =
  | { readonly kind: 'lanes'; readonly ctl: LanePart; readonly rt: LanePart; readonly bulk: LanePart }
  | { readonly kind: 'binding'; readonly binding: Binding }
  | { readonly kind: 'route'; readonly route: LinkRoute }
  | { readonly kind: 'closed'; readonly error: PlainError | null };

/** Through a lane's port: bytes are a message, a number is how many bytes have left this side's queue so far. */
export type PortMessage = ArrayBuffer | number | typeof OPEN | typeof CLOSE;
export const OPEN = 'open';
export const CLOSE = 'close';

/** What may wait on `rt`, bytes: a dozen datagrams. What would come later than that is better made anew. */
const RT_QUEUE_BYTES = 16 << 10;
/** What may wait on the reliable lanes, bytes: half of what Chromium queues before it throws. */
const RELIABLE_QUEUE_BYTES = 8 << 20;
/** What may come before anybody listens, bytes: a peer has no reason to say more before it is answered. */
const HELD_BYTES = 1 << 20;
/** How long `ctl` may take to deliver its last words before everything is closed, ms. */
const CLOSE_GRACE_MS = 1000;

/** A `Link` that also knows its way. */
export interface OpenLink extends Link {
  readonly route: LinkRoute;
  /** The way has changed, or has become known. */
  onroute: ((route: LinkRoute) => void) | null;
}

/**
 * Waits until a connection is open, and gives its link. Messages that come before a receiver is set are kept for it.
 *
 * @param line a connection's port, as `Connection.port` or `loopback()` give it
 * @throws SimroomError `connection-failed` and whatever else kept the connection from opening
 */
export function openLink(line: MessagePort): Promise<OpenLink> {
  return new Promise((resolve, reject) => {
    let lanes: Lanes | null = null;
    let binding: Binding | null = null;
    let route: LinkRoute = 'p2p';
    let link: LinesLink | null = null;
    let grace: ReturnType<typeof setTimeout> | undefined;

    const proceed = (): void => {
      if (link !== null || lanes === null || binding === null) return;
      if (!lanes.ctl.open || !lanes.rt.open || !lanes.bulk.open) return;
      link = new LinesLink(line, lanes, binding, route);
      resolve(link);
    };
    const close = (error: SimroomError | null): void => {
      clearTimeout(grace);
      if (link !== null) {
        link.finish();
        return;
      }
      lanes?.close();
      line.postMessage(CLOSE);
      line.close();
      reject(
        error ?? new SimroomError('connection-failed', 'The other side has ended the connection. Try again.'),
      );
    };
    const ended = (): void => {
      if (link !== null) link.finish();
      // The page knows why.
      else grace = setTimeout(() => close(null), CLOSE_GRACE_MS);
    };
    line.onmessage = ({ data }: MessageEvent<LineMessage>) => {
      switch (data.kind) {
        case 'lanes':
          lanes = new Lanes(data.ctl, data.rt, data.bulk, proceed, ended);
          break;
        case 'binding':
          binding = data.binding;
          break;
        case 'route':
          route = data.route;
          link?.reroute(route);
          break;
        case 'closed':
          close(data.error === null ? null : fromPlainError(data.error));
          break;
      }
      proceed();
    };
  });
}

class LinesLink implements OpenLink {
  onclose: (() => void) | null = null;
  onroute: ((route: LinkRoute) => void) | null = null;
  private closing = false;
  private finished = false;
  private grace: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly line: MessagePort,
    private readonly lanes: Lanes,
    readonly binding: Binding,
    public route: LinkRoute,
  ) {}

  get ctl(): Channel {
    return this.lanes.ctl;
  }

  get rt(): Channel {
    return this.lanes.rt;
  }

  get bulk(): Channel {
    return this.lanes.bulk;
  }

  reroute(route: LinkRoute): void {
    if (route === this.route) return;
    this.route = route;
    this.onroute?.(route);
  }

  close(): void {
    if (this.closing) return;
    // The last words, say why somebody is refused, still go out: a channel closes when its queue is empty.
    this.grace = setTimeout(() => this.finish(), CLOSE_GRACE_MS);
    this.lanes.ctl.close();
    this.tell();
  }

  /** Everything has ended. */
  finish(): void {
    if (this.finished) return;
    this.finished = true;
    clearTimeout(this.grace);
    this.lanes.close();
    this.line.postMessage(CLOSE);
    this.line.close();
    this.tell();
  }

  private tell(): void {
    if (this.closing) return;
    this.closing = true;
    this.lanes.stop();
    this.onclose?.();
  }
}

/** The three lanes of a connection. It lives as long as `ctl`: what was said there before the end has been delivered. */
class Lanes {
  readonly ctl: Lane;
  readonly rt: Lane;
  readonly bulk: Lane;

  constructor(ctl: LanePart, rt: LanePart, bulk: LanePart, proceed: () => void, end: () => void) {
    this.ctl = laneOf(ctl, RELIABLE_QUEUE_BYTES, proceed, end);
    this.rt = laneOf(rt, RT_QUEUE_BYTES, proceed, () => {});
    this.bulk = laneOf(bulk, RELIABLE_QUEUE_BYTES, proceed, () => {});
  }

  close(): void {
    this.ctl.close();
    this.rt.close();
    this.bulk.close();
  }

  /** Nothing is taken or delivered any more. */
  stop(): void {
    this.ctl.stop();
    this.rt.stop();
    this.bulk.stop();
  }
}

function laneOf(part: LanePart, limit: number, proceed: () => void, end: () => void): Lane {
  return 'postMessage' in part
    ? new PortLane(part, limit, proceed, end)
    : new DataLane(part, limit, proceed, end);
}

abstract class Lane implements Channel {
  private state: 'opening' | 'open' | 'over' = 'opening';
  private receiver: ((message: Uint8Array) => void) | null = null;
  /** What came before the first receiver. */
  private held: Uint8Array[] = [];
  private heldBytes = 0;
  private heard = false;

  constructor(
    private readonly limit: number,
    private readonly proceed: () => void,
    private readonly end: () => void,
  ) {}

  abstract get bufferedAmount(): number;
  /** Hands a message over; false when it cannot be. */
  protected abstract pass(message: Uint8Array): boolean;
  /** Closes what carries it, once what was sent is out. */
  protected abstract shut(): void;

  get open(): boolean {
    return this.state === 'open';
  }

  /** Nothing is taken or delivered any more. */
  stop(): void {
    this.state = 'over';
    this.receiver = null;
    this.held = [];
    this.heard = true;
  }

  close(): void {
    this.stop();
    this.shut();
  }

  send(message: Uint8Array): boolean {
    if (!this.open) return false;
    const waiting = this.bufferedAmount;
    // One message, however long, always has room.
    if (waiting > 0 && waiting + message.length > this.limit) return false;
    return this.pass(message);
  }

  get onmessage(): ((message: Uint8Array) => void) | null {
    return this.receiver;
  }

  set onmessage(receiver: ((message: Uint8Array) => void) | null) {
    if (this.state === 'over') return;
    this.receiver = receiver;
    if (receiver === null) return;
    this.heard = true;
    const { held } = this;
    this.held = [];
    for (const message of held) this.receiver?.(message);
  }

  protected opened(): void {
    if (this.state !== 'opening') return;
    this.state = 'open';
    this.proceed();
  }

  protected closed(): void {
    this.state = 'over';
    this.end();
  }

  protected received(message: Uint8Array): void {
    if (this.heard) {
      this.receiver?.(message);
      return;
    }
    this.heldBytes += message.length;
    if (this.heldBytes <= HELD_BYTES) this.held.push(message);
    else this.close();
  }
}

/** A data channel that was transferred here. */
class DataLane extends Lane {
  constructor(
    private readonly channel: RTCDataChannel,
    limit: number,
    proceed: () => void,
    end: () => void,
  ) {
    super(limit, proceed, end);
    channel.binaryType = 'arraybuffer';
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      // A browser may deliver the first message before it says that the channel is open.
      this.opened();
      if (data instanceof ArrayBuffer) this.received(new Uint8Array(data));
    };
    channel.onopen = () => this.opened();
    channel.onclose = () => this.closed();
    if (channel.readyState === 'open') this.opened();
  }

  get bufferedAmount(): number {
    return this.channel.bufferedAmount;
  }

  protected shut(): void {
    this.channel.close();
  }

  protected pass(message: Uint8Array): boolean {
    try {
      this.channel.send(message as Uint8Array<ArrayBuffer>);
      return true;
    } catch {
      // Closed this very moment, or the browser's own queue is full: not taken, as the result says.
      return false;
    }
  }
}

/** A port to a forwarded data channel, or to another of its kind. */
class PortLane extends Lane {
  private sent = 0;
  private left = 0;
  private arrived = 0;
  private closing = false;

  constructor(
    private readonly port: MessagePort,
    limit: number,
    proceed: () => void,
    end: () => void,
  ) {
    super(limit, proceed, end);
    port.onmessage = ({ data }: MessageEvent<PortMessage>) => this.hear(data);
    this.post(OPEN);
  }

  get bufferedAmount(): number {
    return this.sent - this.left;
  }

  protected shut(): void {
    if (this.closing) return;
    this.closing = true;
    this.post(CLOSE);
  }

  protected pass(message: Uint8Array): boolean {
    const copy = message.slice().buffer;
    this.sent += copy.byteLength;
    this.port.postMessage(copy, [copy]);
    return true;
  }

  private hear(data: PortMessage): void {
    if (data === OPEN) this.opened();
    else if (data === CLOSE) {
      // Both sides say it once, then the port is empty.
      this.shut();
      this.port.close();
      this.closed();
    } else if (typeof data === 'number') this.left = data;
    else {
      this.arrived += data.byteLength;
      this.post(this.arrived);
      this.received(new Uint8Array(data));
    }
  }

  private post(message: PortMessage): void {
    this.port.postMessage(message);
  }
}
