import { useCallback, useEffect, useRef, useState } from 'react';
import type { PhysicsOptions, Vec3 } from '../../app/api';
import { useApp } from '../../state/store';
import { attempt } from '../actions';
import { useSimroom } from '../context';
import { NumberField } from '../parts/number_field';
import { SelectLine } from '../parts/select_line';
import { SwitchLine } from '../parts/switch_line';
import { CONES, DISABLE_BITS, ENABLE_BITS, INTEGRATORS, SOLVERS } from '../words';

/** How often the options are looked at for changes from elsewhere (a rewind, the console), ms. */
const LOOK_PERIOD_MS = 500;

/** Largest and smallest values that make sense, against slips of the finger. */
const TIMESTEP_LIMITS = { min: 1e-6, max: 1 } as const;
const ITERATION_LIMITS = { min: 1, max: 1000 } as const;

/** The physics options, which may be changed while the simulation runs. */
export default function Simulation() {
  const { options, change } = usePhysicsOptions();
  const sizes = useApp((s) => s.model?.sizes);
  const gravityOff = (options.disableflags & GRAVITY_BIT) !== 0;
  return (
    <div>
      <VectorLine
        label="Gravity"
        unit="m/s²"
        value={options.gravity}
        onChange={(gravity) => change({ gravity })}
      />
      <SwitchLine
        label="Gravity acts"
        checked={!gravityOff}
        onChange={() => change({ disableflags: options.disableflags ^ GRAVITY_BIT })}
      />
      <VectorLine label="Wind" unit="m/s" value={options.wind} onChange={(wind) => change({ wind })} />
      <NumberLine
        label="Timestep"
        unit="s"
        value={options.timestep}
        limits={TIMESTEP_LIMITS}
        onChange={(timestep) => change({ timestep })}
      />
      <NumberLine
        label="Density"
        unit="kg/m³"
        value={options.density}
        limits={NOT_NEGATIVE}
        onChange={(density) => change({ density })}
      />
      <NumberLine
        label="Viscosity"
        unit="Pa s"
        value={options.viscosity}
        limits={NOT_NEGATIVE}
        onChange={(viscosity) => change({ viscosity })}
      />
      <SelectLine
        label="Integrator"
        value={options.integrator}
        choices={INTEGRATORS}
        onChange={(integrator) => change({ integrator })}
      />
      <SelectLine label="Cone" value={options.cone} choices={CONES} onChange={(cone) => change({ cone })} />
      <SelectLine
        label="Solver"
        value={options.solver}
        choices={SOLVERS}
        onChange={(solver) => change({ solver })}
      />
      <NumberLine
        label="Iterations"
        value={options.iterations}
        limits={ITERATION_LIMITS}
        onChange={(iterations) => change({ iterations: Math.round(iterations) })}
      />
      <BitGroup
        title="Parts of the physics"
        labels={DISABLE_BITS}
        // A disable bit that is clear means: this part is on.
        mask={~options.disableflags}
        onFlip={(bit) => change({ disableflags: options.disableflags ^ bit })}
      />
      <BitGroup
        title="Extras"
        labels={ENABLE_BITS}
        mask={options.enableflags}
        onFlip={(bit) => change({ enableflags: options.enableflags ^ bit })}
      />
      {sizes === undefined ? null : (
        <div className="panel-group">
          <h3>Size of the model</h3>
          <dl className="facts">
            {Object.entries(sizes).map(([name, value]) => (
              <div key={name} style={{ display: 'contents' }}>
                <dt className="mono">{name}</dt>
                <dd>{value.toLocaleString('en')}</dd>
              </div>
            ))}
          </dl>
        </div>
      )}
    </div>
  );
}

const GRAVITY_BIT = 1 << DISABLE_BITS.indexOf('Gravity');
const NOT_NEGATIVE = { min: 0, max: 1e6 } as const;

/** The options as they are now, and a way to change some. */
function usePhysicsOptions(): {
  readonly options: PhysicsOptions;
  readonly change: (changes: Partial<PhysicsOptions>) => void;
} {
  const simroom = useSimroom();
  const [options, setOptions] = useState(() => simroom.options());
  const heldUntil = useRef(0);
  const look = useCallback(() => {
    // The frame at hand may be from before a change made here: do not fall back to it.
    if (performance.now() < heldUntil.current) return;
    setOptions((before) => {
      const now = simroom.options();
      return JSON.stringify(before) === JSON.stringify(now) ? before : now;
    });
  }, [simroom]);
  useEffect(() => {
    const timer = setInterval(look, LOOK_PERIOD_MS);
    return () => clearInterval(timer);
  }, [look]);
  const change = (changes: Partial<PhysicsOptions>): void => {
    // Shown at once; a refusal is seen at the next look.
    heldUntil.current = performance.now() + LOOK_PERIOD_MS;
    setOptions({ ...options, ...changes });
    void attempt(() => simroom.setOptions(changes));
  };
  return { options, change };
}

function NumberLine(props: {
  readonly label: string;
  readonly unit?: string;
  readonly value: number;
  readonly limits: { readonly min: number; readonly max: number };
  readonly onChange: (value: number) => void;
}) {
  return (
    <div className="line">
      <span className="label">
        {props.label}
        {props.unit === undefined ? null : <Unit unit={props.unit} />}
      </span>
      <NumberField
        label={props.unit === undefined ? props.label : `${props.label}, ${props.unit}`}
        value={props.value}
        {...props.limits}
        onCommit={props.onChange}
      />
    </div>
  );
}

function VectorLine(props: {
  readonly label: string;
  readonly unit: string;
  readonly value: Vec3;
  readonly onChange: (value: Vec3) => void;
}) {
  const [x, y, z] = props.value;
  return (
    <div className="line wide">
      <span className="label">
        {props.label}
        <Unit unit={props.unit} />
      </span>
      <div className="triple">
        <NumberField label={`${props.label} x`} value={x} onCommit={(v) => props.onChange([v, y, z])} />
        <NumberField label={`${props.label} y`} value={y} onCommit={(v) => props.onChange([x, v, z])} />
        <NumberField label={`${props.label} z`} value={z} onCommit={(v) => props.onChange([x, y, v])} />
      </div>
    </div>
  );
}

function Unit({ unit }: { readonly unit: string }) {
  return <span className="unit"> {unit}</span>;
}

function BitGroup(props: {
  readonly title: string;
  readonly labels: readonly string[];
  readonly mask: number;
  readonly onFlip: (bit: number) => void;
}) {
  return (
    <div className="panel-group" role="group" aria-label={props.title}>
      <h3>{props.title}</h3>
      {props.labels.map((label, i) => (
        <SwitchLine
          key={label}
          label={label}
          checked={(props.mask & (1 << i)) !== 0}
          onChange={() => props.onFlip(1 << i)}
        />
      ))}
    </div>
  );
}
