import { SimroomError } from '../core/errors';

/** Largest screenshot, pixels a side: what WebGL promises everywhere. */
const MAX_SIDE = 8192;

/** @throws SimroomError `bad-argument` for sizes that no picture can have */
export function checkScreenshotSize(width: number, height: number): void {
  if ([width, height].every((side) => Number.isInteger(side) && side >= 1 && side <= MAX_SIDE)) return;
  throw new SimroomError(
    'bad-argument',
    `A screenshot has 1 to ${MAX_SIDE} pixels a side, not ${width} by ${height}.`,
  );
}
