import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PictureClock } from './picture_clock';

let hidden: boolean;
let busy: boolean;
let turns: number;
let clock: PictureClock;

beforeEach(() => {
  hidden = false;
  busy = true;
  turns = 0;
  vi.useFakeTimers();
  vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => (hidden ? 'hidden' : 'visible'));
  // Browsers draw no pictures of a hidden tab.
  vi.spyOn(window, 'requestAnimationFrame').mockImplementation((callback) => {
    return Number(setTimeout(() => (hidden ? undefined : callback(0)), 16));
  });
  vi.spyOn(window, 'cancelAnimationFrame').mockImplementation((request) => clearTimeout(request));
  clock = new PictureClock(
    () => busy,
    () => turns++,
  );
});

afterEach(() => {
  clock.dispose();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const hide = (to: boolean): void => {
  hidden = to;
  document.dispatchEvent(new Event('visibilitychange'));
};

it('comes round with every picture, and goes on where there are none', () => {
  clock.wake();
  vi.advanceTimersByTime(500);
  expect(turns).toBeGreaterThan(20);
  hide(true);
  turns = 0;
  vi.advanceTimersByTime(500);
  expect(turns).toBeGreaterThan(10);
  expect(turns).toBeLessThan(20);
  hide(false);
  turns = 0;
  vi.advanceTimersByTime(500);
  expect(turns).toBeGreaterThan(20);
});

it('stops when there is nothing to do, and for good at its end', () => {
  hide(true);
  busy = false;
  vi.advanceTimersByTime(500);
  turns = 0;
  vi.advanceTimersByTime(500);
  expect(turns).toBe(0);
  busy = true;
  clock.wake();
  clock.dispose();
  vi.advanceTimersByTime(500);
  expect(turns).toBe(0);
});
