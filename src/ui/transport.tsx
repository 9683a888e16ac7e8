import { ChevronDown, Pause, Play, RotateCcw, StepBack, StepForward } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useEffect, useRef, type ReactNode } from 'react';
import { useApp } from '../state/store';
import { Clock } from './clock';
import { attempt } from './actions';
import { RefusableButton } from './command_button';
import { runCommand } from './commands';
import { useSimroom } from './context';
import { formatSpeed } from './format';
import { keysOf } from './key_hints';
import { keepFocus, Tip } from './parts/icon_button';
import { Menu, MenuItem } from './parts/menu';
import { useRefusal } from './room/use_refusal';
import { SPEEDS } from './speeds';

/** How often a held button repeats, ms, and how long it must be held first. */
const REPEAT_MS = 60;
const REPEAT_AFTER_MS = 350;
/** What a held button moves by at a time, s of simulated time: one picture of a 30 Hz film. */
const HELD_SECONDS = 1 / 30;

/** Run, pause, step, go back: the bar at the foot of the view. */
export function Transport() {
  const simroom = useSimroom();
  const paused = useApp((s) => s.paused);
  const refusal = useRefusal('developer');
  const verb = paused ? 'Run' : 'Pause';
  return (
    <div className="transport pane" role="group" aria-label="Transport">
      <ResetButton />
      <div className="divider" />
      <HeldButton label="Back in history" id="sim.tick-back" held={(ticks) => simroom.scrub(-ticks)}>
        <StepBack size={17} />
      </HeldButton>
      <Tip text={refusal ?? verb} keys={refusal === null ? keysOf('sim.toggle') : undefined}>
        <button
          type="button"
          className="play-button"
          aria-label={verb}
          aria-disabled={refusal !== null}
          onMouseDown={keepFocus}
          onClick={() => runCommand(simroom, 'sim.toggle')}
        >
          {paused ? <Play size={18} fill="currentColor" /> : <Pause size={18} fill="currentColor" />}
        </button>
      </Tip>
      <HeldButton label="Step" id="sim.tick-forward" held={(ticks) => simroom.scrub(ticks)}>
        <StepForward size={17} />
      </HeldButton>
      <div className="divider" />
      <SpeedMenu />
      <Clock />
    </div>
  );
}

/** A button that moves by a tick, and by {@link HELD_SECONDS} at a time while it is held down. */
function HeldButton(props: {
  readonly label: string;
  readonly id: string;
  readonly held: (ticks: number) => Promise<void>;
  readonly children: ReactNode;
}) {
  const refused = useRefusal('developer') !== null;
  const timestep = useApp((s) => s.model?.timestep ?? HELD_SECONDS);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const repeat = (after: number): void => {
    timer.current = setTimeout(() => {
      // The next move waits for this one: a slow model must not pile them up.
      void attempt(() => props.held(Math.max(1, Math.round(HELD_SECONDS / timestep)))).then(() => {
        if (timer.current !== undefined) repeat(REPEAT_MS);
      });
    }, after);
  };
  const stop = (): void => {
    clearTimeout(timer.current);
    timer.current = undefined;
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <RefusableButton
      id={props.id}
      label={props.label}
      onPointerDown={() => {
        if (!refused) repeat(REPEAT_AFTER_MS);
      }}
      onPointerUp={stop}
      onPointerLeave={stop}
      onPointerCancel={stop}
      onContextMenu={(event) => event.preventDefault()}
    >
      {props.children}
    </RefusableButton>
  );
}

/** Reset; beside it, or instead where there is little room, the keyframes to reset to. */
function ResetButton() {
  const simroom = useSimroom();
  const keyframes = useApp((s) => s.model?.keyframes);
  const refusal = useRefusal('developer');
  const reset = (
    <RefusableButton id="sim.reset" label="Reset">
      <RotateCcw size={17} />
    </RefusableButton>
  );
  if (keyframes === undefined || keyframes.length === 0) return reset;
  return (
    <div className="split">
      {reset}
      <Menu
        side="top"
        trigger={
          <button
            type="button"
            className="icon-button more"
            aria-label="Reset to a keyframe"
            disabled={refusal !== null}
            title={refusal ?? undefined}
          >
            <ChevronDown size={13} />
          </button>
        }
      >
        <DropdownMenu.Label className="menu-label">Reset to</DropdownMenu.Label>
        <MenuItem onSelect={() => runCommand(simroom, 'sim.reset')}>Initial state</MenuItem>
        {keyframes.map(({ id, name }) => (
          <MenuItem key={id} onSelect={() => runCommand(simroom, `key.${id}`)}>
            {name}
          </MenuItem>
        ))}
      </Menu>
    </div>
  );
}

function SpeedMenu() {
  const simroom = useSimroom();
  const speed = useApp((s) => s.speed);
  const refusal = useRefusal('developer');
  return (
    <Menu
      side="top"
      trigger={
        <button
          type="button"
          className="speed-button"
          aria-label={`Speed: ${formatSpeed(speed)}`}
          disabled={refusal !== null}
          title={refusal ?? undefined}
        >
          {formatSpeed(speed)}
        </button>
      }
    >
      <DropdownMenu.Label className="menu-label split-label">
        Speed
        <span>
          <kbd>{keysOf('sim.slower')}</kbd> <kbd>{keysOf('sim.faster')}</kbd>
        </span>
      </DropdownMenu.Label>
      <DropdownMenu.RadioGroup
        value={String(speed)}
        onValueChange={(value) => runCommand(simroom, `sim.speed.${value}`)}
      >
        {SPEEDS.toReversed().map((s) => (
          <DropdownMenu.RadioItem key={s} value={String(s)} className="menu-item">
            {Number.isFinite(s) ? formatSpeed(s) : 'As fast as it can go'}
            {s === 1 ? <span className="end">real time</span> : null}
          </DropdownMenu.RadioItem>
        ))}
      </DropdownMenu.RadioGroup>
    </Menu>
  );
}
