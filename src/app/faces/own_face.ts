import type { SimroomError } from '../../core/errors';
import { CHANNELS } from '../../face/frame';
import { mix } from '../../face/mix';
import { SHAPE, type ArkitName } from '../../face/names';
import { REGIONS, type Region } from '../../face/regions';
import { Tuning } from '../../face/tuning';
import type { Tune } from './arguments';
import type { CodeFace } from './code';
import { IdleSource } from './idle';
import type { FaceMemory } from './memory';
import { SourceSlot, regionsOf } from './slot';
import { SOURCE_KINDS, type SourceKind } from './source';

/** Between two faces, ms. */
const LEAST_MS = 1e-3;

/**
 * One's own face, put together from the sources that are open: each region from the one that was chosen for it, or from
 * the first in the order of `SOURCE_KINDS` that has something to say; nobody's regions idle.
 */
export class OwnFace {
  /** CHANNELS numbers, the same array for good: what is shown and sent. */
  readonly face = new Float32Array(CHANNELS);
  readonly choices: Record<Region, SourceKind | 'auto'> = {
    eyes: 'auto',
    brows: 'auto',
    mouth: 'auto',
    cheeks: 'auto',
    head: 'auto',
  };
  private readonly drivers: Record<Region, SourceKind | null> = {
    eyes: null,
    brows: null,
    mouth: null,
    cheeks: null,
    head: null,
  };
  /** In the order in which they are asked; code and idle are always there. */
  private slots: readonly SourceSlot[] = [];
  private readonly frames = new Map<SourceKind, Float32Array>();
  private readonly tunings = new Map<SourceKind, Tuning>();
  private composedAt = -Infinity;
  private calibrating = 0;
  private driven = false;

  /** @param failed a source could not give a face any more */
  constructor(
    private readonly code: CodeFace,
    private readonly memory: FaceMemory,
    private readonly failed: (kind: SourceKind, error: SimroomError) => void,
  ) {
    for (const source of [code, new IdleSource(memory.seed)]) {
      const slot = new SourceSlot(source.kind, this.tuningOf(source.kind));
      slot.hold(source);
      this.add(slot);
    }
  }

  /** Sources that were opened, and code while it drives something. */
  get open(): readonly SourceSlot[] {
    return this.slots.filter(({ kind }) => kind !== 'idle' && (kind !== 'code' || this.code.isSet));
  }

  /** Whether something else than idling drives a part of it. */
  get isDriven(): boolean {
    return this.driven;
  }

  slotOf(kind: SourceKind): SourceSlot | null {
    return this.slots.find((slot) => slot.kind === kind) ?? null;
  }

  add(slot: SourceSlot): void {
    const others = this.slots.filter(({ kind }) => kind !== slot.kind);
    this.slots = [...others, slot].toSorted(
      (a, b) => SOURCE_KINDS.indexOf(a.kind) - SOURCE_KINDS.indexOf(b.kind),
    );
    this.frames.set(slot.kind, slot.frame);
  }

  /** Takes a source out. Code and idle stay. */
  remove(slot: SourceSlot): void {
    slot.close();
    if (this.slotOf(slot.kind) !== slot) return;
    this.slots = this.slots.filter((other) => other !== slot);
    this.frames.delete(slot.kind);
  }

  /**
   * Puts the face together as it is now.
   *
   * @param now `performance.now()`, ms
   * @returns whether something slow has changed: who drives what, a calibration that is over
   */
  compose(now: number): boolean {
    // Clocks are coarse: what changed twice in one tick of theirs is two faces all the same.
    const at = Math.max(now, this.composedAt + LEAST_MS);
    this.composedAt = at;
    let changed = false;
    let calibrating = 0;
    for (const slot of this.slots) {
      const wasCapturing = slot.tuning.isCapturing;
      const error = slot.sample(at);
      if (error !== null) {
        changed = true;
        this.failed(slot.kind, error);
      }
      if (slot.isCalibrating) calibrating++;
      else if (wasCapturing) this.memory.keepTuning(slot.kind, slot.tuning);
    }
    if (calibrating !== this.calibrating) changed = true;
    this.calibrating = calibrating;
    for (let r = 0; r < REGIONS.length; r++) {
      const region = REGIONS[r];
      if (region === undefined) continue;
      const driver = this.driverOf(r, this.choices[region]);
      if (driver === this.drivers[region]) continue;
      this.drivers[region] = driver;
      changed = true;
    }
    if (changed) {
      this.driven = REGIONS.some(
        (region) => this.drivers[region] !== 'idle' && this.drivers[region] !== null,
      );
    }
    mix(this.drivers, this.frames, this.face);
    if (changed) this.tell();
    return changed;
  }

  /** Who drives a region: the chosen one, else the first that can. */
  private driverOf(region: number, choice: SourceKind | 'auto'): SourceKind | null {
    let first: SourceKind | null = null;
    for (const { kind, mask } of this.slots) {
      if ((mask & (1 << region)) === 0) continue;
      if (kind === choice) return kind;
      first ??= kind;
    }
    return first;
  }

  private tell(): void {
    for (const slot of this.slots) {
      let mask = 0;
      for (let r = 0; r < REGIONS.length; r++) {
        const region = REGIONS[r];
        if (region !== undefined && this.drivers[region] === slot.kind) mask |= 1 << r;
      }
      slot.drives = regionsOf(mask);
    }
  }

  choose(region: Region, source: SourceKind | 'auto'): void {
    this.choices[region] = source;
  }

  /** Takes the next second of a source's faces for its neutral one. */
  calibrate(kind: SourceKind): void {
    const slot = this.slotOf(kind);
    if (slot !== null) slot.calibrate(this.composedAt);
    else this.tuningOf(kind).captureNeutral();
  }

  tune(kind: SourceKind, { gain = {}, mirrored, neutral }: Tune): void {
    const tuning = this.tuningOf(kind);
    for (const [name, value] of Object.entries(gain)) tuning.setGain(SHAPE[name as ArkitName], value);
    if (mirrored !== undefined) tuning.mirrored = mirrored;
    if (neutral === null) tuning.clearNeutral();
    this.memory.keepTuning(kind, tuning);
  }

  tuningOf(kind: SourceKind): Tuning {
    let tuning = this.tunings.get(kind);
    if (tuning === undefined) {
      tuning = new Tuning();
      this.memory.restore(kind, tuning);
      this.tunings.set(kind, tuning);
    }
    return tuning;
  }
}
