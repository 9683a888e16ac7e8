import type { ComponentProps, ReactNode } from 'react';
import { useApp } from '../state/store';
import { refusalOf, runCommand } from './commands';
import { useSimroom } from './context';
import { keysOf } from './key_hints';
import { IconButton, Tip } from './parts/icon_button';

/** A button with words that runs a command; where the role in the room does not allow it, it says why. */
export function CommandButton(props: { readonly id: string; readonly children: ReactNode }) {
  const simroom = useSimroom();
  const refusal = useApp((s) => refusalOf(s, props.id));
  const button = (
    <button
      type="button"
      className="button"
      aria-disabled={refusal !== null}
      onClick={() => runCommand(simroom, props.id)}
    >
      {props.children}
    </button>
  );
  return refusal === null ? button : <Tip text={refusal}>{button}</Tip>;
}

interface RefusableButtonProps extends Omit<ComponentProps<typeof IconButton>, 'keys'> {
  /** The command it runs. */
  readonly id: string;
}

/** A picture button that runs a command; where the role in the room does not allow it, its tooltip says why. */
export function RefusableButton({ id, label, ...rest }: RefusableButtonProps) {
  const simroom = useSimroom();
  const refusal = useApp((s) => refusalOf(s, id));
  return (
    <IconButton
      {...rest}
      label={label}
      tip={refusal ?? label}
      keys={refusal === null ? keysOf(id) : undefined}
      aria-disabled={refusal !== null}
      onClick={() => runCommand(simroom, id)}
    />
  );
}
