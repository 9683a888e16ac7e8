import { createStore, delMany, get, promisifyRequest } from 'idb-keyval';
import type { Resume } from '../session/engine_messages';
import type { ModelSource } from './api';
import type { LoadedModel } from './model_loader';

/** The room is saved so often while something was done, ms: what a crash of the browser may cost. */
const SAVE_PERIOD_MS = 10_000;

/** Where a world is kept: one's own has the plain names, that of a room one hosts has the room's tag in them. */
const modelKey = (place: string): string => (place === '' ? 'simroom-model' : `simroom-model-${place}`);
const worldKey = (place: string): string => (place === '' ? 'simroom-world' : `simroom-world-${place}`);

interface SavedModel {
  readonly key: string;
  readonly origin: string;
  readonly entry: string;
  readonly files: Readonly<Record<string, Uint8Array>>;
}

interface SavedWorld {
  /** Matches the model it belongs to. */
  readonly key: string;
  readonly resume: Resume;
  /** Simulated time, s. */
  readonly time: number;
}

/** Opened with the page, so that writing can begin at once. */
const openStore = createStore('keyval-store', 'keyval');

/** Writes all or nothing; committed at once, because a page that is being left does not live to do it later. */
function write(entries: readonly (readonly [key: string, value: unknown])[]): Promise<void> {
  return openStore('readwrite', (store) => {
    for (const [key, value] of entries) store.put(value, key);
    const done = promisifyRequest(store.transaction);
    store.transaction.commit();
    return done;
  });
}

/** A world as it was left. */
export interface LeftRoom {
  readonly source: ModelSource;
  readonly origin: string;
  readonly resume: Resume;
  readonly time: number;
}

/** What there is to save now. */
export interface Present {
  readonly resume: Resume;
  readonly time: number;
}

/**
 * Keeps the world in the browser's own storage, so that closing the tab loses nothing; where there is no storage the
 * browser asks before the tab closes.
 */
export class Autosave {
  private model: SavedModel | null = null;
  private written = false;
  private touched = false;
  private works = true;
  /** The room whose world is saved, by its tag; empty for a world of one's own. */
  private where = '';
  private readonly timer: ReturnType<typeof setInterval>;
  private readonly listening = new AbortController();

  /** @param present what there is to save, or null */
  constructor(private readonly present: () => Present | null) {
    const { signal } = this.listening;
    this.timer = setInterval(() => this.save(), SAVE_PERIOD_MS);
    document.addEventListener(
      'visibilitychange',
      () => {
        if (document.visibilityState === 'hidden') this.save();
      },
      { signal },
    );
    window.addEventListener('pagehide', () => this.save(), { signal });
    window.addEventListener(
      'beforeunload',
      (event) => {
        if (this.touched && !this.works) event.preventDefault();
      },
      { signal },
    );
  }

  /** A person has done something worth keeping. */
  touch(): void {
    this.touched = true;
  }

  /** From now on the running world is that of a room one hosts, by its tag, or one's own (empty). */
  moveTo(place: string): void {
    if (place === this.where) return;
    // As it is now is how the room's world will be found again.
    if (this.where !== '') this.save();
    this.where = place;
    this.written = false;
    if (place !== '') this.touched = true;
  }

  /** A room will not be opened again. */
  async forget(place: string): Promise<void> {
    await this.guard(() => delMany([modelKey(place), worldKey(place)], openStore));
  }

  /** A new model runs; it is written when something was done in it, so that a look around forgets no room. */
  keepModel({ bundle, info }: LoadedModel, resumed: boolean): void {
    this.model = {
      key: `${Date.now()}-${Math.random()}`,
      origin: info.origin,
      entry: bundle.entry,
      files: Object.fromEntries(bundle.files),
    };
    this.written = false;
    // Others work in a room.
    this.touched = resumed || this.where !== '';
  }

  /** The world that was left last time, one's own or that of a room, or null. */
  async left(place = ''): Promise<LeftRoom | null> {
    let room: LeftRoom | null = null;
    await this.guard(async () => {
      const model = await get<SavedModel>(modelKey(place), openStore);
      const world = await get<SavedWorld>(worldKey(place), openStore);
      if (model === undefined || world === undefined || model.key !== world.key) return;
      const { entry, files, origin } = model;
      room = { source: { entry, files }, origin, resume: world.resume, time: world.time };
    });
    return room;
  }

  dispose(): void {
    clearInterval(this.timer);
    this.listening.abort();
  }

  private save(): void {
    const { model, touched, written, where } = this;
    const present = touched && model !== null ? this.present() : null;
    if (present === null || model === null) return;
    this.written = true;
    const world: SavedWorld = { key: model.key, ...present };
    void this.guard(() =>
      write([...(written ? [] : [[modelKey(where), model] as const]), [worldKey(where), world] as const]),
    );
  }

  /** Storage may be full, private or forbidden in a frame: then there is the browser's own question. */
  private async guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.works = true;
    } catch {
      this.works = false;
    }
  }
}
