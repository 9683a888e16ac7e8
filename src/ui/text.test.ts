import { expect, test } from 'vitest';
import type { CameraPose } from '../app/api';
import { cameraAsCode, cameraAsMjcf, cameraFrame } from './camera_text';
import {
  fitNumber,
  formatBytes,
  formatFactor,
  formatFixed,
  formatNumber,
  formatSpeed,
  parseNumber,
} from './format';
import { nextSpeed } from './speeds';

const POSE: CameraPose = {
  lookat: [1, 2, 3],
  distance: 2,
  azimuth: 90,
  elevation: -90,
  fixed: null,
  track: null,
};

test('a camera that looks straight down stands above what it looks at', () => {
  expect(cameraAsMjcf(POSE)).toBe('<camera pos="1 2 5" xyaxes="1 0 0 0 1 0"/>');
});

test('the camera frame is orthonormal and looks at the point, whatever the angles', () => {
  for (const [azimuth, elevation] of [
    [0, 0],
    [37, -12],
    [-150, 44],
  ] as const) {
    const { pos, x, y } = cameraFrame({ ...POSE, azimuth, elevation });
    const z = [x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0]];
    expect(Math.hypot(...x)).toBeCloseTo(1);
    expect(Math.hypot(...y)).toBeCloseTo(1);
    // The camera looks along its own -z, over the distance.
    z.forEach((zi, i) => expect((pos[i] ?? 0) - 2 * zi).toBeCloseTo(POSE.lookat[i] ?? 0));
  }
});

test('the code gives the same pose back', () => {
  expect(cameraAsCode(POSE)).toBe(
    'simroom.camera.set({ lookat: [1, 2, 3], distance: 2, azimuth: 90, elevation: -90 })',
  );
});

test('numbers are written as people read them and read as people write them', () => {
  expect(formatNumber(-9.81)).toBe('\u22129.81');
  expect(formatNumber(0.00001234)).toBe('1.23e-5');
  expect(formatNumber(Number.NaN)).toBe('NaN');
  expect(formatFixed(-0.0001, 2)).toBe('0.00');
  expect(formatSpeed(0.05)).toBe('1/20\u00d7');
  expect(formatSpeed(Infinity)).toBe('Max');
  expect(formatFactor(0.987)).toBe('0.99\u00d7');
  expect(formatBytes(231_904)).toBe('232 kB');
  for (const value of [-9.81, 0, 1.23e-5, 0.5, 1234]) expect(parseNumber(formatNumber(value))).toBe(value);
  expect(parseNumber(' 0,5 ')).toBe(0.5);
  expect(parseNumber('')).toBeNull();
  expect(parseNumber('1 m')).toBeNull();
});

test('speeds go up and down by what is on offer, and stop at the ends', () => {
  expect(nextSpeed(1, 1)).toBe(2);
  expect(nextSpeed(1, -1)).toBe(0.5);
  expect(nextSpeed(0.7, -1)).toBe(0.5);
  expect(nextSpeed(Infinity, 1)).toBe(Infinity);
  expect(nextSpeed(0.01, -1)).toBe(0.01);
});

test('a number that must fit gives up digits, never the last one on the screen', () => {
  const cases = [-0.0526, -0.001234, -1.234e-5, 123456, -12.3456, 0.25].map((value) => fitNumber(value, 7));
  expect(cases).toEqual(['\u22120.0526', '\u22120.0012', '\u22121.2e-5', '123500', '\u221212.35', '0.25']);
});
