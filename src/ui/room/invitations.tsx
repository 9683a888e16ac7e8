import { useCallback, useEffect, useState } from 'react';
import type { Invitation, Role } from '../../app/api';
import { useApp } from '../../state/store';
import { attempt } from '../actions';
import { useSimroom } from '../context';
import { SelectLine } from '../parts/select_line';
import { LinkRow } from './link_row';
import { invite } from './share_actions';
import { roleLabel, ROLES } from './words';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** s; 0 stands for never. */
const EXPIRIES = [
  { value: HOUR, label: 'in an hour' },
  { value: DAY, label: 'in a day' },
  { value: 7 * DAY, label: 'in a week' },
  { value: 0, label: 'never' },
] as const;

/** 0 stands for any number. */
const USES = [
  { value: 1, label: 'one person' },
  { value: 5, label: 'five people' },
  { value: 0, label: 'anybody' },
] as const;

/** Links for other roles, each for so many people and so long; and those that are out. */
export function Invitations() {
  const simroom = useSimroom();
  const people = useApp((s) => s.peers.length);
  const [list, setList] = useState<readonly Invitation[]>([]);
  const [made, setMade] = useState<{ readonly link: string; readonly copied: boolean } | null>(null);
  const [role, setRole] = useState<Role>('viewer');
  const [expiry, setExpiry] = useState<number>(DAY);
  const [uses, setUses] = useState<number>(1);
  const refresh = useCallback(
    () => attempt(async () => setList(await simroom.room.invitations())),
    [simroom],
  );
  useEffect(() => {
    void refresh();
    // Somebody who comes may have used one.
  }, [refresh, people]);
  const make = async (): Promise<void> => {
    setMade(null);
    await attempt(async () =>
      setMade(
        await invite(simroom, {
          role,
          ...(expiry === 0 ? {} : { expiresIn: expiry }),
          ...(uses === 0 ? {} : { uses }),
        }),
      ),
    );
    await refresh();
  };
  const revoke = async (id: string): Promise<void> => {
    await attempt(() => simroom.room.revoke(id));
    setMade(null);
    await refresh();
  };
  return (
    <details className="invitations">
      <summary>
        Invite with another role
        {list.length === 0 ? null : <span className="count">{list.length}</span>}
      </summary>
      <SelectLine label="Role" value={role} choices={ROLES} onChange={setRole} />
      <SelectLine label="For" value={uses} choices={USES} onChange={setUses} />
      <SelectLine label="Expires" value={expiry} choices={EXPIRIES} onChange={setExpiry} />
      <button type="button" className="button" onClick={() => void make()}>
        Make a link
      </button>
      {made === null ? null : (
        <LinkRow key={made.link} label="Link of the invitation" link={made.link} copied={made.copied} />
      )}
      {list.length === 0 ? null : (
        <ul className="invitation-list" aria-label="Invitations">
          {list.map((invitation) => (
            <li key={invitation.id}>
              <span>
                <b>{roleLabel(invitation.role)}</b> <span className="muted">{describe(invitation)}</span>
              </span>
              <button
                type="button"
                className="button quiet"
                aria-label={`Revoke this ${roleLabel(invitation.role).toLowerCase()} invitation`}
                onClick={() => void revoke(invitation.id)}
              >
                Revoke
              </button>
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}

/** How often an invitation has been used and how long it holds. */
export function describe({ uses, used, expiresIn }: Invitation): string {
  const often = uses === null ? `used ${used} times` : `${used} of ${uses} used`;
  return expiresIn === null
    ? often
    : `${often}, ${expiresIn <= 0 ? 'expired' : `${duration(expiresIn)} left`}`;
}

/** @param seconds above 0; the largest unit that fits */
function duration(seconds: number): string {
  if (seconds >= 2 * DAY) return `${Math.round(seconds / DAY)} days`;
  if (seconds >= 2 * HOUR) return `${Math.round(seconds / HOUR)} h`;
  return `${Math.max(1, Math.round(seconds / 60))} min`;
}
