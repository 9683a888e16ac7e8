import { useEffect, useEffectEvent, useRef } from 'react';
import type { SourceKind } from '../../app/faces/api';
import type { StyleName } from '../../app/faces/choices';
import { useSimroom } from '../context';
import { live } from '../live';

/** Looks a second at whether there is a picture yet. */
const LOOK_HZ = 4;
/** Finer than this nobody sees in a face. */
const MAX_PIXEL_RATIO = 2;

/**
 * Somebody's face, live, with nothing around it. The canvas has `data-drawn` once there is something to be seen.
 *
 * @param props.peer `Peer.id`; one's own when left out
 * @param props.source one's own as this source alone has it
 * @param props.style one's own at rest, as this style would show it
 * @param props.size CSS px
 * @param props.onDrawn there is something to be seen now; again after it was empty
 * @param props.still for small ones: who prefers reduced motion gets a picture that does not move
 */
export function Portrait(props: {
  readonly peer?: string;
  readonly source?: SourceKind;
  readonly style?: StyleName;
  readonly size: number;
  readonly onDrawn?: () => void;
  readonly still?: boolean;
}) {
  const { peer, source, style, size, onDrawn, still = false } = props;
  const simroom = useSimroom();
  const tellDrawn = useEffectEvent(() => onDrawn?.());
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const of = source !== undefined ? { source } : style !== undefined ? { style } : peer;
    const stopDrawing = simroom.face.portrait(element, of);
    const once = still && window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    const stopLooking = live(() => {
      const drawn = isDrawn(element);
      if (drawn && !element.hasAttribute('data-drawn')) tellDrawn();
      element.toggleAttribute('data-drawn', drawn);
      if (drawn && once) stop();
    }, LOOK_HZ);
    const stop = (): void => {
      stopDrawing();
      stopLooking();
    };
    return stop;
  }, [simroom, peer, source, style, still]);
  const pixels = Math.round(size * Math.min(window.devicePixelRatio, MAX_PIXEL_RATIO));
  return <canvas ref={canvas} className="portrait" width={pixels} height={pixels} aria-hidden />;
}

/** Whether there is a face in the middle of a canvas. */
function isDrawn(canvas: HTMLCanvasElement): boolean {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return false;
  const { width, height } = canvas;
  return (context.getImageData(width >> 1, height >> 1, 1, 1).data[3] ?? 0) > 0;
}
