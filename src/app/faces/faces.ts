import { SimroomError } from '../../core/errors';
import type { Person } from '../../protocol/ctl';
import type { RoomEvent } from '../../session/room_messages';
import type { Peer } from '../api';
import type { FaceApp } from '../face_api';
import type { FaceFigures, FaceLook, FaceState, PortraitOf, SourceRequest } from './api';
import { type On, seatOf } from './arguments';
import type { FaceBasics } from './basics';
import { stateOf } from './face_state';
import { FaceLog } from './log';
import type { ModelFaces, OwnPart } from './model_faces';
import type { FaceNews } from './news';
import { Others } from './others';
import { FaceOutlet } from './outlet';
import { openSource } from './open_source';
import type { OwnFace } from './own_face';
import { PictureClock } from './picture_clock';
import { Portraits } from './portraits';
import { ProgramsFeed } from './programs_feed';
import { Sources } from './sources';
import type { FacePrograms, SourceKind } from './source';
import { SceneHeads } from './scene_heads';
import { TakeRecorder } from './take_recorder';
import { Wardrobe } from './wardrobe';

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
export class Faces {
  private readonly own: OwnFace;
  private readonly sources: Sources;
  private readonly others: Others;
  private readonly outlet: FaceOutlet;
  private readonly onModel: ModelFaces;
  private readonly wardrobe: Wardrobe;
  private readonly heads: SceneHeads;
  private readonly programs: ProgramsFeed;
  private readonly console = new FaceLog();
  private readonly news: FaceNews;
  private readonly stops: (() => void)[] = [];
  private readonly clock: PictureClock;
  private readonly portraits: Portraits;
  private recorder: TakeRecorder | null = null;
  private seat = ALONE;
  private inRoom = false;
  private isHost = false;
  /** Whether the room knows what one wears, and what is on the model. */
  private greeted = false;
  private sampledAt = -Infinity;
  private disposed = false;

  constructor(
    private readonly app: FaceApp,
    { memory, own, onModel, news }: FaceBasics,
  ) {
    const { engine, events, state } = app;
    this.own = own;
    this.onModel = onModel;
    this.news = news;
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
    this.programs = new ProgramsFeed(app, this.own.face, (seat, now) => this.others.faceAt(seat, now));
    this.wardrobe = new Wardrobe(app, memory, () => this.arrange());
    this.heads = new SceneHeads(app, this.wardrobe, (seat) =>
      seat === this.seat ? this.own.face : this.others.liveFace(seat),
    );
    this.clock = new PictureClock(this.isBusy, this.turn, this.isPlaying);
    this.portraits = new Portraits(app.view, this.heads, this.own, () => this.seat);
    this.stops.push(
      events.on('room', () => this.follow()),
      events.on('peer', (peers) => this.setPeers(peers)),
    );
    this.follow();
    this.setPeers(state.peers);
    this.compose();
    this.announce();
  }

  of(peer?: string): FaceState | null {
    const now = performance.now();
    if (peer === undefined || peer === String(this.seat)) {
      this.compose();
      return stateOf(this.own.face);
    }
    const face = this.others.faceAt(seatOf(peer), now);
    // What nobody looked at until now has to be asked for.
    this.tell(now);
    return face === null ? null : stateOf(face);
  }

  /** Code has set something, or nothing any more. */
  codeChanged(): void {
    const now = performance.now();
    this.own.slotOf('code')?.push(now);
    this.compose();
    if (this.news.isDueForCode(now)) this.announce();
  }

