import { Tooltip } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'aria-label'> {
  /** What the button does: its accessible name and its tooltip. */
  readonly label: string;
  /** Another tooltip, such as why it cannot be used. */
  readonly tip?: string;
  /** Key that does the same, shown in the tooltip. */
  readonly keys?: string | undefined;
  readonly pressed?: boolean;
  readonly children: ReactNode;
}

/** A button that is only a picture, with its name in a tooltip. */
export function IconButton({ label, tip, keys, pressed, children, className, ...rest }: IconButtonProps) {
  return (
    <Tip text={tip ?? label} keys={keys}>
      <button
        type="button"
        aria-label={label}
        aria-pressed={pressed}
        className={className === undefined ? 'icon-button' : `icon-button ${className}`}
        onMouseDown={keepFocus}
        {...rest}
      >
        {children}
      </button>
    </Tip>
  );
}

/** A mouse click leaves the focus where it was, so that Space goes on meaning run and pause. */
export function keepFocus(event: { preventDefault(): void }): void {
  event.preventDefault();
}

/** A tooltip around one element. */
export function Tip(props: {
  readonly text: ReactNode;
  readonly keys?: string | undefined;
  readonly children: ReactNode;
}) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{props.children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content className="tip" sideOffset={6} collisionPadding={8}>
          {props.text}
          {props.keys === undefined ? null : <kbd>{props.keys}</kbd>}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
