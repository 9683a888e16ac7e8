import type { Person } from '../protocol/ctl';
import type { RoomEvent } from '../session/room_messages';

/** Who is who, without what differs by the moment. */
export function names(people: readonly Person[]): string {
  return people
    .map(
      ({ seat, name, colour, role, look }) =>
        `${seat}:${name}/${colour}/${role}/${look.style}${look.skin}${look.fileSize}`,
    )
    .join(' ');
}

/** Whose faces are on the model, as it was told last. */
export function places(events: readonly RoomEvent[], world: number): string {
  const last = events.findLast((event) => event.kind === 'faces');
  if (last?.kind !== 'faces' || last.world !== world) return 'of another world';
  return last.all.map(({ object, id, seat }) => `${object}${id}:${seat}`).join(' ');
}
