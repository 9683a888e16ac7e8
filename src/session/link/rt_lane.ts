import { MAX_RT_BYTES } from '../../protocol/limits';
import type { Channel } from '../../protocol/link';
import { RtWriter } from '../../protocol/rt';
import { PULSE_BYTES, Pulse } from './pulse';
import type { LinkFigures } from '../room_messages';

/** `rt` of one connection: the datagram being written, the pulse, and what has gone over it. */
export class RtLane {
  readonly out = new RtWriter();
  readonly pulse: Pulse;
  private bytesOut = 0;
  private bytesIn = 0;
  private countOut = 0;
  private countIn = 0;

  constructor(
    private readonly channel: Channel,
    now: number,
    onDatagram: (datagram: Uint8Array) => void,
  ) {
    this.pulse = new Pulse(now);
    channel.onmessage = (datagram) => {
      this.countIn++;
      this.bytesIn += datagram.length;
      onDatagram(datagram);
    };
  }

  /** Makes room for a section in the datagram being written: where it does not fit, it goes with the next one. */
  reserve(bytes: number, now: number): void {
    const { out } = this;
    if (out.length + bytes + PULSE_BYTES <= MAX_RT_BYTES) return;
    this.send(now);
    out.begin();
  }

  /** Adds the pulse to what was written, and sends it. */
  send(now: number): void {
    const { out } = this;
    this.pulse.write(now, out);
    this.countOut++;
    this.bytesOut += out.length;
    this.channel.send(out.datagram());
  }

  get figures(): Pick<LinkFigures, 'rtBytesOut' | 'rtBytesIn' | 'rtOut' | 'rtIn'> {
    const { bytesOut, bytesIn, countOut, countIn } = this;
    return { rtBytesOut: bytesOut, rtBytesIn: bytesIn, rtOut: countOut, rtIn: countIn };
  }

  /** Reads no more. */
  close(): void {
    this.channel.onmessage = null;
  }
}
