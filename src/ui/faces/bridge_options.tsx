import { Copy } from 'lucide-react';
import { useId, useState } from 'react';
import { BRIDGE_PORT } from '../../app/faces/choices';
import { copyText } from '../actions';
import { useSimroom } from '../context';
import { IconButton } from '../parts/icon_button';
import { SelectLine } from '../parts/select_line';
import { openSource } from './face_actions';
import type { OptionsProps } from './source_options';

/** Phones that send only when they are asked. */
const PHONES = [
  { value: 'none', label: 'sends by itself' },
  { value: 'ifacialmocap', label: 'iFacialMocap' },
  { value: 'vtubestudio', label: 'VTube Studio' },
] as const;
type PhoneApp = (typeof PHONES)[number]['value'];

const COMMAND = 'npm run face-bridge';

/** The bridge that passes on what phones and programs send. */
export function BridgeOptions({ info }: OptionsProps) {
  const simroom = useSimroom();
  const [url, setUrl] = useState('');
  const [code, setCode] = useState('');
  const [subject, setSubject] = useState('');
  const [app, setApp] = useState<PhoneApp>('none');
  const [phone, setPhone] = useState('');
  const open = (chosen: string): void =>
    void openSource(simroom, {
      kind: 'bridge',
      ...(url.trim() === '' ? {} : { url: url.trim() }),
      ...(code.trim() === '' ? {} : { code: code.trim() }),
      ...(chosen === '' ? {} : { subject: chosen }),
      ...(app === 'none' || phone.trim() === '' ? {} : { phone: { app, address: phone.trim() } }),
    });
  const subjects = info?.subjects ?? [];
  return (
    <form
      className="panel-stack"
      onSubmit={(event) => {
        event.preventDefault();
        open(subject);
      }}
    >
      <p className="note muted">
        A page cannot hear what phones send, so a small program on this computer passes it on. Start it where
        you have Simroom&apos;s sources:
      </p>
      <div className="copy-line">
        <code className="ellipsis">{COMMAND}</code>
        <IconButton
          label="Copy the command"
          className="small"
          onClick={() => void copyText(COMMAND, 'Command')}
        >
          <Copy size={15} />
        </IconButton>
      </div>
      <p className="note muted">
        It says what to enter on the phone. Nobody but this computer can connect to it unless you start it
        with <code>-- --lan</code>; then it shows a code.
      </p>
      <TextLine label="Address" placeholder={`ws://127.0.0.1:${BRIDGE_PORT}`} value={url} onChange={setUrl} />
      <TextLine label="Code" placeholder="if the bridge shows one" value={code} onChange={setCode} />
      <SelectLine label="Phone" value={app} choices={PHONES} onChange={setApp} />
      {app === 'none' ? null : (
        <TextLine
          label="Its address"
          placeholder="as the app shows it, such as 192.168.1.7"
          value={phone}
          onChange={setPhone}
        />
      )}
      {subjects.length === 0 ? null : (
        <SelectLine
          label="Face"
          value={subject}
          choices={[
            { value: '', label: 'the first that comes' },
            ...subjects.map((name) => ({ value: name, label: name })),
          ]}
          onChange={(chosen) => {
            setSubject(chosen);
            open(chosen);
          }}
        />
      )}
      <button type="submit" className="button">
        {info === undefined ? 'Connect' : 'Connect again'}
      </button>
    </form>
  );
}

function TextLine(props: {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}) {
  const id = useId();
  return (
    <div className="line wide">
      <label className="label" htmlFor={id}>
        {props.label}
      </label>
      <input
        id={id}
        className="field"
        autoComplete="off"
        spellCheck={false}
        placeholder={props.placeholder}
        value={props.value}
        onChange={(event) => props.onChange(event.currentTarget.value)}
      />
    </div>
  );
}
