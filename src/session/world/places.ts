import type { Mark } from '../../sim/mark';
import type { Sim } from '../../sim/sim';

/** A mark at least so often, ms: what a late entry costs to simulate again. */
const MARK_MS = 50;

/** The world as it was when `entries[0..applied)` had been applied, and nothing guessed. */
interface Place {
  readonly mark: Mark;
  readonly applied: number;
}

/** Where a replica can go back to; nowhere, where there is no memory for marks. */
export class Places {
  /** Confirmed by the host. */
  private certain: Place | null = null;
  /** Exact as far as is known; certain once the host's word has passed it. */
  private tentative: Place | null = null;
  private markedAt = -Infinity;
  private readonly possible: boolean;

  /** @param clock wall clock, ms */
  constructor(
    private readonly sim: Sim,
    private readonly clock: () => number,
  ) {
    this.possible = sim.isMarkable;
  }

  /** Forgets all places and begins with the present, which is certain. */
  begin(applied: number): void {
    this.dispose();
    if (this.possible) this.certain = { mark: this.sim.mark(), applied };
  }

  /** Nothing before this tick can change any more. */
  get certainTick(): number {
    return this.certain?.mark.tick ?? 0;
  }

  /**
   * Returns to the latest place.
   *
   * @returns how many entries had been applied there, or null when there is none
   */
  back(): number | null {
    const place = this.tentative ?? this.certain;
    if (place === null) return null;
    this.sim.back(place.mark);
    return place.applied;
  }

  /**
   * Marks the present, in which nothing is guessed, now and then: so that going back is never far.
   *
   * @param head the host's tape is complete through this tick
   */
  keep(applied: number, head: number, now: number): void {
    const { sim, certain } = this;
    if (!this.possible || this.tentative !== null || now - this.markedAt < MARK_MS) return;
    if (certain?.mark.tick === sim.tick && certain.applied === applied) return;
    this.tentative = { mark: sim.mark(), applied };
    this.markedAt = this.clock();
    this.confirm(head);
  }

  /** The host's tape is complete through a tick. */
  confirm(head: number): void {
    const { tentative } = this;
    if (tentative === null || tentative.mark.tick > head) return;
    this.certain?.mark.dispose();
    this.certain = tentative;
    this.tentative = null;
  }

  /** An entry came for this tick: a place beyond it was not exact. */
  dropBeyond(tick: number): void {
    if (this.tentative !== null && this.tentative.mark.tick > tick) this.dropTentative();
  }

  dispose(): void {
    this.dropTentative();
    this.certain?.mark.dispose();
    this.certain = null;
  }

  private dropTentative(): void {
    this.tentative?.mark.dispose();
    this.tentative = null;
  }
}
