import { SimroomError } from '../../core/errors';
import { CHANNELS, HEAD } from '../../face/frame';
import { REGIONS } from '../../face/regions';
import {
  BRIDGE_PORT,
  BRIDGE_VERSION,
  type FromBridge,
  type Subject,
  readFromBridge,
} from '../../face/sources/bridge_messages';
import { type PlainFace, readPacket, writePacket } from '../../face/sources/packet';
import { cleanSubject } from '../../face/sources/reading';
import { headOf, weightsOf } from './face_state';
import type { SourceRequest } from './api';
import { bridgeAddress } from './bridge_address';
import { ALL_REGIONS } from './idle';
import type { FacePrograms, FaceSource, SourceEvents } from './source';

/** The bridge is looked for again after so long, ms; twice as long after each failure up to the most. */
const RETRY_MS = 1000;
const MAX_RETRY_MS = 8000;
/** Bytes that may wait to be sent: beyond, whoever reads is too slow, and gets a newer face later. */
const MAX_BUFFERED_BYTES = 64 << 10;
const HEAD_BIT = 1 << REGIONS.indexOf('head');

export type BridgeOptions = Omit<Extract<SourceRequest, { kind: 'bridge' }>, 'kind'>;

/** What the page is to a bridge, as far as it matters here. */
export interface BridgePage {
  /** `window.location.origin`. */
  readonly origin: string;
  open(url: string): WebSocket;
}

const HERE: BridgePage = {
  get origin() {
    return window.location.origin;
  },
  open: (url) => new WebSocket(url),
};

/**
 * Faces of phones and programs by way of the face bridge; looks for it until it is closed.
 *
 * @throws SimroomError `bad-argument` for an address that is none; `bridge-unreachable` where the browser allows no
 * connection to it
 */
export function openBridge(
  options: BridgeOptions,
  events: SourceEvents,
  page: BridgePage = HERE,
): BridgeSource {
  return new BridgeSource(options, events, page);
}

