import { type Frame, HEADER } from '../core/frame';
import type { EventMap } from './api';

/** State events come at most so often, ms, unless something was started or stopped. */
const STATE_EVENT_MS = 250;

/** Tells how the world goes on, from its frames: a few times a second, and at once when it was started or stopped. */
export class StateEvents {
  private at = -Infinity;
  private paused = -1;
  private speed = NaN;

  constructor(private readonly emit: (state: EventMap['state']) => void) {}

  /** A frame has arrived. */
  take({ header }: Frame): void {
    const now = performance.now();
    const paused = header[HEADER.paused] ?? 0;
    const speed = header[HEADER.speed] ?? 1;
    const same = paused === this.paused && speed === this.speed;
    if (same && now - this.at < STATE_EVENT_MS) return;
    this.at = now;
    this.paused = paused;
    this.speed = speed;
    this.emit({
      tick: header[HEADER.tick] ?? 0,
      time: header[HEADER.time] ?? 0,
      paused: paused === 1,
      speed,
    });
  }
}
