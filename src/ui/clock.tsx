import { Popover } from 'radix-ui';
import { useRef } from 'react';
import { HEADER } from '../core/frame';
import type { LagReason } from '../state/sim';
import { useApp } from '../state/store';
import { useSimroom } from './context';
import { formatFactor, formatNumber, formatSpeed, formatTime } from './format';
import { setText, useLive } from './live';

/** Simulated time and the measured real-time factor; pressed, it tells why the factor is what it is. */
export function Clock() {
  const simroom = useSimroom();
  const time = useRef<HTMLSpanElement>(null);
  const paused = useApp((s) => s.paused);
  const rtf = useApp((s) => s.rtf);
  const lag = useApp((s) => s.lag);
  useLive(() => setText(time.current, formatTime(simroom.frame()?.header[HEADER.time] ?? 0)));
  const behind = lag !== 'none' && !paused;
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button
          type="button"
          className="clock"
          data-lag={behind}
          aria-label={behind ? 'Time and speed: behind, see why' : 'Time and speed'}
        >
          <span className="time">
            <span ref={time}>0.000</span>
            <span className="unit">s</span>
          </span>
          <span className="factor">{paused ? 'paused' : formatFactor(rtf)}</span>
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="popover"
          aria-label="Time and speed"
          side="top"
          sideOffset={12}
          collisionPadding={8}
        >
          <ClockFacts />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function ClockFacts() {
  const { tick, speed, rtf, stepsPerSecond, stepMs, lag, paused } = useApp((s) => s);
  const timestep = useApp((s) => s.model?.timestep ?? 0);
  const reason = paused ? '' : lagReason(lag, { speed, stepMs, timestep });
  return (
    <>
      <dl className="facts">
        <dt>Tick</dt>
        <dd>{tick.toLocaleString('en')}</dd>
        <dt>Timestep</dt>
        <dd>{formatNumber(timestep * 1000)} ms</dd>
        <dt>Asked for</dt>
        <dd>{formatSpeed(speed)}</dd>
        <dt>Measured</dt>
        <dd>{paused ? 'paused' : formatFactor(rtf)}</dd>
        <dt>Steps per second</dt>
        <dd>{Math.round(stepsPerSecond).toLocaleString('en')}</dd>
        <dt>One step takes</dt>
        <dd>{formatNumber(stepMs, 3)} ms</dd>
      </dl>
      {reason === '' ? null : <p className="reason">{reason}</p>}
    </>
  );
}

/** Why the measured factor is below the requested one, in words; '' when it is not. */
export function lagReason(
  lag: LagReason,
  s: { readonly speed: number; readonly stepMs: number; readonly timestep: number },
): string {
  if (lag === 'none') return '';
  const cost = `one step takes ${formatNumber(s.stepMs, 3)} ms of computing for ${formatNumber(s.timestep * 1000, 3)} ms of simulated time`;
  return s.speed > 1
    ? `${formatSpeed(s.speed)} is more than this machine reaches with this model: ${cost}.`
    : `Physics is the limit: ${cost}. A longer timestep, fewer solver iterations or fewer contacts would help.`;
}
