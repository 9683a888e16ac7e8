import { SimroomError } from '../../core/errors';
import type { ModelCopy } from '../../core/model';
import { peopleColour } from '../../core/people';
import { REGIONS, type Region } from '../../face/regions';
import type { Person } from '../../protocol/ctl';
import type { RoomEvent } from '../../session/room_messages';
import type { SceneHead } from '../../view/scene_head';
import type { Peer, Ref } from '../api';
import type { FaceApp } from '../face_api';
import type { FaceApi, FaceFigures, FaceInfo, FaceLook, FaceState, SourceRequest } from './api';
import type { CodeFace } from './code';
import { stateOf } from './face_state';
import { HeadFiles } from './head_files';
import { FaceLog } from './log';
import { Looks } from './looks';
import { FaceMemory } from './memory';
import { Others } from './others';
import { FaceOutlet } from './outlet';
import { openSource } from './open_source';
import { OwnFace } from './own_face';
import { Places } from './places';
import { Sources } from './sources';
import { SOURCE_KINDS, type FacePrograms, type SourceKind } from './source';
import { TITLES } from './slot';
import { TakeRecorder } from './take_recorder';

/** What changes by itself (rates, who drives what) is told so often, ms. */
const TELL_MS = 500;
/** Everybody's faces go to programs so often, ms. */
const PROGRAMS_MS = 1000 / 60;
/** Two samples nearer than this are one, ms: a picture takes what its clock has just made. */
const FRESH_MS = 2;
/** One's own seat where there is no room. */
const ALONE = 0;

/**
 * Everybody's faces: one's own from its sources to the room, the others' from the room to the picture.
 *
 * It works in pictures while there is something to be seen or sent, and whenever a source or the engine brings a face, so
 * that a hidden tab goes on.
 */
export class Faces implements Omit<FaceApi, 'names' | 'set' | 'clear'> {
  private readonly memory = new FaceMemory();
  private readonly own: OwnFace;
  private readonly sources: Sources;
  private readonly others: Others;
  private readonly outlet: FaceOutlet;
  private readonly places: Places;
  private readonly files: HeadFiles;
  private readonly looks: Looks;
  private readonly console = new FaceLog();
  private readonly stops: (() => void)[] = [];
  /** Portraits that are wanted. */
  private portraits = 0;
  private heads: readonly SceneHead[] = [];
  private recorder: TakeRecorder | null = null;
  private seat = ALONE;
  private inRoom = false;
  private isHost = false;
  /** Whether the room knows what one wears, and what is on the model. */
  private greeted = false;
  private request = 0;
  private sampledAt = -Infinity;
  private toldAt = -Infinity;
  private programsAt = -Infinity;
  private disposed = false;

  constructor(
    private readonly app: FaceApp,
    code: CodeFace,
  ) {
    const { engine, events, state } = app;
    this.own = new OwnFace(code, this.memory, (kind, error) => {
      app.warn('source-failed', `${TITLES[kind]}: ${error.message}`);
    });
    this.sources = new Sources(
      this.own,
      {
        face: () => this.compose(),
        changed: () => this.announce(),
        failed: (title, why) => app.warn('source-failed', `${title}: ${why}`),
      },
      openSource,
    );
    this.others = new Others(
      (bytes) => {
        // The engine is being restarted: the next report comes soon.
        engine.askAtOnce((service) => service.faceReports(bytes)).catch(() => {});
      },
      (seat, face) => this.console.put(state.nameOf(seat), face),
    );
    this.outlet = new FaceOutlet((face) => engine.askAtOnce((service) => service.face(face)));
    this.places = new Places((name) =>
      app.warn('unknown-name', `The model wants a face on "${name}", and has no body or site of that name.`),
    );
    this.files = new HeadFiles(
      {
        want: (hash) => engine.askAtOnce((service) => service.want(hash)),
        provide: (hash, bytes) => engine.askAtOnce((service) => service.provide(hash, bytes)),
      },
      () => this.arrange(),
      (hash, why) => this.badHead(hash, why),
    );
    this.looks = new Looks(this.memory);
    this.stops.push(
      events.on('room', () => this.follow()),
      events.on('peer', (peers) => this.setPeers(peers)),
    );
    document.addEventListener('visibilitychange', this.tick);
    this.follow();
    this.setPeers(state.peers);
    this.own.compose(performance.now());
    this.announce();
    void this.restoreFile();
  }

