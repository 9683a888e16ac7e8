import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PictureClock } from './picture_clock';

let hidden: boolean;
let busy: boolean;
let playing: boolean;
let turns: number;
let beats: number;
let clock: PictureClock;

beforeEach(() => {
  hidden = false;
  busy = true;
  playing = false;
  turns = 0;
  beats = 0;
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
    () => playing,
    (tick) => {
      beats++;
      const timer = setInterval(tick, 16);
      return () => {
        beats--;
        clearInterval(timer);
      };
    },
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

it('keeps time in a hidden tab while something plays there, and no longer', () => {
  clock.wake();
  playing = true;
  vi.advanceTimersByTime(500);
  expect(beats).toBe(0);
  hide(true);
  turns = 0;
  vi.advanceTimersByTime(1000);
  expect(beats).toBe(1);
  expect(turns).toBeGreaterThan(55);
  playing = false;
  vi.advanceTimersByTime(100);
  expect(beats).toBe(0);
  playing = true;
  vi.advanceTimersByTime(100);
  expect(beats).toBe(1);
  hide(false);
  expect(beats).toBe(0);
  hide(true);
  clock.dispose();
  expect(beats).toBe(0);
});
