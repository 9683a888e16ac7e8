/**
 * Starts a module worker.
 *
 * A page without an origin (a sandboxed iframe) may not start a worker from a URL of any other; but from a `data:`
 * module that imports it, where the host allows that (`Access-Control-Allow-Origin`). Chromium refuses module workers
 * from blobs there.
 */
export function startWorker(url: string, name: string): Worker {
  const absolute = new URL(url, import.meta.url).href;
  const script =
    window.origin === 'null'
      ? `data:text/javascript,${encodeURIComponent(`import ${JSON.stringify(absolute)};`)}`
      : absolute;
  return new Worker(script, { type: 'module', name });
}