  of(peer?: string): FaceState | null {
    const now = performance.now();
    if (peer === undefined || peer === String(this.seat)) {
      this.compose();
      return stateOf(this.own.face);
    }
    const face = this.others.faceAt(Number(peer), now);
    // What nobody looked at until now has to be asked for.
    this.tell(now);
    return face === null ? null : stateOf(face);
  }

  /** Code has set something, or nothing any more. */
  codeChanged(): void {
    this.own.slotOf('code')?.push(performance.now());
    this.compose();
    this.announce();
  }

  info(): FaceInfo {
    const now = performance.now();
    const open = this.own.open;
    const isOn = (kind: SourceKind): boolean =>
      open.some((slot) => slot.kind === kind && slot.source !== null);
    return {
      sources: open.map((slot) => slot.info(now)),
      choices: { ...this.own.choices },
      look: this.looks.own,
      places: this.places.list(),
      live: { camera: isOn('webcam'), microphone: isOn('microphone') },
      recording: this.recorder !== null,
    };
  }

  async open(source: SourceRequest): Promise<void> {
    await this.sources.start(source);
  }

  close(kind?: SourceKind): void {
    this.sources.end(kind);
  }

  cut(): void {
    this.sources.end('webcam');
    this.sources.end('microphone');
  }

  choose(region: Region, source: SourceKind | 'auto'): void {
    if (!REGIONS.includes(region)) {
      throw new SimroomError('unknown-name', `A face has no region "${region}": use ${REGIONS.join(', ')}.`);
    }
    if (source !== 'auto' && !SOURCE_KINDS.includes(source)) {
      throw new SimroomError(
        'unknown-name',
        `There is no source "${source}": use one of ${SOURCE_KINDS.join(', ')}.`,
      );
    }
    this.own.choices[region] = source;
    this.compose();
    this.announce();
  }

  calibrate(kind: SourceKind): void {
    this.own.calibrate(kind);
    this.announce();
  }

  tune(kind: SourceKind, changes: Parameters<FaceApi['tune']>[1]): void {
    this.own.tune(kind, changes);
    this.compose();
    this.announce();
  }

  async setLook(changes: Partial<Omit<FaceLook, 'file'>>): Promise<void> {
    this.looks.change(changes);
    await this.wear();
  }

  async setFile(file: Blob | null): Promise<string> {
    if (file === null) {
      this.looks.setFile(null, 0);
      await this.wear();
      return 'The head of your style is shown again.';
    }
    const { hash, size, words } = await this.files.take(file);
    this.looks.setFile(hash, size);
    await this.wear();
    return words;
  }

  async put(
    on: { readonly body: Ref } | { readonly site: Ref },
    peer: string | null = String(this.seat),
    size?: number,
  ): Promise<void> {
    this.app.state.require('developer', 'put faces on the model');
    const place = this.places.find(on, size);
    const seat = peer === null ? null : Number(peer);
    if (peer !== null && !this.isHere(peer)) {
      throw new SimroomError('unknown-name', `Nobody here has the id "${peer}".`);
    }
    if (this.inRoom) {
      await this.app.engine.ask((service) => service.request({ kind: 'putFace', ...place, seat }));
    } else {
      this.places.wear(place, seat);
      this.arrange();
    }
  }

  portrait(canvas: HTMLCanvasElement, peer?: string): () => void {
    let wanted = true;
    this.portraits++;
    const stop = this.app.view.portrait(canvas, () =>
      this.headOf(peer === undefined ? this.seat : Number(peer)),
    );
    this.wake();
    return () => {
      if (!wanted) return;
      wanted = false;
      this.portraits--;
      stop();
    };
  }

  figures(): readonly FaceFigures[] {
    return this.others.figures(performance.now());
  }

  record(): void {
    this.recorder = new TakeRecorder();
    this.compose();
    this.announce();
  }

  async stopRecording(): Promise<Blob> {
    const { recorder } = this;
    if (recorder === null) {
      throw new SimroomError('bad-argument', 'Nothing is being recorded: simroom.face.record() begins.');
    }
    this.compose();
    this.recorder = null;
    this.announce();
    return recorder.finish();
  }

  log(on: boolean): void {
    this.console.on = on;
  }

