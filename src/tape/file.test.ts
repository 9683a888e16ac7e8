import { fc } from '../testing/properties';
import { describe, expect, it } from 'vitest';
import { SimroomError } from '../core/errors';
import { type TapeFile, decodeTapeFile, encodeTapeFile } from './file';

const file: TapeFile = {
  wasm: 'ab'.repeat(32),
  origin: 'Kübel – 机器人.xml',
  bundle: Uint8Array.of(1, 2, 3),
  checkpoint: Uint8Array.of(4),
  entries: new Uint8Array(0),
  tick: 12_345_678_901,
  hash: '0'.repeat(32),
};

describe('the tape file', () => {
  it('is read as it was written', () => {
    expect(decodeTapeFile(encodeTapeFile(file))).toEqual(file);
  });

  it('says that a damaged file is damaged, whatever it holds', () => {
    const whole = encodeTapeFile(file);
    for (let cut = 0; cut < whole.length; cut++) {
      expect(() => decodeTapeFile(whole.slice(0, cut))).toThrow(SimroomError);
    }
    fc.assert(
      fc.property(fc.uint8Array(), (garbage) => {
        expect(() => decodeTapeFile(garbage)).toThrow(/not a whole Simroom tape/);
      }),
    );
  });

  it('names the version it cannot read', () => {
    const newer = encodeTapeFile(file);
    newer[7] = 9;
    expect(() => decodeTapeFile(newer)).toThrow(/version 9/);
  });
});
