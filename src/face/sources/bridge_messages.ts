/**
 * What the face bridge, pages and programs say to each other, besides faces: JSON texts over a WebSocket. See
 * bridge/PROTOCOL.md.
 */

/** The port that the bridge listens on unless told otherwise. */
export const BRIDGE_PORT = 11112;

/** Counts up when a message changes so that old readers no longer understand it. */
export const BRIDGE_VERSION = 1;

/** Where a face comes from: a kind of phone or program, a program at the bridge, or a person in the page's room. */
export type FaceSource = 'livelink' | 'ifacialmocap' | 'vtubestudio' | 'vmc' | 'program' | 'room';

/** The first message on every connection. */
export interface Welcome {
  readonly type: 'welcome';
  readonly version: number;
  /** Where phones are to send to. */
  readonly listening: readonly {
    readonly source: FaceSource;
    readonly title: string;
    readonly port: number;
  }[];
}

/** Whose faces there are, of those that the connection receives: once a second, and when one comes or goes. */
export interface Subjects {
  readonly type: 'subjects';
  readonly subjects: readonly Subject[];
  /** To pages: whether somebody wants the faces of people in the room. */
  readonly roomWanted?: boolean;
}

export interface Subject {
  readonly subject: string;
  readonly source: FaceSource;
  /** Address of the phone or program. */
  readonly from: string;
  /** Updates a second. */
  readonly rate: number;
  /** Whether a face is to be seen; a phone says so too when it sees none. */
  readonly face: boolean;
}

/** Something that was asked for is not done. */
export interface Refused {
  readonly type: 'error';
  readonly code: 'bad-message' | 'bad-phone' | 'too-many' | 'shutting-down';
  readonly message: string;
}

export type FromBridge = Welcome | Subjects | Refused;

/** @returns null when the text is no message of the bridge */
export function readFromBridge(text: string): FromBridge | null {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    // Whatever listens there is no bridge.
    return null;
  }
  if (typeof message !== 'object' || message === null) return null;
  const { type, version, listening, subjects, roomWanted, code, message: words } = message as Fields;
  switch (type) {
    case 'welcome':
      return typeof version === 'number' && Array.isArray(listening)
        ? { type, version, listening: listening as Welcome['listening'] }
        : null;
    case 'subjects':
      return Array.isArray(subjects) && subjects.every(isSubject)
        ? { type, subjects, roomWanted: roomWanted === true }
        : null;
    case 'error':
      return typeof words === 'string' ? { type, code: code as Refused['code'], message: words } : null;
    default:
      return null;
  }
}

type Fields = Readonly<Record<string, unknown>>;

function isSubject(value: unknown): value is Subject {
  if (typeof value !== 'object' || value === null) return false;
  const { subject, source, rate, face } = value as Fields;
  return (
    typeof subject === 'string' &&
    typeof source === 'string' &&
    typeof rate === 'number' &&
    typeof face === 'boolean'
  );
}

/** A page asks the bridge to fetch the face of a phone that sends only when asked. */
export interface PhoneRequest {
  readonly type: 'phone';
  readonly source: 'ifacialmocap' | 'vtubestudio';
  /** As the app shows it: `192.168.1.7`, also with a port. */
  readonly address: string;
}

/** @returns null when the message, parsed as JSON, is none */
export function readPhoneRequest(message: Readonly<Record<string, unknown>>): PhoneRequest | null {
  const { type, source, address } = message;
  if (type !== 'phone' || typeof address !== 'string') return null;
  return source === 'ifacialmocap' || source === 'vtubestudio' ? { type, source, address } : null;
}
