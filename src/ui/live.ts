import { useEffect, useEffectEvent } from 'react';

/**
 * Values that move with the simulation, read from the newest frame straight into the document.
 *
 * One animation loop serves all of them, each at its own rate, and runs only while someone reads.
 */

/** Readings a second: text that changes faster cannot be read, and sliders look smooth. */
const LIVE_HZ = 20;

interface Reader {
  readonly period: number;
  next: number;
  read(now: number): void;
}

const readers = new Set<Reader>();
let request = 0;

function tick(now: number): void {
  request = readers.size > 0 ? requestAnimationFrame(tick) : 0;
  for (const reader of readers) {
    if (now < reader.next) continue;
    reader.next = now + reader.period;
    reader.read(now);
  }
}

/** Calls `read` a limited number of times a second, in the animation loop. Returns how to stop. */
export function live(read: (now: number) => void, hz: number = LIVE_HZ): () => void {
  const reader: Reader = { period: 1000 / hz, next: 0, read };
  readers.add(reader);
  if (request === 0) request = requestAnimationFrame(tick);
  return () => {
    readers.delete(reader);
    if (readers.size === 0) {
      cancelAnimationFrame(request);
      request = 0;
    }
  };
}

/** {@link live} for as long as the component is shown. */
export function useLive(read: (now: number) => void, hz: number = LIVE_HZ): void {
  const latest = useEffectEvent(read);
  useEffect(() => live((now) => latest(now), hz), [hz]);
}

/** Writes text into an element only when it changed: an unchanged write still costs a layout. */
export function setText(element: Element | null | undefined, text: string): void {
  if (element && element.textContent !== text) element.textContent = text;
}
