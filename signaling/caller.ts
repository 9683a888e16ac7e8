import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** An IPv6 customer gets a /64 at least, so what is limited is that, not the address: four groups of 16 bits. */
const IPV6_GROUPS = 4;

/**
 * What a caller's limits are counted by: its IPv4 address, or the /64 of its IPv6 address.
 *
 * @param trustedProxies how many reverse proxies of ours each request has passed; each of them appends to
 *   X-Forwarded-For the address that called it, and whatever stands further left anybody may have written
 */
export function callerOf(request: IncomingMessage, trustedProxies: number): string {
  const direct = request.socket.remoteAddress ?? '';
  if (trustedProxies === 0) return block(direct);
  const chain = headerText(request, 'x-forwarded-for').split(',');
  const told = withoutPort(chain[chain.length - trustedProxies]?.trim() ?? '');
  return block(isIP(told) === 0 ? direct : told);
}

/**
 * Whether a page of the request's Origin may use the relay.
 *
 * Only browsers are held by this, and they cannot be told to lie: other programs send any Origin, or none, which
 * is let in. Hence X-Forwarded-Host counts like Host without further trust: no page can set it on a WebSocket.
 *
 * @param allowed origins besides the server's own, or `any`
 */
export function isOriginAllowed(request: IncomingMessage, allowed: readonly string[] | 'any'): boolean {
  const { origin } = request.headers;
  if (origin === undefined || allowed === 'any' || allowed.includes(origin)) return true;
  const page = parseUrl(origin);
  if (page === null) return false;
  const hosts = [request.headers.host ?? '', ...headerText(request, 'x-forwarded-host').split(',')];
  // The scheme is left out: behind a proxy that ends TLS we do not see it. With it the default port is dropped.
  return hosts.some((host) => parseUrl(`${page.protocol}//${host.trim()}`)?.host === page.host);
}

function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

function headerText(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : (value ?? '');
}

/** Some proxies write `1.2.3.4:5678` or `[::1]:5678`. */
function withoutPort(address: string): string {
  return /^\[(.*)\](?::\d+)?$/.exec(address)?.[1] ?? /^([\d.]+):\d+$/.exec(address)?.[1] ?? address;
}

function block(address: string): string {
  const plain = address.replace(/^::ffff:(?=[\d.]+$)/i, '').replace(/%.*$/, '');
  if (isIP(plain) !== 6) return plain;
  const [head = '', tail] = plain.split('::');
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  return [...before, ...zeros, ...after].slice(0, IPV6_GROUPS).join(':');
}

function groups(text: string): string[] {
  return text === '' ? [] : text.split(':').map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''));
}
