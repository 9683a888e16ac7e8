import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Bucket } from '../signaling/bucket';
import type { Clock } from '../signaling/clock';

/** Codes that may be tried in a minute, by all together: to guess one then takes a thousand years. */
const TRIES_PER_MINUTE = 30;

/** Why somebody may not come in. */
export interface Refusal {
  readonly status: 401 | 403 | 429;
  /** For whoever asks. */
  readonly message: string;
  /** The page's origin, when that was the reason. */
  readonly origin?: string;
}

/**
 * Who may talk to the bridge: pages of this machine and of origins that were named, programs of this machine, and whoever
 * shows the code from elsewhere.
 *
 * Browsers tell the truth about a page's origin, and other programs on this machine need no bridge to do harm. So a page
 * from the web can neither see a face nor show one unless it was named.
 */
export class Door {
  private readonly tries: Bucket;

  /** @param code that connections from other machines must show */
  constructor(
    private readonly origins: readonly string[],
    private readonly code: string,
    private readonly clock: Clock,
  ) {
    this.tries = new Bucket(TRIES_PER_MINUTE, TRIES_PER_MINUTE / 60, clock.now());
  }

  /** @returns null when they may come in */
  refuse(request: IncomingMessage): Refusal | null {
    const { origin, host } = request.headers;
    if (origin !== undefined && !this.isWelcome(origin)) {
      const message = `Pages of ${origin} may not use this bridge. Name them when you start it: FACE_BRIDGE_ORIGINS=${origin}`;
      return { status: 403, message, origin };
    }
    if (isLoopback(request.socket.remoteAddress ?? '')) {
      // A page whose name was made to point at this machine shows in the name that it asked for.
      if (host !== undefined && !isLocalHost(host)) {
        return { status: 403, message: 'From this machine the bridge is at 127.0.0.1 or localhost.' };
      }
      return null;
    }
    return this.checkCode(request);
  }

  private checkCode(request: IncomingMessage): Refusal | null {
    const shown = codeOf(request);
    if (shown === null) {
      return {
        status: 401,
        message: 'From another machine the bridge wants the code that it has printed: ?code=...',
      };
    }
    // Every try costs, so that what the answer says is not worth the asking.
    if (!this.tries.take(1, this.clock.now())) {
      return { status: 429, message: 'Too many codes were tried. Try again in a minute.' };
    }
    return isSame(shown, this.code) ? null : { status: 401, message: 'That is not the code of this bridge.' };
  }

  private isWelcome(origin: string): boolean {
    if (this.origins.includes(origin)) return true;
    return (
      URL.canParse(origin) && /^https?:$/.test(new URL(origin).protocol) && isLocalHost(new URL(origin).host)
    );
  }
}

/** Whether an address is of this machine. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127\.\d+\.\d+\.\d+$/i.test(address);
}

/** Whether a Host header, or that part of an origin, means this machine. */
function isLocalHost(host: string): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i.test(host);
}

function codeOf(request: IncomingMessage): string | null {
  const [, query = ''] = (request.url ?? '').split('?', 2);
  return new URLSearchParams(query).get('code');
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one.toUpperCase()), Buffer.from(other.toUpperCase())];
  return a.length === b.length && timingSafeEqual(a, b);
}
