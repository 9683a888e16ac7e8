import { Crown, EllipsisVertical } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useEffect, useRef, useState } from 'react';
import type { Peer, Role } from '../../app/api';
import { hasRole } from '../../state/room';
import { useApp } from '../../state/store';
import { attempt } from '../actions';
import { useSimroom } from '../context';
import { FaceFacts } from '../faces/face_facts';
import { Tip } from '../parts/icon_button';
import { Menu, MenuItem } from '../parts/menu';
import { Avatar } from './avatar';
import { peerFacts } from './people_words';
import { REFUSALS, ROLES } from './words';

/** Somebody else: who they are, how they are connected, what can be done with them. */
export function PersonRow({ peer }: { readonly peer: Peer }) {
  const [asking, setAsking] = useState(false);
  return (
    <li className="person">
      <Avatar name={peer.name} colour={peer.colour} peer={peer.id} />
      <div className="who">
        <PersonName peer={peer} />
        <PersonFacts peer={peer} />
      </div>
      <PersonMenu peer={peer} onRemove={() => setAsking(true)} />
      {asking ? <Removal peer={peer} onDone={() => setAsking(false)} /> : null}
    </li>
  );
}

function PersonName({ peer }: { readonly peer: Peer }) {
  return (
    <span className="name-line">
      <b className="ellipsis" title={peer.name}>
        {peer.name}
      </b>
      {peer.host ? <HostMark /> : null}
      <RoundTrip peer={peer} />
    </span>
  );
}

/** How long the way to the host and back takes. */
export function RoundTrip({ peer: { rttMs } }: { readonly peer: Peer }) {
  return rttMs === null ? null : (
    <span className="round-trip muted" title="Round trip to the host">
      {Math.round(rttMs)} ms
    </span>
  );
}

export function HostMark() {
  return (
    <Tip text="Hosts the room: everybody is connected through this browser">
      <span className="host-mark" role="img" aria-label="Host" tabIndex={0}>
        <Crown size={13} />
      </span>
    </Tip>
  );
}

/** Role, part and connection; for admins also what had to be dropped. */
export function PersonFacts({ peer }: { readonly peer: Peer }) {
  const admin = useApp((s) => hasRole(s, 'admin'));
  return (
    <span className="person-facts muted">
      {peerFacts(peer).map(({ text, tip }) => (
        <span key={text} title={tip}>
          {text}
        </span>
      ))}
      {admin && peer.dropped > 0 ? (
        <span
          className="warn"
          title="Messages of theirs that were dropped: out of range, not allowed, too many"
        >
          {peer.dropped} dropped
        </span>
      ) : null}
    </span>
  );
}

function PersonMenu({ peer, onRemove }: { readonly peer: Peer; readonly onRemove: () => void }) {
  const simroom = useSimroom();
  const admin = useApp((s) => hasRole(s, 'admin'));
  return (
    <Menu
      trigger={
        <button type="button" className="icon-button small" aria-label={`${peer.name}: menu`}>
          <EllipsisVertical size={16} />
        </button>
      }
    >
      <MenuItem onSelect={() => simroom.room.lookAs(peer.id)}>Look where they look</MenuItem>
      <DropdownMenu.Label className="menu-label">
        <FaceFacts peer={peer.id} />
      </DropdownMenu.Label>
      {peer.host ? null : (
        <>
          <DropdownMenu.Separator className="menu-line" />
          <DropdownMenu.Label className="menu-label">
            {admin ? 'Role' : `Role \u2013 ${REFUSALS.admin}`}
          </DropdownMenu.Label>
          <DropdownMenu.RadioGroup
            value={peer.role}
            onValueChange={(role) =>
              void attempt(() =>
                simroom.room.setRole(peer.id, ROLES.find((r) => r.value === role)?.value ?? peer.role),
              )
            }
          >
            {ROLES.map(({ value, label }: { value: Role; label: string }) => (
              <DropdownMenu.RadioItem key={value} value={value} className="menu-item" disabled={!admin}>
                {label}
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
          <DropdownMenu.Separator className="menu-line" />
          <MenuItem disabled={!admin} onSelect={onRemove}>
            Remove from the room
          </MenuItem>
        </>
      )}
    </Menu>
  );
}

/** The question before somebody is removed, in their own row. */
function Removal({ peer, onDone }: { readonly peer: Peer; readonly onDone: () => void }) {
  const simroom = useSimroom();
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus(), []);
  return (
    <div
      className="ask"
      role="alertdialog"
      aria-label={`Remove ${peer.name}?`}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onDone();
      }}
    >
      <p>They cannot come back with the same browser.</p>
      <div className="buttons even">
        <button ref={keep} type="button" className="button" onClick={onDone}>
          Cancel
        </button>
        <button
          type="button"
          className="button danger"
          onClick={() => {
            onDone();
            void attempt(() => simroom.room.remove(peer.id));
          }}
        >
          Remove
        </button>
      </div>
    </div>
  );
}
