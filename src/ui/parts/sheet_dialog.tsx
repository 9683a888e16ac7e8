import { X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { useRef, type KeyboardEvent, type ReactNode } from 'react';
import { useApp } from '../../state/store';

/** A dialog over the view, open for as long as it is rendered. */
export function SheetDialog(props: {
  readonly title: string;
  readonly className: string;
  /** Shows the title and a close button; without, the title is only read out. */
  readonly head?: boolean;
  /** Takes the focus itself, so that no button looks chosen; without, the first field has it. */
  readonly quietFocus?: boolean;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  readonly children: ReactNode;
}) {
  const { head = true, quietFocus = true } = props;
  const show = useApp((s) => s.show);
  const content = useRef<HTMLDivElement>(null);
  return (
    <Dialog.Root
      open
      onOpenChange={(open) => {
        if (!open) show(null);
      }}
    >
      <Dialog.Portal>
        <Dialog.Overlay className="scrim" />
        <Dialog.Content
          ref={content}
          className={`dialog ${props.className}`}
          aria-describedby={undefined}
          onKeyDown={props.onKeyDown}
          onOpenAutoFocus={(event) => {
            if (!quietFocus) return;
            event.preventDefault();
            content.current?.focus();
          }}
        >
          {head ? (
            <header className="dialog-head">
              <Dialog.Title>{props.title}</Dialog.Title>
              <Dialog.Close className="icon-button" aria-label="Close">
                <X size={18} />
              </Dialog.Close>
            </header>
          ) : (
            <Dialog.Title className="visually-hidden">{props.title}</Dialog.Title>
          )}
          {props.children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
