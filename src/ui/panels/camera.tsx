import { Orbit, Scan, Video } from 'lucide-react';
import { useRef } from 'react';
import type { CameraPose } from '../../app/api';
import { useApp } from '../../state/store';
import { runCommand } from '../commands';
import { useSimroom } from '../context';
import { formatNumber } from '../format';
import { useLive } from '../live';
import { NumberField } from '../parts/number_field';

/** Pose readings a second: it is to be read, not watched. */
const POSE_HZ = 8;

/** Which camera, where it is, and how to take that elsewhere. */
export default function Camera() {
  const simroom = useSimroom();
  const model = useApp((s) => s.model);
  const fixed = useApp((s) => s.fixedCamera);
  const track = useApp((s) => s.trackedBody);
  return (
    <div className="panel-stack">
      <div className="camera-list" role="group" aria-label="Cameras">
        <button
          type="button"
          className="choice"
          aria-pressed={fixed === null && track === null}
          onClick={() => runCommand(simroom, 'camera.free')}
        >
          <Orbit size={15} aria-hidden />
          Free
        </button>
        {model?.cameras.map(({ id, name }) => (
          <button
            key={id}
            type="button"
            className="choice"
            aria-pressed={fixed === id}
            onClick={() => runCommand(simroom, `camera.fixed.${id}`)}
          >
            <Video size={15} aria-hidden />
            <span className="ellipsis">{name}</span>
          </button>
        ))}
      </div>
      <div className="line wide">
        <label className="label" htmlFor="track-body">
          Track
        </label>
        <select
          id="track-body"
          className="field"
          value={track ?? ''}
          onChange={(event) => {
            const { value } = event.currentTarget;
            simroom.camera.set(value === '' ? { track: null } : { track: Number(value), fixed: null });
          }}
        >
          <option value="">nothing</option>
          {model?.bodies.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </div>
      {fixed === null ? <Pose /> : <p className="empty">A fixed camera goes where the model takes it.</p>}
      <div className="buttons even">
        <button type="button" className="button" onClick={() => runCommand(simroom, 'camera.align')}>
          <Scan size={15} aria-hidden />
          Align
        </button>
        <button type="button" className="button" onClick={() => runCommand(simroom, 'camera.mjcf')}>
          Copy MJCF
        </button>
        <button type="button" className="button" onClick={() => runCommand(simroom, 'camera.code')}>
          Copy code
        </button>
      </div>
    </div>
  );
}

const NUMBERS = [
  ['distance', 'Distance', 'm'],
  ['azimuth', 'Azimuth', '\u00b0'],
  ['elevation', 'Elevation', '\u00b0'],
] as const;

function Pose() {
  const simroom = useSimroom();
  const lookat = useRef<(HTMLInputElement | null)[]>([]);
  const rest = useRef<(HTMLInputElement | null)[]>([]);
  useLive(() => {
    const pose = simroom.camera.get();
    for (let i = 0; i < 3; i++) write(lookat.current[i], pose.lookat[i] ?? 0, 3);
    NUMBERS.forEach(([field], i) => write(rest.current[i], pose[field], field === 'distance' ? 3 : 1));
  }, POSE_HZ);
  return (
    <div>
      <div className="line wide">
        <span className="label">Look at</span>
        <div className="triple">
          {['x', 'y', 'z'].map((axis, i) => (
            <NumberField
              key={axis}
              label={`Look at ${axis}, m`}
              element={(input) => {
                lookat.current[i] = input;
              }}
              onCommit={(value) => simroom.camera.set({ lookat: withPart(simroom.camera.get(), i, value) })}
            />
          ))}
        </div>
      </div>
      {NUMBERS.map(([field, label, unit], i) => (
        <div key={field} className="line">
          <span className="label">
            {label} <span className="unit">{unit}</span>
          </span>
          <NumberField
            label={`${label}, ${unit}`}
            element={(input) => {
              rest.current[i] = input;
            }}
            onCommit={(value) => simroom.camera.set({ [field]: value })}
          />
        </div>
      ))}
    </div>
  );
}

function write(input: HTMLInputElement | null | undefined, value: number, decimals: number): void {
  if (!input || document.activeElement === input) return;
  const text = formatNumber(Number(value.toFixed(decimals)), 6);
  if (input.value !== text) input.value = text;
}

function withPart({ lookat }: CameraPose, part: number, value: number): [number, number, number] {
  const [x, y, z] = lookat;
  return [part === 0 ? value : x, part === 1 ? value : y, part === 2 ? value : z];
}
