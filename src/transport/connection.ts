import { SimroomError, toPlainError } from '../core/errors';
import { CHANNELS } from '../protocol/link';
import { CLOSE, type LanePart, type LineMessage } from './channels';
import { canTransferChannels, forward } from './forward';
import { fingerprintOf } from './signal';
import { type ConnectionStats, readStats } from './stats';

export type { ConnectionStats } from './stats';

/**
 * One WebRTC connection to one peer, as the page holds it. Its link lives in the worker, which gets it through
 * {@link Connection.port}: `await openLink(port)` there.
 *
 * Either side ends it for both: `close()` here, `link.close()` there, or the peer.
 */
export interface Connection {
  /** To be transferred to the worker, once, at any time: nothing is lost meanwhile. */
  readonly port: MessagePort;
  /** The connection has ended, or could not be made: then with an error, which `openLink` throws too. Called once. */
  onclose: ((error: SimroomError | null) => void) | null;
  /** Figures of this moment. Null when there is no connection (yet, or any more). */
  stats(): Promise<ConnectionStats | null>;
  close(): void;
}

/** Ten times what a connection takes over a bad line; TURN over TCP included. */
export const CONNECT_TIMEOUT_MS = 20_000;
/** How often the route is looked at: it may change when a network does. */
const ROUTE_POLL_MS = 15_000;

/**
 * Makes the room's channels on a connection that somebody else (simple-peer, PeerJS) negotiates, and watches over it.
 *
 * To be constructed before the first description is set: a message on a channel that the other side does not have yet
 * would be lost.
 */
export class RtcConnection implements Connection {
  readonly port: MessagePort;
  onclose: ((error: SimroomError | null) => void) | null = null;
  /** For who negotiates it: ICE has lost the other side and may find it again. */
  ondisconnected: (() => void) | null = null;
  /** For the signaling: the connection stands. */
  onopened: (() => void) | null = null;
  /** For the signaling: the connection has ended, or will never be. */
  onended: (() => void) | null = null;
  private readonly line: MessagePort;
  private readonly timeout: ReturnType<typeof setTimeout>;
  private poll: ReturnType<typeof setInterval> | undefined;
  private opened = false;
  private closed = false;
  private promised: Uint8Array | null = null;

  /** @param end ends what negotiates it, with the connection itself */
  constructor(
    private readonly pc: RTCPeerConnection,
    private readonly end: () => void,
  ) {
    const { port1, port2 } = new MessageChannel();
    this.line = port1;
    this.port = port2;
    const pass: (channel: RTCDataChannel) => LanePart = canTransferChannels()
      ? (channel) => channel
      : forward;
    const [ctl, rt, bulk] = (['ctl', 'rt', 'bulk'] as const).map((name) =>
      pass(pc.createDataChannel(name, { negotiated: true, ...CHANNELS[name] })),
    );
    if (ctl !== undefined && rt !== undefined && bulk !== undefined) {
      this.tell({ kind: 'lanes', ctl, rt, bulk }, [ctl, rt, bulk]);
    }
    this.line.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (data === CLOSE) this.close();
    };
    this.timeout = setTimeout(() => this.lose(), CONNECT_TIMEOUT_MS);
    pc.addEventListener('connectionstatechange', this.onstate);
  }

  /**
   * Whether a description of the other side may be used. The certificate it promises must be the one of the first:
   * by a later one somebody else could take the connection over after the handshake.
   */
  admit(sdp: string): boolean {
    const promised = fingerprintOf(sdp);
    if (promised === null) return false;
    this.promised ??= promised;
    return equal(promised, this.promised);
  }

  async stats(): Promise<ConnectionStats | null> {
    if (!this.opened || this.closed) return null;
    return readStats(await this.pc.getStats());
  }

  fail(error: SimroomError): void {
    this.finish(error);
  }

  /** There is no way to the other side, or no longer. */
  lose(cause?: unknown): void {
    const message = this.opened
      ? 'The connection was lost and did not come back.'
      : 'The browsers found no way to each other. A firewall may block direct connections: try another network, or a TURN server (?turn=..., see the settings).';
    this.fail(new SimroomError('connection-failed', message, { cause }));
  }

  close(): void {
    this.finish(null);
  }

  private readonly onstate = (): void => {
    switch (this.pc.connectionState) {
      case 'connected':
        void this.open();
        break;
      case 'disconnected':
        this.ondisconnected?.();
        break;
      case 'failed':
        this.lose();
        break;
      case 'closed':
        this.close();
        break;
      default:
        break;
    }
  };

  private async open(): Promise<void> {
    if (this.opened || this.closed) return;
    this.opened = true;
    const local = fingerprintOf(this.pc.localDescription?.sdp ?? '');
    const remote = (await usedCertificate(this.pc)) ?? fingerprintOf(this.pc.remoteDescription?.sdp ?? '');
    if (local === null || remote === null) {
      this.fail(unproven());
      return;
    }
    if (this.closed) return;
    clearTimeout(this.timeout);
    this.tell({ kind: 'binding', binding: { local, remote } });
    this.poll = setInterval(() => void this.tellRoute(), ROUTE_POLL_MS);
    void this.tellRoute();
    this.onopened?.();
  }

  private async tellRoute(): Promise<void> {
    const stats = await this.stats();
    if (stats !== null && !this.closed) this.tell({ kind: 'route', route: stats.route });
  }

  private finish(error: SimroomError | null): void {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.timeout);
    clearInterval(this.poll);
    this.pc.removeEventListener('connectionstatechange', this.onstate);
    this.tell({ kind: 'closed', error: error === null ? null : toPlainError(error, 'connection-failed') });
    this.line.close();
    this.end();
    this.onended?.();
    this.onclose?.(error);
  }

  private tell(message: LineMessage, transfer: LanePart[] = []): void {
    this.line.postMessage(message, transfer);
  }
}

function unproven(): SimroomError {
  return new SimroomError(
    'connection-failed',
    'The browsers do not say which one certificate they use, so nobody can tell whether somebody sits in between. Try again, or another browser.',
  );
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** SHA-256 of the certificate that the other side has shown, whatever it had promised; null where the browser won't say. */
async function usedCertificate({ sctp }: RTCPeerConnection): Promise<Uint8Array | null> {
  const [certificate] = sctp?.transport.getRemoteCertificates() ?? [];
  return certificate === undefined
    ? null
    : new Uint8Array(await crypto.subtle.digest('SHA-256', certificate));
}
