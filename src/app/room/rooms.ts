import { SimroomError, fromPlainError, toPlainError } from '../../core/errors';
import { withInvitation } from '../../protocol/room_link';
import type { RoomEvent } from '../../session/room_messages';
import { type NetworkSettings, loadNetworkSettings } from '../../transport/ice';
import { createRoomLink, deriveKeys, newKeyPair, newSecret, openRoomLink } from '../../transport/keys';
import type { ConnectionStats } from '../../transport/connection';
import { createGuestSignaling } from '../../transport/signaling';
import type { EventMap, ModelInfo, Role } from '../api';
import type { Autosave } from '../autosave';
import type { Emitter } from '../emitter';
import type { EngineClient, LiveModel } from '../engine_client';
import type { LoadedModel, ModelLoader, PlaceableModel } from '../model_loader';
import type { Resume } from '../../session/engine_messages';
import { hideRoom, roomPage, showRoom } from './address';
import { Hosting, holdRoom, newToken } from './hosting';
import type { OwnPerson } from './person';
import { RoomMemory } from './room_memory';
import type { RoomState } from './room_state';
import { Visit } from './visit';
import { Worlds } from './worlds';

/** The signaling server may hear of a host's leaving later than its guests do, ms. */
const WATCH_AFTER_MS = 1500;

/** What rooms need of the app. */
export interface RoomContext {
  readonly engine: EngineClient;
  readonly loader: ModelLoader;
  readonly autosave: Autosave;
  readonly memory: RoomMemory;
  readonly person: OwnPerson;
  readonly state: RoomState;
  readonly events: Emitter<EventMap>;
  /** The running model. */
  loaded(): LoadedModel | null;
  /** Takes a model as the running one when it is loaded; failures are the caller's. */
  adopt(loading: Promise<LoadedModel>, resumed?: boolean): Promise<ModelInfo>;
  /** Loads what is shown when the address names no model. */
  loadDefault(): Promise<ModelInfo>;
  warn(code: string, message: string, action?: { label: string; run: () => Promise<void> }): void;
  /** The room is over, against one's will. */
  ended(why: SimroomError): void;
}

/**
 * Opens rooms, enters and leaves them. There is one at a time; the session itself is in the engine.
 */
export class Rooms {
  private readonly worlds: Worlds;
  private readonly context: RoomContext;
  private part: Hosting | Visit | null = null;
  private lastLeft: string | null = null;
  /** Grows whenever what was under way is not wanted any more. */
  private turn = 0;
  /** Ends the watch for the host of the room left last. */
  private watching = new AbortController();

  constructor(context: Omit<RoomContext, 'ended' | 'memory'>) {
    const memory = new RoomMemory((tag) => void context.autosave.forget(tag));
    this.context = { ...context, memory, ended: (why) => this.end(why) };
    this.worlds = new Worlds(context.engine);
  }

  /** The link of the room left last, or null. */
  get left(): string | null {
    return this.lastLeft;
  }

  /**
   * Opens a room over the running world.
   *
   * @returns its link and its tag
   * @throws SimroomError `rooms-unavailable`, `no-model`, `bad-argument` for network settings that cannot be
   */
  async create(role: Role): Promise<{ readonly link: string; readonly id: string }> {
    const { part } = this;
    if (part instanceof Hosting) return { link: part.link, id: part.tag };
    const secret = newSecret();
    const [hostKey, keys] = await Promise.all([newKeyPair(), deriveKeys(secret)]);
    const { tag } = keys;
    const link = await createRoomLink(roomPage(), secret, hostKey.public);
    const room = { tag, secret, hostKey, token: newToken(), defaultRole: role, gate: null };
    await this.leave();
    const settings = await loadNetworkSettings(new URL(link), null);
    const release = (await holdRoom(tag)) ?? (() => {});
    const hosting = new Hosting(this.context, this.worlds, { ...room, opened: 0 }, keys, link, release);
    await this.host(hosting, role, settings);
    return { link, id: tag };
  }

  /** Enters the room of a link, or opens it again when it is this browser's own and no other tab has it open. */
  async join(link: string): Promise<void> {
    const turn = ++this.turn;
    const opened = await openRoomLink(link);
    await this.quit();
    this.watching.abort();
    const address = new URL(link.includes('#') ? link.trim() : `#${link.trim()}`, window.location.href);
    const keys = await deriveKeys(opened.secret);
    const { tag } = keys;
    const [room, settings] = await Promise.all([
      this.context.memory.hosted(tag),
      loadNetworkSettings(address, null),
    ]);
    // A second tab of the host comes as a guest.
    const release = room === null ? null : await holdRoom(tag);
    try {
      if (room !== null && release !== null) await this.bringBack(tag);
      if (turn !== this.turn) throw cancelled();
    } catch (error) {
      release?.();
      throw error;
    }
    const { context, worlds } = this;
    if (room !== null && release !== null) {
      const own = withInvitation(address.href, null);
      const hosting = new Hosting(context, worlds, room, keys, own, release);
      await this.host(hosting, room.defaultRole, settings);
    } else {
      await this.visit(new Visit(context, worlds, address.href, opened, keys, settings));
    }
  }

  /** Leaves, or gives entering up; the world stays as one's own copy. */
  async leave(): Promise<void> {
    this.turn++;
    await this.quit();
  }

  /** Goes back to the room left last. */
  async rejoin(): Promise<void> {
    const { left } = this;
    if (left === null) throw new SimroomError('not-in-room', 'No room was left that one could go back to.');
    await this.join(left);
  }

