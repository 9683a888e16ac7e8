import {
  HASH_BYTES,
  MAX_CHAT_BYTES,
  MAX_CTL_BYTES,
  MAX_CTL_PART_BYTES,
  MAX_FACE_PLACES,
  MAX_NAME_BYTES,
  MAX_PEOPLE,
  MAX_TEXT_BYTES,
} from './limits';
import {
  type Carried,
  blob,
  bytes,
  f64,
  flag,
  list,
  nullable,
  oneOf,
  struct,
  text,
  u8,
  union,
  varint,
} from './schema';

/**
 * Messages on `ctl`, the reliable and ordered channel. SPEC.md says when each is sent and what answers it.
 */

/** Ed25519 and nonces, bytes. */
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const NONCE_BYTES = 32;
/** HMAC-SHA-256, bytes. */
const MAC_BYTES = 32;
/** MurmurHash3 of a state, bytes. */
const STATE_HASH_BYTES = 16;
/** Invitations an admin can look at. */
const MAX_INVITATIONS = 256;

const empty = struct({});
const sha256 = bytes(HASH_BYTES);
const role = oneOf('admin', 'developer', 'viewer');
const name = text(MAX_NAME_BYTES);
const sentence = text(MAX_TEXT_BYTES);

/** How a participant follows the world: by simulating, or by looking at snapshots. */
const mode = oneOf('tape', 'snapshot');

/** What somebody's head looks like; the numbers are indices into palettes of the style. */
const look = struct({
  style: oneOf('android', 'human', 'robot'),
  skin: u8,
  hair: u8,
  iris: u8,
  /** SHA-256 of their own head, a GLB that the host has; null without one. */
  file: nullable(sha256),
  /** Bytes of it; 0 without one. */
  fileSize: varint,
});

/** What of a model can carry a face. */
const faceObject = oneOf('body', 'site');

/** Somebody's face on the model. */
const facePlace = struct({
  object: faceObject,
  /** Of the body or site in the model. */
  id: varint,
  seat: varint,
  /** Height of the head, m. */
  size: f64,
});

const person = struct({
  seat: varint,
  name,
  /** Index into the palette of people's colours. */
  colour: u8,
  role,
  mode,
  /** Way to the host. */
  route: oneOf('host', 'p2p', 'turn', 'relay', 'local'),
  /** ms; 0 until measured. */
  rtt: varint,
  /** Messages and actions the host has dropped: what they were is told to admins only. */
  dropped: varint,
  look,
});

/** What a world is made of. */
const manifest = struct({
  /** Grows by one with every load of the room. */
  world: varint,
  /** SHA-256 of the packed files. */
  bundle: sha256,
  /** Packed bytes. */
  size: varint,
  /** SHA-256 of the compiled model as `mj_saveModel` writes it. */
  compiled: sha256,
  /** Where the model came from, for people. */
  origin: sentence,
});

const invitation = struct({
  id: text(64),
  role,
  /** s from now; 0 when it never expires. */
  expiresIn: varint,
  /** Uses in all; 0 is without limit. */
  uses: varint,
  used: varint,
});

/** What a guest asks of the host; each is answered. */
const request = union({
  load: [0, struct({ bundle: sha256, size: varint, origin: sentence })],
  rewind: [1, struct({ tick: varint })],
  /** Signed ticks. */
  scrub: [2, struct({ ticks: f64 })],
  rename: [3, struct({ name, colour: u8 })],
  setRole: [4, struct({ seat: varint, role })],
  remove: [5, struct({ seat: varint })],
  lock: [6, struct({ locked: flag })],
  setDefaultRole: [7, struct({ role })],
  /** Seconds until it expires and uses; 0 is without limit. */
  invite: [8, struct({ role, expiresIn: varint, uses: varint })],
  revoke: [9, struct({ id: text(64) })],
  invitations: [10, empty],
  /** Everyone's camera to the asker's. */
  gather: [11, empty],
  /** Of oneself. A file is fetched from the asker, and shown to the others once it is here. */
  wear: [12, struct({ look })],
  /** Somebody's face onto a body or site; null takes away the one that is there. */
  putFace: [13, struct({ object: faceObject, id: varint, seat: nullable(varint), size: f64 })],
});

