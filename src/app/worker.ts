/**
 * Starts a module worker.
 *
 * A page without an origin (a sandboxed iframe) may not start a worker from a URL, but it may start one from a blob
 * that imports the URL, where the host allows that (`Access-Control-Allow-Origin`).
 */
export function startWorker(url: string, name: string): Worker {
  const absolute = new URL(url, import.meta.url).href;
  if (window.origin !== 'null') return new Worker(absolute, { type: 'module', name });
  const blob = new Blob([`import ${JSON.stringify(absolute)};`], { type: 'text/javascript' });
  // Never revoked: nothing announces that the worker has read it, and it is a hundred bytes.
  return new Worker(URL.createObjectURL(blob), { type: 'module', name });
}
