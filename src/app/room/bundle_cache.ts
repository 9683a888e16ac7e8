import { type UseStore, createStore, promisifyRequest } from 'idb-keyval';
import { sha256Hex } from './digest';

/** Bytes kept: a dozen large models. What was not used for longest goes first. */
const MAX_BYTES = 256 << 20;

/** What is known of a bundle without reading it. */
interface Entry {
  readonly hash: string;
  readonly length: number;
  /** ms since the epoch. */
  readonly used: number;
}

const entryKey = (hash: string): IDBValidKey => ['entry', hash];
const bytesKey = (hash: string): IDBValidKey => ['bytes', hash];

/**
 * Packed models that came over the network or were sent, by their SHA-256: who comes back fetches nothing.
 *
 * A convenience: where there is no storage nothing is kept, and everything works.
 */
export class BundleCache {
  private readonly open: UseStore;

  /**
   * @param maxBytes what may be kept in all
   * @param name of the database: other things that travel by their hash have their own
   */
  constructor(
    private readonly maxBytes = MAX_BYTES,
    name = 'simroom-bundles',
  ) {
    this.open = createStore(name, 'bundles');
  }

  /** A bundle by its hash, hex; null when it is not here. What is given is what the hash says. */
  async get(hash: string): Promise<Uint8Array<ArrayBuffer> | null> {
    try {
      const stored = await this.open('readwrite', async (store) => {
        const found = await promisifyRequest<Uint8Array<ArrayBuffer> | undefined>(store.get(bytesKey(hash)));
        if (found !== undefined) store.put(entry(hash, found), entryKey(hash));
        return found;
      });
      if (stored === undefined || (await sha256Hex(stored)) !== hash) return null;
      return stored;
    } catch {
      // Private windows and sandboxed frames have no storage: then it comes over the network again.
      return null;
    }
  }

  /** Keeps a bundle, and lets go of others where there is no room. */
  async put(hash: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    if (bytes.length > this.maxBytes) return;
    try {
      await this.open('readwrite', async (store) => {
        store.put(bytes, bytesKey(hash));
        store.put(entry(hash, bytes), entryKey(hash));
        // An array sorts after every text, so this is what begins with 'entry'.
        const range = IDBKeyRange.bound(['entry'], ['entry', []]);
        const entries = await promisifyRequest<Entry[]>(store.getAll(range));
        let total = entries.reduce((sum, { length }) => sum + length, 0);
        for (const oldest of entries.toSorted((a, b) => a.used - b.used)) {
          if (total <= this.maxBytes || oldest.hash === hash) break;
          store.delete(bytesKey(oldest.hash));
          store.delete(entryKey(oldest.hash));
          total -= oldest.length;
        }
      });
    } catch {
      // Full, private or forbidden: it is a convenience.
    }
  }
}

function entry(hash: string, { length }: Uint8Array): Entry {
  return { hash, length, used: Date.now() };
}
