/** Speeds on offer, in simulated s per wall s. */
export const SPEEDS: readonly number[] = [
  0.01,
  0.02,
  0.05,
  0.1,
  0.2,
  0.5,
  1,
  2,
  5,
  10,
  20,
  50,
  100,
  Number.POSITIVE_INFINITY,
];

/** The next speed up (1) or down (-1) from `speed`, which need not be one of {@link SPEEDS}. */
export function nextSpeed(speed: number, direction: 1 | -1): number {
  const found =
    direction > 0 ? SPEEDS.find((s) => s > speed * 1.001) : SPEEDS.findLast((s) => s < speed * 0.999);
  return found ?? speed;
}
