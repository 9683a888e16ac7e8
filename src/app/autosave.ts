import { createStore, get, promisifyRequest } from 'idb-keyval';
import type { Resume } from '../session/engine_messages';
import type { ModelSource } from './api';
import type { LoadedModel } from './model_loader';

/** The room is saved so often while something was done, ms: what a crash of the browser may cost. */
const SAVE_PERIOD_MS = 10_000;

const MODEL_KEY = 'simroom-model';
const WORLD_KEY = 'simroom-world';

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

/** A room as it was left. */
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
 * Keeps the room in the browser's own storage, so that closing the tab loses nothing; where there is no storage the
 * browser asks before the tab closes.
 */
export class Autosave {
  private model: SavedModel | null = null;
  private written = false;
  private touched = false;
  private works = true;
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

  /** A new model runs; it is written when something was done in it, so that a look around forgets no room. */
  keepModel({ bundle, info }: LoadedModel, resumed: boolean): void {
    this.model = {
      key: `${Date.now()}-${Math.random()}`,
      origin: info.origin,
      entry: bundle.entry,
      files: Object.fromEntries(bundle.files),
    };
    this.written = false;
    this.touched = resumed;
  }

  /** The room that was left last time, or null. */
  async left(): Promise<LeftRoom | null> {
    let room: LeftRoom | null = null;
    await this.guard(async () => {
      const model = await get<SavedModel>(MODEL_KEY, openStore);
      const world = await get<SavedWorld>(WORLD_KEY, openStore);
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
    const { model, touched, written } = this;
    const present = touched && model !== null ? this.present() : null;
    if (present === null || model === null) return;
    this.written = true;
    const world: SavedWorld = { key: model.key, ...present };
    void this.guard(() =>
      write([...(written ? [] : [[MODEL_KEY, model] as const]), [WORLD_KEY, world] as const]),
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
