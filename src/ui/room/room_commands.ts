import type { Peer, Simroom } from '../../app/api';
import type { AppState } from '../../state/store';
import { copyText } from '../actions';
import type { Command } from '../command';
import { rejoinRoom } from './room_actions';

const inRoom = (ui: AppState): boolean => ui.room !== null;

/** What can be done in a room, and to get into one. */
export const ROOM_COMMANDS: readonly Command[] = [
  {
    id: 'room.share',
    title: 'Share',
    group: 'Room',
    keywords: 'room link invite invitation lock people',
    run: (_, ui) => ui.show('share'),
  },
  {
    id: 'room.copy',
    title: 'Copy the link of the room',
    group: 'Room',
    keywords: 'clipboard invite',
    when: inRoom,
    run: (_, ui) => copyText(ui.room?.link ?? '', 'Link'),
  },
  {
    id: 'room.write',
    title: 'Write a message',
    group: 'Room',
    keywords: 'chat say',
    when: inRoom,
    run: (_, ui) => {
      ui.openPanel('chat');
      ui.setChatWanted(true);
    },
  },
  {
    id: 'room.point',
    title: 'Point, or stop pointing',
    group: 'Room',
    keywords: 'laser ray show',
    when: inRoom,
    run: (_, ui) => ui.setPointing(!ui.pointing),
  },
  {
    id: 'room.gather',
    title: 'Bring everyone to my view',
    group: 'Room',
    keywords: 'camera follow gather',
    needs: 'developer',
    when: inRoom,
    run: (s) => s.room.gather(),
  },
  {
    id: 'room.lock',
    title: 'Lock or unlock the room',
    group: 'Room',
    needs: 'admin',
    when: inRoom,
    run: (s, ui) => s.room.lock(ui.room?.locked !== true),
  },
  {
    id: 'room.name',
    title: 'Change my name or colour',
    group: 'Room',
    when: inRoom,
    run: (_, ui) => ui.openPanel('people'),
  },
  {
    id: 'room.fork',
    title: 'Fork: go on in a copy of my own',
    group: 'Room',
    keywords: 'private',
    when: inRoom,
    run: async (s, ui) => {
      ui.show(null);
      const host = ui.room?.host === true;
      await s.room.fork();
      // The host's copy is in another tab.
      if (host) return;
      ui.notify({
        code: 'forked',
        message: 'This copy of the world is yours alone. The room goes on without you.',
        action: { label: 'Back to the room', run: () => rejoinRoom(s) },
      });
    },
  },
  {
    id: 'room.rejoin',
    title: 'Back to the room',
    group: 'Room',
    keywords: 'rejoin return',
    when: (ui) => ui.room === null && ui.leftRoom !== null,
    run: (s) => rejoinRoom(s),
  },
  {
    id: 'room.leave',
    title: 'Leave the room',
    group: 'Room',
    keywords: 'close quit',
    when: inRoom,
    // Closing the room on others is asked about there.
    run: (s, ui) => (ui.room?.host === true && ui.peers.length > 1 ? ui.show('share') : s.room.leave()),
  },
];

/** A command for everybody else in the room. */
export function peerCommands(peers: readonly Peer[]): Command[] {
  return peers
    .filter((peer) => !peer.self)
    .map(({ id, name }) => ({
      id: `room.look.${id}`,
      title: `Look where ${name} looks`,
      group: 'Room',
      keywords: 'camera view person',
      run: (s: Simroom) => s.room.lookAs(id),
    }));
}
