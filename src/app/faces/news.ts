import type { FaceInfo } from './api';
import type { FaceMemory } from './memory';
import type { ModelFaces } from './model_faces';
import type { OwnFace } from './own_face';
import type { SourceKind } from './source';

/** What changes by itself (rates, who drives what) is told so often, ms. */
const TELL_MS = 500;

/** Tells everybody about sources, looks and places: when they change, and now and then while sources run. */
export class FaceNews {
  /** Whether one's own face is being recorded. */
  isRecording = false;
  private toldAt = -Infinity;
  /** Sources that were open then. */
  private toldOpen = 0;

  constructor(
    private readonly own: OwnFace,
    private readonly memory: FaceMemory,
    private readonly onModel: ModelFaces,
    private readonly emit: (info: FaceInfo) => void,
  ) {}

  info(): FaceInfo {
    const now = performance.now();
    const { open, choices } = this.own;
    const isOn = (kind: SourceKind): boolean =>
      open.some((slot) => slot.kind === kind && slot.source !== null);
    return {
      sources: open.map((slot) => slot.info(now)),
      choices: { ...choices },
      look: this.memory.look,
      places: this.onModel.places.list(),
      live: { camera: isOn('webcam'), microphone: isOn('microphone') },
      recording: this.isRecording,
    };
  }

  tell(): void {
    const info = this.info();
    this.toldAt = performance.now();
    this.toldOpen = info.sources.length;
    this.emit(info);
  }

  /** Whether there are rates that people want to see, and it is a while since they were told. */
  isDue(now: number): boolean {
    return this.isOld(now) && this.own.open.some(({ kind }) => kind !== 'code');
  }

  /** Whether code's sets are to be told: a thousand a second are not. */
  isDueForCode(now: number): boolean {
    return this.isOld(now) || this.own.open.length !== this.toldOpen;
  }

  private isOld(now: number): boolean {
    return now - this.toldAt > TELL_MS;
  }
}
