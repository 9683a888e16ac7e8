import { Switch } from 'radix-ui';
import { useId, type ReactNode } from 'react';

/** A labelled on/off choice. */
export function SwitchLine(props: {
  readonly label: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
}) {
  const id = useId();
  return (
    <label className="switch-line" htmlFor={id}>
      <span className="ellipsis">{props.label}</span>
      <Switch.Root
        id={id}
        className="switch"
        checked={props.checked}
        disabled={props.disabled ?? false}
        onCheckedChange={props.onChange}
      >
        <Switch.Thumb className="switch-thumb" />
      </Switch.Root>
    </label>
  );
}
