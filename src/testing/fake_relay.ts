import { vi } from 'vitest';
import { type FromRelay, parseToRelay } from '../protocol/relay';

/** A relay within a test, which stands in for the network: it may be away, and it may be hostile. */
export class FakeRelay {
  /** Every sealed text it has had, in order. */
  readonly passed: string[] = [];
  /** What it does with a sealed text instead of delivering it. */
  pass: ((sealed: string, deliver: (sealed: string) => void) => void) | null = null;
  /** Whether it can be reached. */
  up = true;
  /** Connections that were tried. */
  tried = 0;
  private readonly events = new EventTarget();
  private readonly members: Member[] = [];
  private readonly sentToHost: string[] = [];
  private readonly room = new Map<Member, 'host' | 'guest'>();
  private named = 0;

  constructor() {
    this.adopt();
  }

  /** Becomes the relay that sockets reach. */
  adopt(): void {
    const reach = (socket: FakeSocket): void => this.reach(socket);
    vi.stubGlobal(
      'WebSocket',
      class extends FakeSocket {
        constructor(url: string) {
          super(url);
          reach(this);
        }
      },
    );
    vi.stubGlobal('addEventListener', this.events.addEventListener.bind(this.events));
    vi.stubGlobal('removeEventListener', this.events.removeEventListener.bind(this.events));
  }

  dispose(): void {
    vi.unstubAllGlobals();
  }

  /** The browser finds itself online again. */
  online(): void {
    this.events.dispatchEvent(new Event('online'));
  }

  /** Breaks connections. */
  drop(role: 'host' | 'guest'): void {
    for (const member of this.of(role)) {
      this.leave(member);
      member.socket.onclose?.();
    }
  }

  /** Says something to everybody of a role. */
  say(role: 'host' | 'guest', message: FromRelay): void {
    for (const { socket } of this.of(role)) socket.deliver(message);
  }

  /** Delivers a sealed text that nobody has just sent. */
  inject(role: 'host' | 'guest', sealed: string, from?: string): void {
    this.say(role, { kind: 'sealed', sealed, ...(from === undefined ? {} : { peer: from }) });
  }

  /** Delivers everything again that was ever sent to the host; returns how much that was. */
  replay(role: 'host'): number {
    for (const sealed of this.sentToHost) this.inject(role, sealed, 'ef'.repeat(8));
    return this.sentToHost.length;
  }

  private reach(socket: FakeSocket): void {
    this.tried++;
    queueMicrotask(() => {
      if (!this.up) {
        socket.onclose?.();
        return;
      }
      this.named++;
      const member = { socket, id: this.named.toString(16).padStart(16, '0') };
      this.members.push(member);
      socket.onsend = (text) => this.hear(member, text);
      socket.onleave = () => this.leave(member);
      socket.onopen?.();
    });
  }

  private hear(member: Member, text: string): void {
    const message = parseToRelay(text);
    if (message === null) throw new Error(`No relay understands ${text}`);
    const { socket, id } = member;
    if (message.kind === 'send') {
      const { peer, sealed } = message;
      this.passed.push(sealed);
      const deliver = (what: string): void => {
        if (this.room.get(member) === 'guest') {
          this.sentToHost.push(what);
          this.inject('host', what, id);
        } else {
          const guest = this.of('guest').find((one) => one.id === peer);
          guest?.socket.deliver({ kind: 'sealed', sealed: what });
        }
      };
      if (this.pass === null) deliver(sealed);
      else this.pass(sealed, deliver);
      return;
    }
    this.room.set(member, message.kind);
    const hosted = this.of('host').length > 0;
    socket.deliver({ kind: 'welcome', peer: id, hosted });
    if (message.kind === 'host') this.say('guest', { kind: 'hosted', hosted });
  }

  private of(role: 'host' | 'guest'): Member[] {
    return this.members.filter((member) => this.room.get(member) === role);
  }

  private leave(member: Member): void {
    const at = this.members.indexOf(member);
    if (at >= 0) this.members.splice(at, 1);
    this.room.delete(member);
  }
}

interface Member {
  readonly socket: FakeSocket;
  readonly id: string;
}

class FakeSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { readonly data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  onsend: ((text: string) => void) | null = null;
  onleave: (() => void) | null = null;

  constructor(readonly url: string) {}

  send(text: string): void {
    this.onsend?.(text);
  }

  close(): void {
    this.onleave?.();
    this.onleave = null;
  }

  deliver(message: FromRelay): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}
