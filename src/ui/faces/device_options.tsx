import { useEffect, useState } from 'react';
import { attempt, pickFiles } from '../actions';
import { useSimroom } from '../context';
import { SelectLine } from '../parts/select_line';
import { openSource } from './face_actions';
import { Portrait } from './portrait';
import { Camera } from './preview';
import type { OptionsProps } from './source_options';

/** Resolution of one's face beside what the camera sees, CSS px. */
const CAMERA_PORTRAIT_PX = 96;

/** A camera: which one, what it sees, and a model for shapes that only such a model can tell. */
export function WebcamOptions({ info }: OptionsProps) {
  const simroom = useSimroom();
  const [task, setTask] = useState<File | null>(null);
  const [device, setDevice] = useState('');
  const open = (changes: { device?: string; task?: File | null }): void => {
    const next = { device, task, ...changes };
    setDevice(next.device);
    setTask(next.task);
    // What is off stays off until its switch is pressed.
    if (info !== undefined || changes.task) void openSource(simroom, webcamRequest(next));
  };
  return (
    <>
      {info?.stream === undefined ? null : (
        <div className="camera-pair">
          <div className="camera-large">
            <Camera stream={info.stream} />
          </div>
          <Portrait source="webcam" size={CAMERA_PORTRAIT_PX} />
        </div>
      )}
      <DeviceLine kind="videoinput" label="Camera" value={device} onChange={(id) => open({ device: id })} />
      <details className="more">
        <summary>All 52 shapes, with MediaPipe</summary>
        <p className="note muted">
          Without it we work out some twenty shapes from the landmarks of your face. Google offers a model
          that tells all of them: fetch <code>face_landmarker.task</code> from its MediaPipe pages and choose
          it here.
        </p>
        <div className="buttons">
          <button
            type="button"
            className="button"
            onClick={() =>
              void attempt(async () => {
                const [file] = await pickFiles('files', '.task');
                if (file !== undefined) open({ task: file });
              })
            }
          >
            Choose the model
          </button>
          {task === null ? null : (
            <button type="button" className="button quiet" onClick={() => open({ task: null })}>
              Without it
            </button>
          )}
        </div>
      </details>
    </>
  );
}

function webcamRequest(wanted: { readonly device: string; readonly task: File | null }) {
  return {
    kind: 'webcam',
    ...(wanted.device === '' ? {} : { device: wanted.device }),
    ...(wanted.task === null ? {} : { task: wanted.task }),
  } as const;
}

/** A microphone: which one. */
export function MicrophoneOptions({ info }: OptionsProps) {
  const simroom = useSimroom();
  const [device, setDevice] = useState('');
  return (
    <DeviceLine
      kind="audioinput"
      label="Microphone"
      value={device}
      onChange={(id) => {
        setDevice(id);
        if (info !== undefined)
          void openSource(simroom, { kind: 'microphone', ...(id === '' ? {} : { device: id }) });
      }}
    />
  );
}

/** A choice among the devices there are. Their names are told only after the first was allowed. */
function DeviceLine(props: {
  readonly kind: 'videoinput' | 'audioinput';
  readonly label: string;
  readonly value: string;
  readonly onChange: (id: string) => void;
}) {
  const { kind, label, value, onChange } = props;
  const devices = useDevices(kind);
  return (
    <SelectLine
      label={label}
      value={value}
      choices={[
        { value: '', label: 'default' },
        ...devices.map((device, i) => ({
          value: device.deviceId,
          label: device.label === '' ? `${label} ${i + 1}` : device.label,
        })),
      ]}
      onChange={onChange}
    />
  );
}

/** How often the devices are listed anew, ms: being allowed to use one is no event, and gives them their names. */
const DEVICES_MS = 2000;

function useDevices(kind: MediaDeviceKind): readonly MediaDeviceInfo[] {
  const [devices, setDevices] = useState<readonly MediaDeviceInfo[]>([]);
  useEffect(() => {
    // Absent on pages that are not secure.
    const media = navigator.mediaDevices as MediaDevices | undefined;
    if (media?.enumerateDevices === undefined) return undefined;
    let shown = true;
    const list = (): void => {
      media.enumerateDevices().then(
        (all) => {
          const found = all.filter((device) => device.kind === kind && device.deviceId !== '');
          if (shown) setDevices((before) => (sameDevices(before, found) ? before : found));
        },
        // Without the list the browser's own choice is left.
        () => {},
      );
    };
    list();
    const timer = setInterval(list, DEVICES_MS);
    media.addEventListener('devicechange', list);
    return () => {
      shown = false;
      clearInterval(timer);
      media.removeEventListener('devicechange', list);
    };
  }, [kind]);
  return devices;
}

function sameDevices(a: readonly MediaDeviceInfo[], b: readonly MediaDeviceInfo[]): boolean {
  const key = (list: readonly MediaDeviceInfo[]): string =>
    list.map(({ deviceId, label }) => deviceId + label).join('\n');
  return key(a) === key(b);
}