  /** Takes others' faces from the engine. */
  receive(bytes: Uint8Array): void {
    const now = performance.now();
    this.others.receive(bytes, now);
    this.tell(now);
    this.sendToPrograms(now);
  }

  hear(event: RoomEvent): void {
    switch (event.kind) {
      case 'entered':
        this.greeted = false;
        break;
      case 'people':
        this.setLooks(event.people);
        break;
      case 'faces':
        // A room that opens has none yet: what is on the model now is put there with the greeting.
        if (this.isHost && !this.greeted) break;
        this.places.setAll(event.world, event.all);
        this.arrange();
        break;
      case 'world':
        this.places.begin(event.manifest.world);
        this.arrange();
        break;
      case 'content':
      case 'lacking':
        this.files.hear(event);
        break;
      default:
        break;
    }
  }

  /** Another model: its own places carry the face of whoever hosts it, until somebody else is put there. */
  setModel(model: ModelCopy): void {
    const own = this.places.setModel(model, this.inRoom && !this.isHost);
    if (!this.inRoom) for (const place of own) this.places.wear(place, this.seat);
    else if (this.isHost) this.offer(own);
    this.arrange();
  }

  /** Before a picture: everybody's face as it is now. */
  drawing(): void {
    this.sample(performance.now());
  }

  engineBack(): void {
    this.greeted = false;
    this.outlet.forget();
  }

  dispose(): void {
    this.disposed = true;
    cancelAnimationFrame(this.request);
    document.removeEventListener('visibilitychange', this.tick);
    for (const stop of this.stops) stop();
    this.sources.end();
    this.files.dispose();
  }

  /** A room was entered or left. */
  private follow(): void {
    const { info } = this.app.state;
    if ((info !== null) === this.inRoom) return;
    this.inRoom = info !== null;
    this.isHost = info?.host === true;
    this.greeted = false;
    this.outlet.forget();
    if (info === null) {
      this.setSeat(ALONE);
      this.looks.forget();
      this.files.forget();
      this.others.setSeats([]);
    }
    this.arrange();
  }

  private setSeat(seat: number): void {
    if (seat === this.seat) return;
    this.places.keepOnly(this.seat, seat);
    this.seat = seat;
  }

  private setPeers(peers: readonly Peer[]): void {
    const self = peers.find((peer) => peer.self);
    if (self !== undefined) this.setSeat(Number(self.id));
    this.others.setSeats(peers.filter((peer) => !peer.self).map(({ id }) => Number(id)));
    this.arrange();
  }

  private setLooks(people: readonly Person[]): void {
    const changed = this.looks.setAll(people);
    for (const [seat, file] of this.looks.files()) if (seat !== this.seat) this.files.need(file);
    if (!this.greeted && this.inRoom) this.greet();
    if (changed) this.arrange();
  }

  /** Tells a room that has just been entered or opened what one looks like, and the host's what is on the model. */
  private greet(): void {
    this.greeted = true;
    this.wear().catch((thrown: unknown) => this.app.report(thrown));
    if (this.isHost) this.offer(this.places.faces.filter(({ seat }) => seat === this.seat));
    this.compose();
  }

  /** Puts one's own face on places in the room. */
  private offer(places: readonly { object: 'body' | 'site'; id: number; size: number }[]): void {
    for (const { object, id, size } of places) {
      this.app.engine
        .ask((service) => service.request({ kind: 'putFace', object, id, size, seat: this.seat }))
        .catch((thrown: unknown) => this.app.report(thrown));
    }
  }

  /** Shows one's look, here and in the room. */
  private async wear(): Promise<void> {
    this.arrange();
    if (!this.inRoom) return;
    const look = this.looks.wire();
    const { file } = this.looks.own;
    if (file !== null) await this.files.offer(file);
    await this.app.engine.ask((service) => service.request({ kind: 'wear', look }));
  }

  /** One's own file from the last time, if the browser still has it. */
  private async restoreFile(): Promise<void> {
    const { file } = this.looks.own;
    if (file === null) return;
    const size = await this.files.restore(file);
    // Somebody may have chosen another one meanwhile.
    if (this.looks.own.file !== file) return;
    this.looks.setFile(size === null ? null : file, size ?? 0);
    if (this.greeted) await this.wear();
    else this.arrange();
  }

