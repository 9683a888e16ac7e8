import { CHANNELS } from './frame';
import { ARKIT_NAMES, type ArkitName } from './names';

/** Parts of a face that move together, and that different sources may drive. */
export const REGIONS = ['eyes', 'brows', 'mouth', 'cheeks', 'head'] as const;

export type Region = (typeof REGIONS)[number];

/** The region of each channel of a frame, as its index in {@link REGIONS}. */
export const REGION: Uint8Array = Uint8Array.from({ length: CHANNELS }, (_, i) =>
  REGIONS.indexOf(regionOf(ARKIT_NAMES[i])),
);

function regionOf(name: ArkitName | undefined): Region {
  if (name === undefined) return 'head';
  if (name.startsWith('eye')) return 'eyes';
  if (name.startsWith('brow')) return 'brows';
  return name.startsWith('cheek') || name.startsWith('nose') ? 'cheeks' : 'mouth';
}
