import { useEffect, useRef } from 'react';
import { useSimroom } from '../context';
import { live } from '../live';

/** Looks a second, while one waits for a picture that then stands still. */
const STILL_HZ = 4;

/**
 * Somebody's face, live. Until it is drawn the canvas is clear, and shows what lies beneath.
 *
 * @param props.peer `Peer.id`; one's own when left out
 * @param props.size CSS px
 * @param props.still for small ones: who prefers reduced motion gets a picture that does not move
 */
export function Portrait(props: {
  readonly peer?: string;
  readonly size: number;
  readonly still?: boolean;
}) {
  const { peer, size, still = false } = props;
  const simroom = useSimroom();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const stop = simroom.face.portrait(element, peer);
    if (!still || !window.matchMedia('(prefers-reduced-motion: reduce)').matches) return stop;
    const stopLooking = live(() => {
      if (!isDrawn(element)) return;
      stop();
      stopLooking();
    }, STILL_HZ);
    return () => {
      stop();
      stopLooking();
    };
  }, [simroom, peer, still]);
  const pixels = Math.round(size * Math.min(window.devicePixelRatio, MAX_PIXEL_RATIO));
  return <canvas ref={canvas} className="portrait" width={pixels} height={pixels} aria-hidden />;
}

/** Finer than this nobody sees in a face. */
const MAX_PIXEL_RATIO = 2;

/** Whether there is a picture in a canvas: portraits fill theirs. */
function isDrawn(canvas: HTMLCanvasElement): boolean {
  const context = canvas.getContext('2d');
  return context !== null && (context.getImageData(0, 0, 1, 1).data[3] ?? 0) > 0;
}
