import type { PlainError } from '../../core/errors';
import { SimroomError } from '../../core/errors';
import type { CtlOf, Outcome, Request } from '../../protocol/ctl';
import { toHex } from '../../core/encoding';
import { MAX_MODEL_BYTES } from '../../protocol/limits';
import type { HostGuest } from './host_guest';
import type { RoomEvent } from '../room_messages';

/** Models on their way to the host at a time: each may be large. */
const MAX_PENDING = 4;

interface PendingLoad {
  readonly guest: HostGuest;
  /** Number of the guest's request. */
  readonly request: number;
  readonly hash: string;
  readonly size: number;
}

/** Models that guests want the room to load, until the host's app has answered. */
export class Loads {
  private readonly pending = new Map<number, PendingLoad>();
  private nextId = 1;

  constructor(private readonly tell: (event: RoomEvent) => void) {}

  /**
   * Takes a request; its answer follows.
   *
   * @throws SimroomError `model-too-large`, `too-fast`
   */
  add(guest: HostGuest, request: number, load: Extract<Request, { kind: 'load' }>): void {
    if (load.size === 0 || load.size > MAX_MODEL_BYTES) {
      throw new SimroomError(
        'model-too-large',
        `A model that is shared may have up to ${MAX_MODEL_BYTES >> 20} MB of files; this one has ${Math.ceil(load.size / 2 ** 20)}.`,
      );
    }
    const loads = [...this.pending.values()];
    if (loads.length >= MAX_PENDING || loads.some((one) => one.guest === guest)) {
      throw new SimroomError(
        'too-fast',
        'Another model is still on its way to the host. Try again when it is there.',
      );
    }
    const id = this.nextId++;
    const hash = toHex(load.bundle);
    this.pending.set(id, { guest, request, hash, size: load.size });
    this.tell({
      kind: 'loadRequested',
      id,
      seat: guest.seat,
      bundle: hash,
      size: load.size,
      origin: load.origin,
    });
  }

  /** Asks whoever wants a model loaded for its files; false when nobody does. */
  pull(hash: string): boolean {
    for (const load of this.pending.values()) {
      if (load.hash !== hash) continue;
      load.guest.content.want(hash, load.size);
      return true;
    }
    return false;
  }

  /** What became of a load. */
  answer(id: number, error: PlainError | null): void {
    const load = this.pending.get(id);
    this.pending.delete(id);
    const outcome: Outcome =
      error === null ? { kind: 'done' } : { kind: 'failed', code: error.code, message: error.message };
    load?.guest.send({ kind: 'answer', id: load.request, outcome } satisfies CtlOf<'answer'>);
  }

  /** Somebody has left. */
  forget(guest: HostGuest): void {
    for (const [id, load] of this.pending) if (load.guest === guest) this.pending.delete(id);
  }
}
