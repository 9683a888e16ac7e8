import type { StyleName } from '../../face/head/style';
import type { ArkitName } from '../../face/names';
import type { Region } from '../../face/regions';
import type { FaceLook } from '../../face/look';
import type { Ref } from '../api';
import type { SourceKind, SourceStatus } from './source';

export type { FaceLook } from '../../face/look';
export type { ArkitName } from '../../face/names';
export type { Region } from '../../face/regions';
export type { SourceKind, SourceStatus } from './source';

/** Weights from 0 to 1: some of them by name, or all 52 in the order of `simroom.face.names`. */
export type FaceWeights = Partial<Readonly<Record<ArkitName, number>>> | Float32Array | readonly number[];

/** How a head is turned, rad: yaw to its own right, pitch bows, roll leans to its own left shoulder. */
export interface HeadAngles {
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
}

/** A face at one instant. */
export interface FaceState {
  /** 52, in the order of `simroom.face.names`. */
  readonly weights: Float32Array;
  readonly head: HeadAngles;
}

/** A source to be opened; one of each kind at a time, opening it again replaces it. */
export type SourceRequest =
  /** `task`: a MediaPipe `face_landmarker.task` of one's own, as a file or URL, for all 52 shapes. */
  | { readonly kind: 'webcam'; readonly device?: string; readonly task?: Blob | string }
  | { readonly kind: 'microphone'; readonly device?: string }
  /** `silent`: the mouth moves, nothing is heard. */
  | { readonly kind: 'audio'; readonly file: Blob | string; readonly silent?: boolean }
  /** `rate`: 0.25 to 4, 1 is calm. At most 30 000 characters. */
  | { readonly kind: 'text'; readonly text: string; readonly voice?: string; readonly rate?: number }
  /** A Live Link Face CSV, or what `record` gave. */
  | { readonly kind: 'recording'; readonly file: Blob; readonly loop?: boolean }
  /**
   * The face bridge on this machine; `subject` picks one of several faces, `code` is for a bridge elsewhere, `phone`
   * asks a phone that sends only when asked. While programs at the bridge want them, it gets everybody's faces.
   */
  | {
      readonly kind: 'bridge';
      readonly url?: string;
      readonly subject?: string;
      readonly code?: string;
      readonly phone?: { readonly app: 'ifacialmocap' | 'vtubestudio'; readonly address: string };
    };

/** A source that is open. */
export interface SourceInfo {
  readonly kind: SourceKind;
  readonly title: string;
  readonly status: SourceStatus;
  /** New faces a second, measured. */
  readonly rate: number;
  /** Regions it drives at present. */
  readonly drives: readonly Region[];
  readonly mirrored: boolean;
  /** Whether it has a neutral face of its own; `calibrating` while one is being captured. */
  readonly neutral: 'none' | 'calibrating' | 'set';
  /** Gains that are not 1. */
  readonly gain: Readonly<Partial<Record<ArkitName, number>>>;
  /** What the camera sees, for a preview. */
  readonly stream?: MediaStream;
  /** Faces that the bridge has, by their names. */
  readonly subjects?: readonly string[];
}

/** A body or site of the model that carries somebody's face. */
export interface FacePlace {
  readonly object: 'body' | 'site';
  readonly id: number;
  readonly name: string;
  /** `Peer.id`; null while nobody's face is there. Outside a room one's own is `'0'`. */
  readonly peer: string | null;
  /** Height of the head, m. */
  readonly size: number;
  /** Whether the model itself says so: such a place stays when nobody is on it. */
  readonly fromModel: boolean;
}

/**
 * Whose face a portrait is of: somebody's, by `Peer.id`; one's own as a single source has it; one's own at rest, as
 * another style would show it.
 */
export type PortraitOf = string | { readonly source: SourceKind } | { readonly style: StyleName };

