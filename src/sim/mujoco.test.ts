import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { compileXml } from '../testing/mujoco';

const program = process.argv[1] ?? '';

afterEach(() => {
  process.argv[1] = program;
});

describe('instantiateMujoco', () => {
  it('compiles to the same bits whatever the program is called', async () => {
    // The name lies before everything else in memory. With a badly aligned stack this model's inertias showed it.
    const xml = await readFile('public/models/arm/arm.xml', 'utf8');
    const results: Uint8Array[] = [];
    for (const name of ['/a', '/name', `/${'b'.repeat(11)}`, `/${'c'.repeat(20)}`, `/${'d'.repeat(27)}`]) {
      process.argv[1] = name;
      results.push(await compileXml(xml));
    }
    for (const result of results) expect(Buffer.compare(result, results[0] ?? result)).toBe(0);
  });

  it('holds a chain of bodies far deeper than the stack of the build allows', async () => {
    const depth = 400;
    const body = '<body pos="0 0 .1"><joint type="hinge"/><geom size=".05"/>';
    const xml = `<mujoco><worldbody>${body.repeat(depth)}${'</body>'.repeat(depth)}</worldbody></mujoco>`;
    expect((await compileXml(xml)).length).toBeGreaterThan(0);
  });
});
