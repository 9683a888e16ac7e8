import { useId, useLayoutEffect, useRef, useState } from 'react';
import type { Role } from '../../app/api';
import { toPlainError } from '../../core/errors';
import { useApp } from '../../state/store';
import { useSimroom } from '../context';
import { SheetDialog } from '../parts/sheet_dialog';
import { NameField } from './name_field';
import { RoleChoice } from './role_choice';
import { shareRoom } from './share_actions';
import { RoomSheet } from './room_sheet';
import '../styles/share.css';

/** Opening the room to others; once it is open, its link and everything about who may come. */
export default function Share() {
  const room = useApp((s) => s.room);
  const [copied, setCopied] = useState<boolean | null>(null);
  // A room is there a moment before everything about it can be asked for.
  const [opening, setOpening] = useState(false);
  const show = useApp((s) => s.show);
  const inRoom = useRef(false);
  useLayoutEffect(() => {
    // A sheet about a room ends with it, before it would offer another: the card below says what has happened.
    if (inRoom.current && room === null && !opening) show(null);
    inRoom.current = room !== null;
  }, [room, opening, show]);
  return (
    <SheetDialog title={room === null || opening ? 'Share this world' : 'Share this room'} className="share">
      <div className="dialog-body scroll">
        {room === null || opening ? (
          <OpenRoom busy={opening} setBusy={setOpening} onOpen={setCopied} />
        ) : (
          <RoomSheet room={room} copied={copied} />
        )}
      </div>
    </SheetDialog>
  );
}

function OpenRoom(props: {
  readonly busy: boolean;
  readonly setBusy: (busy: boolean) => void;
  readonly onOpen: (copied: boolean) => void;
}) {
  const { busy, setBusy, onOpen } = props;
  const simroom = useSimroom();
  const named = useApp((s) => s.prefs.named);
  const setPrefs = useApp((s) => s.setPrefs);
  // The field stays while it is written in, though the name is then chosen.
  const [asksName] = useState(!named);
  const nameId = useId();
  const [role, setRole] = useState<Role>('developer');
  const [failure, setFailure] = useState('');
  const open = async (): Promise<void> => {
    setBusy(true);
    setFailure('');
    // Left as it was, the name is chosen too.
    setPrefs({ named: true });
    try {
      onOpen(await shareRoom(simroom, { role }));
    } catch (thrown) {
      setFailure(toPlainError(thrown, 'connection-failed').message);
    }
    setBusy(false);
  };
  return (
    <form
      className="share-form"
      onSubmit={(event) => {
        event.preventDefault();
        void open();
      }}
    >
      <p className="muted">
        Whoever opens the link stands in this world with you. Your browsers talk to each other directly;
        nothing is stored anywhere.
      </p>
      <RoleChoice legend="Who comes by the link is a" value={role} onChange={setRole} />
      {asksName ? (
        <div className="line">
          <label className="label" htmlFor={nameId}>
            Others see you as
          </label>
          <NameField label="Your name" id={nameId} />
        </div>
      ) : null}
      {failure === '' ? null : (
        <p className="warn" role="alert">
          {failure}
        </p>
      )}
      <button type="submit" className="button primary" disabled={busy}>
        {busy ? 'Opening the room\u2026' : failure === '' ? 'Share and copy the link' : 'Try again'}
      </button>
    </form>
  );
}
