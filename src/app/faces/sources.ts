import { SimroomError, toPlainError } from '../../core/errors';
import type { SourceRequest } from './api';
import type { OwnFace } from './own_face';
import { SourceSlot, TITLES } from './slot';
import type { FaceSource, SourceEvents, SourceKind, SourceStatus } from './source';

export interface SourcesEvents {
  /** A source has a new face. */
  face(): void;
  /** Something slow has changed: what is open, and how it does. */
  changed(): void;
  /** A source that ran has failed. */
  failed(title: string, why: string): void;
}

/** Opens and closes the sources of one's own face: one of each kind. */
export class Sources {
  /** @param open as `openSource` */
  constructor(
    private readonly own: OwnFace,
    private readonly events: SourcesEvents,
    private readonly open: (request: SourceRequest, events: SourceEvents) => Promise<FaceSource>,
  ) {}

  /** @throws SimroomError as the source has it; `load-cancelled` when it was closed meanwhile */
  async start(request: SourceRequest): Promise<void> {
    const { kind } = request;
    const slot = new SourceSlot(kind, this.own.tuningOf(kind));
    this.end(kind);
    this.own.add(slot);
    this.events.changed();
    try {
      const source = await this.open(request, this.eventsOf(slot));
      if (slot.isClosed) {
        source.close();
        throw cancelled();
      }
      slot.hold(source);
    } catch (thrown) {
      const wasClosed = slot.isClosed;
      this.own.remove(slot);
      throw wasClosed && !(thrown instanceof SimroomError) ? cancelled() : thrown;
    } finally {
      this.events.changed();
    }
    this.events.face();
  }

  /** Ends one source, or all; camera and microphone are off when this returns. */
  end(kind?: SourceKind): void {
    let any = false;
    for (const slot of this.own.open) {
      if (slot.kind === 'code' || (kind !== undefined && slot.kind !== kind)) continue;
      this.own.remove(slot);
      any = true;
    }
    if (any) this.ended();
  }

  private eventsOf(slot: SourceSlot): SourceEvents {
    return {
      changed: () => {
        if (slot.isClosed) return;
        slot.push(performance.now());
        this.events.face();
      },
      status: (status) => this.tell(slot, status),
      ended: () => {
        if (slot.isClosed) return;
        if (slot.status.state === 'failed') slot.fail(slot.status.text);
        else this.own.remove(slot);
        this.ended();
      },
    };
  }

  private tell(slot: SourceSlot, status: SourceStatus): void {
    if (slot.isClosed) return;
    const failed = status.state === 'failed' && slot.status.state !== 'failed';
    slot.status = status;
    // Before it is open, whoever opens it is told.
    if (failed && slot.source !== null) {
      slot.fail(status.text);
      this.events.failed(TITLES[slot.kind], status.text);
    }
    this.events.changed();
  }

  private ended(): void {
    this.events.changed();
    this.events.face();
  }
}

/** What a failed source says, for people. */
export function wordsOf(thrown: unknown): string {
  return toPlainError(thrown, 'engine-failed').message;
}

function cancelled(): SimroomError {
  return new SimroomError('load-cancelled', 'This source was closed before it was open.');
}