const outcome = union({
  done: [0, empty],
  failed: [1, struct({ code: text(64), message: sentence })],
  /** Signed token, to be appended to the link. */
  invited: [2, struct({ token: sentence })],
  invitations: [3, struct({ all: list(invitation, MAX_INVITATIONS) })],
});

export const ctl = union({
  /** A piece of a longer message; the last one ends it. */
  part: [0, struct({ last: flag, bytes: blob(MAX_CTL_PART_BYTES) })],

  // Getting in, in this order.
  hello: [1, struct({ version: varint, build: text(64), wasm: sha256, nonce: bytes(NONCE_BYTES) })],
  challenge: [
    2,
    struct({
      version: varint,
      build: text(64),
      wasm: sha256,
      nonce: bytes(NONCE_BYTES),
      hostKey: bytes(KEY_BYTES),
      signature: bytes(SIGNATURE_BYTES),
      mac: bytes(MAC_BYTES),
    }),
  ],
  knock: [
    3,
    struct({
      mac: bytes(MAC_BYTES),
      identity: bytes(KEY_BYTES),
      signature: bytes(SIGNATURE_BYTES),
      name,
      colour: u8,
      invitation: nullable(sentence),
    }),
  ],
  accept: [4, struct({ seat: varint })],
  /** Said before hanging up, at any time. */
  refuse: [5, struct({ code: text(64), message: sentence })],
  bye: [6, empty],

  // The room.
  people: [10, struct({ all: list(person, MAX_PEOPLE) })],
  room: [11, struct({ locked: flag, defaultRole: role })],
  say: [12, struct({ text: text(MAX_CHAT_BYTES) })],
  /** `age` in ms: clocks may differ. `name` because the speaker may be gone. */
  said: [13, struct({ seat: varint, name, colour: u8, text: text(MAX_CHAT_BYTES), age: varint })],
  gather: [14, struct({ seat: varint })],
  request: [15, struct({ id: varint, request })],
  answer: [16, struct({ id: varint, outcome })],
  route: [17, struct({ route: oneOf('p2p', 'turn', 'relay', 'local') })],

  // The world.
  world: [20, manifest],
  /** A guest has compiled the world and wants to begin. */
  ready: [21, struct({ world: varint, compiled: sha256 })],
  /** Begin with the checkpoint that comes as this transfer; the next entry is `seq`. */
  start: [22, struct({ world: varint, seq: varint, transfer: varint, size: varint })],
  /** Entries that fell out of the window, from `seq` on, as `encodeEntries` writes them from `fromTick`. */
  entries: [23, struct({ world: varint, seq: varint, fromTick: varint, bytes: blob(MAX_CTL_BYTES) })],
  missing: [24, struct({ world: varint, seq: varint })],
  /** A guest's state is not the host's: it wants another start. */
  diverged: [25, struct({ world: varint, tick: varint, hash: bytes(STATE_HASH_BYTES) })],
  /** An action too long for `rt`. */
  act: [26, struct({ world: varint, number: varint, action: blob(MAX_CTL_BYTES) })],
  mode: [27, struct({ mode })],
  /** All faces that are on the model. */
  faces: [28, struct({ world: varint, all: list(facePlace, MAX_FACE_PLACES) })],

  // Content by its SHA-256, both ways.
  want: [30, struct({ hash: sha256 })],
  content: [31, struct({ hash: sha256, transfer: varint, size: varint })],
  lacking: [32, struct({ hash: sha256 })],
});

export type CtlMessage = Carried<typeof ctl>;
export type CtlOf<K extends CtlMessage['kind']> = Extract<CtlMessage, { kind: K }>;
export type Role = Carried<typeof role>;
export type Mode = Carried<typeof mode>;
export type Person = Carried<typeof person>;
export type Look = Carried<typeof look>;
export type FacePlace = Carried<typeof facePlace>;
export type Route = Person['route'];
export type Manifest = Carried<typeof manifest>;
export type Invitation = Carried<typeof invitation>;
export type Request = Carried<typeof request>;
export type Outcome = Carried<typeof outcome>;
