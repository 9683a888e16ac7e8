import type { SourceInfo } from '../../app/faces/api';
import { AudioOptions, RecordingOptions } from './file_options';
import { BridgeOptions } from './bridge_options';
import { MicrophoneOptions, WebcamOptions } from './device_options';
import { TextOptions } from './text_options';
import { TuningOptions } from './tuning_options';
import type { OfferedKind } from './words';

export interface OptionsProps {
  readonly info: SourceInfo | undefined;
}

const OPTIONS = {
  webcam: WebcamOptions,
  microphone: MicrophoneOptions,
  bridge: BridgeOptions,
  audio: AudioOptions,
  text: TextOptions,
  recording: RecordingOptions,
} as const;

/** All about one source: what it is, where it gets its faces, how they are tuned. */
export function SourceOptions(props: OptionsProps & { readonly kind: OfferedKind; readonly text: string }) {
  const { kind, info, text } = props;
  const Options = OPTIONS[kind];
  return (
    <>
      <p className="note muted">{text}</p>
      <Options info={info} />
      {info === undefined ? null : <TuningOptions info={info} />}
    </>
  );
}
