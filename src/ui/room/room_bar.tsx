import { UserPlus } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useApp } from '../../state/store';
import { runCommand } from '../commands';
import { useSimroom } from '../context';
import { keepFocus, Tip } from '../parts/icon_button';
import { useIsPhone } from '../use_is_phone';

const PeopleBar = lazy(() => import('./people_bar'));

/** Who is here, what is said, and how others come. */
export function RoomBar() {
  const simroom = useSimroom();
  const inRoom = useApp((s) => s.room !== null);
  const running = useApp((s) => s.model !== null);
  const phone = useIsPhone();
  return (
    <>
      <Suspense fallback={null}>{inRoom ? <PeopleBar /> : null}</Suspense>
      <Tip text={inRoom ? 'Link, invitations, leaving' : 'Let others in'}>
        <button
          type="button"
          className={phone ? 'share-button button primary icon-only' : 'share-button button primary'}
          aria-label="Share"
          disabled={!running}
          onMouseDown={keepFocus}
          onClick={() => runCommand(simroom, 'room.share')}
        >
          <UserPlus size={16} aria-hidden />
          {phone ? null : 'Share'}
        </button>
      </Tip>
    </>
  );
}
