import { transfer } from 'comlink';
import { SimroomError, type ErrorCode, toPlainError } from '../../core/errors';
import { toHex } from '../../core/encoding';
import type { Manifest } from '../../protocol/ctl';
import type { RoomEvent } from '../../session/room_messages';
import type { Connection, ConnectionStats } from '../../transport/connection';
import type { NetworkSettings } from '../../transport/ice';
import type { OpenedLink, RoomKeys } from '../../transport/keys';
import { type GuestSignaling, createGuestSignaling } from '../../transport/signaling';
import type { JoinStep } from '../api';
import { warmCompiler } from '../compiler';
import { type Deferred, deferred } from '../deferred';
import type { LiveModel } from '../engine_client';
import type { PlaceableModel } from '../model_loader';
import { sha256 } from './digest';
import { versions } from './hosting';
import type { RoomContext } from './rooms';
import type { Worlds } from './worlds';

/** How long a lost host is looked for before the room counts as closed, ms: its engine restarts within two seconds. */
const RECONNECT_MS = 12_000;

/** How long joining waits for a signaling server that cannot be reached, ms: two retries, and then people want to know. */
const RELAY_PATIENCE_MS = 8_000;

/** Between attempts to come back, ms. */
const RETRY_MS = 500;

/** Failures of coming back that may be over in a moment. */
const PASSING: ReadonlySet<string> = new Set<ErrorCode>([
  'connection-failed',
  'room-not-found',
  'relay-unreachable',
  'engine-restarted',
]);

/** A load of this browser's own that the room is to have. */
interface OwnLoad {
  readonly bundle: string;
  readonly announced: Deferred<Manifest>;
}

/**
 * A room of somebody else's that this page is in, or enters: connects, follows the room's worlds, and comes back when
 * the connection is lost.
 */
