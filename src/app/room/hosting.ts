import { transfer } from 'comlink';
import { sha256 as wasmHash } from 'virtual:mujoco-wasm';
import { SimroomError, toPlainError } from '../../core/errors';
import { fromHex, toHex } from '../../core/encoding';
import type { Versions } from '../../protocol/trust';
import type { RoomEvent } from '../../session/room_messages';
import type { Connection, ConnectionStats } from '../../transport/connection';
import type { RoomKeys } from '../../transport/keys';
import type { NetworkSettings } from '../../transport/ice';
import { type HostSignaling, createHostSignaling } from '../../transport/signaling';
import type { LoadedModel } from '../model_loader';
import type { HostedRoom } from './room_memory';
import type { RoomContext } from './rooms';
import type { Worlds } from './worlds';

/** What runs here, for peers to compare. */
export function versions(): Versions {
  return { build: __BUILD_ID__, wasm: fromHex(wasmHash) ?? new Uint8Array() };
}

/**
 * A room that is open in this page: lets guests in and loads what they ask for. The session is in the engine.
 */
export class Hosting {
  private readonly connections = new Set<Connection>();
  private signaling: HostSignaling | null = null;
  private closed = false;

  /**
   * @param release gives up what makes this tab the room's host: see {@link holdRoom}
   */
  constructor(
    private readonly context: RoomContext,
    private readonly worlds: Worlds,
    private room: HostedRoom,
    private readonly keys: RoomKeys,
    readonly link: string,
    private readonly release: () => void,
  ) {}

  get tag(): string {
    return this.room.tag;
  }

  /** Hears what the session tells. */
  hear(event: RoomEvent): void {
    switch (event.kind) {
      case 'loadRequested':
        void this.load(event);
        break;
      case 'keep':
        this.keep({ ...this.room, gate: event.gate });
        break;
      case 'room':
        this.keep({ ...this.room, defaultRole: event.defaultRole });
        break;
      default:
        break;
    }
  }

  /** The engine has died, and every channel with it: guests notice, and come again. */
  engineDied(): void {
    for (const connection of this.connections) connection.close();
  }

  /** The engine is back, with its world. */
  async engineBack(loaded: LoadedModel): Promise<void> {
    await this.tellEngine(loaded);
  }

  /** Of all connections. */
  async stats(): Promise<readonly ConnectionStats[]> {
    const all = await Promise.all([...this.connections].map((connection) => connection.stats()));
    return all.filter((stats) => stats !== null);
  }

  /** Lets nobody in any more, and gives the room up to other tabs. The session is ended by the engine. */
  close(): void {
    this.closed = true;
    this.signaling?.close();
    this.release();
  }

  /** Opens the room over the running model. A signaling server that cannot be reached is waited for. */
  async start(settings: NetworkSettings, loaded: LoadedModel): Promise<void> {
    const { context, keys, room } = this;
    this.keep({ ...room, opened: Date.now() });
    await this.tellEngine(loaded);
    this.signaling = await createHostSignaling(
      { settings, keys, token: room.token },
      {
        connection: (connection) => this.admit(connection),
        state: (state, reason) => {
          context.state.change({ state });
          if (reason !== null && !this.closed) context.warn(reason.code, reason.message);
        },
        refused: (error) => context.ended(error),
      },
    );
    if (this.closed) this.signaling.close();
  }

  private async tellEngine(loaded: LoadedModel): Promise<void> {
    const { context, room, keys } = this;
    const { bundle, live, info } = loaded;
    const shared = await this.worlds.share({ bundle, mjb: live.compiled.mjb, origin: info.origin });
    await context.engine.ask((service) =>
      service.host(
        {
          trust: { tag: room.tag, bind: keys.bind, hostKey: room.hostKey },
          versions: versions(),
          self: context.person.settings,
          defaultRole: room.defaultRole,
          kept: room.gate,
        },
        shared,
      ),
    );
  }

  private admit(connection: Connection): void {
    this.connections.add(connection);
    connection.onclose = () => this.connections.delete(connection);
    this.context.engine
      .askAtOnce((service) => service.addGuest(transfer(connection.port, [connection.port])))
      .catch(() => connection.close());
  }

  /** Loads what somebody in the room wants, and answers. */
  private async load({
    id,
    seat,
    bundle: hash,
    size,
    origin,
  }: Extract<RoomEvent, { kind: 'loadRequested' }>): Promise<void> {
    const { context, worlds } = this;
    const by = context.state.nameOf(seat);
    let error: SimroomError | null = null;
    try {
      const bytes = fromHex(hash);
      if (bytes === null) throw new SimroomError('bad-argument', 'The hash of this model is damaged.');
      const bundle = await worlds.get(bytes, size, (fraction) =>
        context.events.emit('progress', { step: 'fetch', what: origin, fraction, by }),
      );
      await context.adopt(context.loader.loadBundle(bundle, origin, by));
    } catch (thrown) {
      error = thrown instanceof SimroomError ? thrown : new SimroomError('compile-failed', String(thrown));
    }
    const plain = error === null ? null : toPlainError(error, 'compile-failed');
    await context.engine
      .ask((service) => service.answerLoad(id, plain))
      // The engine was restarted: whoever asked has lost the connection and knows.
      .catch(() => {});
  }

  private keep(room: HostedRoom): void {
    this.room = room;
    void this.context.memory.keepHosted(room);
  }
}

/**
 * Makes this tab the one that hosts a room.
 *
 * @returns how to give it up, or null when another tab hosts it; where there are no locks nobody is asked
 */
export function holdRoom(tag: string): Promise<(() => void) | null> {
  if (!('locks' in navigator) || window.origin === 'null') return Promise.resolve(() => {});
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(`simroom-room-${tag}`, { ifAvailable: true }, (lock) => {
        if (lock === null) {
          resolve(null);
          return undefined;
        }
        return new Promise<void>((release) => resolve(release));
      })
      .catch(reject);
  });
}

/** A token of 16 random bytes, hex, by which the signaling server knows a host again. */
export function newToken(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(16)));
}
