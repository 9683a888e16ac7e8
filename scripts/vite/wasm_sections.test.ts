import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { stripCustomSections } from './wasm_sections';

const MAGIC = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
/** A type section declaring no types. */
const TYPES = [0x01, 0x01, 0x00];
/** A custom section named "x" with a payload of `bytes` bytes. */
const custom = (bytes: number): number[] => {
  const size = bytes + 2;
  return [0x00, (size & 0x7f) | 0x80, size >> 7, 0x01, 0x78, ...Array.from({ length: bytes }, () => 7)];
};

test('drops custom sections and keeps the others, in order', () => {
  const wasm = Uint8Array.from([...MAGIC, ...custom(3), ...TYPES, ...custom(300)]);
  expect([...stripCustomSections(wasm)]).toEqual([...MAGIC, ...TYPES]);
});

test('rejects what is no module, or a module cut short', () => {
  expect(() => stripCustomSections(new TextEncoder().encode('<mujoco/>'))).toThrow(
    'not a WebAssembly module',
  );
  const wasm = Uint8Array.from([...MAGIC, ...custom(300)]);
  expect(() => stripCustomSections(wasm.subarray(0, 40))).toThrow('cut off');
});

test("MuJoCo's module still compiles, with the same imports and exports, at under half the size", async () => {
  const original = await readFile(createRequire(import.meta.url).resolve('@mujoco/mujoco/mujoco.wasm'));
  const stripped = stripCustomSections(original);
  expect(stripped.byteLength).toBeLessThan(original.byteLength / 2);
  const [before, after] = await Promise.all([
    WebAssembly.compile(Uint8Array.from(original)),
    WebAssembly.compile(stripped),
  ]);
  expect(WebAssembly.Module.exports(after)).toEqual(WebAssembly.Module.exports(before));
  expect(WebAssembly.Module.imports(after)).toEqual(WebAssembly.Module.imports(before));
  expect(WebAssembly.Module.customSections(after, 'name')).toHaveLength(0);
});