  /** How one's own face is put together has changed. */
  ownChanged(): void {
    this.compose();
    this.announce();
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

  setLook(changes: Partial<Omit<FaceLook, 'file'>>): Promise<void> {
    return this.wardrobe.change(changes);
  }

  setFile(file: Blob | null): Promise<string> {
    return this.wardrobe.wearFile(file);
  }

  async put(on: On, peer: string | null = String(this.seat), size?: number): Promise<void> {
    this.app.state.require('developer', 'put faces on the model');
    if (peer !== null && peer !== String(this.seat) && this.others.liveFace(seatOf(peer)) === null) {
      throw new SimroomError('unknown-name', `Nobody here has the id "${peer}".`);
    }
    await this.onModel.put(on, peer === null ? null : Number(peer), size, this.part);
    this.arrange();
  }

  portrait(canvas: HTMLCanvasElement, of?: PortraitOf): () => void {
    const stop = this.portraits.draw(canvas, of);
    this.clock.wake();
    return stop;
  }

  figures(): readonly FaceFigures[] {
    return this.others.figures(performance.now());
  }

  record(): void {
    this.recorder = new TakeRecorder();
    this.news.isRecording = true;
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
    this.news.isRecording = false;
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
    this.programs.give(this.atBridge, now);
  }

  hear(event: RoomEvent): void {
    switch (event.kind) {
      case 'entered':
        this.greeted = false;
        // The host may be another engine than before.
        this.others.restart();
        break;
      case 'people':
        this.setLooks(event.people);
        break;
      case 'faces':
        // A room that opens has none yet: what is on the model now is put there with the greeting.
        if (this.isHost && !this.greeted) break;
        this.onModel.places.setAll(event.world, event.all);
        this.arrange();
        break;
      case 'world':
        this.onModel.places.begin(event.manifest.world);
        this.arrange();
        break;
      case 'content':
      case 'lacking':
        this.wardrobe.hear(event);
        break;
      default:
        break;
    }
  }

  /** Another model is shown, and `onModel` has it. */
  modelChanged(): void {
    this.arrange();
    this.compose();
  }

  /** Before a picture: everybody's face as it is now. */
  drawing(): void {
    this.sample(performance.now());
  }

  engineBack(): void {
    this.greeted = false;
    this.others.restart();
    this.outlet.forget();
  }

  dispose(): void {
    this.disposed = true;
    this.clock.dispose();
    for (const stop of this.stops) stop();
    this.sources.end();
    this.wardrobe.dispose();
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
      this.onModel.leaveRoom(this.seat, ALONE);
      this.seat = ALONE;
      this.wardrobe.forget();
      this.others.setSeats([]);
    }
    this.arrange();
  }

  private setSeat(seat: number): void {
    if (seat === this.seat) return;
    this.onModel.places.keepOnly(this.seat, seat);
    this.seat = seat;
  }

  private setPeers(peers: readonly Peer[]): void {
    const self = peers.find((peer) => peer.self);
    if (self !== undefined) this.setSeat(Number(self.id));
    this.others.setSeats(peers.filter((peer) => !peer.self).map(({ id }) => Number(id)));
    this.arrange();
  }

  private setLooks(people: readonly Person[]): void {
    const changed = this.wardrobe.setPeople(people, this.seat);
    if (!this.greeted && this.inRoom) this.greet();
    if (changed) this.arrange();
  }

  /** Tells a room that has just been entered or opened what one looks like, and the host's what is on the model. */
  private greet(): void {
    this.greeted = true;
    this.wardrobe.wear().catch((thrown: unknown) => this.app.report(thrown));
    if (this.isHost) this.onModel.tellRoom(this.seat);
    this.compose();
  }

  private get part(): OwnPart {
    return { seat: this.seat, room: this.isHost ? 'host' : this.inRoom ? 'guest' : 'none' };
  }

  /** Everything that has a head is told to the view. */
  private arrange(): void {
    if (this.disposed) return;
    this.heads.arrange(this.seat, this.onModel.places.faces);
    this.announce();
    this.clock.wake();
  }

  /** One's own face as it is now, and where it goes. */
  private compose(): void {
    const now = performance.now();
    const changed = this.own.compose(now);
    // A room hears of it once it knows who one is.
    const isHeard = !this.inRoom || this.greeted;
    if (!this.onModel.isAnimated && isHeard && this.own.isDriven && this.onModel.animate(this.part)) {
      this.arrange();
    }
    this.recorder?.put(this.own.face, now);
    if (this.inRoom) this.outlet.put(this.own.isDriven ? this.own.face : null, now, this.again);
    if (changed || this.news.isDue(now)) this.announce();
    this.programs.give(this.atBridge, now);
    this.clock.wake();
  }

  private readonly again = (): void => this.compose();

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
    const all = this.atBridge?.wanted === true || this.console.on;
    this.others.tell(now, (seat) => (seen ? view.headPixels(seat) : 0), all);
  }

  private get atBridge(): FacePrograms | null {
    return this.own.slotOf('bridge')?.source?.programs ?? null;
  }

  private announce(): void {
    if (!this.disposed) this.news.tell();
  }

  /** Whether anything happens that a clock is needed for. */
  private readonly isBusy = (): boolean =>
    this.inRoom ||
    this.heads.count > 0 ||
    this.portraits.isAny ||
    this.recorder !== null ||
    this.own.open.length > 0;

  /** Whether others wait for a face that plays here. */
  private readonly isPlaying = (): boolean =>
    (this.inRoom || this.recorder !== null || this.atBridge?.wanted === true) &&
    this.own.open.some(({ isPlayed }) => isPlayed);

  private readonly turn = (): void => {
    const now = performance.now();
    this.sample(now);
    this.tell(now);
    if (this.app.view.settling) this.app.touch();
  };
}
