import type { Simroom } from '../../app/api';
import { isRoomLink } from '../../app/room/address';
import { toPlainError } from '../../core/errors';
import { appStore } from '../../state/store';
import { attempt } from '../actions';

/** What a page opened without a link or a model shows. */
const DEFAULT_MODEL = 'humanoid';

/** The room's link in the address of this page, or null. */
export function linkOfPage(): string | null {
  const { href } = window.location;
  return isRoomLink(href) ? href : null;
}

/** Enters the room that the page's address names, else opens a world of one's own. */
export function start(simroom: Simroom): void {
  const link = linkOfPage();
  if (link === null) openOwnWorld(simroom);
  else void joinRoom(simroom, link);
}

/** A world of one's own: the model that the address names, or the default one; what runs already goes on. */
export function openOwnWorld(simroom: Simroom): void {
  appStore.getState().dismissRoomFailure();
  // A reload must not lead back to a room that did not open.
  if (linkOfPage() !== null) {
    const url = new URL(window.location.href);
    url.hash = '';
    window.history.replaceState(window.history.state, '', url);
  }
  if (simroom.model() !== null) return;
  const model = new URLSearchParams(window.location.search).get('model');
  // A failure is an event that the interface shows.
  simroom.load(model ?? DEFAULT_MODEL).catch(() => {});
}

/** Enters a room; a failure becomes its card. */
export function joinRoom(simroom: Simroom, link: string): Promise<void> {
  return enter(simroom, () => simroom.room.join(link));
}

/** Goes back to the room left last. */
export function rejoinRoom(simroom: Simroom): Promise<void> {
  return enter(simroom, () => simroom.room.rejoin());
}

/** Tries once more what has failed: the room of the address, or the one left last. */
export function retryJoin(simroom: Simroom): Promise<void> {
  const link = linkOfPage();
  return link === null ? rejoinRoom(simroom) : joinRoom(simroom, link);
}

async function enter(simroom: Simroom, join: () => Promise<void>): Promise<void> {
  const s = appStore.getState();
  s.dismissRoomFailure();
  try {
    await join();
  } catch (thrown) {
    const failure = toPlainError(thrown, 'connection-failed');
    if (failure.code === 'load-cancelled' || failure.code === 'load-superseded') openOwnWorld(simroom);
    else s.failRoom(failure);
  }
}

/** Gives up joining. */
export function cancelJoin(simroom: Simroom): Promise<void> {
  return attempt(() => simroom.room.leave());
}
