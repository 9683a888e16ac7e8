import { useApp } from '../state/store';

const MOUSE = [
  ['Drag', 'to look around'],
  ['Right-drag', 'to pan'],
  ['Wheel', 'to zoom'],
  ['Double-click', 'to select'],
  ['Shift-drag', 'to pull'],
] as const;

const FINGERS = [
  ['Drag', 'to look around'],
  ['Two fingers', 'to pan and zoom'],
  ['Press and hold a body', 'to pull it'],
] as const;

/** What the mouse or the fingers do, until it has been read once. */
export function Hint() {
  const seen = useApp((s) => s.prefs.hintSeen);
  const setPrefs = useApp((s) => s.setPrefs);
  if (seen) return null;
  const lines = window.matchMedia('(pointer: coarse)').matches ? FINGERS : MOUSE;
  return (
    <aside className="hint pane" aria-label="How to move around">
      <ul>
        {lines.map(([what, does]) => (
          <li key={what}>
            <b>{what}</b> <span className="muted">{does}</span>
          </li>
        ))}
      </ul>
      <button type="button" className="button" onClick={() => setPrefs({ hintSeen: true })}>
        Got it
      </button>
    </aside>
  );
}
