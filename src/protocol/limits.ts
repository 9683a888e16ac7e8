/**
 * What the protocol allows: sizes in bytes, rates per second. Both ends enforce them; SPEC.md names them.
 */

/** Version of everything in this folder. Peers of different versions do not talk. */
export const PROTOCOL_VERSION = 2;

/** SHA-256. */
export const HASH_BYTES = 32;
/** Seats of a room, the host's included: what one browser can serve (FACTS of the transport: 60 at 60 Hz). */
export const MAX_PEOPLE = 64;

/** UTF-8 bytes of what people type. */
export const MAX_NAME_BYTES = 64;
export const MAX_CHAT_BYTES = 4000;
/** Other texts: error messages, origins of models, tokens. */
export const MAX_TEXT_BYTES = 4096;

/** One datagram on `rt`: fits one IP packet on every path, with DTLS and SCTP around it. */
export const MAX_RT_BYTES = 1150;
/** One message on `ctl` as sent; longer ones travel in parts. Chromium takes 262,144. */
export const MAX_CTL_PART_BYTES = 16 << 10;
/** One whole message on `ctl`: the largest is the entry of a rewind, which holds a state vector. */
export const MAX_CTL_BYTES = 32 << 20;
/** The same from a guest: its largest is an action that sets a whole control vector. */
export const MAX_GUEST_CTL_BYTES = 1 << 20;

/** A model's packed files: more is no model that people would wait for. */
export const MAX_MODEL_BYTES = 256 << 20;
/** A state vector with what belongs to it. */
export const MAX_CHECKPOINT_BYTES = 64 << 20;
/** One piece of bulk: short, so that what is urgent does not wait behind it. */
export const BULK_CHUNK_BYTES = 16 << 10;

/** An action longer than this travels on `ctl`: it would not leave room in a datagram. */
export const MAX_RT_ACTION_BYTES = 512;
/** Actions of one guest: a picture's worth of hands, twice over. A burst may be as long as two seconds' worth. */
export const ACTIONS_PER_SECOND = 240;
/** Datagrams of one guest. */
export const DATAGRAMS_PER_SECOND = 200;
/** Messages of one guest on `ctl`. */
export const CTL_PER_SECOND = 50;
/** Chat messages of one guest, after a burst of {@link CHAT_BURST}. */
export const CHATS_PER_SECOND = 1;
export const CHAT_BURST = 6;
/** One message of a face on `rt`: two talking frames take 40. */
export const MAX_FACE_BYTES = 900;
/** Face messages of one guest: 60 a second when every frame is sudden, and a quarter more. */
export const FACES_PER_SECOND = 75;
/** Bytes of them: three times what talking takes where much is lost. */
export const FACE_BYTES_PER_SECOND = 8192;
/** What one guest says of how faces arrive: four times a second of everybody. */
export const FACE_REPORTS_PER_SECOND = 256;
/** Faces on a model. */
export const MAX_FACE_PLACES = 64;
/** A head of one's own, a GLB: those for the web take 2 to 15 MB. */
export const MAX_HEAD_FILE_BYTES = 24 << 20;
/** Messages a newcomer gets to read. */
export const CHAT_HISTORY = 200;
