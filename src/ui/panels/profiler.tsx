import { useRef } from 'react';
import { HEADER } from '../../core/frame';
import { runCommand } from '../commands';
import { useSimroom } from '../context';
import { formatNumber } from '../format';
import { setText, useLive } from '../live';
import { Plot } from './plot';

interface Chart {
  readonly title: string;
  readonly unit: string;
  readonly field: number;
}

const CHARTS: readonly Chart[] = [
  { title: 'Step', unit: 'ms', field: HEADER.stepMs },
  { title: 'Real-time factor', unit: '\u00d7', field: HEADER.rtf },
  { title: 'Contacts', unit: '', field: HEADER.contacts },
  { title: 'Constraints', unit: '', field: HEADER.constraints },
  { title: 'Energy', unit: 'J', field: HEADER.energy },
];

/** Figures a second: they are to be read. */
const FIGURE_HZ = 4;

/** Where the time goes, over the last half minute. */
export default function Profiler() {
  const simroom = useSimroom();
  return (
    <div className="panel-stack">
      {CHARTS.map((chart) => (
        <ChartBox key={chart.title} chart={chart} />
      ))}
      <div className="buttons">
        <button type="button" className="button" onClick={() => runCommand(simroom, 'app.figures')}>
          Figures on the view
        </button>
      </div>
    </div>
  );
}

function ChartBox({ chart }: { readonly chart: Chart }) {
  const simroom = useSimroom();
  const figure = useRef<HTMLSpanElement>(null);
  const read = (): number => simroom.frame()?.header[chart.field] ?? Number.NaN;
  useLive(() => {
    const value = read();
    // Energy is NaN unless the model computes it.
    setText(figure.current, Number.isNaN(value) ? 'not computed' : `${formatNumber(value, 3)} ${chart.unit}`);
  }, FIGURE_HZ);
  return (
    <figure>
      <figcaption className="plot-head">
        <b>{chart.title}</b>
        <span ref={figure} className="muted" />
      </figcaption>
      <Plot
        label={`${chart.title} over the last half minute`}
        series={1}
        sample={(into) => {
          into[0] = read();
        }}
      />
    </figure>
  );
}