export class Visit {
  private readonly stop = new AbortController();
  private signaling: GuestSignaling | null = null;
  private connection: Connection | null = null;
  /** While entering: settled when the room's world runs here. */
  private entering: Deferred<void> | null = null;
  private ownLoad: OwnLoad | null = null;
  /** Whether people see how entering goes on; coming back after a lost connection is silent. */
  private told = true;
  private arrived = false;
  private followed = 0;
  private patience: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly context: RoomContext,
    private readonly worlds: Worlds,
    readonly link: string,
    private readonly opened: OpenedLink,
    private readonly keys: RoomKeys,
    private readonly settings: NetworkSettings,
  ) {
    // Most likely there will be a model to compile.
    warmCompiler();
  }

  get tag(): string {
    return this.keys.tag;
  }

  /**
   * Connects and enters; resolves when this browser holds the host's world.
   *
   * @throws SimroomError whatever kept it from that
   */
  async enter(): Promise<void> {
    const entering = deferred<void>();
    this.entering = entering;
    const attempt = new AbortController();
    const signal = AbortSignal.any([this.stop.signal, attempt.signal]);
    signal.addEventListener('abort', () => entering.reject(signal.reason), { once: true });
    try {
      await Promise.race([this.connect(signal), entering.promise]);
      await entering.promise;
      this.arrived = true;
    } finally {
      // What is still under way is not wanted any more.
      attempt.abort(new SimroomError('connection-failed', 'This attempt to enter has ended.'));
      clearTimeout(this.patience);
      this.entering = null;
    }
  }

  /** Hears what the session tells. */
  hear(event: RoomEvent): void {
    switch (event.kind) {
      case 'entered':
        this.step('fetching');
        break;
      case 'world':
        void this.follow(event.manifest);
        break;
      case 'started':
        this.context.state.change({ state: 'open' });
        break;
      case 'ended':
        this.lost(new SimroomError(event.code as ErrorCode, event.message));
        break;
      default:
        break;
    }
  }

  /**
   * Gives a model of this browser's own to the room, and puts it where the host says.
   *
   * @throws SimroomError what the host could not do with it
   */
  async place(model: PlaceableModel): Promise<LiveModel> {
    const { engine } = this.context;
    const { bytes, hash } = await this.worlds.pack(model.bundle);
    const own: OwnLoad = { bundle: toHex(hash), announced: deferred() };
    this.ownLoad = own;
    try {
      await engine.ask((service) => service.provide(own.bundle, bytes));
      const request = { kind: 'load', bundle: hash, size: bytes.length, origin: model.origin } as const;
      await engine.ask((service) => service.request(request));
      return await this.start(model, await own.announced.promise);
    } finally {
      if (this.ownLoad === own) this.ownLoad = null;
    }
  }

  /** The engine has died, and every channel with it. */
  engineDied(): void {
    this.connection?.close();
  }

  /** The engine is back: into the room again. */
  engineBack(): void {
    if (this.arrived) void this.comeBack(new SimroomError('connection-failed', 'The connection was lost.'));
  }

  async stats(): Promise<readonly ConnectionStats[]> {
    const stats = await this.connection?.stats();
    return stats === null || stats === undefined ? [] : [stats];
  }

  /**
   * Leaves, or gives entering up.
   *
   * @param why what {@link enter} throws
   */
  close(why: SimroomError): void {
    this.stop.abort(why);
    this.worlds.fail(why);
    this.signaling?.close();
    this.signaling = null;
  }

  private async connect(signal: AbortSignal): Promise<void> {
    this.step('signaling');
    const identity = this.context.memory.identity();
    this.signaling ??= await createGuestSignaling(
      { settings: this.settings, keys: this.keys },
      { state: (state, reason) => this.heardOfRelay(state === 'open' ? null : reason) },
    );
    signal.throwIfAborted();
    this.step('connecting');
    const connection = await this.signaling.connect(signal);
    if (signal.aborted) connection.close();
    signal.throwIfAborted();
    this.connection = connection;
    this.step('entering');
    const { context, keys, opened } = this;
    const trust = {
      tag: keys.tag,
      bind: keys.bind,
      hostKeyHash: opened.hostKeyHash,
      identity: await identity,
    };
    const { invitation } = opened;
    const options = { trust, versions: versions(), self: context.person.settings, invitation };
    await context.engine.askAtOnce((service) =>
      service.join(options, transfer(connection.port, [connection.port])),
    );
  }

  /** Those who are in stay connected without the signaling server; who enters cannot do without. */
  private heardOfRelay(trouble: SimroomError | null): void {
    clearTimeout(this.patience);
    if (this.arrived && this.entering === null) {
      this.context.state.change({ state: trouble === null ? 'open' : 'waiting' });
    }
    if (trouble === null) return;
    this.patience = setTimeout(() => this.entering?.reject(trouble), RELAY_PATIENCE_MS);
  }

  /** The room has another world, or this is its first for us. */
  private async follow(manifest: Manifest): Promise<void> {
    const { context, worlds, ownLoad } = this;
    const turn = ++this.followed;
    if (ownLoad?.bundle === toHex(manifest.bundle)) {
      ownLoad.announced.resolve(manifest);
      return;
    }
    const by = context.state.hostName();
    const origin = manifest.origin;
    try {
      const same = context.loaded();
      if (same !== null && (await this.isCompiled(same.live.compiled.mjb, manifest))) {
        this.step('starting');
        const { bundle, info, live } = same;
        const again = this.start({ ...live.compiled, bundle, origin }, manifest);
        await context.adopt(again.then((begun) => ({ live: begun, bundle, info })));
      } else {
        this.step('fetching');
        const bundle = await worlds.get(manifest.bundle, manifest.size, (fraction) => {
          if (this.entering !== null) this.step('fetching', fraction);
          else context.events.emit('progress', { step: 'fetch', what: origin, fraction, by });
        });
        if (turn !== this.followed) return;
        this.step('compiling');
        const place = (model: PlaceableModel): Promise<LiveModel> => {
          if (turn === this.followed) return this.start(model, manifest);
          throw new SimroomError('load-superseded', 'The room has another world by now.');
        };
        await context.adopt(context.loader.follow(bundle, origin, { place, by }));
      }
      this.entering?.resolve();
    } catch (thrown) {
      if (turn !== this.followed || this.stop.signal.aborted) return;
      const { code, message } = toPlainError(thrown, 'engine-failed');
      // Its successor is on its way, or the room's end is told by the session.
      if (code === 'load-superseded' || code === 'room-closed' || code === 'engine-restarted') return;
      this.fail(new SimroomError(code, message, { cause: thrown }));
    }
  }

  /** Hands a compiled model to the engine, which shows it when the host lets it begin. */
  private async start(model: PlaceableModel, manifest: Manifest): Promise<LiveModel> {
    if (!(await this.isCompiled(model.mjb, manifest))) {
      throw new SimroomError(
        'version-differs',
        'This browser compiles the model of the room to something else than its host, so the two would compute ' +
          'different worlds. Reload the page; if that does not help, use another browser.',
      );
    }
    this.step('starting');
    return this.context.engine.load(model, { joined: manifest });
  }

  private async isCompiled(mjb: Uint8Array, { compiled }: Manifest): Promise<boolean> {
    const hash = await sha256(mjb as Uint8Array<ArrayBuffer>);
    return hash.every((byte, i) => byte === compiled[i]);
  }

  /** The session has ended, from the other side or by a failure. */
  private lost(why: SimroomError): void {
    this.connection = null;
    this.followed++;
    this.ownLoad?.announced.reject(why);
    if (this.entering !== null) this.entering.reject(why);
    else if (why.code === 'connection-failed' && this.arrived) void this.comeBack(why);
    else this.context.ended(why);
  }

  /** Looks for the host for a while, as it may have lost its connection or its engine only. */
  private async comeBack(why: SimroomError): Promise<void> {
    if (this.entering !== null || this.stop.signal.aborted) return;
    this.told = false;
    this.context.state.change({ state: 'waiting' });
    const end = performance.now() + RECONNECT_MS;
    while (performance.now() < end && !this.stop.signal.aborted) {
      try {
        await this.enter();
        return;
      } catch (thrown) {
        const { code } = toPlainError(thrown, 'connection-failed');
        // The host says no: then trying again helps nobody.
        if (!PASSING.has(code)) {
          this.context.ended(thrown instanceof SimroomError ? thrown : why);
          return;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
    if (this.stop.signal.aborted) return;
    this.context.ended(
      new SimroomError('room-closed', 'The host is gone: this is your own copy of the world now.'),
    );
  }

  /** Nothing can be done here with the world of the room. */
  private fail(error: SimroomError): void {
    if (this.entering !== null) this.entering.reject(error);
    else this.context.ended(error);
  }

  private step(step: JoinStep, fraction: number | null = null): void {
    if (this.told && this.entering !== null) this.context.events.emit('joining', { step, fraction });
  }
}
