import { CHANNELS } from './frame';
import { REGION, REGIONS, type Region } from './regions';

/** Which source drives each region of a face, by its key; null for none. */
export type Regions<Source> = Readonly<Record<Region, Source | null>>;

/** All regions from one source. */
export function allFrom<Source>(source: Source): Regions<Source> {
  return { eyes: source, brows: source, mouth: source, cheeks: source, head: source };
}

/**
 * Puts a face together from several: the eyes of one, the mouth of another.
 *
 * @param faces the frame of each source; a source without one leaves its regions as they are in `out`
 * @param out CHANNELS numbers; regions without a source are left as they are
 */
export function mix<Source>(
  regions: Regions<Source>,
  faces: ReadonlyMap<Source, Float32Array>,
  out: Float32Array,
): void {
  for (let r = 0; r < REGIONS.length; r++) {
    const region = REGIONS[r];
    const source = region === undefined ? null : regions[region];
    const face = source === null ? undefined : faces.get(source);
    if (face === undefined) continue;
    for (let i = 0; i < CHANNELS; i++) if (REGION[i] === r) out[i] = face[i] ?? 0;
  }
}
