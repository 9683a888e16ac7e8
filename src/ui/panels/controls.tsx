import { useEffect, useMemo, useRef, useState } from 'react';
import type { ActuatorInfo } from '../../app/api';
import { useApp } from '../../state/store';
import { attempt } from '../actions';
import { runCommand } from '../commands';
import { useSimroom } from '../context';
import { fitNumber, formatNumber } from '../format';
import { useLive } from '../live';
import { NumberField } from '../parts/number_field';
import { SearchField } from '../parts/search_field';
import { moveSlider, Slider } from '../parts/slider';
import { VirtualList, type VirtualListHandle } from '../parts/virtual_list';

/** Lists longer than this get a search field. */
const SEARCH_FROM = 12;
/** What a slider spans when the control has no range, in the actuator's unit. */
const OPEN_RANGE = [-1, 1] as const;

/** A slider for each control, which follows the value whoever sets it. */
export default function Controls() {
  const simroom = useSimroom();
  const actuators = useApp((s) => s.model?.actuators);
  const focus = useApp((s) => s.focusActuator);
  const [query, setQuery] = useState('');
  const list = useRef<VirtualListHandle>(null);
  const shown = useMemo(() => filterByName(actuators ?? [], query), [actuators, query]);

  useEffect(() => {
    if (focus === null) return;
    setQuery('');
    const index = actuators?.findIndex((a) => a.id === focus) ?? -1;
    list.current?.scrollTo(index);
  }, [focus, actuators]);

  if (actuators === undefined || actuators.length === 0) {
    return <p className="empty">This model has no actuators.</p>;
  }
  return (
    <div className="panel-stack">
      {actuators.length > SEARCH_FROM ? (
        <SearchField label="Find a control" value={query} onChange={setQuery} />
      ) : null}
      {shown.length === 0 ? <p className="empty">No control has this name.</p> : null}
      <VirtualList
        ref={list}
        label="Controls"
        items={shown}
        row={(actuator) => <ControlRow key={actuator.id} actuator={actuator} />}
      />
      <div className="buttons">
        <button type="button" className="button" onClick={() => runCommand(simroom, 'sim.zero')}>
          Zero all
        </button>
      </div>
    </div>
  );
}

function ControlRow({ actuator }: { readonly actuator: ActuatorInfo }) {
  const simroom = useSimroom();
  const slider = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const wanted = useApp((s) => s.focusActuator === actuator.id);
  const setFocus = useApp((s) => s.setFocusActuator);
  const [min, max] = actuator.range ?? OPEN_RANGE;
  useEffect(() => {
    if (!wanted) return;
    const input = slider.current?.querySelector('input');
    input?.scrollIntoView({ block: 'nearest' });
    input?.focus({ preventScroll: true });
    setFocus(null);
  }, [wanted, setFocus]);
  const set = (value: number): void => void attempt(() => simroom.setCtrl(actuator.id, value));
  useLive(() => {
    const value = simroom.frame()?.ctrl[actuator.index];
    if (value === undefined) return;
    const input = slider.current?.querySelector('input');
    if (input) moveSlider(input, value);
    showValue(field.current, value);
  });
  return (
    <div className="value-row" data-actuator={actuator.id} title={rangeText(actuator)}>
      <span className="name ellipsis">{actuator.name}</span>
      <div ref={slider}>
        <Slider label={actuator.name} min={min} max={max} onSlide={set} />
      </div>
      <NumberField
        label={`${actuator.name}, value`}
        {...(actuator.range === null ? {} : { min, max })}
        element={(input) => {
          field.current = input;
        }}
        onCommit={set}
      />
    </div>
  );
}

/** What a field of `--number` shows whole, in the widest of the fonts. */
const FIELD_CHARACTERS = 7;

/** Writes a live value into a field, unless somebody is typing there. */
export function showValue(
  input: HTMLInputElement | null,
  value: number,
  characters = FIELD_CHARACTERS,
): void {
  if (input === null || document.activeElement === input) return;
  const text = fitNumber(value, characters);
  if (input.value !== text) input.value = text;
}

function rangeText({ name, range }: ActuatorInfo): string {
  return range === null
    ? `${name}: no limits`
    : `${name}: ${formatNumber(range[0])} to ${formatNumber(range[1])}`;
}

/** Items whose name has all words of the query. */
export function filterByName<T extends { readonly name: string }>(
  items: readonly T[],
  query: string,
): readonly T[] {
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean);
  return wanted.length === 0
    ? items
    : items.filter(({ name }) => wanted.every((word) => name.toLowerCase().includes(word)));
}
