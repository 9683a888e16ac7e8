import { Fragment } from 'react';
import { CTRL, keyGroups } from './key_hints';
import { SheetDialog } from './parts/sheet_dialog';
import './styles/help.css';

const MOUSE: readonly (readonly [string, string])[] = [
  ['Drag', 'look around'],
  ['Right drag', 'pan; with Shift, over the ground'],
  ['Wheel, middle drag', 'zoom'],
  ['Double-click', 'select a body'],
  ['Double-right-click', 'look at a point'],
  [`${CTRL} double-right-click`, 'follow a body'],
  ['Shift drag', 'pull a body; the wheel brings it nearer'],
  [`${CTRL} drag`, 'turn the selected body'],
  [`${CTRL} right drag`, 'move the selected body'],
];

const TOUCH: readonly (readonly [string, string])[] = [
  ['One finger', 'look around'],
  ['Two fingers', 'pan and zoom'],
  ['Double tap', 'select a body'],
  ['Press and hold', 'pull a body'],
];

/** What the mouse, the fingers and the keys do. */
export default function Help() {
  return (
    <SheetDialog title="Help" className="help">
      <div
        className="dialog-body scroll help-columns"
        tabIndex={0}
        role="region"
        aria-label="Keys and gestures"
      >
        <Sheet title="Mouse" rows={MOUSE} />
        <Sheet title="Touch and pen" rows={TOUCH} />
        {keyGroups().map(({ group, rows }) => (
          <Sheet key={group} title={group} rows={rows.map(({ keys, text }) => [keys, text] as const)} keys />
        ))}
      </div>
    </SheetDialog>
  );
}

function Sheet(props: {
  readonly title: string;
  readonly rows: readonly (readonly [string, string])[];
  readonly keys?: boolean;
}) {
  return (
    <section>
      <h3>{props.title}</h3>
      <dl>
        {props.rows.map(([what, does]) => (
          <Fragment key={what}>
            <dt>{props.keys === true ? <kbd>{what}</kbd> : what}</dt>
            <dd className="muted">{does}</dd>
          </Fragment>
        ))}
      </dl>
    </section>
  );
}
