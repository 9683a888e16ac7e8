import { describe, expect, test, vi } from 'vitest';
import { SimroomError } from '../core/errors';
import type { LoadProgress } from '../model/source';
import type { CompilerEngine, CompilerReply, CompilerRequest } from '../sim/compiler_messages';
import { type CompileRequest, compileModel, type CompilerWorker } from './compiler';

const SILENCE_MS = 1000;

/** A worker that answers as the test says. */
class FakeWorker extends EventTarget implements CompilerWorker {
  readonly requests: (CompilerRequest | CompilerEngine)[] = [];
  terminated = 0;

  postMessage(request: CompilerRequest | CompilerEngine): void {
    this.requests.push(request);
  }

  terminate(): void {
    this.terminated += 1;
  }

  reply(data: CompilerReply): void {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
}

function start(options: Partial<CompileRequest> = {}): {
  worker: FakeWorker;
  result: Promise<unknown>;
  abort: AbortController;
  progress: LoadProgress[];
} {
  const worker = new FakeWorker();
  const abort = new AbortController();
  const progress: LoadProgress[] = [];
  const result = compileModel({
    source: 'humanoid',
    // The smallest module there is: magic number and version.
    module: Promise.resolve(new WebAssembly.Module(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]))),
    base: 'http://localhost/',
    onProgress: (each) => progress.push(each),
    signal: abort.signal,
    spawn: () => worker,
    silenceMs: SILENCE_MS,
    ...options,
  });
  result.catch(() => undefined);
  return { worker, result, abort, progress };
}

const said = (step: LoadProgress['step']): CompilerReply => ({
  kind: 'progress',
  progress: { step, what: 'scene.xml', fraction: null },
});

describe('compileModel', () => {
  test('what the worker makes is returned, and the worker thrown away', async () => {
    const { worker, result, progress } = start();
    worker.reply(said('compile'));
    const compiled = { origin: 'x' };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- passed through untouched
    worker.reply({ kind: 'done', compiled } as CompilerReply);
    expect(await result).toBe(compiled);
    expect(progress).toHaveLength(1);
    expect(worker.terminated).toBe(1);
  });

  test('dropped files travel by their paths', () => {
    const file = new File(['<mujoco/>'], 'robot/scene.xml');
    const { worker } = start({ source: [file], extra: [file] });
    expect(worker.requests[0]).toMatchObject({
      source: { files: { 'robot/scene.xml': file } },
      extra: { 'robot/scene.xml': file },
    });
  });

  test('errors keep their code and place', async () => {
    const { worker, result } = start();
    worker.reply({ kind: 'failed', error: { code: 'xml-invalid', message: 'no', details: { line: 3 } } });
    await expect(result).rejects.toMatchObject({ code: 'xml-invalid', details: { line: 3 } });
    expect(worker.terminated).toBe(1);
  });

  test('cancelling kills the worker', async () => {
    const { worker, result, abort } = start();
    abort.abort();
    await expect(result).rejects.toMatchObject({ code: 'load-cancelled' });
    expect(worker.terminated).toBe(1);
  });

  test('an abort may have a reason of its own', async () => {
    const { result, abort } = start();
    abort.abort(new SimroomError('load-superseded', 'another came'));
    await expect(result).rejects.toMatchObject({ code: 'load-superseded' });
  });

  test('nothing is started for a load that is already cancelled', async () => {
    const { worker, result } = start({ signal: AbortSignal.abort() });
    await expect(result).rejects.toMatchObject({ code: 'load-cancelled' });
    expect(worker.requests).toHaveLength(0);
  });

  test.each([
    ['compile', 'compile-timeout'],
    ['fetch', 'fetch-failed'],
  ] as const)('a worker that falls silent in %s is killed', async (step, code) => {
    vi.useFakeTimers();
    try {
      const { worker, result } = start();
      await vi.advanceTimersByTimeAsync(SILENCE_MS - 1);
      worker.reply(said(step));
      await vi.advanceTimersByTimeAsync(SILENCE_MS - 1);
      expect(worker.terminated).toBe(0);
      await vi.advanceTimersByTimeAsync(1);
      await expect(result).rejects.toMatchObject({ code, details: { file: 'scene.xml' } });
      expect(worker.terminated).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });

  test.each([
    ['error', Object.assign(new Event('error'), { message: 'out of memory' })],
    ['messageerror', new Event('messageerror')],
  ])('a worker that dies with %s is told', async (_, event) => {
    const { worker, result } = start();
    worker.dispatchEvent(event);
    await expect(result).rejects.toMatchObject({ code: 'compile-failed' });
    expect(worker.terminated).toBe(1);
  });
});
