import { Crosshair, ScanEye, Smile, X } from 'lucide-react';
import { Fragment, useRef } from 'react';
import type { ModelInfo } from '../app/api';
import type { ModelCopy } from '../core/model';
import { useApp } from '../state/store';
import { bodyPosition, runCommand } from './commands';
import { RefusableButton } from './command_button';
import { useSimroom } from './context';
import { wornBySelection } from './faces/face_commands';
import { formatFixed, formatNumber } from './format';
import { CTRL, keysOf } from './key_hints';
import { setText, useLive } from './live';
import { IconButton } from './parts/icon_button';

/** Parents named in the card at most: the nearest ones. */
const MAX_PARENTS = 3;

/** The selected body: what it is, where it is, what can be done with it. */
export function SelectionCard() {
  const selection = useApp((s) => s.selection);
  const model = useApp((s) => s.model);
  const arrays = useSimroom().arrays();
  if (selection === null || model === null || arrays === null || selection.body >= arrays.nbody) return null;
  return <Card body={selection.body} model={model} arrays={arrays} />;
}

function Card(props: { readonly body: number; readonly model: ModelInfo; readonly arrays: ModelCopy }) {
  const { body, model, arrays } = props;
  const simroom = useSimroom();
  const tracked = useApp((s) => s.trackedBody);
  const paused = useApp((s) => s.paused);
  const worn = useApp(wornBySelection);
  const position = useRef<HTMLElement>(null);
  useLive(() => {
    const p = bodyPosition(simroom, body);
    setText(position.current, p.map((x) => formatFixed(x, 3)).join('  '));
  }, 10);
  const name = model.bodies[body]?.name ?? `body ${body}`;
  const joints = model.joints.filter((j) => j.body === body);
  const parents = parentsOf(arrays, body).slice(0, MAX_PARENTS).toReversed();
  return (
    <section className="selection pane" aria-label={`Selected: ${name}`}>
      <header>
        <h2 className="ellipsis">{name}</h2>
        <IconButton
          label={tracked === body ? 'Stop tracking' : 'Track'}
          className="small"
          pressed={tracked === body}
          onClick={() => runCommand(simroom, tracked === body ? 'camera.free' : 'camera.track')}
        >
          <Crosshair size={15} />
        </IconButton>
        <RefusableButton
          id={worn ? 'face.take' : 'face.put'}
          label={worn ? 'Take my face off it' : 'Put my face on it'}
          className="small"
          pressed={worn}
        >
          <Smile size={15} />
        </RefusableButton>
        <IconButton label="Look at" className="small" onClick={() => runCommand(simroom, 'camera.lookat')}>
          <ScanEye size={15} />
        </IconButton>
        <IconButton
          label="Clear the selection"
          keys={keysOf('select.none')}
          className="small"
          onClick={() => runCommand(simroom, 'select.none')}
        >
          <X size={15} />
        </IconButton>
      </header>
      {parents.length === 0 ? null : (
        <p className="path">
          in{' '}
          {parents.map((parent, i) => (
            <Fragment key={parent}>
              {i === 0 ? null : ' \u203a '}
              <button type="button" onClick={() => simroom.select(parent)}>
                {model.bodies[parent]?.name ?? parent}
              </button>
            </Fragment>
          ))}
        </p>
      )}
      <dl className="facts">
        <dt>Mass</dt>
        <dd>{formatNumber(arrays.body_mass[body] ?? 0)} kg</dd>
        <dt>Position</dt>
        <dd>
          <span ref={position} style={{ whiteSpace: 'pre' }} />
        </dd>
        <dt>{joints.length === 1 ? 'Joint' : 'Joints'}</dt>
        <dd className="ellipsis">
          {joints.length === 0 ? 'fixed' : joints.map((j) => `${j.name} (${j.type})`).join(', ')}
        </dd>
      </dl>
      <p className="tip-line">{pullHint(paused)}</p>
    </section>
  );
}

/** How to take hold of it: a spring pulls it while the simulation runs, a hand places it while it stands still. */
function pullHint(paused: boolean): string {
  const does = paused ? 'moves' : 'pulls';
  return window.matchMedia('(pointer: coarse)').matches
    ? `Press and hold ${does} it.`
    : `Shift-drag ${does} it, ${CTRL}-drag turns it.`;
}

/** The bodies a body hangs on, nearest first, the world left out. */
function parentsOf(arrays: ModelCopy, body: number): number[] {
  const parents: number[] = [];
  let at = arrays.body_parentid[body] ?? 0;
  while (at > 0) {
    parents.push(at);
    at = arrays.body_parentid[at] ?? 0;
  }
  return parents;
}
