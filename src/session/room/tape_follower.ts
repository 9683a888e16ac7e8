import { SimroomError } from '../../core/errors';
import type { CtlMessage, CtlOf, Mode } from '../../protocol/ctl';
import { fromHex } from '../../core/encoding';
import { MAX_CHECKPOINT_BYTES, MAX_RT_ACTION_BYTES, MAX_RT_BYTES } from '../../protocol/limits';
import type { RtWriter, TapeSection } from '../../protocol/rt';
import type { Action } from '../../tape/action';
import { decodeEntries } from '../../tape/tape';
import type { BulkReceiver } from '../link/bulk_receiver';
import type { Replica } from '../world/replica';
import type { RoomEvent } from '../room_messages';
import { ACK_MS, SendWindow } from '../link/send_window';

/** What the host is told of the tape at least so often, ms. */
const HEARTBEAT_MS = 200;
/** Entries that overtook others are waited for so long, ms, and half a round trip: most come by themselves. */
const GAP_MS = 60;
/** After asking for something that does not come, it is asked for again, ms: the question may have come too early. */
const ASK_AGAIN_MS = 1000;
/** A repair that does not come is asked for again, ms. */
const REPAIR_AGAIN_MS = 5000;
/** A long action that is not dealt with is sent again, ms: the host may have been given too much at once. */
const LONG_AGAIN_MS = 1000;
/** A machine that does not keep up looks at the world as it is so often, ms. */
const WATCH_MS = 1000;
/** It keeps up again when it is no further behind than this, ms, for so long, ms. */
const KEEPS_UP_MS = 250;
const KEEPS_UP_FOR_MS = 10_000;
/** Bytes of a datagram kept for what is not actions: the section's head, ping and pong, one's own presence. */
const RESERVED_BYTES = 150;

/** Gives one replica the host's tape, and the host this guest's actions. */
export class TapeFollower {
  /** Starts after the first. */
  repairs = 0;
  private readonly window = new SendWindow();
  private submitted = 0;
  /** The long action that went out on `ctl` last, and when. */
  private longSent = 0;
  private longSentAt = -Infinity;
  private readonly batch: Uint8Array[] = [];
  private transfer: number | null = null;
  private toldAt = -Infinity;
  private heardEntries = false;
  private gapSince = Infinity;
  private askedAt = -Infinity;
  private repairAskedAt = -Infinity;
  private startedOnce = false;
  private watchedAt = -Infinity;
  private keptUpSince = Infinity;
  private mode: Mode = 'tape';

  /** @param world its number in the room */
  constructor(
    readonly replica: Replica,
    readonly world: number,
    private readonly clock: () => number,
    private readonly send: (message: CtlMessage) => void,
    private readonly receiver: BulkReceiver,
    private readonly out: RtWriter,
    private readonly onEvent: (event: RoomEvent) => void,
  ) {
    this.window.restart(1);
  }

  /**
   * The host lets this replica begin, or begin again.
   *
   * @returns false when that makes no sense
   */
  start({ seq, transfer, size }: CtlOf<'start'>): boolean {
    if (size === 0 || size > MAX_CHECKPOINT_BYTES) return false;
    this.stop();
    this.transfer = transfer;
    this.receiver.expect(transfer, size, {
      onProgress: () => {},
      onWhole: (checkpoint) => this.begin(checkpoint, seq),
      onCancel: () => {},
    });
    return true;
  }

  /** This world is over: nothing of it is wanted any more. */
  stop(): void {
    if (this.transfer !== null) this.receiver.cancel(this.transfer);
    this.transfer = null;
  }

  /**
   * What the host says of its tape.
   *
   * @returns false when that makes no sense
   * @throws SimroomError `tape-invalid`
   */
  hear({ tick, nextSeq, acted, entries }: TapeSection): boolean {
    const { replica } = this;
    if (!replica.started) return true;
    if (acted > this.submitted) return false;
    const now = this.clock();
    const before = replica.nextSeq;
    if (!replica.hear(tick, nextSeq, acted, entries)) {
      this.gapSince = Math.min(this.gapSince, now);
      return true;
    }
    if (replica.nextSeq > before) this.heardEntries = true;
    if (replica.nextSeq >= nextSeq) this.gapSince = Infinity;
    this.window.acknowledge(acted + 1, now);
    return true;
  }

  /**
   * Entries that came on `ctl`.
   *
   * @returns false when they are none
   * @throws SimroomError `tape-invalid`
   */
  hearEntries({ seq, fromTick, bytes }: CtlOf<'entries'>): boolean {
    const entries = decodeEntries(bytes, fromTick, seq);
    const last = entries?.at(-1);
    if (entries === null || last === undefined) return false;
    if (!this.replica.started) return true;
    if (this.replica.hear(last.tick, last.seq + 1, 0, entries)) this.heardEntries = true;
    return true;
  }

  hash(tick: number, hash: string): void {
    if (this.replica.started) this.replica.expectHash(tick, hash);
  }

