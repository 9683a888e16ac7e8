import { createRoot } from 'react-dom/client';
import { keepOffline } from './app/offline';
import { isRoomLink } from './app/room/address';
import { fetchRooms } from './app/room_api';
import { createSimroom } from './app/simroom';
import { connectStore } from './app/store_sync';
import { appStore } from './state/store';
import { App } from './ui/app';
import { CannotStart } from './ui/cannot_start';
import { start } from './ui/room/room_actions';

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`index.html has no #${id}`);
  return found;
}

function run(canvas: HTMLElement): void {
  if (!(canvas instanceof HTMLCanvasElement)) throw new Error('#view is not a canvas');
  const { simroom } = createSimroom(canvas);
  Object.assign(window, { simroom });
  connectStore(simroom);
  root.render(<App simroom={simroom} />);
  start(simroom);
  // Once the first model runs, so that fetching everything else does not compete with it.
  if (import.meta.env.PROD) {
    void simroom.ready.then(() => keepOffline((notice) => appStore.getState().notify(notice)));
  }
}

// A failure shows when the room is entered.
if (isRoomLink(window.location.href)) fetchRooms().catch(() => {});

const root = createRoot(element('ui'));
try {
  run(element('view'));
} catch (error) {
  root.render(<CannotStart error={error} />);
}
