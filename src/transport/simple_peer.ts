import type SimplePeer from 'simple-peer';
import { SimroomError } from '../core/errors';
import { RtcConnection } from './connection';
import { loading } from './loading';
import { type Signal, parseSignal } from './signal';

/**
 * Connections through simple-peer: it negotiates, our channels carry. Loaded when the first room is opened.
 */

/** simple-peer's class, with the two members that it has and its types lack. */
interface Negotiator extends SimplePeer.Instance {
  readonly _pc: RTCPeerConnection | null | undefined;
  offerOptions: RTCOfferOptions;
  negotiate(): void;
}

export interface SimplePeerConnection {
  readonly connection: RtcConnection;
  /** What the other side has signalled. */
  signal(signal: Signal): void;
}

export interface SimplePeerOptions {
  /** The side that makes the offers: the guest. */
  readonly initiator: boolean;
  readonly ice: RTCConfiguration;
  /** Carries a signal to the other side. */
  readonly send: (signal: Signal) => void;
}

/** Makes connections; all code is there when this resolves, so that making them is one synchronous step. */
export async function loadSimplePeer(): Promise<(options: SimplePeerOptions) => SimplePeerConnection> {
  const { default: Peer } = await loading(import('simple-peer'));
  return (options) => connect(Peer, options);
}

function connect(
  Peer: SimplePeer.SimplePeer,
  { initiator, ice, send }: SimplePeerOptions,
): SimplePeerConnection {
  const peer = new Peer({
    initiator,
    config: ice,
    // Its own channel is a sign of life only: when it closes, the connection has ended.
    channelName: 'life',
    channelConfig: { negotiated: true, id: 0 },
  }) as Negotiator;
  const pc = peer._pc;
  if (pc === null || pc === undefined) {
    throw new SimroomError('rooms-unavailable', 'This browser has no WebRTC: open the page in another one.');
  }
  const connection = new RtcConnection(pc, () => {
    peer.destroy();
  });

  peer.on('signal', (data) => {
    // Its wishes to renegotiate are for media, which we do not send.
    const signal = parseSignal(data);
    if (signal !== null) send(signal);
  });
  peer.on('error', (cause) => {
    // A channel that errs when the other side goes away is how connections end.
    if (codeOf(cause) === 'ERR_DATA_CHANNEL') connection.close();
    else connection.lose(cause);
  });
  peer.on('close', () => connection.close());
  if (initiator) {
    connection.ondisconnected = () => {
      peer.offerOptions = { iceRestart: true };
      peer.negotiate();
    };
  }

  return {
    connection,
    signal(signal) {
      if (peer.destroyed) return;
      if (signal.type !== 'candidate') {
        // Anything else would make simple-peer give the connection up.
        const due = initiator ? pc.signalingState === 'have-local-offer' : pc.signalingState === 'stable';
        const type = initiator ? 'answer' : 'offer';
        if (signal.type === type && due && connection.admit(signal.sdp)) peer.signal(signal);
        return;
      }
      const { candidate, sdpMid, sdpMLineIndex } = signal.candidate;
      peer.signal({
        type: 'candidate',
        candidate: { candidate, sdpMid, sdpMLineIndex } as RTCIceCandidate,
      });
    },
  };
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
}
