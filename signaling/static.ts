import type { IncomingMessage, ServerResponse } from 'node:http';
import sirv from 'sirv';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Types that the usual table lacks; the rest comes from it. */
const CONTENT_TYPES: readonly (readonly [pattern: RegExp, type: string])[] = [
  [/\.(xml|urdf|mjcf)$/i, 'text/xml; charset=utf-8'],
  [/\.(stl|msh|skn|mjz|mjb|bin)$/i, 'application/octet-stream'],
];

/** Vite puts a hash of the content into the names of what it builds: those never change. */
const HASHED = /^\/assets\/.+-[\w-]{8,}\.\w+$/;
const IMMUTABLE = 'public, max-age=31536000, immutable';
/** Everything else is asked for again each time, and answered with 304 while it is the same. */
const REVALIDATE = 'no-cache';

/**
 * Serves the built app: compressed copies (`.br`, `.gz`) where the browser takes them, caching by file kind.
 *
 * @param folder the built app
 * @param base path it is served under, beginning and ending with a slash
 */
export function serveStatic(folder: string, base: string): Handler {
  const serve = sirv(folder, {
    // Looks at the disk for each request: a build under a running server is served, not half remembered.
    dev: true,
    brotli: true,
    gzip: true,
    etag: true,
    setHeaders(response, pathname) {
      response.setHeader('Cache-Control', HASHED.test(pathname) ? IMMUTABLE : REVALIDATE);
      const type = CONTENT_TYPES.find(([pattern]) => pattern.test(pathname))?.[1];
      if (type !== undefined) response.setHeader('Content-Type', type);
    },
  });

  return (request, response) => {
    // Everything here is public, and a sandboxed iframe (origin "null") may load modules only with this.
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      answer(response, 405, 'Only GET and HEAD work here.', { Allow: 'GET, HEAD' });
      return;
    }
    const url = request.url ?? '/';
    if (url === base.slice(0, -1) || url.startsWith(`${base.slice(0, -1)}?`)) {
      // Without the slash the page's relative URLs would point beside it.
      answer(response, 308, '', { Location: `${base}${url.slice(base.length - 1)}` });
      return;
    }
    if (!url.startsWith(base)) {
      answer(response, 404, 'Not found.');
      return;
    }
    request.url = url.slice(base.length - 1);
    serve(request, response, () => {
      answer(response, 404, 'Not found.');
    });
  };
}

/** Answers with a plain text. */
export function answer(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers });
  response.end(text);
}
