import { SimroomError, toPlainError } from '../core/errors';
import type { Route } from '../protocol/ctl';
import type { Link } from '../protocol/link';
import { GuestSession, type GuestOptions } from './room/guest_session';
import { HostSession, type HostOptions } from './room/host_session';
import type { RoomEvent } from './room_messages';
import { WakingLink } from './link/waking_link';

/** A link that knows its way, and tells when that changes. */
export interface RoutedLink extends Link {
  readonly route: Exclude<Route, 'host'>;
  onroute: ((route: Exclude<Route, 'host'>) => void) | null;
}

/** Makes a link of what the page sends through a connection's port, once it is open. */
export type OpenLine = (line: MessagePort) => Promise<RoutedLink>;

/**
 * The engine's part in a room: the connections that the page makes, and the session over them.
 */
export class EngineRoom {
  private session: HostSession | GuestSession | null = null;
  /** Counts rooms, so that a connection that opens too late for one does not land in the next. */
  private visit = 0;

  /**
   * @param wake asks for a turn of the engine
   * @param onEvent what the session tells; `present` is up to date by then
   */
  constructor(
    private readonly openLine: OpenLine,
    private readonly wake: () => void,
    private readonly clock: () => number,
    private readonly onEvent: (event: RoomEvent) => void,
  ) {}

  get host(): HostSession | null {
    return this.session instanceof HostSession ? this.session : null;
  }

  get guest(): GuestSession | null {
    return this.session instanceof GuestSession ? this.session : null;
  }

  get present(): HostSession | GuestSession | null {
    return this.session;
  }

  /** @throws SimroomError `not-in-room` */
  need(): HostSession | GuestSession {
    if (this.session === null) {
      throw new SimroomError(
        'not-in-room',
        'You are in no room: share this world, or open the link of another room.',
      );
    }
    return this.session;
  }

  /** Opens a room; guests come by {@link addGuest}. */
  create(options: HostOptions): HostSession {
    this.leave();
    const visit = this.visit;
    const session = new HostSession(options, this.clock, (event) => this.hear(visit, event));
    this.session = session;
    return session;
  }

  /** A guest is coming in over a connection that is being made. One that fails is nobody's loss. */
  addGuest(line: MessagePort): void {
    const { visit, host } = this;
    this.openLine(line).then(
      (link) => {
        if (host !== null && visit === this.visit) host.add(new WakingLink(link, this.wake));
        else link.close();
      },
      () => {},
    );
  }

  /** Enters a room over a connection that is being made; what becomes of it is told by events. */
  join(options: GuestOptions, line: MessagePort): void {
    this.leave();
    const visit = this.visit;
    this.openLine(line).then(
      (link) => {
        if (visit !== this.visit) {
          link.close();
          return;
        }
        const waking = new WakingLink(link, this.wake);
        const session = new GuestSession(waking, options, this.clock, (event) => this.hear(visit, event));
        this.session = session;
        session.setRoute(link.route);
        link.onroute = (route) => session.setRoute(route);
        this.wake();
      },
      (thrown: unknown) => {
        const { code, message } = toPlainError(thrown, 'connection-failed');
        this.hear(visit, { kind: 'ended', code, message });
      },
    );
  }

  /** Says goodbye and ends; nothing happens where there is no room. */
  leave(): void {
    this.visit++;
    const { session } = this;
    this.session = null;
    session?.leave();
  }

  private hear(visit: number, event: RoomEvent): void {
    if (visit !== this.visit) return;
    if (event.kind === 'ended') {
      this.visit++;
      this.session = null;
    }
    this.onEvent(event);
  }
}
