import { distinctName } from '../../face/sources/distinct_names';
import { cleanSubject } from '../../face/sources/reading';
import type { Peer } from '../api';
import type { FaceApp } from '../face_api';
import type { FacePrograms } from './source';

/** Everybody's faces go to programs so often, ms. */
const EVERY_MS = 1000 / 60;
/** Of a name of which nothing can be shown. */
const NAMELESS = 'Somebody';

/** What somebody is called to programs, and the name that it comes from. */
interface Called {
  readonly name: string;
  readonly subject: string;
}

/**
 * Gives everybody's face to the programs at the bridge, while they want them. People of the same name get different ones,
 * which they keep for as long as they are there and do not change theirs.
 */
export class ProgramsFeed {
  private givenAt = -Infinity;
  private readonly called = new Map<string, Called>();
  private peers: readonly Peer[] = [];

  /** @param faceAt somebody's face as it is now; null for somebody who is not there */
  constructor(
    private readonly app: FaceApp,
    private readonly own: Float32Array,
    private readonly faceAt: (seat: number, now: number) => Float32Array | null,
  ) {}

  give(programs: FacePrograms | null, now: number): void {
    if (programs?.wanted !== true || now - this.givenAt < EVERY_MS) return;
    this.givenAt = now;
    const { peers } = this.app.state;
    if (peers.length === 0) {
      programs.send(this.app.settings().name, this.own, now);
      return;
    }
    if (peers !== this.peers) this.name(peers);
    for (const { id, self } of peers) {
      const face = self ? this.own : this.faceAt(Number(id), now);
      if (face !== null) programs.send(this.called.get(id)?.subject ?? '', face, now);
    }
  }

  /** Who keeps their name keeps what they are called, whoever comes and goes. */
  private name(peers: readonly Peer[]): void {
    this.peers = peers;
    const { called } = this;
    for (const [id, { name }] of called) {
      if (!peers.some((peer) => peer.id === id && peer.name === name)) called.delete(id);
    }
    const isTaken = (subject: string): boolean =>
      [...called.values()].some((other) => other.subject === subject);
    for (const { id, name } of peers) {
      if (called.has(id)) continue;
      called.set(id, { name, subject: distinctName(cleanSubject(name) ?? NAMELESS, isTaken) });
    }
  }
}
