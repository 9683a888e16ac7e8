import { SimroomError } from '../core/errors';

/**
 * A part of the app that is fetched when a room needs it.
 *
 * @throws SimroomError `rooms-unavailable` when it cannot be fetched
 */
export async function loading<T>(part: Promise<T>): Promise<T> {
  try {
    return await part;
  } catch (cause) {
    throw new SimroomError(
      'rooms-unavailable',
      'A part of the app that rooms need could not be fetched. Check the network and reload the page.',
      { cause },
    );
  }
}
