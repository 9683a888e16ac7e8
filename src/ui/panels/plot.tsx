import { useEffect, useEffectEvent, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useApp } from '../../state/store';
import { formatNumber } from '../format';
import { live } from '../live';

/** Points a plot keeps, and how many it takes a second: about half a minute. */
const POINTS = 300;
const PLOT_HZ = 10;

/** Distinguishable on light and on dark ground, for people who see colours differently too. */
export const SERIES_COLOURS = ['#1f9e89', '#e07b39', '#5a7fd6', '#c24d7e', '#9a8a2a', '#7d6bc4'] as const;

/**
 * A running plot: takes a sample of every series a few times a second and shows the last half minute.
 *
 * @param sample writes one value per series into `into`; NaN leaves a gap
 */
export function Plot(props: {
  readonly label: string;
  readonly series: number;
  readonly sample: (into: Float64Array) => void;
}) {
  const { series } = props;
  const box = useRef<HTMLDivElement>(null);
  const theme = useApp((s) => s.prefs.theme);
  const sample = useEffectEvent(props.sample);

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const times = Array.from({ length: POINTS }, (_, i) => (i - POINTS + 1) / PLOT_HZ);
    const columns = Array.from({ length: series }, () =>
      Array.from<number | null>({ length: POINTS }).fill(null),
    );
    const plot = new uPlot(plotOptions(element, series), [times, ...columns], element);
    const values = new Float64Array(series);
    const stop = live(() => {
      values.fill(Number.NaN);
      sample(values);
      columns.forEach((column, i) => {
        const value = values[i] ?? Number.NaN;
        column.copyWithin(0, 1);
        // uPlot's gap is null; a NaN would take the scale away from the rest.
        column[POINTS - 1] = Number.isFinite(value) ? value : null;
      });
      plot.setData([times, ...columns]);
    }, PLOT_HZ);
    const resize = new ResizeObserver(() =>
      plot.setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    resize.observe(element);
    return () => {
      stop();
      resize.disconnect();
      plot.destroy();
    };
    // The axes are drawn with the theme's colours, so another theme is another plot.
  }, [series, theme]);

  return <div ref={box} className="plot" role="img" aria-label={props.label} />;
}

function plotOptions(element: HTMLElement, series: number): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (token: string, property: 'color' | 'backgroundColor'): string => {
    // light-dark() resolves only in a real property.
    element.style[property] = `var(${token})`;
    const resolved = style[property];
    element.style[property] = '';
    return resolved;
  };
  const text = colour('--muted', 'color');
  const line = colour('--line', 'backgroundColor');
  const axis: uPlot.Axis = {
    stroke: text,
    font: '11px system-ui, sans-serif',
    grid: { stroke: line, width: 1 },
    ticks: { show: false },
  };
  return {
    width: element.clientWidth,
    height: element.clientHeight,
    padding: [6, 12, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false } },
    axes: [
      {
        ...axis,
        size: 18,
        gap: 2,
        values: (_, ticks) => ticks.map((t) => (t === 0 ? 'now' : `${formatNumber(t)} s`)),
      },
      { ...axis, size: 44, gap: 4, space: 28 },
    ],
    series: [
      {},
      ...Array.from({ length: series }, (_, i) => ({
        stroke: SERIES_COLOURS[i % SERIES_COLOURS.length] ?? text,
        width: 1.5,
        points: { show: false },
      })),
    ],
  };
}
