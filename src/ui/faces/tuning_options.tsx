import { Crosshair, X } from 'lucide-react';
import { useId, useState } from 'react';
import type { ArkitName, SourceInfo } from '../../app/faces/api';
import { MAX_GAIN } from '../../app/faces/choices';
import { attempt } from '../actions';
import { useSimroom } from '../context';
import { IconButton } from '../parts/icon_button';
import { moveSlider, Slider } from '../parts/slider';
import { SwitchLine } from '../parts/switch_line';

/** How a source's faces become one's own: neutral, left and right, gains. */
export function TuningOptions({ info }: { readonly info: SourceInfo }) {
  const simroom = useSimroom();
  const { kind, mirrored } = info;
  return (
    <>
      <Neutral info={info} />
      <SwitchLine
        label="Mirror: swap left and right"
        checked={mirrored}
        onChange={(next) => void attempt(() => simroom.face.tune(kind, { mirrored: next }))}
      />
      <Gains info={info} />
    </>
  );
}

/** One's face at rest, from which a source's faces are measured. */
function Neutral({ info: { kind, neutral } }: { readonly info: SourceInfo }) {
  const simroom = useSimroom();
  return (
    <div className="neutral" data-state={neutral}>
      <div className="buttons even">
        <button
          type="button"
          className="button"
          disabled={neutral === 'calibrating'}
          onClick={() => void attempt(() => simroom.face.calibrate(kind))}
        >
          <Crosshair size={15} aria-hidden />
          {neutral === 'set' ? 'Calibrate again' : 'Calibrate'}
        </button>
        {neutral === 'set' ? (
          <button
            type="button"
            className="button quiet"
            onClick={() => void attempt(() => simroom.face.tune(kind, { neutral: null }))}
          >
            Forget
          </button>
        ) : null}
      </div>
      <p className="note muted" role="status">
        {NEUTRAL_WORDS[neutral]}
      </p>
      {neutral === 'calibrating' ? (
        <div className="progress" aria-hidden>
          <div className="second" />
        </div>
      ) : null}
    </div>
  );
}

const NEUTRAL_WORDS: Readonly<Record<SourceInfo['neutral'], string>> = {
  none: 'Takes your face at rest for the neutral one.',
  calibrating: 'Look straight ahead, relaxed\u2026',
  set: 'Your face at rest is known.',
};

/** Factors of single shapes: those that are not 1, and those one is about to change. */
function Gains({ info: { kind, gain } }: { readonly info: SourceInfo }) {
  const simroom = useSimroom();
  const [added, setAdded] = useState<readonly ArkitName[]>([]);
  const [query, setQuery] = useState('');
  const list = useId();
  const { names } = simroom.face;
  const shown = names.filter((name) => gain[name] !== undefined || added.includes(name));
  const set = (name: ArkitName, value: number): void =>
    void attempt(() => simroom.face.tune(kind, { gain: { [name]: value } }));
  const add = (text: string): void => {
    const name = names.find((one) => one.toLowerCase() === text.trim().toLowerCase());
    setQuery(name === undefined ? text : '');
    if (name !== undefined) setAdded([...added, name]);
  };
  return (
    <div className="gains" role="group" aria-label="Gains">
      <div className="line">
        <label className="label" htmlFor={`${list}-add`}>
          Stronger or weaker
        </label>
        <input
          id={`${list}-add`}
          className="field"
          list={list}
          autoComplete="off"
          spellCheck={false}
          placeholder="add a shape"
          value={query}
          onChange={(event) => add(event.currentTarget.value)}
        />
        <datalist id={list}>
          {names
            .filter((name) => !shown.includes(name))
            .map((name) => (
              <option key={name}>{name}</option>
            ))}
        </datalist>
      </div>
      {shown.map((name) => (
        <div key={name} className="gain-row">
          <span className="name ellipsis" title={name}>
            {name}
          </span>
          <GainSlider name={name} value={gain[name] ?? 1} onSlide={(value) => set(name, value)} />
          <output>{`${(gain[name] ?? 1).toFixed(1)}\u00d7`}</output>
          <IconButton
            label={`${name}: as it comes`}
            className="small"
            onClick={() => {
              setAdded(added.filter((one) => one !== name));
              if (gain[name] !== undefined) set(name, 1);
            }}
          >
            <X size={14} />
          </IconButton>
        </div>
      ))}
    </div>
  );
}

/** Gains go by so much: finer differences are not seen. */
const GAIN_STEP = 0.1;

function GainSlider(props: {
  readonly name: ArkitName;
  readonly value: number;
  readonly onSlide: (value: number) => void;
}) {
  const { name, value, onSlide } = props;
  return (
    <div
      ref={(box) => {
        const input = box?.querySelector('input');
        if (input) moveSlider(input, value);
      }}
    >
      <Slider
        label={`Gain of ${name}`}
        min={0}
        max={MAX_GAIN}
        onSlide={(next) => onSlide(Math.round(next / GAIN_STEP) * GAIN_STEP)}
      />
    </div>
  );
}
