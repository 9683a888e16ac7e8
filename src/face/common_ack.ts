import { ahead } from './message';

/** What a face's receivers have acknowledged, taken together, for whoever stands between them and the sender. */
export class CommonAck {
  private readonly held = new Map<number, number | null>();

  /** @param held as the receiver reports it; null for one that has only just joined */
  set(receiver: number, held: number | null): void {
    this.held.set(receiver, held);
  }

  /** Forgets a receiver that has left, or that has not been heard of for long. */
  delete(receiver: number): void {
    this.held.delete(receiver);
  }

  /** The oldest of what they have: the sender takes it only if that is what it proposed. Null when one has nothing. */
  get common(): number | null {
    let oldest: number | null = null;
    for (const held of this.held.values()) {
      if (held === null) return null;
      if (oldest === null || ahead(held, oldest) < 0) oldest = held;
    }
    return oldest;
  }
}
