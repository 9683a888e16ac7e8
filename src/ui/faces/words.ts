import type { Peer } from '../../app/api';
import type { FaceInfo, Region, SourceInfo, SourceKind } from '../../app/faces/api';
import type { StyleName } from '../../app/faces/choices';

export const STYLE_WORDS: Readonly<Record<StyleName, string>> = {
  android: 'Android',
  human: 'Human',
  robot: 'Robot',
};

export const REGION_WORDS: Readonly<Record<Region, string>> = {
  eyes: 'Eyes',
  brows: 'Brows',
  mouth: 'Mouth',
  cheeks: 'Cheeks',
  head: 'Head',
};

export const SOURCE_WORDS: Readonly<Record<SourceKind, string>> = {
  code: 'Code',
  text: 'Typed text',
  audio: 'Audio file',
  recording: 'Recording',
  bridge: 'Phone or program',
  webcam: 'Camera',
  microphone: 'Microphone',
  idle: 'Idle',
};

/** The sources that a person turns on, in the order in which they are offered, and what each is good for. */
export const OFFERED: readonly Offer[] = [
  {
    kind: 'webcam',
    brief: 'Your whole face, as it is',
    text: 'Your face is followed here: the picture never leaves this browser, only the numbers of a face do.',
  },
  {
    kind: 'microphone',
    brief: 'The mouth, as you speak',
    text: 'The mouth moves as you speak. The sound never leaves this browser.',
  },
  {
    kind: 'bridge',
    brief: 'Live Link Face and others',
    text: 'Live Link Face, iFacialMocap, VTube Studio, VMC, or a program of yours.',
  },
  { kind: 'audio', brief: 'The mouth follows a file', text: 'The mouth follows the speech of a sound file.' },
  { kind: 'text', brief: 'Says what you type', text: 'Your head says what you type.' },
  {
    kind: 'recording',
    brief: 'A face out of a file',
    text: 'Plays a Live Link Face CSV, or what you recorded here.',
  },
];

/** A source that a person may turn on. */
export interface Offer {
  readonly kind: OfferedKind;
  /** What it is good for, in a few words and in a sentence or two. */
  readonly brief: string;
  readonly text: string;
}

export type OfferedKind = Exclude<SourceKind, 'code' | 'idle'>;

/** Sources that can be turned on as they are; the others need a file or a text first. */
export function startsAlone(kind: OfferedKind): kind is 'webcam' | 'microphone' | 'bridge' {
  return kind === 'webcam' || kind === 'microphone' || kind === 'bridge';
}

export function sourceOf(face: FaceInfo | null, kind: SourceKind): SourceInfo | undefined {
  return face?.sources.find((source) => source.kind === kind);
}

/** What is on, for the sign; empty while nothing is. */
export function liveText(face: FaceInfo | null): string {
  if (face === null) return '';
  const { camera, microphone } = face.live;
  if (camera && microphone) return 'Camera and microphone on';
  if (camera) return 'Camera on';
  return microphone ? 'Microphone on' : '';
}

/** One's own `Peer.id`; outside a room, too. */
export function ownId(peers: readonly Peer[]): string {
  return peers.find((peer) => peer.self)?.id ?? '0';
}

/** New faces a second, for a row. */
export function rateText(rate: number): string {
  return rate >= 0.5 ? `${Math.round(rate)} Hz` : '';
}

/** A share, with one digit where that says something. */
export function percentText(share: number): string {
  const percent = 100 * share;
  return `${percent >= 10 || percent === 0 ? percent.toFixed(0) : percent.toFixed(1)} %`;
}
