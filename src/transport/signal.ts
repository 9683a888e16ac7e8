import { fromHex } from '../core/encoding';
import { HASH_BYTES } from '../protocol/limits';

/**
 * What two browsers tell each other to connect: an offer, an answer, and ICE candidates as they are found.
 */
export type Signal =
  | { readonly type: 'offer' | 'answer'; readonly sdp: string }
  | { readonly type: 'candidate'; readonly candidate: Candidate };

export interface Candidate {
  readonly candidate: string;
  readonly sdpMid: string | null;
  readonly sdpMLineIndex: number | null;
}

/** An SDP for data channels alone has 500 letters, with all candidates 4,000. */
const MAX_SDP_CHARS = 16 << 10;
const MAX_CANDIDATE_CHARS = 1024;
const MAX_MID_CHARS = 64;
/** Signals in one sealed message: an offer and the candidates of many interfaces. */
const MAX_SIGNALS = 64;

const FINGERPRINT = /^a=fingerprint:\s*(\S+)\s+(\S+)\s*$/gim;

/**
 * The signals of one sealed message, `{ signals: [...] }`: several in one save the relay and both ends work.
 *
 * @returns null when it is no such message; one that is not understood makes the whole invalid
 */
export function parseSignals(message: Readonly<Record<string, unknown>>): readonly Signal[] | null {
  const { signals } = message;
  if (!Array.isArray(signals) || signals.length > MAX_SIGNALS) return null;
  const parsed: Signal[] = [];
  for (const value of signals as unknown[]) {
    const signal = parseSignal(value);
    if (signal === null) return null;
    parsed.push(signal);
  }
  return parsed;
}

/** Null when it is not a signal. */
export function parseSignal(value: unknown): Signal | null {
  if (!isRecord(value)) return null;
  const { type, sdp, candidate } = value;
  if (type === 'offer' || type === 'answer') return isText(sdp, MAX_SDP_CHARS) ? { type, sdp } : null;
  if (type !== 'candidate' || !isRecord(candidate)) return null;
  const { candidate: line, sdpMid = null, sdpMLineIndex = null } = candidate;
  if (!isText(line, MAX_CANDIDATE_CHARS)) return null;
  if (sdpMid !== null && !isText(sdpMid, MAX_MID_CHARS)) return null;
  if (sdpMLineIndex !== null && !isIndex(sdpMLineIndex)) return null;
  return { type, candidate: { candidate: line, sdpMid, sdpMLineIndex } };
}

/**
 * The SHA-256 of the certificate that a description promises; the browser refuses any other.
 *
 * @returns null unless there is exactly one: of several, which of them was used would stay open
 */
export function fingerprintOf(sdp: string): Uint8Array<ArrayBuffer> | null {
  const found = new Set<string>();
  for (const [, algorithm = '', value = ''] of sdp.matchAll(FINGERPRINT)) {
    found.add(`${algorithm} ${value}`.toLowerCase());
  }
  const [only] = found;
  if (only === undefined || found.size > 1 || !only.startsWith('sha-256 ')) return null;
  const bytes = fromHex(only.slice('sha-256 '.length).replaceAll(':', ''));
  return bytes?.length === HASH_BYTES ? bytes : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isText(value: unknown, most: number): value is string {
  return typeof value === 'string' && value.length <= most;
}

function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < MAX_SIGNALS;
}