export class BridgeSource implements FaceSource {
  readonly kind = 'bridge';
  readonly programs: FacePrograms & { wanted: boolean } = {
    wanted: false,
    send: (name, face, now) => this.send(name, face, now),
  };
  subjects: readonly string[] = [];
  private readonly url: URL;
  private readonly face = new Float32Array(CHANNELS);
  private mask = 0;
  /** Whose face is taken. */
  private subject: string | null;
  private socket: WebSocket | null = null;
  private isWelcome = false;
  private closed = false;
  private retryMs = RETRY_MS;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly options: BridgeOptions,
    private readonly events: SourceEvents,
    private readonly page: BridgePage,
  ) {
    this.url = addressOf(options);
    this.subject = options.subject ?? null;
    this.connect();
  }

  sample(_now: number, out: Float32Array): number {
    out.set(this.face);
    return this.mask;
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.drop();
  }

  /** Gives somebody's face to programs; passed over where they are too slow. */
  private send(name: string, face: Float32Array, now: number): void {
    const { socket } = this;
    if (!this.isWelcome || socket === null || socket.bufferedAmount > MAX_BUFFERED_BYTES) return;
    const subject = cleanSubject(name) ?? '';
    const weights = weightsOf(face);
    socket.send(writePacket({ subject, isOfRoom: true, timestamp: now, weights, head: headOf(face) }));
  }

  private connect(): void {
    const { url } = this;
    let socket: WebSocket;
    try {
      socket = this.page.open(url.href);
    } catch (cause) {
      throw new SimroomError(
        'bridge-unreachable',
        `This browser lets no page that came over https connect to ${url.origin}. Use Chrome, Edge or Firefox, or run ` +
          'Simroom on this machine too (npm start).',
        { cause },
      );
    }
    this.socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (socket !== this.socket) return;
      if (data instanceof ArrayBuffer) this.take(readPacket(new Uint8Array(data)));
      else if (typeof data === 'string') this.hear(readFromBridge(data));
    });
    socket.addEventListener('close', () => {
      if (socket === this.socket) this.lost();
    });
  }

  private hear(message: FromBridge | null): void {
    switch (message?.type) {
      case 'welcome':
        this.welcome(message.version);
        break;
      case 'subjects':
        this.programs.wanted = message.roomWanted === true;
        this.list(message.subjects);
        break;
      case 'error':
        this.events.status({ state: this.mask === 0 ? 'waiting' : 'on', text: message.message });
        break;
      default:
        break;
    }
  }

  private welcome(version: number): void {
    if (version !== BRIDGE_VERSION) {
      this.closed = true;
      this.drop();
      this.events.status({
        state: 'failed',
        text: 'The face bridge is of another version than this page: start the one that came with it (npm run face-bridge).',
      });
      return;
    }
    this.isWelcome = true;
    this.retryMs = RETRY_MS;
    const { phone } = this.options;
    if (phone !== undefined) {
      const { app: source, address } = phone;
      this.socket?.send(JSON.stringify({ type: 'phone', source, address }));
    }
    this.events.status({
      state: 'waiting',
      text: 'The face bridge is there, and waits for a phone or program.',
    });
  }

  private list(subjects: readonly Subject[]): void {
    const names = subjects.map(({ subject }) => subject);
    const isNew = names.join('\n') !== this.subjects.join('\n');
    this.subjects = names;
    const chosen = this.options.subject ?? null;
    const isHere = this.subject !== null && names.includes(this.subject);
    if (chosen === null && !isHere) {
      this.subject = (subjects.find(({ face }) => face) ?? subjects[0])?.subject ?? null;
    }
    const current = subjects.find(({ subject }) => subject === this.subject);
    if (current === undefined && this.mask !== 0) {
      this.setMask(0);
      this.events.changed();
    }
    if (isNew) this.say(current?.face === true);
  }

  private take(face: PlainFace | null): void {
    if (face === null || face.isOfRoom) return;
    this.subject ??= face.subject;
    if (face.subject !== this.subject) return;
    const { weights, head } = face;
    if (weights !== null) this.face.set(weights);
    if (head !== null) {
      this.face[HEAD.yaw] = head.yaw;
      this.face[HEAD.pitch] = head.pitch;
      this.face[HEAD.roll] = head.roll;
    }
    const shapes = weights === null ? 0 : ALL_REGIONS & ~HEAD_BIT;
    this.setMask(shapes | (weights === null || head === null ? 0 : HEAD_BIT));
    this.events.changed();
  }

  private setMask(mask: number): void {
    const before = this.mask;
    this.mask = mask;
    if ((mask === 0) !== (before === 0)) this.say(mask !== 0);
  }

  private say(hasFace: boolean): void {
    const { subject } = this;
    if (subject === null || !this.subjects.includes(subject)) {
      const whom = this.options.subject === undefined ? 'a phone or program' : `"${this.options.subject}"`;
      this.events.status({ state: 'waiting', text: `The face bridge is there, and waits for ${whom}.` });
    } else {
      this.events.status(
        hasFace
          ? { state: 'on', text: `The face of ${subject}.` }
          : { state: 'waiting', text: `${subject} sees no face.` },
      );
    }
  }

  private lost(): void {
    const was = this.isWelcome;
    const hadFace = this.mask !== 0;
    this.drop();
    if (this.closed) return;
    if (hadFace) this.events.changed();
    this.events.status({
      state: 'waiting',
      text: was
        ? 'The face bridge has ended: it is looked for again.'
        : whyNot(this.url, this.page.origin, this.options.code),
    });
    this.timer = setTimeout(() => this.connect(), this.retryMs);
    this.retryMs = Math.min(2 * this.retryMs, MAX_RETRY_MS);
  }

  private drop(): void {
    const { socket } = this;
    this.socket = null;
    this.isWelcome = false;
    this.programs.wanted = false;
    this.mask = 0;
    this.subjects = [];
    socket?.close();
  }
}

/** @throws SimroomError `bad-argument` */
function addressOf({ url = `ws://127.0.0.1:${BRIDGE_PORT}`, code }: BridgeOptions): URL {
  const address = bridgeAddress(url);
  if (address === null) {
    throw new SimroomError(
      'bad-argument',
      `"${url.slice(0, 80)}" is no address of a face bridge: it looks like ws://192.168.1.5:${BRIDGE_PORT}.`,
    );
  }
  address.pathname = `${address.pathname.replace(/\/(page)?$/, '')}/page`;
  address.searchParams.set('format', 'binary');
  address.searchParams.set('receive', 'outside');
  if (code !== undefined) address.searchParams.set('code', code);
  return address;
}

/** Browsers do not say why a connection was refused: what there is to do about it, by what can be known. */
function whyNot(url: URL, origin: string, code: string | undefined): string {
  const start = `The face bridge does not answer at ${url.host}.`;
  if (!isHere(url.hostname)) {
    const shown = code === undefined ? 'its code is needed' : 'the code may be wrong';
    return `${start} There it has to run with --lan (npm run face-bridge -- --lan), and ${shown}: it prints one.`;
  }
  const { hostname } = new URL(origin === 'null' ? 'about:blank' : origin);
  if (isHere(hostname)) return `${start} Start it: npm run face-bridge`;
  return `${start} Start it for this page: FACE_BRIDGE_ORIGINS=${origin} npm run face-bridge`;
}

function isHere(hostname: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
