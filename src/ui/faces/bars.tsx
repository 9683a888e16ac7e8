import { useRef } from 'react';
import { useSimroom } from '../context';
import { formatFixed } from '../format';
import { setText, useLive } from '../live';

/** Readings a second: bars are to be watched. */
const BARS_HZ = 30;

const ANGLES = [
  ['yaw', 'to the right'],
  ['pitch', 'down'],
  ['roll', 'to the left'],
] as const;
/** A head's angle that fills its bar, degrees. */
const FULL_ANGLE = 45;

/** All 52 shapes of a face and how the head is held, as they are now. */
export function Bars({ peer }: { readonly peer?: string }) {
  const simroom = useSimroom();
  const list = useRef<HTMLUListElement>(null);
  const absent = useRef<HTMLParagraphElement>(null);
  const { names } = simroom.face;
  useLive(() => {
    const rows = list.current?.children;
    const face = simroom.face.of(peer);
    if (absent.current !== null) absent.current.hidden = face !== null;
    if (rows === undefined || list.current === null) return;
    list.current.dataset['absent'] = String(face === null);
    for (let i = 0; i < names.length; i++) {
      const value = face?.weights[i] ?? 0;
      show(rows[i], value, formatFixed(value, 2));
    }
    for (let i = 0; i < ANGLES.length; i++) {
      const angle = ANGLES[i]?.[0];
      const degrees = angle === undefined ? 0 : ((face?.head[angle] ?? 0) * 180) / Math.PI;
      show(rows[names.length + i], degrees / FULL_ANGLE / 2, `${formatFixed(degrees, 0)}\u00b0`);
    }
  }, BARS_HZ);
  return (
    <>
      <p ref={absent} className="note muted" hidden>
        No face of theirs has arrived yet.
      </p>
      <ul ref={list} className="bars" aria-label="Shapes">
        {names.map((name) => (
          <li key={name}>
            <span className="name">{name}</span>
            <span className="track" aria-hidden>
              <span />
            </span>
            <output />
          </li>
        ))}
        {ANGLES.map(([angle, way]) => (
          <li key={angle} className="angle">
            <span className="name">
              {angle} <span className="unit">{way}</span>
            </span>
            <span className="track" aria-hidden>
              <span />
            </span>
            <output />
          </li>
        ))}
      </ul>
    </>
  );
}

/** Writes a value into a row: the track's bar and the number after it. */
function show(row: Element | undefined, share: number, text: string): void {
  const output = row?.lastElementChild;
  if (output?.textContent === text) return;
  setText(output, text);
  const bar = row?.children[1]?.firstElementChild;
  if (bar instanceof HTMLElement)
    bar.style.transform = `scaleX(${Math.max(-1, Math.min(1, share)).toFixed(3)})`;
}
