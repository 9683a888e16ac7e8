// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { surfaceFragment, type LightTerms } from './surface_shader';

const BLACK = [0, 0, 0] as const;
const SUN: LightTerms = { ambient: BLACK, diffuse: [0.5, 0.5, 0.5], specular: BLACK, spot: null };
const LAMP: LightTerms = {
  ambient: [0.1, 0.1, 0.1],
  diffuse: [1, 1, 1],
  specular: [0.3, 0.3, 0.3],
  spot: { cone: 0.5, exponent: 10, attenuation: [1, 0, 0.25] },
};

/** The statements of `main` that add to the light. */
const sums = (code: string): string[] =>
  [...code.matchAll(/^ {4}color \+= (.*);$/gm)].map(([, term]) => term ?? '');

describe('the lighting program', () => {
  it('leaves out what a light does not have', () => {
    const sun = surfaceFragment({ lights: [SUN], plain: 1, maps: 0 }, true);
    expect(sun).not.toContain('pow(');
    const lamp = surfaceFragment({ lights: [LAMP], plain: 1, maps: 0 }, true);
    expect(lamp).toContain('inCone < 0.5');
    expect(lamp).toContain('pow(max(inCone, 1e-6), 10.0)');
    expect(lamp).toContain('1.0 / (1.0 + far * (0.0 + far * 0.25))');
  });

  it('has some ambient light when nothing shines, and only then', () => {
    expect(surfaceFragment({ lights: [], plain: 0, maps: 0 }, true)).toContain('vLook.x + 0.3');
    expect(surfaceFragment({ lights: [SUN], plain: 1, maps: 0 }, true)).not.toContain('vLook.x + 0.3');
  });

  it('adds plain lights together, shadowed ones through their maps, and those beyond the maps by themselves', () => {
    const code = surfaceFragment({ lights: [SUN, LAMP, LAMP, LAMP], plain: 1, maps: 2 }, true);
    expect(sums(code)).toEqual([
      'light0(n, v)',
      'visible(shadowMap[0], shadowMatrix[0]) * min(light1(n, v), 1.0)',
      'visible(shadowMap[1], shadowMatrix[1]) * min(light2(n, v), 1.0)',
      'min(light3(n, v), 1.0)',
    ]);
  });

  it('takes every light together, without shadows, where none fall', () => {
    const code = surfaceFragment({ lights: [SUN, LAMP], plain: 1, maps: 1 }, false);
    expect(sums(code)).toEqual(['light0(n, v)', 'light1(n, v)']);
    expect(code).not.toContain('shadowMap');
  });
});
