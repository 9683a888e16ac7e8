import { SimroomError } from '../core/errors';
import type { Bundle } from '../model/bundle';
import { modelInfo } from '../model/info';
import type { Resume } from '../session/engine_messages';
import type { LoadProgress, ModelInfo, ModelSource } from './api';
import { appBase } from './catalogue';
import { compileModel } from './compiler';
import type { CompiledModel, LiveModel } from './engine_client';

/** A model as it was loaded, with its files. */
export interface LoadedModel {
  readonly live: LiveModel;
  readonly bundle: Bundle;
  readonly info: ModelInfo;
}

/** A compiled model on its way into the engine. */
export interface PlaceableModel extends CompiledModel {
  readonly bundle: Bundle;
  readonly origin: string;
}

/** Puts a compiled model where it belongs: into the engine, and into the room if there is one. */
export type Place = (model: PlaceableModel, resume: Resume | null) => Promise<LiveModel>;

/** A load that can be made again. */
interface Request {
  readonly source: ModelSource;
  /** Where the model comes from, for people, when the source does not say. */
  readonly origin: string | null;
  /** Files a person added because the source lacks them. */
  readonly extra: readonly File[];
  /** A tape to continue, instead of the model's initial state. */
  readonly resume: Resume | null;
}

/** How a load is done that is not a person's own. */
interface Manner {
  readonly place?: Place;
  /** Name of whoever loads it. */
  readonly by?: string;
}

/** One load at a time, of each kind. */
interface Slot {
  loading: AbortController | null;
}

/**
 * Loads models one at a time: a later load supersedes an earlier one, and the running model stays until its successor
 * has compiled.
 */
export class ModelLoader {
  /** What people load here. */
  private readonly own: Slot = { loading: null };
  /** What is loaded because the room has it: the two do not disturb each other. */
  private readonly followed: Slot = { loading: null };
  /** The last load that lacked files. */
  private incomplete: Request | null = null;
  private running: Request | null = null;

  /** @param place where loads go that do not say otherwise */
  constructor(
    private readonly module: Promise<WebAssembly.Module>,
    private readonly place: Place,
    private readonly onProgress: (progress: LoadProgress | null) => void,
  ) {}

  /** @throws SimroomError `load-superseded`, `load-cancelled`, or what was wrong with the model */
  load(source: ModelSource): Promise<LoadedModel> {
    return this.run({ source, origin: null, extra: [], resume: null });
  }

  /** Loads a model and continues a tape of it. */
  continue(source: ModelSource, origin: string, resume: Resume): Promise<LoadedModel> {
    return this.run({ source, origin, extra: [], resume });
  }

  /** Loads files that somebody else in the room has chosen. */
  loadBundle(bundle: Bundle, origin: string, by: string): Promise<LoadedModel> {
    return this.run(requestOf(bundle, origin), { by });
  }

  /** Loads the world that the room has, beside whatever is being loaded here. */
  follow(bundle: Bundle, origin: string, manner: Manner): Promise<LoadedModel> {
    return this.run(requestOf(bundle, origin), manner, this.followed);
  }

  /** Loads the running model from its source again. */
  reload(): Promise<LoadedModel> {
    if (this.running === null) throw new SimroomError('no-model', 'No model is loaded yet: load one first.');
    return this.run({ ...this.running, resume: null });
  }

  /** Tries the last load that lacked files again, with more of them. */
  addFiles(files: readonly File[]): Promise<LoadedModel> {
    const { incomplete } = this;
    if (incomplete === null) {
      throw new SimroomError(
        'bad-argument',
        'No load is waiting for files: drop the model together with its files.',
      );
    }
    return this.run({ ...incomplete, extra: [...incomplete.extra, ...files] });
  }

  cancel(): void {
    this.own.loading?.abort(
      new SimroomError('load-cancelled', 'Loading was cancelled; nothing has changed.'),
    );
  }

  private async run(
    request: Request,
    { place = this.place, by }: Manner = {},
    slot = this.own,
  ): Promise<LoadedModel> {
    const { source, origin, extra, resume } = request;
    slot.loading?.abort(new SimroomError('load-superseded', 'A later load took the place of this one.'));
    const loading = new AbortController();
    slot.loading = loading;
    const { signal } = loading;
    this.incomplete = null;
    try {
      const compiled = await compileModel({
        source,
        extra,
        module: this.module,
        base: appBase(),
        onProgress: (progress) => {
          if (!signal.aborted) this.onProgress(by === undefined ? progress : { ...progress, by });
        },
        signal,
      });
      signal.throwIfAborted();
      const { mjb, model, bundle, warnings } = compiled;
      const from = origin ?? compiled.origin;
      const live = await place({ mjb, model, bundle, origin: from }, resume);
      this.running = request;
      return { live, bundle, info: modelInfo(model, bundle, from, warnings) };
    } catch (error) {
      if (error instanceof SimroomError && error.code === 'assets-missing') this.incomplete = request;
      throw error;
    } finally {
      if (slot.loading === loading) {
        slot.loading = null;
        this.onProgress(null);
      }
    }
  }
}

function requestOf({ entry, files }: Bundle, origin: string): Request {
  return { source: { entry, files: Object.fromEntries(files) }, origin, extra: [], resume: null };
}