  /** @throws SimroomError `bad-argument`; `no-model` before the world has begun */
  submit(action: Action): void {
    if (!this.replica.started) {
      throw new SimroomError('no-model', "The room's next world is not here yet. Try again in a moment.");
    }
    this.replica.submit(action);
    this.submitted++;
  }

  /** The replica has parted from the host at a tick: asks to begin again. */
  diverged(tick: number, hash: string): void {
    const now = this.clock();
    const bytes = fromHex(hash);
    // What is watched need not be exact: the next look puts it right.
    if (this.mode === 'snapshot') return;
    if (bytes === null || now < this.repairAskedAt + REPAIR_AGAIN_MS) return;
    this.repairAskedAt = now;
    this.send({ kind: 'diverged', world: this.world, tick, hash: bytes });
  }

  /** When something has to be sent, wall ms. */
  due(now: number, timeout: number): number {
    const { replica } = this;
    if (!replica.started) return Infinity;
    const ask = this.gapAt;
    const ack = this.toldAt + (this.heardEntries ? ACK_MS : HEARTBEAT_MS);
    return Math.min(ask, ack, this.longAt, this.window.due(this.shortEnd, timeout, now));
  }

  /** Asks for what is missing, sends long actions, and says whether this browser keeps up: on `ctl`. */
  flush(now: number, roundTrip: number): void {
    const { replica } = this;
    replica.roundTrip = roundTrip;
    if (!replica.started) return;
    this.chooseMode(now);
    if (this.gapAt <= now) {
      this.askedAt = now;
      this.send({ kind: 'missing', world: this.world, seq: replica.nextSeq });
    }
    if (this.longAt > now) return;
    const { first, list } = replica.inFlight;
    const bytes = list[0]?.bytes;
    if (bytes === undefined) return;
    this.send({ kind: 'act', world: this.world, number: first, action: new Uint8Array(bytes) });
    this.longSent = first;
    this.longSentAt = now;
  }

  /**
   * Follows the tape for as long as this machine keeps up. Else it watches: it asks for the world as it is, runs it as
   * fast as it can, and asks again.
   */
  private chooseMode(now: number): void {
    const { replica } = this;
    if (this.mode === 'tape') {
      if (!replica.behind) return;
      this.keptUpSince = now;
      this.setMode('snapshot', now);
      return;
    }
    if (replica.lag > KEEPS_UP_MS) this.keptUpSince = now;
    if (now - this.keptUpSince > KEEPS_UP_FOR_MS) this.setMode('tape', now);
    else if (this.transfer === null && now >= this.watchedAt + WATCH_MS) this.setMode('snapshot', now);
  }

  private setMode(mode: Mode, now: number): void {
    const changed = mode !== this.mode;
    this.mode = mode;
    this.watchedAt = now;
    this.send({ kind: 'mode', mode });
    if (changed) this.onEvent({ kind: 'mode', mode });
  }

  /** Adds to the datagram being written what the host does not have. */
  write(now: number, timeout: number): void {
    const { replica, window, batch, out } = this;
    if (!replica.started) return;
    const end = this.shortEnd;
    const { first, list } = replica.inFlight;
    const from = window.from(end, timeout, now);
    const begin = Math.max(from, first);
    batch.length = 0;
    let bytes = 0;
    for (let number = begin; number < end; number++) {
      const action = list[number - first]?.bytes;
      if (action === undefined) break;
      bytes += action.length;
      if (bytes > MAX_RT_BYTES - RESERVED_BYTES) break;
      batch.push(action);
    }
    if (batch.length > 0) window.note(from, begin + batch.length, now);
    out.acts(this.world, replica.nextSeq, begin, batch);
    this.toldAt = now;
    this.heardEntries = false;
  }

  /** Number after the last action that may go out on `rt`: those behind a long one would be passed over. */
  private get shortEnd(): number {
    const { first, list } = this.replica.inFlight;
    for (let i = 0; i < list.length; i++) {
      if ((list[i]?.bytes.length ?? 0) > MAX_RT_ACTION_BYTES) return first + i;
    }
    return this.submitted + 1;
  }

  /** When a long action has to go out, wall ms: it waits until it is the next, because others are passed over. */
  private get longAt(): number {
    const { first, list } = this.replica.inFlight;
    if ((list[0]?.bytes.length ?? 0) <= MAX_RT_ACTION_BYTES) return Infinity;
    return first === this.longSent ? this.longSentAt + LONG_AGAIN_MS : -Infinity;
  }

  private get gapAt(): number {
    return Math.max(this.gapSince + GAP_MS + this.replica.roundTrip / 2, this.askedAt + ASK_AGAIN_MS);
  }

  private begin(checkpoint: Uint8Array, seq: number): void {
    this.transfer = null;
    this.replica.start(checkpoint, seq);
    this.gapSince = Infinity;
    this.askedAt = -Infinity;
    this.repairAskedAt = -Infinity;
    // Told at once: the host waits for it.
    this.toldAt = -Infinity;
    if (this.startedOnce && this.mode === 'tape') this.repairs++;
    else if (!this.startedOnce) {
      this.startedOnce = true;
      this.onEvent({ kind: 'started', world: this.world });
    }
  }
}
