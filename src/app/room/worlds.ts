import { SimroomError } from '../../core/errors';
import { toHex } from '../../core/encoding';
import { MAX_MODEL_BYTES } from '../../protocol/limits';
import type { Bundle } from '../../model/bundle';
import { packBundle, unpackBundle } from '../../model/pack';
import type { SharedModel } from '../../session/engine_messages';
import type { RoomEvent } from '../../session/room_messages';
import { type Deferred, deferred } from '../deferred';
import type { EngineClient } from '../engine_client';
import { BundleCache } from './bundle_cache';
import { sha256 } from './digest';

/** A model's files in one piece. */
export interface PackedBundle {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** SHA-256 of the bytes. */
  readonly hash: Uint8Array<ArrayBuffer>;
}

interface Wanted {
  readonly deferred: Deferred<Uint8Array<ArrayBuffer>>;
  readonly onProgress: (fraction: number) => void;
}

/**
 * Models as rooms pass them on: packs them, and gets those of others, from this browser's storage or over the network.
 */
export class Worlds {
  private readonly cache = new BundleCache();
  private readonly packed = new WeakMap<Bundle, Promise<PackedBundle>>();
  private readonly wanted = new Map<string, Wanted>();
  private lastWorld = 0;

  constructor(private readonly engine: EngineClient) {}

  /**
   * What the engine must know to give a model to everybody.
   *
   * @throws SimroomError `model-too-large`
   */
  async share(model: { bundle: Bundle; mjb: Uint8Array; origin: string }): Promise<SharedModel> {
    const { bytes, hash } = await this.pack(model.bundle);
    const compiled = await sha256(model.mjb as Uint8Array<ArrayBuffer>);
    const { origin } = model;
    const world = ++this.lastWorld;
    return { manifest: { world, bundle: hash, size: bytes.length, compiled, origin }, bundle: bytes };
  }

  /** @throws SimroomError `model-too-large` */
  pack(bundle: Bundle): Promise<PackedBundle> {
    let packing = this.packed.get(bundle);
    if (packing === undefined) {
      packing = this.packAndKeep(bundle);
      this.packed.set(bundle, packing);
    }
    return packing;
  }

  /**
   * Files that somebody in the room has.
   *
   * @param onProgress told 0..1 as they come over the network
   * @throws SimroomError `fetch-failed` when nobody has them any more; `archive-invalid`; and as {@link fail}
   */
  async get(
    hash: Uint8Array<ArrayBuffer>,
    size: number,
    onProgress: (fraction: number) => void,
  ): Promise<Bundle> {
    if (size > MAX_MODEL_BYTES) throw tooLarge(size);
    const name = toHex(hash);
    const bytes = (await this.cache.get(name)) ?? (await this.fetch(name, onProgress));
    const bundle = unpackBundle(bytes);
    this.packed.set(bundle, Promise.resolve({ bytes, hash }));
    return bundle;
  }

  /** Hears of what was wanted. */
  hear(event: RoomEvent): void {
    switch (event.kind) {
      case 'content': {
        const wanted = this.take(event.hash);
        // Other things than models travel by their hash too.
        if (wanted === undefined) break;
        void this.cache.put(event.hash, event.bytes);
        wanted.deferred.resolve(event.bytes);
        break;
      }
      case 'lacking':
        this.take(event.hash)?.deferred.reject(
          new SimroomError('fetch-failed', 'Nobody in the room has the files of this model any more.'),
        );
        break;
      case 'progress':
        if (event.size > 0) this.wanted.get(event.hash)?.onProgress(event.received / event.size);
        break;
      case 'ended':
        this.fail(new SimroomError('room-closed', 'The room was closed before its model was here.'));
        break;
      default:
        break;
    }
  }

  /** Gives up what is still wanted. */
  fail(error: SimroomError): void {
    for (const { deferred: waiting } of this.wanted.values()) waiting.reject(error);
    this.wanted.clear();
  }

  private async fetch(
    hash: string,
    onProgress: (fraction: number) => void,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const wanted: Wanted = { deferred: deferred(), onProgress };
    this.wanted.set(hash, wanted);
    this.engine.askAtOnce((service) => service.want(hash)).catch(wanted.deferred.reject);
    return wanted.deferred.promise;
  }

  private take(hash: string): Wanted | undefined {
    const wanted = this.wanted.get(hash);
    this.wanted.delete(hash);
    return wanted;
  }

  private async packAndKeep(bundle: Bundle): Promise<PackedBundle> {
    const bytes = packBundle(bundle) as Uint8Array<ArrayBuffer>;
    if (bytes.length > MAX_MODEL_BYTES) throw tooLarge(bytes.length);
    const hash = await sha256(bytes);
    void this.cache.put(toHex(hash), bytes);
    return { bytes, hash };
  }
}

function tooLarge(bytes: number): SimroomError {
  return new SimroomError(
    'model-too-large',
    `The files of this model have ${Math.round(bytes / (1 << 20))} MB packed; rooms carry up to ` +
      `${MAX_MODEL_BYTES >> 20} MB. Make its meshes and textures smaller.`,
  );
}
