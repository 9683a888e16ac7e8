import { useEffect, useState } from 'react';
import type { Stats } from '../app/api';
import { HEADER } from '../core/frame';
import { useApp } from '../state/store';
import { useSimroom } from './context';
import { formatBytes } from './format';

/** How often the figures are taken, ms. */
const PERIOD_MS = 500;

/** Simulation and drawing in numbers (F2). */
export function Figures() {
  const shown = useApp((s) => s.figuresShown);
  return shown ? <FiguresPane /> : null;
}

function FiguresPane() {
  const simroom = useSimroom();
  const [stats, setStats] = useState<Stats | null>(null);
  useEffect(() => {
    let open = true;
    const take = (): void => {
      simroom.stats().then(
        (taken) => {
          if (open) setStats(taken);
        },
        // Figures of an engine that is being replaced are missing for a moment: the next turn has them.
        () => setStats(null),
      );
    };
    take();
    const timer = setInterval(take, PERIOD_MS);
    return () => {
      open = false;
      clearInterval(timer);
    };
  }, [simroom]);
  const header = simroom.frame()?.header;
  if (stats === null) return null;
  const rows: readonly (readonly [string, string])[] = [
    ['steps/s', Math.round(stats.stepsPerSecond).toLocaleString('en')],
    ['step', `${stats.stepMs.toFixed(3)} ms`],
    ['real time', `${stats.rtf.toFixed(2)}\u00d7`],
    ['contacts', String(header?.[HEADER.contacts] ?? 0)],
    ['constraints', String(header?.[HEADER.constraints] ?? 0)],
    ['pictures/s', stats.fps.toFixed(0)],
    ['script/picture', `${stats.frameMs.toFixed(2)} ms`],
    ['draw calls', String(stats.drawCalls)],
    ['triangles', stats.triangles.toLocaleString('en')],
    ['wasm memory', formatBytes(stats.wasmBytes)],
  ];
  return (
    <aside className="figures pane" aria-label="Figures">
      <dl>
        {rows.map(([name, value]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </aside>
  );
}
