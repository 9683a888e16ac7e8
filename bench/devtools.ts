import type { CDPSession, Page } from '@playwright/test';

/** Memory of one JavaScript realm after a full garbage collection, bytes. */
export interface Heap {
  /** Objects. */
  readonly used: number;
  /** Contents of array buffers, wasm memory not included. */
  readonly buffers: number;
}

/** Where objects are made: a function, and the bytes it allocated. */
export interface AllocationSite {
  readonly where: string;
  readonly bytes: number;
}

/** Mean distance between two sampled allocations, bytes: below it small rates are noise. */
const SAMPLING_BYTES = 1024;

/** The page, or one of its workers, as the browser's own tools see it. */
export class Realm {
  private constructor(
    /** `page`, or the worker's name. */
    readonly name: string,
    private readonly send: (method: string, params?: object) => Promise<unknown>,
  ) {}

  /** The page and every worker that runs now. */
  static async of(page: Page): Promise<Realm[]> {
    const session = await page.context().newCDPSession(page);
    const realms = [new Realm('page', (method, params) => sendAny(session, method, params))];
    session.on('Target.attachedToTarget', ({ targetInfo, sessionId }) => {
      // The service worker sleeps while the model runs.
      if (targetInfo.type !== 'worker') return;
      const relay = new Relay(session, sessionId);
      realms.push(new Realm(targetInfo.title, (method, params) => relay.send(method, params)));
    });
    // Those that run already are reported before this returns.
    await session.send('Target.setAutoAttach', {
      autoAttach: true,
      waitForDebuggerOnStart: false,
      flatten: false,
    });
    return realms;
  }

  /** Memory in use, after what is not needed any more has been collected. */
  async heap(): Promise<Heap> {
    await this.send('HeapProfiler.enable');
    // What a finalizer lets go of needs a second time.
    for (let i = 0; i < 2; i++) await this.send('HeapProfiler.collectGarbage');
    const usage = await this.send('Runtime.getHeapUsage');
    return { used: number(usage, 'usedSize'), buffers: number(usage, 'backingStorageSize') };
  }

  /** Everything that is allocated during `during`, kept or not, by the function that does it; the most first. */
  async allocations(during: () => Promise<void>): Promise<AllocationSite[]> {
    await this.send('HeapProfiler.enable');
    await this.send('HeapProfiler.startSampling', {
      samplingInterval: SAMPLING_BYTES,
      includeObjectsCollectedByMajorGC: true,
      includeObjectsCollectedByMinorGC: true,
    });
    await during();
    const answer = await this.send('HeapProfiler.stopSampling');
    const sites = new Map<string, number>();
    addSites(field(field(answer, 'profile'), 'head'), sites);
    return [...sites].map(([where, bytes]) => ({ where, bytes })).toSorted((a, b) => b.bytes - a.bytes);
  }
}

/** A worker's session inside the page's, whose messages travel as text. */
class Relay {
  private next = 1;
  private readonly waiting = new Map<number, (message: unknown) => void>();

  constructor(
    private readonly session: CDPSession,
    private readonly sessionId: string,
  ) {
    session.on('Target.receivedMessageFromTarget', (event) => {
      if (event.sessionId !== sessionId) return;
      const message: unknown = JSON.parse(event.message);
      const id = field(message, 'id');
      if (typeof id === 'number') this.waiting.get(id)?.(message);
    });
  }

  async send(method: string, params: object = {}): Promise<unknown> {
    const id = this.next++;
    const answer = new Promise<unknown>((resolve) => {
      this.waiting.set(id, resolve);
    });
    await this.session.send('Target.sendMessageToTarget', {
      sessionId: this.sessionId,
      message: JSON.stringify({ id, method, params }),
    });
    const message = await answer;
    this.waiting.delete(id);
    const error = field(message, 'error');
    if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return field(message, 'result');
  }
}

/** Script time of a page's main thread, in one of two clocks. */
export class ScriptClock {
  private constructor(private readonly session: CDPSession) {}

  /** @param clock `wall` counts waiting (for the GPU, for a core), `cpu` does not */
  static async of(page: Page, clock: 'wall' | 'cpu'): Promise<ScriptClock> {
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: clock === 'wall' ? 'timeTicks' : 'threadTicks' });
    return new ScriptClock(session);
  }

  /** ms so far. */
  async now(): Promise<number> {
    const { metrics } = await this.session.send('Performance.getMetrics');
    return 1000 * (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? NaN);
  }
}

/** Where the main thread's time goes, ms. */
export interface CpuTime {
  /** In functions of scripts. */
  readonly script: number;
  /** In functions of the browser that scripts call: WebGL, postMessage... */
  readonly native: number;
  readonly collecting: number;
  /** Functions by time of their own, the most first. */
  readonly functions: readonly { readonly where: string; readonly ms: number }[];
}

/** Samples the main thread's stack during `during`. */
export async function cpuTime(page: Page, during: () => Promise<void>): Promise<CpuTime> {
  const session = await page.context().newCDPSession(page);
  await session.send('Profiler.enable');
  await session.send('Profiler.setSamplingInterval', { interval: CPU_SAMPLING_US });
  await session.send('Profiler.start');
  await during();
  const { profile } = await session.send('Profiler.stop');
  await session.detach();
  const nodes = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
  const functions = new Map<string, number>();
  let script = 0;
  let native = 0;
  let collecting = 0;
  profile.samples?.forEach((id, i) => {
    const frame = nodes.get(id);
    if (frame === undefined) return;
    const ms = (profile.timeDeltas?.[i] ?? 0) / 1000;
    if (frame.functionName === '(garbage collector)') collecting += ms;
    else if (frame.url !== '') script += ms;
    else if (!frame.functionName.startsWith('(')) native += ms;
    else return;
    const where = place(frame);
    functions.set(where, (functions.get(where) ?? 0) + ms);
  });
  return {
    script,
    native,
    collecting,
    functions: [...functions].map(([where, ms]) => ({ where, ms })).toSorted((a, b) => b.ms - a.ms),
  };
}

const CPU_SAMPLING_US = 200;

function place(frame: unknown): string {
  const name = text(frame, 'functionName') || 'anonymous';
  const file = text(frame, 'url').split('/').at(-1) ?? '';
  if (file === '') return name;
  return `${name} (${file}:${String(number(frame, 'lineNumber') + 1)}:${String(number(frame, 'columnNumber') + 1)})`;
}

function addSites(node: unknown, sites: Map<string, number>): void {
  const where = place(field(node, 'callFrame'));
  const bytes = number(node, 'selfSize');
  if (bytes > 0) sites.set(where, (sites.get(where) ?? 0) + bytes);
  const children = field(node, 'children');
  if (Array.isArray(children)) for (const child of children) addSites(child, sites);
}

/** Any method of the protocol; the answer is looked at by whoever asks. */
function sendAny(session: CDPSession, method: string, params: object = {}): Promise<unknown> {
  // Playwright's types know methods by literal name only.
  return (session.send as (method: string, params: object) => Promise<unknown>).call(session, method, params);
}

function field(object: unknown, name: string): unknown {
  return typeof object === 'object' && object !== null ? Reflect.get(object, name) : undefined;
}

function number(object: unknown, name: string): number {
  const value = field(object, name);
  return typeof value === 'number' ? value : NaN;
}

function text(object: unknown, name: string): string {
  const value = field(object, name);
  return typeof value === 'string' ? value : '';
}
