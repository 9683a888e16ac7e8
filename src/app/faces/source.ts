/**
 * Where faces come from, in the order in which they are asked: what is first and has something to say about a region of
 * the face drives it, unless its person chose another.
 */
export const SOURCE_KINDS = [
  'code',
  'text',
  'audio',
  'recording',
  'bridge',
  'webcam',
  'microphone',
  'idle',
] as const;

export type SourceKind = (typeof SOURCE_KINDS)[number];

/** How a source is doing. */
export interface SourceStatus {
  /** `waiting`: it runs, and there is no face (no voice, no phone) at the moment. */
  readonly state: 'starting' | 'on' | 'waiting' | 'failed';
  /** For people: what is going on, and what to do when it is not going well. */
  readonly text: string;
}

/** What a source tells whoever opened it. */
export interface SourceEvents {
  /** There is a new face: sample it now, rather than with the next picture. */
  changed(): void;
  status(status: SourceStatus): void;
  /** It has ended by itself: a recording is over, a camera was pulled out. */
  ended(): void;
}

/** Programs at the other end of a source. */
export interface FacePrograms {
  /** Whether they want everybody's faces now. */
  readonly wanted: boolean;
  /** @param now when the face is shown, ms */
  send(name: string, face: Float32Array, now: number): void;
}

/** A source that runs until it is closed. */
export interface FaceSource {
  readonly kind: SourceKind;
  /**
   * Writes the face of an instant; called with every picture and at every change, so it allocates nothing.
   *
   * @param now `performance.now()`, ms, never less than before
   * @param out CHANNELS numbers (`src/face/frame.ts`); only regions of the result are written
   * @returns the regions it drives now: bit i is `REGIONS[i]` of `src/face/regions.ts`; 0 while there is no face
   */
  sample(now: number, out: Float32Array): number;
  /** What the camera sees, for a preview. */
  readonly stream?: MediaStream;
  /** Faces that it could give, by their names; `status` is told when they change. */
  readonly subjects?: readonly string[];
  readonly programs?: FacePrograms;
  /** Takes the next second for the person's face at rest, where the source measures against one. */
  recalibrate?(): void;
  /** Ends it at once: camera and microphone go off before this returns. */
  close(): void;
}
