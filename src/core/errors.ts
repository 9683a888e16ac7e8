/**
 * Every failure a user can meet: what happened, where, and what to do next, with a stable code to test against.
 */

export type ErrorCode =
  // Model loading
  | 'load-cancelled'
  | 'load-superseded'
  | 'not-found'
  | 'fetch-failed'
  | 'archive-invalid'
  | 'archive-too-large'
  | 'path-unsafe'
  | 'file-too-large'
  | 'not-a-model'
  | 'xml-invalid'
  | 'assets-missing'
  | 'model-rejected'
  | 'model-too-large'
  | 'compile-failed'
  | 'compile-timeout'
  // Use of the API
  | 'bad-argument'
  | 'no-model'
  | 'unknown-name'
  | 'tab-blocked'
  // Engine
  | 'engine-failed'
  | 'engine-restarted'
  | 'tape-invalid'
  | 'history-gone'
  | 'simulation-unstable'
  // Rooms
  /** The link is cut short or damaged. */
  | 'link-invalid'
  /** Nobody has this room open. */
  | 'room-not-found'
  | 'room-full'
  | 'room-locked'
  /** Whoever answers for the room does not hold its key. */
  | 'room-untrusted'
  /** The host has closed the room or its tab. */
  | 'room-closed'
  /** An admin has removed this person. */
  | 'removed'
  | 'invitation-invalid'
  /** Another version of the app, or of MuJoCo, on the other side. */
  | 'version-differs'
  /** The signaling server cannot be reached. */
  | 'relay-unreachable'
  /** The browsers found no way to each other. */
  | 'connection-failed'
  | 'not-in-room'
  | 'role-refused'
  | 'too-fast'
  | 'rooms-unavailable'
  // Faces
  /** A recording of a face cannot be read. */
  | 'take-invalid'
  /** The browser cannot analyse sound here. */
  | 'sound-unavailable'
  /** A file is no sound that the browser could play. */
  | 'audio-invalid'
  /** Somebody's own head (GLB) cannot be read: no GLB, damaged, or in a form that is not read. */
  | 'head-invalid'
  /** It has more vertices, shapes or the like than can be shown. */
  | 'head-too-large'
  /** Nothing of it can move: no morph target has a name that is known. */
  | 'head-without-shapes'
  | 'faces-unavailable'
  /** A source of one's face does not work any more. */
  | 'source-failed'
  /** The face bridge does not run, or does not let this page in. */
  | 'bridge-unreachable'
  /** The page may not use the camera: its person, or whoever embeds it, has said no. */
  | 'camera-denied'
  /** There is no camera, or not the one that was chosen. */
  | 'camera-missing'
  /** Another program holds the camera. */
  | 'camera-busy'
  | 'microphone-denied'
  | 'microphone-missing'
  | 'microphone-busy'
  /** Cameras and microphones need `https` or `localhost`. */
  | 'page-insecure'
  /** What finds landmarks in pictures does not run in this browser, or has died. */
  | 'tracker-failed'
  /** A file that should be MediaPipe's FaceLandmarker is none. */
  | 'face-model-invalid'
  // View
  | 'webgl-unavailable';

export interface ErrorDetails {
  /** File the error is in, relative to the model's folder. */
  readonly file?: string;
  /** 1-based line in that file. */
  readonly line?: number;
  /** Element the error is in. */
  readonly element?: string;
  /** Paths of files that are missing. */
  readonly missing?: readonly string[];
  /** Files one of which must be chosen as the model. */
  readonly candidates?: readonly string[];
  readonly cause?: unknown;
}

/** An error with a code; the message names what happened, where and what to do next. */
export class SimroomError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'SimroomError';
    this.code = code;
    this.details = details;
  }
}

/** A `SimroomError` as plain data, for crossing a worker boundary. */
export interface PlainError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: Omit<ErrorDetails, 'cause'>;
}

/** Flattens any thrown value; one without a code gets `fallback`. */
export function toPlainError(thrown: unknown, fallback: ErrorCode): PlainError {
  if (thrown instanceof SimroomError) {
    const { file, line, element, missing, candidates } = thrown.details;
    return {
      code: thrown.code,
      message: thrown.message,
      details: {
        ...(file === undefined ? {} : { file }),
        ...(line === undefined ? {} : { line }),
        ...(element === undefined ? {} : { element }),
        ...(missing === undefined ? {} : { missing }),
        ...(candidates === undefined ? {} : { candidates }),
      },
    };
  }
  return { code: fallback, message: thrown instanceof Error ? thrown.message : String(thrown), details: {} };
}

/** The inverse of {@link toPlainError}. */
export function fromPlainError(plain: PlainError): SimroomError {
  return new SimroomError(plain.code, plain.message, plain.details);
}
