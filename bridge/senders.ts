import type { Clock } from '../signaling/clock';
import type { Reading } from '../src/face/sources/reading';
import { FORGET_MS, type Owner } from './face_board';
import { SOURCES, type PacketReader, type SourceName } from './sources';

/** Senders of packets that are told apart. */
const MAX_SENDERS = 128;

interface Sender {
  readonly owner: Owner;
  readonly read: PacketReader;
  heardAt: number;
}

/** Figures of one kind of packet. */
export interface PacketFigures {
  packets: number;
  bytes: number;
  /** Packets that say nothing understood. VMC sends a face in many, of which all but the last count as such. */
  unread: number;
}

/** Everybody who sends packets: some kinds need the ones before to be read. */
export class Senders {
  private readonly senders = new Map<string, Sender>();
  readonly figures = Object.fromEntries(
    Object.keys(SOURCES).map((source) => [source, { packets: 0, bytes: 0, unread: 0 }]),
  ) as Record<SourceName, PacketFigures>;

  constructor(private readonly clock: Clock) {}

  /**
   * Reads a packet.
   *
   * @param from names its sender among those of its kind
   * @returns null when it says nothing
   */
  read(source: SourceName, from: string, packet: Buffer): { owner: Owner; reading: Reading } | null {
    const figures = this.figures[source];
    figures.packets++;
    figures.bytes += packet.length;
    const sender = this.sender(source, from);
    const reading = sender?.read(packet) ?? null;
    if (sender === null || reading === null) {
      figures.unread++;
      return null;
    }
    return { owner: sender.owner, reading };
  }

  /** Forgets who has fallen silent; to be called every second or so. */
  check(): void {
    const now = this.clock.now();
    for (const [key, { heardAt }] of this.senders) {
      if (now - heardAt >= FORGET_MS) this.senders.delete(key);
    }
  }

  private sender(source: SourceName, from: string): Sender | null {
    const key = `${source} ${from}`;
    const known = this.senders.get(key);
    if (known !== undefined) {
      known.heardAt = this.clock.now();
      return known;
    }
    if (this.senders.size >= MAX_SENDERS) return null;
    const { title, newReader } = SOURCES[source];
    const sender = {
      owner: { source, from, title, mayReorder: true },
      read: newReader(),
      heardAt: this.clock.now(),
    };
    this.senders.set(key, sender);
    return sender;
  }
}
