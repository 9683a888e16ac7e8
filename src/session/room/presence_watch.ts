import { MAX_PERSONS, PERSON } from '../../core/frame';
import type { RoomSession } from '../room_messages';

/** Notices when somebody looks or points elsewhere: that is worth a picture of a paused world. */
export class PresenceWatch {
  private shown = new Float32Array(MAX_PERSONS * PERSON.stride);
  private next = new Float32Array(MAX_PERSONS * PERSON.stride);
  private count = 0;

  changed(session: RoomSession | null): boolean {
    const before = this.count;
    this.count = session?.persons(this.next) ?? 0;
    const length = this.count * PERSON.stride;
    let same = this.count === before;
    for (let i = 0; i < length && same; i++) same = this.next[i] === this.shown[i];
    if (!same) [this.shown, this.next] = [this.next, this.shown];
    return !same;
  }
}