/** How somebody's face arrives. */
export interface FaceFigures {
  readonly peer: string;
  /** Frames and bytes a second. */
  readonly rate: number;
  readonly bytesPerSecond: number;
  /** Share of frames that never came, 0 to 1. */
  readonly lost: number;
  /** How much later than the least messages come; how much later than the least they are shown, ms. */
  readonly jitterMs: number;
  readonly delayMs: number;
  /** Frames a second that are asked for here: less for a face that is small or out of view. */
  readonly wanted: number;
}

/** Everything about one's own face and the others', slow facts only. */
export interface FaceInfo {
  readonly sources: readonly SourceInfo[];
  /** Which source drives each region: the first that has something to say, or a chosen one. */
  readonly choices: Readonly<Record<Region, SourceKind | 'auto'>>;
  readonly look: FaceLook;
  readonly places: readonly FacePlace[];
  /** Whether a camera or microphone is on. */
  readonly live: { readonly camera: boolean; readonly microphone: boolean };
  readonly recording: boolean;
}

/**
 * `simroom.face`: one's own face, and everybody's.
 *
 * Whatever cannot be is refused at once, before anything has changed: with `bad-argument` what is of the wrong kind or
 * out of range, with `unknown-name` a name that there is not. Functions that return a promise reject, the others throw.
 */
export interface FaceApi {
  /** The 52 shapes, in the order of Live Link Face. */
  readonly names: readonly ArkitName[];
  /** A face as it is shown now; one's own without a name. Null for somebody who is not there. */
  of(peer?: string): FaceState | null;
  /**
   * Sets shapes of one's own face, and turns the head; what is not named stays. Regions that were set are this
   * source's until {@link clear}.
   */
  set(weights: FaceWeights, head?: Partial<HeadAngles>): void;
  /** Gives back what {@link set} has taken. */
  clear(): void;

  info(): FaceInfo;
  /**
   * Opens a source, in place of the one of its kind.
   *
   * @throws SimroomError what each source can fail with, in words; `load-cancelled` when it was closed meanwhile
   */
  open(source: SourceRequest): Promise<void>;
  /** Closes one source, or all; what code has set stays until {@link clear}. */
  close(kind?: SourceKind): void;
  /** Camera and microphone off, at once. */
  cut(): void;
  /** Chooses what drives a region of one's own face while it has something to say. */
  choose(region: Region, source: SourceKind | 'auto'): void;
  /** Takes the next second of a source's faces for its neutral one. */
  calibrate(kind: SourceKind): void;
  /** Tunes what a source gives, and remembers it. */
  tune(
    kind: SourceKind,
    changes: {
      /** 0 to 4; those that are not named stay. */
      readonly gain?: Readonly<Partial<Record<ArkitName, number>>>;
      readonly mirrored?: boolean;
      /** Forgets the neutral face. */
      readonly neutral?: null;
    },
  ): void;

  /** Changes how one's head looks, and remembers it. */
  setLook(changes: Partial<Omit<FaceLook, 'file'>>): Promise<void>;
  /**
   * Takes a GLB with ARKit's morph targets for one's head, or null for a style's.
   *
   * @returns what was found in it, for people
   */
  setFile(file: Blob | null): Promise<string>;

  /**
   * Puts somebody's face on a body or site, or with null takes it off. Developers.
   *
   * @param peer `Peer.id`; one's own when left out
   * @param size height of the head, m; found from the body's geoms when left out
   */
  put(
    on: { readonly body: Ref } | { readonly site: Ref },
    peer?: string | null,
    size?: number,
  ): Promise<void>;

  /**
   * Draws a face into a square canvas for as long as it is wanted.
   *
   * @param of whose; one's own when left out
   * @returns how to stop
   */
  portrait(canvas: HTMLCanvasElement, of?: PortraitOf): () => void;
  figures(): readonly FaceFigures[];

  /** Records one's own face from now on. */
  record(): void;
  /** Ends the recording; Live Link Face's CSV. @throws SimroomError `bad-argument` when none is on */
  stopRecording(): Promise<Blob>;
  /** Whether every face that arrives is written to the console, for a developer's eyes. */
  log(on: boolean): void;
}
