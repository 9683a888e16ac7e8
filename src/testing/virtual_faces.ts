import { ByteReader, ByteWriter } from '../core/bytes';
import { CHANNELS } from '../face/frame';
import { MAX_RATE } from '../face/message';
import { SHAPES } from '../face/names';
import { FaceReceiver } from '../face/receiver';
import { writeReport } from '../face/report';
import { type Take, frameCount, sampleTake } from '../face/take';
import type { RoomSession } from '../session/room_messages';
import type { VirtualClock } from './virtual_network';

/** A page says so often how faces arrive, ms. */
const REPORT_MS = 50;
/** A picture is shown so often, ms: not in step with any sender. */
const PICTURE_MS = 1000 / 75;

/** What was shown of somebody's face, against what they did. */
interface Watched {
  squares: number;
  pictures: number;
  latency: number;
}

/** A page's part in faces on a virtual clock: plays a take for its own, and receives the others'. */
export class VirtualFaces {
  /** Whose messages have come, how many, and how many could not be read. */
  readonly came = new Map<number, number>();
  unreadable = 0;
  bytes = 0;
  /** Frames a second that are asked of somebody's face; null: this page says nothing of faces. */
  wanted: ((seat: number) => number) | null = () => MAX_RATE;
  /** When the take began, ms. */
  startedAt = 0;
  private readonly receivers = new Map<number, FaceReceiver>();
  private readonly frame = new Float32Array(CHANNELS);
  private readonly out = new ByteWriter();
  private take: Take | null = null;

  /** @param wake asks for a turn of the engine */
  constructor(
    private readonly clock: VirtualClock,
    private readonly session: RoomSession,
    private readonly wake: () => void,
  ) {
    this.every(REPORT_MS, () => this.report());
  }

  /** Plays a take over and over; null ends the face. */
  play(take: Take | null): void {
    this.take = take;
    if (take === null) {
      this.session.face(null);
      this.wake();
      return;
    }
    this.startedAt = this.clock.now;
    this.every(1000 / take.rate, () => {
      if (this.take !== take) return false;
      this.truth(take, this.clock.now, this.frame);
      this.session.face(this.frame);
      this.wake();
      return true;
    });
  }

  /** To be called after every turn of the session. */
  hear(): void {
    const bytes = this.session.takeFaces();
    if (bytes === null) return;
    const input = new ByteReader(bytes);
    while (input.remaining > 0) {
      const seat = input.varint();
      const message = input.blob();
      this.bytes += message.length;
      this.came.set(seat, (this.came.get(seat) ?? 0) + 1);
      if (!this.receiver(seat).receive(message, this.clock.now)) this.unreadable++;
    }
  }

  /** A face as it is shown now. */
  shown(seat: number): Float32Array {
    const face = new Float32Array(CHANNELS);
    this.receiver(seat).sample(this.clock.now, face);
    return face;
  }

  /** Compares what is shown of somebody's take with it, for so long. */
  async watch(
    seat: number,
    actor: VirtualFaces,
    ms: number,
  ): Promise<{ readonly rms: number; readonly latency: number }> {
    const watched: Watched = { squares: 0, pictures: 0, latency: 0 };
    const end = this.clock.now + ms;
    this.every(PICTURE_MS, () => {
      this.look(seat, actor, watched);
      return this.clock.now < end;
    });
    await this.clock.run(end);
    const { squares, pictures, latency } = watched;
    return { rms: Math.sqrt(squares / Math.max(1, pictures * SHAPES)), latency: latency / pictures };
  }

  private look(seat: number, actor: VirtualFaces, watched: Watched): void {
    const { take } = actor;
    const { now } = this.clock;
    const receiver = this.receiver(seat);
    receiver.sample(now, this.frame);
    if (take === null) return;
    // Stamps are modulo 65536 ms; nobody is behind by so much.
    const behind = (now - receiver.playhead + 2 ** 32) % 2 ** 16;
    const truth = new Float32Array(CHANNELS);
    actor.truth(take, now - behind, truth);
    for (let i = 0; i < SHAPES; i++) watched.squares += ((this.frame[i] ?? 0) - (truth[i] ?? 0)) ** 2;
    watched.latency += behind;
    watched.pictures++;
  }

  private truth(take: Take, at: number, out: Float32Array): void {
    const length = frameCount(take) / take.rate;
    sampleTake(take, ((at - this.startedAt) / 1000) % length, out);
  }

  private report(): boolean {
    const { wanted, out } = this;
    if (wanted === null || this.receivers.size === 0) return true;
    out.clear();
    for (const [seat, receiver] of this.receivers) {
      out.varint(seat);
      writeReport(out, receiver.report(wanted(seat)));
    }
    this.session.faceReports(out.finish());
    this.wake();
    return true;
  }

  private receiver(seat: number): FaceReceiver {
    let receiver = this.receivers.get(seat);
    if (receiver === undefined) this.receivers.set(seat, (receiver = new FaceReceiver(seat)));
    return receiver;
  }

  /** Does something again and again, until it says that it was the last time. */
  private every(ms: number, work: () => boolean): void {
    const { clock } = this;
    const begun = clock.now;
    let count = 0;
    const next = (): void => {
      if (work()) clock.at(begun + ++count * ms, next);
    };
    clock.at(begun, next);
  }
}
