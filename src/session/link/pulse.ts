import type { RtWriter } from '../../protocol/rt';
import { RoundTrip } from './round_trip';

/** A ping and a pong, which come last into a datagram. */
export const PULSE_BYTES = 8;
/** Something goes out at least so often, ms, so that silence means something. */
const HEARTBEAT_MS = 200;
/** Silence of this length is a stall, ms: ten heartbeats. */
export const STALLED_MS = 2000;
/** Silence of this length is the end, ms: ICE calls a connection disconnected after five to six seconds. */
export const GONE_MS = 6000;

/** Whether the other end is alive, and how far away. */
export class Pulse {
  readonly roundTrip = new RoundTrip();
  private heardAt: number;
  private sentAt = -Infinity;
  private stamp: number | null = null;

  constructor(now: number) {
    this.heardAt = now;
  }

  /** Something has come, on whichever channel. */
  hear(now: number): void {
    this.heardAt = now;
  }

  /** A ping has come, to be answered. */
  ping(stamp: number): void {
    this.stamp = stamp;
  }

  /** For how long nothing has come, ms. */
  silence(now: number): number {
    return now - this.heardAt;
  }

  /** When a datagram has to go, whatever is in it, wall ms. */
  get due(): number {
    return this.stamp === null ? this.sentAt + HEARTBEAT_MS : this.sentAt;
  }

  /** Adds what belongs into a datagram that goes now. */
  write(now: number, out: RtWriter): void {
    if (this.stamp !== null) out.pong(this.stamp);
    this.stamp = null;
    if (now >= this.roundTrip.due || out.length === 0) out.ping(this.roundTrip.ping(now));
    this.sentAt = now;
  }
}
