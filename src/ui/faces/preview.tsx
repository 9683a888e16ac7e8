import { useEffect, useRef } from 'react';
import { useSimroom } from '../context';
import { useLive } from '../live';

/** What the camera sees, as in a mirror. */
export function Camera({ stream }: { readonly stream: MediaStream }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (element === null) return undefined;
    element.srcObject = stream;
    // It plays by itself; where a browser forbids even that, the picture stands still.
    element.play().catch(() => {});
    return () => {
      element.srcObject = null;
    };
  }, [stream]);
  return <video ref={video} className="camera-preview" muted playsInline aria-hidden />;
}

/** How far the mouth is opened by what is heard. */
export function MicrophoneLevel() {
  const simroom = useSimroom();
  const bar = useRef<HTMLSpanElement>(null);
  const jaw = simroom.face.names.indexOf('jawOpen');
  useLive(() => {
    const open = simroom.face.of()?.weights[jaw] ?? 0;
    if (bar.current !== null) bar.current.style.transform = `scaleX(${open.toFixed(2)})`;
  });
  return (
    <span className="level">
      <span ref={bar} />
    </span>
  );
}
