import { SimroomError } from '../../core/errors';
import { PEOPLE_COLOURS } from '../../core/people';
import { toUtf8 } from '../../core/utf8';
import { MAX_NAME_BYTES } from '../../protocol/limits';
import type { RoomSettings } from '../api';

const KEY = 'simroom.person';
/** Guests without a name are told apart by a number up to this. */
const MAX_GUEST_NUMBER = 99;

/**
 * What others see of oneself, kept for the next room; without storage it lasts as long as the page.
 */
export class OwnPerson {
  private here: RoomSettings | null = null;

  get settings(): RoomSettings {
    if (this.here === null) {
      const stored = read();
      this.here = stored ?? newcomer();
      if (stored === null) write(this.here);
    }
    return this.here;
  }

  /** @throws SimroomError `bad-argument` when it is no name or colour; then nothing has changed */
  change(changes: Partial<RoomSettings>): void {
    const { name, colour } = { ...this.settings, ...changes };
    const trimmed = name.trim();
    const bytes = toUtf8(trimmed).length;
    if (bytes === 0 || bytes > MAX_NAME_BYTES) {
      throw new SimroomError(
        'bad-argument',
        `A name has 1 to ${MAX_NAME_BYTES} bytes; this one has ${bytes}.`,
      );
    }
    if (!(colour in PEOPLE_COLOURS)) {
      throw new SimroomError('bad-argument', `Colours are 0 to ${PEOPLE_COLOURS.length - 1}, not ${colour}.`);
    }
    this.here = { name: trimmed, colour };
    write(this.here);
  }
}

/** A name and a colour for somebody who has chosen none yet. */
function newcomer(): RoomSettings {
  const number = 1 + Math.floor(Math.random() * MAX_GUEST_NUMBER);
  return { name: `Guest ${number}`, colour: Math.floor(Math.random() * PEOPLE_COLOURS.length) };
}

function read(): RoomSettings | null {
  try {
    const stored: unknown = JSON.parse(window.localStorage.getItem(KEY) ?? 'null');
    if (typeof stored !== 'object' || stored === null) return null;
    const { name, colour } = stored as Record<string, unknown>;
    if (typeof name !== 'string' || name === '' || typeof colour !== 'number') return null;
    return { name, colour: colour in PEOPLE_COLOURS ? colour : 0 };
  } catch {
    // No storage, or not what we wrote: a newcomer.
    return null;
  }
}

function write(settings: RoomSettings): void {
  try {
    window.localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // No storage: the name lasts as long as the page.
  }
}
