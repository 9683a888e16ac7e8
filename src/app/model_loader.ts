import { SimroomError } from '../core/errors';
import type { Bundle } from '../model/bundle';
import { modelInfo } from '../model/info';
import type { Resume } from '../session/engine_messages';
import type { LoadProgress, ModelInfo, ModelSource } from './api';
import { appBase } from './catalogue';
import { compileModel } from './compiler';
import type { EngineClient, LiveModel } from './engine_client';

/** A model as it was loaded, with its files. */
export interface LoadedModel {
  readonly live: LiveModel;
  readonly bundle: Bundle;
  readonly info: ModelInfo;
}

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

/**
 * Loads models one at a time: a later load supersedes an earlier one, and the running model stays until its successor
 * has compiled.
 */
export class ModelLoader {
  private loading: AbortController | null = null;
  /** The last load that lacked files. */
  private incomplete: Request | null = null;
  private running: Request | null = null;

  constructor(
    private readonly module: Promise<WebAssembly.Module>,
    private readonly engine: EngineClient,
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
    this.loading?.abort(new SimroomError('load-cancelled', 'Loading was cancelled; nothing has changed.'));
  }

  private async run(request: Request): Promise<LoadedModel> {
    const { source, origin, extra, resume } = request;
    this.loading?.abort(new SimroomError('load-superseded', 'A later load took the place of this one.'));
    const loading = new AbortController();
    this.loading = loading;
    const { signal } = loading;
    this.incomplete = null;
    try {
      const compiled = await compileModel({
        source,
        extra,
        module: this.module,
        base: appBase(),
        onProgress: (progress) => {
          if (!signal.aborted) this.onProgress(progress);
        },
        signal,
      });
      signal.throwIfAborted();
      const { mjb, model, bundle, warnings } = compiled;
      const live = await this.engine.load({ mjb, model }, resume);
      this.running = request;
      return { live, bundle, info: modelInfo(model, bundle, origin ?? compiled.origin, warnings) };
    } catch (error) {
      if (error instanceof SimroomError && error.code === 'assets-missing') this.incomplete = request;
      throw error;
    } finally {
      if (this.loading === loading) {
        this.loading = null;
        this.onProgress(null);
      }
    }
  }
}
