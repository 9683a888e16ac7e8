import { useEffect, useRef } from 'react';
import { useApp } from '../../state/store';
import { useSimroom } from '../context';
import { live } from '../live';
import '../styles/glimpse.css';

/** How often the place pointed at is told, per second: others see 20 at most. */
const POINT_HZ = 20;

/**
 * Pointing for everyone to see: while it is on, the place under the mouse on the view is told to the others, or the
 * one under the finger that presses it, which then does not turn the view.
 */
export default function Pointing() {
  const simroom = useSimroom();
  const pointing = useApp((s) => s.pointing);
  const setPointing = useApp((s) => s.setPointing);
  const colour = useApp((s) => s.peers.find((p) => p.self)?.colour);
  const dot = useRef<HTMLDivElement>(null);
  const at = useRef<PointerAt | null>(null);

  useEffect(() => {
    const onMove = (event: PointerEvent): void => {
      at.current = event.pointerType === 'touch' && event.type === 'pointerup' ? null : placeOf(event);
      showDot(dot.current, at.current);
    };
    const names = ['pointermove', 'pointerdown', 'pointerup'] as const;
    for (const name of names) window.addEventListener(name, onMove, { passive: true });
    return () => {
      for (const name of names) window.removeEventListener(name, onMove);
    };
  }, []);

  useEffect(() => {
    if (!pointing) return undefined;
    let told: PointerAt | null = null;
    const stop = live(() => {
      const now = at.current;
      if (now === told) return;
      told = now;
      simroom.room.point(now === null ? null : { x: now.x, y: now.y });
    }, POINT_HZ);
    // Before the camera's own listeners, which sit on the view.
    const keepFinger = (event: PointerEvent): void => {
      if (event.pointerType !== 'touch' || !(event.target instanceof HTMLCanvasElement)) return;
      event.stopPropagation();
      at.current = placeOf(event);
      showDot(dot.current, at.current);
    };
    window.addEventListener('pointerdown', keepFinger, { capture: true });
    showDot(dot.current, at.current);
    return () => {
      stop();
      window.removeEventListener('pointerdown', keepFinger, { capture: true });
      simroom.room.point(null);
    };
  }, [pointing, simroom]);

  if (!pointing) return null;
  return (
    <>
      <div ref={dot} className="point-dot" style={{ background: colour }} hidden aria-hidden />
      <div className="pointing pane">
        <span role="status">Everyone sees where you point.</span>
        <button type="button" className="button" onClick={() => setPointing(false)}>
          Stop
        </button>
      </div>
    </>
  );
}

/** A place on the view: -1..1 with y up, and in the window, CSS px. */
interface PointerAt {
  readonly x: number;
  readonly y: number;
  readonly clientX: number;
  readonly clientY: number;
}

/** Where on the view an event is, or null when it is elsewhere. */
function placeOf({ target, clientX, clientY }: PointerEvent): PointerAt | null {
  if (!(target instanceof HTMLCanvasElement)) return null;
  const { left, top, width, height } = target.getBoundingClientRect();
  if (width === 0 || height === 0) return null;
  return {
    x: (2 * (clientX - left)) / width - 1,
    y: 1 - (2 * (clientY - top)) / height,
    clientX,
    clientY,
  };
}

function showDot(dot: HTMLElement | null, at: PointerAt | null): void {
  if (dot === null) return;
  dot.hidden = at === null;
  if (at !== null) dot.style.translate = `${at.clientX}px ${at.clientY}px`;
}
