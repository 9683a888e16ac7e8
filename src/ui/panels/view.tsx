import { useState } from 'react';
import { useApp } from '../../state/store';
import { runCommand } from '../commands';
import { useSimroom } from '../context';
import { SelectLine } from '../parts/select_line';
import { SwitchLine } from '../parts/switch_line';
import { COMMON_VIS_FLAGS, flagOf, FRAMES, LABELS, VIEW_SWITCHES, VIS_FLAGS } from '../words';

/** How sharp the picture is drawn, in device pixels per CSS pixel at most. */
const SHARPNESS = [
  { value: 1, label: 'Fast' },
  { value: 1.5, label: 'Balanced' },
  { value: 2, label: 'Sharp' },
  { value: 3, label: 'Sharpest' },
] as const;

/** What is drawn and how: a local matter that never touches the simulation. */
export default function View() {
  const simroom = useSimroom();
  const view = useApp((s) => s.view);
  const [all, setAll] = useState(false);
  if (view === null) return null;
  return (
    <div>
      {VIEW_SWITCHES.map(({ value, label }) => (
        <SwitchLine
          key={value}
          label={label}
          checked={view[value]}
          onChange={() => runCommand(simroom, `view.${value}`)}
        />
      ))}
      <div className="panel-group" role="group" aria-label="Groups">
        <h3>Groups</h3>
        <Groups kind="geom" shown={view.geomGroups} />
        <Groups kind="site" shown={view.siteGroups} />
      </div>
      <div className="panel-group" role="group" aria-label="Overlays">
        <h3>Overlays</h3>
        <SelectLine
          label="Labels"
          value={view.label}
          choices={LABELS}
          onChange={(label) => simroom.view.set({ label })}
        />
        <SelectLine
          label="Frames"
          value={view.frame}
          choices={FRAMES}
          onChange={(frame) => simroom.view.set({ frame })}
        />
        {(all ? VIS_FLAGS : VIS_FLAGS.slice(0, COMMON_VIS_FLAGS)).map(({ value, label }) => (
          <SwitchLine
            key={value}
            label={label}
            checked={flagOf(view, value)}
            onChange={() => runCommand(simroom, `view.flag.${value}`)}
          />
        ))}
        <button type="button" className="button quiet" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Fewer' : `${VIS_FLAGS.length - COMMON_VIS_FLAGS} more`}
        </button>
      </div>
      <SelectLine
        label="Picture"
        value={nearestSharpness(view.maxPixelRatio)}
        choices={SHARPNESS}
        onChange={(maxPixelRatio) => simroom.view.set({ maxPixelRatio })}
      />
    </div>
  );
}

function nearestSharpness(ratio: number): number {
  return (SHARPNESS.find(({ value }) => value >= ratio) ?? SHARPNESS[3]).value;
}

function Groups({ kind, shown }: { readonly kind: 'geom' | 'site'; readonly shown: readonly boolean[] }) {
  const simroom = useSimroom();
  return (
    <div className="group-toggles">
      <span className="muted">{kind === 'geom' ? 'Geoms' : 'Sites'}</span>
      <div className="segments many" role="group" aria-label={`${kind} groups`}>
        {shown.map((on, i) => (
          <button
            // A group has no identity but its number.
            key={`group ${i}`}
            type="button"
            aria-pressed={on}
            aria-label={`${kind} group ${i}`}
            onClick={() => runCommand(simroom, `view.${kind}.${i}`)}
          >
            {i}
          </button>
        ))}
      </div>
    </div>
  );
}
