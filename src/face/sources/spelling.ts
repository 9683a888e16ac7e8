import { ARKIT_NAMES } from '../names';

/**
 * The 52 shapes as other programs write them: `eyeBlinkLeft`, `EyeBlinkLeft` (Perfect Sync, Live Link Face),
 * `eyeBlink_L` (iFacialMocap), `eye_blink_left`, `head.eyeBlink_L` (a mesh and its shape).
 */
const BY_SPELLING: ReadonlyMap<string, number> = new Map(
  ARKIT_NAMES.flatMap((name, shape): [string, number][] => {
    const full = name.toLowerCase();
    const short = full.replace(/(?<=l|r)(?:eft|ight)$/, '');
    return [full, short].map((spelling) => [spelling, shape]);
  }),
);

/** Longer names are nobody's, characters. */
const MAX_NAME_CHARS = 64;

/** Spellings that were looked up, as programs send the same ones 60 times a second. */
const known = new Map<string, number>();
/** Spellings that are kept; strangers could otherwise fill the memory. */
const MAX_KNOWN = 1024;

/** The index of a shape by its name in any spelling, or -1. */
export function shapeOf(name: string): number {
  const found = known.get(name);
  if (found !== undefined) return found;
  if (name.length > MAX_NAME_CHARS) return -1;
  const shape = lookUp(name) ?? lookUp(name.slice(name.lastIndexOf('.') + 1)) ?? -1;
  if (known.size < MAX_KNOWN) known.set(name, shape);
  return shape;
}

function lookUp(name: string): number | undefined {
  return BY_SPELLING.get(name.replaceAll(/[\s._-]/g, '').toLowerCase());
}
