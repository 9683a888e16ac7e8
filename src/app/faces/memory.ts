import { CHANNELS } from '../../face/frame';
import { SHAPE, type ArkitName } from '../../face/names';
import { MAX_GAIN, type Tuning } from '../../face/tuning';
import { HAIR_COLOURS, IRIS_COLOURS, SKIN_TONES } from '../../face/head/colours';
import { STYLE_NAMES } from '../../face/head/style';
import { type FaceLook, lookFor } from '../../face/look';
import { SOURCE_KINDS, type SourceKind } from './source';

/** Where a browser keeps it. */
export const FACE_MEMORY_KEY = 'simroom.face';
const MAX_SEED = 2 ** 31;

/** How a source was tuned. */
interface KeptTuning {
  readonly neutral?: readonly number[];
  readonly gain?: Readonly<Partial<Record<ArkitName, number>>>;
  readonly mirrored?: boolean;
}

interface Kept {
  /** This browser's own number, from which a look is chosen for somebody who has not. */
  readonly seed: number;
  readonly look?: FaceLook;
  readonly tunings: Partial<Record<SourceKind, KeptTuning>>;
}

/** What this browser remembers about one's face; without storage it lasts as long as the page. */
export class FaceMemory {
  private kept: Kept = read() ?? { seed: Math.floor(Math.random() * MAX_SEED), tunings: {} };

  private readonly firstLook = lookFor(this.kept.seed);

  constructor() {
    write(this.kept);
  }

  get seed(): number {
    return this.kept.seed;
  }

  /** The same object until it is another look. */
  get look(): FaceLook {
    return this.kept.look ?? this.firstLook;
  }

  set look(look: FaceLook) {
    this.keep({ ...this.kept, look });
  }

  /** Puts a tuning as it was kept. */
  restore(kind: SourceKind, tuning: Tuning): void {
    const { neutral, gain = {}, mirrored = false } = this.kept.tunings[kind] ?? {};
    tuning.mirrored = mirrored;
    if (neutral !== undefined) tuning.neutralFace = Float32Array.from(neutral);
    for (const [name, value] of Object.entries(gain)) tuning.setGain(SHAPE[name as ArkitName], value);
  }

  keepTuning(kind: SourceKind, tuning: Tuning): void {
    const face = tuning.neutralFace;
    const kept: KeptTuning = {
      ...(face.some((value) => value !== 0) ? { neutral: Array.from(face, (value) => round(value)) } : {}),
      gain: gainsOf(tuning),
      mirrored: tuning.mirrored,
    };
    this.keep({ ...this.kept, tunings: { ...this.kept.tunings, [kind]: kept } });
  }

  private keep(kept: Kept): void {
    this.kept = kept;
    write(kept);
  }
}

/** Gains that are not 1, by name. */
export function gainsOf(tuning: Tuning): Partial<Record<ArkitName, number>> {
  const gains = Object.entries(SHAPE).map(([name, shape]) => [name, tuning.gainOf(shape)] as const);
  return Object.fromEntries(gains.filter(([, gain]) => gain !== 1));
}

/** Whether a style has all that a look says. */
export function isLook(value: unknown): value is FaceLook {
  if (typeof value !== 'object' || value === null) return false;
  const { style, skin, hair, iris, file } = value as Record<string, unknown>;
  const known = STYLE_NAMES.find((name) => name === style);
  return (
    known !== undefined &&
    isIndex(skin, SKIN_TONES[known]) &&
    isIndex(hair, HAIR_COLOURS) &&
    isIndex(iris, IRIS_COLOURS) &&
    (file === null || (typeof file === 'string' && /^[0-9a-f]{64}$/.test(file)))
  );
}

function isIndex(value: unknown, list: readonly unknown[]): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < list.length;
}

function round(value: number): number {
  return Number(value.toFixed(4));
}

function read(): Kept | null {
  try {
    const stored: unknown = JSON.parse(window.localStorage.getItem(FACE_MEMORY_KEY) ?? 'null');
    if (typeof stored !== 'object' || stored === null) return null;
    const { seed, look, tunings } = stored as Record<string, unknown>;
    if (typeof seed !== 'number' || !Number.isInteger(seed)) return null;
    return { seed, ...(isLook(look) ? { look } : {}), tunings: readTunings(tunings) };
  } catch {
    // No storage, or not what we wrote: a newcomer.
    return null;
  }
}

function readTunings(value: unknown): Kept['tunings'] {
  if (typeof value !== 'object' || value === null) return {};
  const tunings: Kept['tunings'] = {};
  for (const kind of SOURCE_KINDS) {
    const one: unknown = Reflect.get(value, kind);
    if (typeof one !== 'object' || one === null) continue;
    const { neutral, gain, mirrored } = one as Record<string, unknown>;
    tunings[kind] = {
      ...(isNeutral(neutral) ? { neutral } : {}),
      gain: readGain(gain),
      mirrored: mirrored === true,
    };
  }
  return tunings;
}

function isNeutral(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length === CHANNELS && value.every((one) => Number.isFinite(one));
}

function readGain(value: unknown): Partial<Record<ArkitName, number>> {
  if (typeof value !== 'object' || value === null) return {};
  const fits = ([name, gain]: readonly [string, unknown]): boolean =>
    Object.hasOwn(SHAPE, name) && typeof gain === 'number' && gain >= 0 && gain <= MAX_GAIN;
  return Object.fromEntries(Object.entries(value).filter(fits));
}

function write(kept: Kept): void {
  try {
    window.localStorage.setItem(FACE_MEMORY_KEY, JSON.stringify(kept));
  } catch {
    // No storage: it lasts as long as the page.
  }
}
