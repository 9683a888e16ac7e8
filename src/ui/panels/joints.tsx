import { useMemo, useRef, useState } from 'react';
import type { JointInfo, ModelInfo } from '../../app/api';
import { useApp } from '../../state/store';
import { attempt } from '../actions';
import { useSimroom } from '../context';
import { formatNumber } from '../format';
import { useLive } from '../live';
import { NumberField } from '../parts/number_field';
import { SearchField } from '../parts/search_field';
import { moveSlider, Slider } from '../parts/slider';
import { VirtualList } from '../parts/virtual_list';
import { showValue } from './controls';

/** Lists longer than this get a search field. */
const SEARCH_FROM = 12;

type Row =
  | { readonly kind: 'body'; readonly name: string }
  | { readonly kind: 'scalar'; readonly joint: JointInfo }
  | {
      readonly kind: 'vector';
      readonly joint: JointInfo;
      readonly label: string;
      /** First of the values shown, within the joint's own. */
      readonly from: number;
      readonly parts: readonly string[];
    };

/** Decimals shown of a position: a millimetre, a twentieth of a degree; the noise of a resting joint is less. */
const DECIMALS = 3;

const POSITION = ['x', 'y', 'z'];
const QUATERNION = ['w', 'x', 'y', 'z'];
/** What a field shows whole where four share a row. */
const QUAD_CHARACTERS = 6;

/** Every joint's position, by body: live, and to be set by hand. */
export default function Joints() {
  const model = useApp((s) => s.model);
  const [query, setQuery] = useState('');
  const rows = useMemo(() => (model === null ? [] : rowsOf(model, query)), [model, query]);
  if (model === null || model.joints.length === 0) return <p className="empty">This model has no joints.</p>;
  return (
    <div className="panel-stack">
      {model.joints.length > SEARCH_FROM ? (
        <SearchField label="Find a joint or body" value={query} onChange={setQuery} />
      ) : null}
      {rows.length === 0 ? <p className="empty">No joint or body has this name.</p> : null}
      <VirtualList
        label="Joints"
        items={rows}
        row={(row) => {
          if (row.kind === 'body') return <div className="group-row ellipsis">{row.name}</div>;
          if (row.kind === 'scalar') return <ScalarRow key={row.joint.id} joint={row.joint} />;
          return <VectorRow key={`${row.joint.id} ${row.from}`} row={row} />;
        }}
      />
    </div>
  );
}

function rounded(value: number): number {
  return Number(value.toFixed(DECIMALS));
}

function rowsOf(model: ModelInfo, query: string): Row[] {
  const wanted = query.trim().toLowerCase();
  const rows: Row[] = [];
  let body = -1;
  for (const joint of model.joints) {
    const name = model.bodies[joint.body]?.name ?? `body ${joint.body}`;
    if (!`${name} ${joint.name}`.toLowerCase().includes(wanted)) continue;
    if (joint.body !== body) rows.push({ kind: 'body', name });
    body = joint.body;
    if (joint.type === 'hinge' || joint.type === 'slide') rows.push({ kind: 'scalar', joint });
    else {
      if (joint.type === 'free') {
        rows.push({ kind: 'vector', joint, label: 'position', from: 0, parts: POSITION });
      }
      rows.push({
        kind: 'vector',
        joint,
        label: 'rotation',
        from: joint.type === 'free' ? 3 : 0,
        parts: QUATERNION,
      });
    }
  }
  return rows;
}

function ScalarRow({ joint }: { readonly joint: JointInfo }) {
  const simroom = useSimroom();
  const slider = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [min, max] = joint.range ?? (joint.type === 'hinge' ? [-Math.PI, Math.PI] : [-1, 1]);
  const unit = joint.type === 'hinge' ? 'rad' : 'm';
  const set = (value: number): void => void attempt(() => simroom.setJoint(joint.id, value));
  useLive(() => {
    const value = simroom.frame()?.qpos[joint.qposadr];
    if (value === undefined) return;
    const input = slider.current?.querySelector('input');
    if (input) moveSlider(input, value);
    showValue(field.current, rounded(value));
  });
  const limits = joint.range === null ? 'no limits' : `${formatNumber(min)} to ${formatNumber(max)} ${unit}`;
  return (
    <div className="value-row" title={`${joint.name}: ${joint.type}, ${limits}`}>
      <span className="name ellipsis">{joint.name}</span>
      <div ref={slider}>
        <Slider label={`${joint.name}, ${unit}`} min={min} max={max} onSlide={set} />
      </div>
      <NumberField
        label={`${joint.name}, value in ${unit}`}
        element={(input) => {
          field.current = input;
        }}
        onCommit={set}
      />
    </div>
  );
}

function VectorRow({ row }: { readonly row: Extract<Row, { kind: 'vector' }> }) {
  const simroom = useSimroom();
  const fields = useRef<(HTMLInputElement | null)[]>([]);
  const { joint, from, parts } = row;
  useLive(() => {
    const qpos = simroom.frame()?.qpos;
    if (qpos === undefined) return;
    for (let i = 0; i < parts.length; i++) {
      showValue(
        fields.current[i] ?? null,
        rounded(qpos[joint.qposadr + from + i] ?? 0),
        parts === QUATERNION ? QUAD_CHARACTERS : undefined,
      );
    }
  });
  const set = (part: number, value: number): void =>
    void attempt(() => {
      const qpos = simroom.frame()?.qpos;
      if (qpos === undefined) return undefined;
      const values = [...qpos.subarray(joint.qposadr, joint.qposadr + (joint.type === 'free' ? 7 : 4))];
      values[from + part] = value;
      return simroom.setJoint(joint.id, values);
    });
  return (
    <div className="value-row plain" title={`${joint.name}: ${joint.type}`}>
      <span className="name ellipsis">{row.label}</span>
      <div className={parts.length === 3 ? 'triple' : 'quad'}>
        {parts.map((part, i) => (
          <NumberField
            key={part}
            label={`${joint.name} ${row.label} ${part}`}
            element={(input) => {
              fields.current[i] = input;
            }}
            onCommit={(value) => set(i, value)}
          />
        ))}
      </div>
    </div>
  );
}
