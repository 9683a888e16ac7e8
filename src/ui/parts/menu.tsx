import { DropdownMenu } from 'radix-ui';
import { useRef, type ReactNode } from 'react';

/** A menu on a button. */
export function Menu(props: {
  readonly trigger: ReactNode;
  readonly side?: 'top' | 'bottom';
  readonly children: ReactNode;
}) {
  const byKey = useRef(false);
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{props.trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className="menu scroll"
          side={props.side ?? 'bottom'}
          align="start"
          sideOffset={10}
          collisionPadding={8}
          onKeyDown={() => {
            byKey.current = true;
          }}
          onPointerMove={() => {
            byKey.current = false;
          }}
          onCloseAutoFocus={(event) => {
            // After a click the focus would stay on the button and take Space away from run and pause.
            if (!byKey.current) event.preventDefault();
          }}
        >
          {props.children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

export function MenuItem(props: {
  readonly onSelect: () => void;
  readonly disabled?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <DropdownMenu.Item className="menu-item" disabled={props.disabled ?? false} onSelect={props.onSelect}>
      {props.children}
    </DropdownMenu.Item>
  );
}
