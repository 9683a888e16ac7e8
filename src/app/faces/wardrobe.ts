import type { Person } from '../../protocol/ctl';
import type { RoomEvent } from '../../session/room_messages';
import type { GlbKind } from '../../view/glb_head';
import type { FaceApp } from '../face_api';
import type { FaceLook } from './api';
import { HeadFiles } from './head_files';
import { Looks } from './looks';
import type { FaceMemory } from './memory';

/** What everybody wears: looks, and heads of their own; and what the room is told of one's own. */
export class Wardrobe {
  private readonly looks: Looks;
  private readonly files: HeadFiles;

  /** @param changed somebody looks different now */
  constructor(
    private readonly app: FaceApp,
    memory: FaceMemory,
    private readonly changed: () => void,
  ) {
    const { engine } = app;
    this.looks = new Looks(memory);
    this.files = new HeadFiles(
      {
        want: (hash) => engine.askAtOnce((service) => service.want(hash)),
        provide: (hash, bytes) => engine.askAtOnce((service) => service.provide(hash, bytes)),
      },
      () => {
        this.tidy();
        changed();
      },
      (hash, why) => this.refuse(hash, why),
    );
    void this.restore();
  }

  get own(): FaceLook {
    return this.looks.own;
  }

  of(seat: number): FaceLook {
    return this.looks.of(seat);
  }

  /** The head of a look, if it is one of its person's own and here. */
  head({ file }: FaceLook): GlbKind | null {
    return file === null ? null : this.files.get(file);
  }

  /** @throws SimroomError `bad-argument` */
  async change(changes: Partial<Omit<FaceLook, 'file'>>): Promise<void> {
    this.looks.change(changes);
    await this.wear();
  }

  /**
   * Wears a file, or none.
   *
   * @returns what is in it, for people
   * @throws SimroomError what is wrong with it
   */
  async wearFile(file: Blob | null): Promise<string> {
    const taken = file === null ? null : await this.files.take(file);
    if (taken === null) this.files.takeOff();
    this.looks.setFile(taken?.hash ?? null, taken?.size ?? 0);
    this.tidy();
    await this.wear();
    return taken?.words ?? 'The head of your style is shown again.';
  }

  /** Shows one's look, here and in the room. */
  async wear(): Promise<void> {
    this.changed();
    if (this.app.state.info === null) return;
    const look = this.looks.wire();
    const { file } = this.looks.own;
    if (file !== null) await this.files.offer(file);
    await this.app.engine.ask((service) => service.request({ kind: 'wear', look }));
  }

  /** Takes what the room says. @returns whether anybody looks different */
  setPeople(people: readonly Person[], self: number): boolean {
    const changed = this.looks.setAll(people);
    for (const [seat, file] of this.looks.files()) if (seat !== self) this.files.need(file);
    this.tidy();
    return changed;
  }

  hear(event: Extract<RoomEvent, { kind: 'content' | 'lacking' }>): void {
    this.files.hear(event);
  }

  /** The room is over. */
  forget(): void {
    this.looks.forget();
    this.files.forget();
    this.tidy();
  }

  dispose(): void {
    this.files.dispose();
  }

  /** Heads that nobody wears any more take no memory. */
  private tidy(): void {
    const worn = new Set(this.looks.files().map(([, file]) => file));
    const { file } = this.looks.own;
    if (file !== null) worn.add(file);
    this.files.keepOnly(worn);
  }

  /** One's own file from the last time, if the browser still has it. */
  private async restore(): Promise<void> {
    const { file } = this.looks.own;
    if (file === null) return;
    const size = await this.files.restore(file);
    // Another one may have been chosen meanwhile.
    if (this.looks.own.file !== file) return;
    this.looks.setFile(size === null ? null : file, size ?? 0);
    await this.wear().catch((thrown: unknown) => this.app.report(thrown));
  }

  /** Somebody's file cannot be shown: the head of their style is. */
  private refuse(hash: string, why: string): void {
    const [seat] = this.looks.files().find(([, file]) => file === hash) ?? [-1];
    const name = this.app.state.nameOf(seat);
    this.app.warn(
      'head-invalid',
      `${name}'s own head cannot be shown here, so that of their style is. ${why}`,
    );
  }
}
