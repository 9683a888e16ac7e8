import { useMemo, useRef, useState } from 'react';
import type { SensorInfo } from '../../app/api';
import { useApp } from '../../state/store';
import { useSimroom } from '../context';
import { formatFixed } from '../format';
import { setText, useLive } from '../live';
import { SearchField } from '../parts/search_field';
import { VirtualList } from '../parts/virtual_list';
import { filterByName } from './controls';
import { Plot, SERIES_COLOURS } from './plot';

/** Lists longer than this get a search field. */
const SEARCH_FROM = 12;
/** Curves in the plot at once: more cannot be told apart. */
const MAX_CURVES = SERIES_COLOURS.length;
/** Values of one sensor written out at most. */
const MAX_VALUES = 4;

interface Curve {
  readonly label: string;
  /** Index into `sensordata`. */
  readonly index: number;
}

/** Every sensor's value, and a plot of those that are ticked. */
export default function Sensors() {
  const simroom = useSimroom();
  const sensors = useApp((s) => s.model?.sensors);
  const [plotted, setPlotted] = useState<readonly number[]>([]);
  const [query, setQuery] = useState('');
  const shown = useMemo(() => filterByName(sensors ?? [], query), [sensors, query]);
  const curves = useMemo(() => curvesOf(sensors ?? [], plotted), [sensors, plotted]);
  if (sensors === undefined || sensors.length === 0)
    return <p className="empty">This model has no sensors.</p>;
  return (
    <div className="panel-stack">
      {curves.length === 0 ? null : (
        <figure>
          <Plot
            // Another set of curves starts another plot.
            key={plotted.join(' ')}
            label="Sensor values over the last half minute"
            series={curves.length}
            sample={(into) => {
              const data = simroom.frame()?.sensordata;
              if (data !== undefined) curves.forEach(({ index }, i) => (into[i] = data[index] ?? Number.NaN));
            }}
          />
          <figcaption>
            <ul className="plot-legend">
              {curves.map(({ label }, i) => (
                <li key={label}>
                  <span className="swatch" style={{ background: SERIES_COLOURS[i] }} />
                  {label}
                </li>
              ))}
            </ul>
          </figcaption>
        </figure>
      )}
      {sensors.length > SEARCH_FROM ? (
        <SearchField label="Find a sensor" value={query} onChange={setQuery} />
      ) : null}
      <VirtualList
        label="Sensors"
        items={shown}
        row={(sensor) => (
          <SensorRow
            key={sensor.id}
            sensor={sensor}
            plotted={plotted.includes(sensor.id)}
            onPlot={(on) =>
              setPlotted(on ? [...plotted, sensor.id] : plotted.filter((id) => id !== sensor.id))
            }
          />
        )}
      />
    </div>
  );
}

function SensorRow(props: {
  readonly sensor: SensorInfo;
  readonly plotted: boolean;
  readonly onPlot: (on: boolean) => void;
}) {
  const { name, adr, dim } = props.sensor;
  const simroom = useSimroom();
  const value = useRef<HTMLOutputElement>(null);
  useLive(() => {
    const data = simroom.frame()?.sensordata;
    if (data === undefined) return;
    let text = '';
    for (let i = 0; i < Math.min(dim, MAX_VALUES); i++)
      text += formatFixed(data[adr + i] ?? 0, dim > 1 ? 2 : 3).padStart(8);
    setText(value.current, dim > MAX_VALUES ? `${text} \u2026` : text);
  }, 10);
  return (
    <div className="sensor-row">
      <label>
        <input
          type="checkbox"
          aria-label={`Plot ${name}`}
          checked={props.plotted}
          onChange={(event) => props.onPlot(event.currentTarget.checked)}
        />
        <span className="ellipsis" title={name}>
          {name}
        </span>
      </label>
      <output ref={value} aria-live="off" />
    </div>
  );
}

function curvesOf(sensors: readonly SensorInfo[], plotted: readonly number[]): Curve[] {
  const curves: Curve[] = [];
  for (const id of plotted) {
    const sensor = sensors.find((s) => s.id === id);
    if (sensor === undefined) continue;
    for (let i = 0; i < sensor.dim && curves.length < MAX_CURVES; i++) {
      curves.push({ label: sensor.dim === 1 ? sensor.name : `${sensor.name} ${i}`, index: sensor.adr + i });
    }
  }
  return curves;
}
