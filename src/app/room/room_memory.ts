import { createStore, promisifyRequest } from 'idb-keyval';
import type { Role } from '../../protocol/ctl';
import type { KeyPair } from '../../protocol/trust';
import { newKeyPair } from '../../transport/keys';

/** Rooms that this browser can open again: those opened last. */
export const MAX_HOSTED_ROOMS = 8;

const IDENTITY_KEY = 'identity';

/** All that opens a room of this browser's again. Never leaves the browser. */
export interface HostedRoom {
  /** Name of the room at the signaling server. */
  readonly tag: string;
  readonly secret: Uint8Array<ArrayBuffer>;
  readonly hostKey: KeyPair;
  /** By which the signaling server knows the host again. */
  readonly token: string;
  readonly defaultRole: Role;
  /** Who may come in, and who not any more, as the session last told; null before. */
  readonly gate: unknown;
  /** When it was opened last, ms since the epoch. */
  readonly opened: number;
}

/**
 * What this browser remembers about rooms: who one is, and the rooms one has hosted.
 *
 * In a browser or frame without storage it all lasts as long as the page.
 */
export class RoomMemory {
  private readonly open = createStore('simroom-rooms', 'rooms');
  private readonly rooms = new Map<string, HostedRoom>();
  private identityHere: KeyPair | null = null;

  /** @param forget called with the tag of a room that is not remembered any more */
  constructor(private readonly forget: (tag: string) => void) {}

  /**
   * The key by which hosts know this browser.
   *
   * @throws SimroomError `rooms-unavailable` where there is no cryptography
   */
  async identity(): Promise<KeyPair> {
    this.identityHere ??= await this.stored<KeyPair>(IDENTITY_KEY);
    if (this.identityHere === null) {
      const fresh = await newKeyPair();
      this.identityHere = fresh;
      await this.store(IDENTITY_KEY, fresh);
    }
    return this.identityHere;
  }

  /** A room that this browser has hosted, or null. */
  async hosted(tag: string): Promise<HostedRoom | null> {
    return this.rooms.get(tag) ?? (await this.stored<HostedRoom>(['room', tag]));
  }

  async keepHosted(room: HostedRoom): Promise<void> {
    this.rooms.set(room.tag, room);
    await this.store(['room', room.tag], room);
    await this.prune();
  }

  private async prune(): Promise<void> {
    try {
      const old = await this.open('readwrite', async (store) => {
        // An array sorts after every text, so this is what begins with 'room'.
        const range = IDBKeyRange.bound(['room'], ['room', []]);
        const all = await promisifyRequest<HostedRoom[]>(store.getAll(range));
        const tooMany = all.toSorted((a, b) => b.opened - a.opened).slice(MAX_HOSTED_ROOMS);
        for (const { tag } of tooMany) store.delete(['room', tag]);
        return tooMany;
      });
      for (const { tag } of old) this.forget(tag);
    } catch {
      // Nothing was stored, so nothing has to go.
    }
  }

  private async stored<T>(key: IDBValidKey): Promise<T | null> {
    try {
      const found = await this.open('readonly', (store) =>
        promisifyRequest<T | undefined>(store.get(key) as IDBRequest<T | undefined>),
      );
      return found ?? null;
    } catch {
      // A sandboxed frame or a private window: it has never been stored.
      return null;
    }
  }

  private async store(key: IDBValidKey, value: unknown): Promise<void> {
    try {
      await this.open('readwrite', (store) => promisifyRequest(store.put(value, key)));
    } catch {
      // It lasts as long as the page.
    }
  }
}
