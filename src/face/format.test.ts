import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHANNELS, HEAD_STEPS, MAX_HEAD_STEP, WEIGHT_STEPS } from './frame';
import { CONTEXTS } from './frame_coder';
import { FLAG, KEPT_FRAMES, MAX_FRAMES, MAX_MESSAGE_BYTES } from './message';

const FORMAT = readFileSync(path.join(import.meta.dirname, 'FORMAT.md'), 'utf8');
const rows = [...FORMAT.matchAll(/^\| (\w+) +\| (\w*)/gm)].map((match) => [match[1], match[2]]);

describe('FORMAT.md', () => {
  it('says every limit', () => {
    const values = Object.fromEntries(
      rows.filter(([name]) => /^[A-Z_]{4,}$/.test(name ?? '')).map(([name, value]) => [name, Number(value)]),
    );
    expect(values).toEqual({
      CHANNELS,
      WEIGHT_STEPS,
      HEAD_STEPS,
      MAX_HEAD_STEP,
      MAX_MESSAGE_BYTES,
      MAX_FRAMES,
      KEPT_FRAMES,
      CONTEXTS,
    });
  });

  it('says every bit of a head', () => {
    const bits = rows.map(([name]) => name ?? '').filter((name) => name.startsWith('0x'));
    expect(bits.map(Number)).toEqual(Object.values(FLAG));
  });

  it('gives every rule one id', () => {
    const ids = [...FORMAT.matchAll(/^- \*\*([A-Z]+-\d+)\*\*/gm)].map((match) => match[1]);
    expect(ids).toEqual([...new Set(ids)]);
    expect(ids.length).toBe(17);
    for (const [, id] of FORMAT.matchAll(/\b((?:FACE|CODE)-\d+)\b/g)) expect(ids).toContain(id);
  });
});