  private badHead(hash: string, why: string): void {
    const whose = this.looks.files().find(([, file]) => file === hash)?.[0] ?? null;
    const name = whose === null ? 'Somebody' : this.app.state.nameOf(whose);
    this.app.warn(
      'head-invalid',
      `${name}'s own head cannot be shown here, so that of their style is. ${why}`,
    );
  }

  private isHere(peer: string): boolean {
    return peer === String(this.seat) || this.others.liveFace(Number(peer)) !== null;
  }

  private headOf(seat: number): SceneHead | null {
    return this.describe(seat, 'person', null);
  }

  /** Everything that has a head is told to the view. */
  private arrange(): void {
    if (this.disposed) return;
    const people = this.app.state.peers.filter((peer) => !peer.self);
    this.heads = [
      ...people.map(({ id }) => this.describe(Number(id), 'person', null)),
      ...this.places.faces.map(({ object, id, seat, size }) =>
        this.describe(seat, object === 'body' ? { body: id } : { site: id }, size),
      ),
    ].filter((head) => head !== null);
    this.app.view.setHeads(this.heads);
    this.app.touch();
    this.announce();
    this.wake();
  }

  private describe(seat: number, on: SceneHead['on'], size: number | null): SceneHead | null {
    const isOwn = seat === this.seat;
    const face = isOwn ? this.own.face : this.others.liveFace(seat);
    if (face === null) return null;
    const look = isOwn ? this.looks.own : this.looks.of(seat);
    const colour = this.app.state.peers.find(({ id }) => id === String(seat))?.colour;
    return {
      seat,
      on,
      size,
      look,
      colour: colour ?? peopleColour(this.app.settings().colour),
      glb: look.file === null ? null : this.files.get(look.file),
      face,
    };
  }

  /** One's own face as it is now, and where it goes. */
  private compose(): void {
    const now = performance.now();
    const changed = this.own.compose(now);
    this.recorder?.put(this.own.face, now);
    if (this.inRoom) {
      this.outlet.put(this.own.isDriven ? this.own.face : null, now, () => this.compose());
    }
    if (changed || (this.hasRates && now - this.toldAt > TELL_MS)) this.announce();
    this.sendToPrograms(now);
    this.wake();
  }

  private sample(now: number): void {
    if (now - this.sampledAt < FRESH_MS) return;
    this.sampledAt = now;
    this.compose();
    this.others.sample(now);
  }

  private tell(now: number): void {
    if (!this.inRoom) return;
    const { view } = this.app;
    const seen = document.visibilityState === 'visible';
    const all = this.programs?.wanted === true || this.console.on;
    this.others.tell(now, (seat) => (seen ? view.headPixels(seat) : 0), all);
  }

  private get programs(): FacePrograms | null {
    return this.own.slotOf('bridge')?.source?.programs ?? null;
  }

  /** Gives everybody's face to the programs at the bridge, while they want them. */
  private sendToPrograms(now: number): void {
    const { programs } = this;
    if (programs?.wanted !== true || now - this.programsAt < PROGRAMS_MS) return;
    this.programsAt = now;
    programs.send(this.app.settings().name, this.own.face, now);
    for (const { id, name, self } of this.app.state.peers) {
      const face = self ? null : this.others.faceAt(Number(id), now);
      if (face !== null) programs.send(name, face, now);
    }
  }

  private announce(): void {
    if (this.disposed) return;
    this.toldAt = performance.now();
    this.app.events.emit('face', this.info());
  }

  /** Whether something runs whose rate people want to see. */
  private get hasRates(): boolean {
    return this.own.open.some(({ kind }) => kind !== 'code');
  }

  /** Whether anything happens that a clock is needed for. */
  private get isBusy(): boolean {
    return (
      this.inRoom ||
      this.heads.length > 0 ||
      this.portraits > 0 ||
      this.recorder !== null ||
      this.own.open.length > 0
    );
  }

  private wake(): void {
    if (this.request === 0 && this.isBusy && !this.disposed) this.request = requestAnimationFrame(this.tick);
  }

  private readonly tick = (): void => {
    cancelAnimationFrame(this.request);
    this.request = 0;
    const now = performance.now();
    this.sample(now);
    this.tell(now);
    if (this.app.view.settling) this.app.touch();
    this.wake();
  };
}
