import { ByteReader, ByteWriter } from '../src/core/bytes';
import { SimroomError } from '../src/core/errors';
import { SOURCE_NAMES } from './config';
import type { SourceName } from './sources';

/**
 * Packets as they came, with their times, in a file:
 * `"SRFR" | version u8 = 1`, then for each packet
 * `microseconds since the one before varint | source u8 | sender varint | length varint | bytes`.
 * Sources count from 0 in the order livelink, ifacialmocap, vtubestudio, vmc; senders in the order in which they came.
 */
export interface RecordedPacket {
  /** ms since the packet before. */
  readonly afterMs: number;
  readonly source: SourceName;
  readonly sender: number;
  readonly bytes: Buffer;
}

const MAGIC = Buffer.from('SRFR');
const VERSION = 1;
/** The longest datagram. */
const MAX_PACKET_BYTES = 65_507;
/** Longest pause that is kept, ms. */
const MAX_PAUSE_MS = 3_600_000;

/** Turns packets into the bytes of a recording, piece by piece. */
export class RecordingWriter {
  private readonly out = new ByteWriter();
  private readonly senders = new Map<string, number>();
  private lastMs: number | null = null;

  /** What the file begins with. */
  start(): Uint8Array {
    return Uint8Array.of(...MAGIC, VERSION);
  }

  /**
   * The bytes to write for one packet.
   *
   * @param now ms, never going back
   */
  add(source: SourceName, from: string, bytes: Uint8Array, now: number): Uint8Array {
    const sender = this.senders.get(from) ?? this.senders.size;
    this.senders.set(from, sender);
    this.out.clear();
    this.out.varint(Math.round(Math.max(0, now - (this.lastMs ?? now)) * 1000));
    this.out.u8(SOURCE_NAMES.indexOf(source));
    this.out.varint(sender);
    this.out.blob(bytes);
    this.lastMs = now;
    return this.out.finish();
  }
}

/**
 * The packets of a recording; one that was cut off at the end, as happens when a machine goes down, is left out.
 *
 * @param name of the file, for the error
 * @throws {SimroomError} `bad-argument` when it is none
 */
export function readRecording(bytes: Uint8Array, name: string): RecordedPacket[] {
  if (!MAGIC.equals(bytes.subarray(0, MAGIC.length)) || bytes[MAGIC.length] !== VERSION) {
    throw new SimroomError(
      'bad-argument',
      `${name} is no recording of this bridge: --record FILE makes one.`,
    );
  }
  const reader = new ByteReader(bytes.subarray(MAGIC.length + 1));
  const packets: RecordedPacket[] = [];
  while (reader.remaining > 0) {
    const afterMs = reader.varint() / 1000;
    const source = SOURCE_NAMES[reader.u8()];
    const sender = reader.varint();
    const packet = Buffer.from(reader.blob());
    if (!reader.ok) break;
    if (source === undefined || packet.length > MAX_PACKET_BYTES || afterMs > MAX_PAUSE_MS) {
      throw new SimroomError('bad-argument', `${name} is damaged after ${String(packets.length)} packets.`);
    }
    packets.push({ afterMs, source, sender, bytes: packet });
  }
  return packets;
}

/** The time that a recording is played in; tests bring their own. */
export interface Timer {
  /** ms since some moment; never goes back. */
  now(): number;
  /** Calls a task later; returns what calls that off. */
  after(ms: number, task: () => void): () => void;
}

const SYSTEM_TIMER: Timer = {
  now: () => performance.now(),
  after(ms, task) {
    const timer = setTimeout(task, ms);
    return () => {
      clearTimeout(timer);
    };
  },
};

/** Time between the end of a recording and its next beginning, ms: a frame of a phone. */
const LOOP_PAUSE_MS = 16;

/**
 * Plays packets at the times at which they came.
 *
 * @param options `loop` begins again at the end; `ended` hears of the end
 * @returns stops it
 */
export function playRecording(
  packets: readonly RecordedPacket[],
  deliver: (packet: RecordedPacket) => void,
  options: { readonly loop?: boolean; readonly ended?: () => void; readonly timer?: Timer } = {},
): () => void {
  const { loop = false, ended, timer = SYSTEM_TIMER } = options;
  let next = 0;
  // By the clock, as timers are late and would add it up.
  let due = timer.now();
  let cancel: () => void;
  const step = (): void => {
    const packet = packets[next];
    if (packet === undefined) {
      ended?.();
      return;
    }
    deliver(packet);
    next++;
    if (loop && next === packets.length) next = 0;
    due += next === 0 ? LOOP_PAUSE_MS : (packets[next]?.afterMs ?? 0);
    cancel = timer.after(Math.max(0, due - timer.now()), step);
  };
  cancel = timer.after(0, step);
  return () => {
    cancel();
  };
}