  /** Puts a compiled model into the engine, and into the room. */
  async place(model: PlaceableModel, resume: Resume | null): Promise<LiveModel> {
    const { part } = this;
    const { engine } = this.context;
    if (part === null) return engine.load(model, { resume });
    if (part instanceof Hosting) {
      return engine.load(model, { resume, shared: await this.worlds.share(model) });
    }
    if (resume !== null) {
      throw new SimroomError(
        'bad-argument',
        "A tape cannot be played in somebody else's room: fork the world first, or load the model alone.",
      );
    }
    return part.place(model);
  }

  /** The link of the present room with an invitation. */
  invitationLink(token: string): string {
    return withInvitation(this.context.state.need().link, token);
  }

  stats(): Promise<readonly ConnectionStats[]> {
    return this.part?.stats() ?? Promise.resolve([]);
  }

  /** Hears what the session tells. */
  hear(event: RoomEvent): void {
    const { part, context } = this;
    if (part === null) return;
    if (event.kind === 'entered' && part instanceof Visit) this.entered(part);
    context.state.hear(event);
    this.worlds.hear(event);
    part.hear(event);
  }

  engineDied(): void {
    this.part?.engineDied();
  }

  async engineBack(): Promise<void> {
    const { part, context } = this;
    const loaded = context.loaded();
    if (part instanceof Visit) part.engineBack();
    else if (part !== null && loaded !== null) await part.engineBack(loaded);
  }

  /** The page is being left: says goodbye while there is time. */
  bye(): void {
    if (this.part === null) return;
    this.context.engine.askAtOnce((service) => service.leaveRoom()).catch(() => {});
    this.part.close(new SimroomError('room-closed', 'The page was closed.'));
  }

  private async host(hosting: Hosting, defaultRole: Role, settings: NetworkSettings): Promise<void> {
    const { context } = this;
    const { tag, link } = hosting;
    this.part = hosting;
    try {
      const loaded = context.loaded();
      if (loaded === null) throw new SimroomError('no-model', 'No model is loaded yet: load one first.');
      context.autosave.moveTo(tag);
      context.state.enter({
        id: tag,
        link,
        host: true,
        role: 'admin',
        locked: false,
        defaultRole,
        state: 'open',
      });
      await hosting.start(settings, loaded);
      if (this.part !== hosting) throw cancelled();
    } catch (error) {
      this.abandon(hosting, error);
      throw error;
    }
    this.arrived(link);
  }

  private async visit(visit: Visit): Promise<void> {
    this.part = visit;
    try {
      await visit.enter();
    } catch (error) {
      this.abandon(visit, error);
      throw error;
    }
    this.arrived(visit.link);
  }

  /** It did not come to be, unless it was left or another was entered meanwhile. */
  private abandon(part: Hosting | Visit, why: unknown): void {
    if (this.part !== part) return;
    this.part = null;
    part.close(fromPlainError(toPlainError(why, 'connection-failed')));
    this.over();
    this.context.engine.askAtOnce((service) => service.leaveRoom()).catch(() => {});
  }

  private arrived(link: string): void {
    this.watching.abort();
    this.lastLeft = null;
    showRoom(link);
  }

  private entered({ link, tag }: Visit): void {
    const { state } = this.context;
    // Back after a lost connection.
    if (state.info?.id === tag) return;
    state.enter({
      id: tag,
      link: withInvitation(link, null),
      host: false,
      // Until the host says more.
      role: 'viewer',
      locked: false,
      defaultRole: 'viewer',
      state: 'open',
    });
  }

  /** Loads the world of a room of one's own as it was left, or something to begin with. */
  private async bringBack(tag: string): Promise<void> {
    const { context } = this;
    const left = await context.autosave.left(tag);
    if (left !== null) {
      await context.adopt(context.loader.continue(left.source, left.origin, left.resume), true);
    } else if (context.loaded() === null) {
      await context.loadDefault();
    }
  }

  /** The room is over, against one's will. */
  private end(why: SimroomError): void {
    const { part, context } = this;
    if (part === null) return;
    this.part = null;
    part.close(why);
    this.lastLeft = part.link;
    this.over();
    hideRoom();
    context.engine.askAtOnce((service) => service.leaveRoom()).catch(() => {});
    context.events.emit('error', why);
    if (part instanceof Visit && why.code === 'room-closed') void this.watch(part.link);
  }

  private async quit(): Promise<void> {
    const { part, context } = this;
    if (part === null) return;
    this.part = null;
    part.close(cancelled());
    this.lastLeft = part.link;
    this.over();
    hideRoom();
    await context.engine.askAtOnce((service) => service.leaveRoom());
  }

  private over(): void {
    this.context.autosave.moveTo('');
    this.context.state.leave();
  }

  /** Tells when the host of a room that was closed is back. */
  private async watch(link: string): Promise<void> {
    this.watching = new AbortController();
    const { signal } = this.watching;
    try {
      await new Promise((resolve) => setTimeout(resolve, WATCH_AFTER_MS));
      const { secret } = await openRoomLink(link);
      const settings = await loadNetworkSettings(new URL(link), null);
      const signaling = await createGuestSignaling(
        { settings, keys: await deriveKeys(secret) },
        { state: () => {} },
      );
      signal.addEventListener('abort', () => signaling.close(), { once: true });
      await signaling.hosted(signal);
      signaling.close();
      if (signal.aborted) return;
      this.context.warn('room-back', 'The room is open again.', {
        label: 'Rejoin',
        run: () => this.rejoin(),
      });
    } catch {
      // The server refuses, or another room was entered: then nothing is offered.
    }
  }
}

function cancelled(): SimroomError {
  return new SimroomError('load-cancelled', 'Joining was cancelled.');
}
