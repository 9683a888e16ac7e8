import type { Random } from '../src/core/random';
import { MAX_RELAY_MESSAGE_CHARS, MAX_SEALED_CHARS } from '../src/protocol/relay';
import { hex32 } from './testing';

/** Rooms that attackers have between them, so that they meet. */
const ROOMS = 6;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** What breaks parsers: names of objects' insides, numbers at the edge, broken text. */
const NASTY: readonly unknown[] = [
  null,
  true,
  -0,
  1e308,
  -1,
  '',
  '\0',
  '\ud800',
  '__proto__',
  'constructor',
  'toString',
  '../../etc/passwd',
  'é'.repeat(300),
  [],
  [[]],
  {},
  { length: 32 },
  { toString: 'x' },
];
const KINDS = ['host', 'guest', 'send', 'welcome', 'error', 'sealed', '__proto__', 'HOST', ''];
const FIELDS = ['kind', 'room', 'token', 'peer', 'sealed', '__proto__', 'constructor', 'extra'];

/** What a hostile program says to a relay. */
export class Hostile {
  /** Whether it goes without a goodbye. */
  readonly isRude: boolean;
  private readonly kind: 'host' | 'guest';
  /** For how many messages it keeps to the protocol. */
  private patience: number;
  private isIntroduced = false;

  /**
   * @param room an honest room, whose link has leaked
   * @param peer a guest in it
   */
  constructor(
    private readonly random: Random,
    private readonly room: string,
    private readonly peer: string,
  ) {
    this.isRude = this.one(0.1);
    this.kind = this.one(0.4) ? 'host' : 'guest';
    this.patience = this.one(0.7) ? Number.POSITIVE_INFINITY : this.random.below(200);
  }

  /** An address; many come from the same. */
  address(): string {
    return this.one(0.2) ? '198.51.100.1' : `203.0.113.${String(this.random.below(64))}`;
  }

  /** What it says next: most come in properly, and many keep to the protocol for a while. */
  message(): string | Buffer {
    if (this.patience-- <= 0 || this.one(0.001)) return this.nonsense();
    if (this.isIntroduced) return this.proper();
    this.isIntroduced = true;
    const room = this.one(0.3) ? this.room : hex32(this.random.below(ROOMS));
    return JSON.stringify({ kind: this.kind, room, token: hex32(this.random.below(4)) });
  }

  /** A message as the protocol has it, to whomever. */
  private proper(): string {
    const sealed = this.sealed(this.one(0.01) ? MAX_SEALED_CHARS : 60);
    return JSON.stringify(
      this.kind === 'host' ? { kind: 'send', peer: this.someone(), sealed } : { kind: 'send', sealed },
    );
  }

  /** Anything else. */
  private nonsense(): string | Buffer {
    switch (this.random.below(9)) {
      case 0:
        return Buffer.from(this.bytes(200));
      case 1:
        return this.sealed(300);
      case 2:
        return this.bent(this.proper());
      case 3:
        return this.object();
      case 4:
        return '['.repeat(this.random.below(MAX_RELAY_MESSAGE_CHARS));
      case 5:
        return 'x'.repeat(MAX_RELAY_MESSAGE_CHARS + this.random.below(1000));
      case 6:
        return JSON.stringify({
          kind: 'send',
          sealed: this.sealed(MAX_SEALED_CHARS).padEnd(MAX_SEALED_CHARS + 1, 'A'),
        });
      case 7:
        return JSON.stringify(this.pick(NASTY)) ?? '';
      default:
        return JSON.stringify({ kind: 'guest', room: this.room });
    }
  }

  /** What is sent to the port by who does not speak WebSocket, or only as far as the door. */
  garbage(path: string): Buffer {
    const opening = [
      `GET ${path} HTTP/1.1`,
      'Host: relay',
      `X-Forwarded-For: ${this.address()}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ];
    switch (this.random.below(6)) {
      case 0:
        return Buffer.from(this.bytes(500));
      case 1:
        // Cut short.
        return Buffer.from(opening.join('\r\n').slice(0, this.random.below(150)));
      case 2:
        // One header is missing, or wrong.
        opening[this.random.below(opening.length)] = this.one(0.5) ? 'X: y' : 'Upgrade: h2c';
        return Buffer.from(`${opening.join('\r\n')}\r\n\r\n`);
      case 3:
        return Buffer.from(`${opening.join('\r\n')}\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`);
      default:
        return Buffer.concat([Buffer.from(`${opening.join('\r\n')}\r\n\r\n`), ...this.frames()]);
    }
  }

  /** Frames such as no browser sends; RFC 6455, section 5.2, has the bits. */
  private frames(): Uint8Array[] {
    switch (this.random.below(7)) {
      case 0:
        return [this.bytes(300)];
      case 1:
        // Not masked.
        return [Uint8Array.of(0x81, 1, 0x61)];
      case 2:
        // Longer than anything: 2^63 bytes.
        return [Uint8Array.of(0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4)];
      case 3:
        // A text that is not UTF-8.
        return [Uint8Array.of(0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28)];
      case 4:
        // A thousand fragments of a byte each.
        return [
          Uint8Array.of(0x01, 0x81, 0, 0, 0, 0, 0x61),
          ...Array.from({ length: 1000 }, () => Uint8Array.of(0x00, 0x81, 0, 0, 0, 0, 0x61)),
        ];
      case 5:
        // Pings without end.
        return Array.from({ length: 1000 }, () => Uint8Array.of(0x89, 0x80, 0, 0, 0, 0));
      default:
        // A frame whose end does not come.
        return [Uint8Array.of(0x81, 0xfe, 0x10, 0x00, 1, 2, 3, 4, 5)];
    }
  }

  /** An object with the right names and the wrong values. */
  private object(): string {
    const fields = Array.from({ length: this.random.below(6) }, () => {
      const value = this.one(0.4) ? this.pick(KINDS) : this.pick(NASTY);
      return `${JSON.stringify(this.pick(FIELDS))}:${JSON.stringify(value)}`;
    });
    return `{${fields.join(',')}}`;
  }

  /** A text with some letters changed, lost or doubled. */
  private bent(text: string): string {
    const letters = [...text];
    for (let i = this.random.below(4); i >= 0; i--) {
      const at = this.random.below(letters.length);
      letters.splice(at, this.random.below(3), ...this.sealed(3), this.one(0.5) ? '"' : '}');
    }
    return letters.join('');
  }

  private someone(): string {
    return this.one(0.5) ? this.peer : hex32(this.random.below(1 << 30)).slice(16);
  }

  private sealed(most: number): string {
    const length = 1 + this.random.below(most);
    const start = this.sealedStart(Math.min(length, 40));
    return start.padEnd(length, start);
  }

  private sealedStart(length: number): string {
    let text = '';
    for (let i = 0; i < length; i++) text += LETTERS.charAt(this.random.below(LETTERS.length));
    return text;
  }

  private bytes(most: number): Uint8Array {
    return Uint8Array.from({ length: 1 + this.random.below(most) }, () => this.random.below(256));
  }

  private one(share: number): boolean {
    return this.random.next() < share;
  }

  private pick<T>(from: readonly T[]): T | undefined {
    return from[this.random.below(from.length)];
  }
}
