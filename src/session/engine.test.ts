import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { HEADER, PERSON, frameLayout, frameOn, type Frame } from '../core/frame';
import { SimroomError } from '../core/errors';
import type { Manifest } from '../protocol/ctl';
import { WORKSHOP, compileXml, mujocoModule } from '../testing/mujoco';
import { openLink } from '../transport/channels';
import { deriveKeys, newKeyPair, newSecret } from '../transport/keys';
import { loopback } from '../transport/loopback';
import { Engine } from './engine';
import { type Backup, type EngineEvent, FRAME_BUFFERS, type SharedModel } from './engine_messages';
import type { RoomEvent } from './room_messages';

/** They run by the wall clock, be the machine as busy as it may, ms. */
const TIMEOUT_MS = 60_000;

const VERSIONS = { build: 'test', wasm: new Uint8Array(32) };
const WORKSHOP_SIZES = {
  nq: 9,
  nu: 1,
  neq: 1,
  nsensordata: 0,
  nbody: 6,
  ngeom: 6,
  ncam: 0,
  nlight: 0,
  nflexfacevert: 0,
  nskinvert: 0,
};

type EventOf<K extends RoomEvent['kind']> = Extract<RoomEvent, { kind: K }>;

/** An engine with a page that lends buffers, keeps backups, and waits for what it is told. */
class TestPage {
  readonly engine: Engine;
  readonly backups: Backup[] = [];
  frame: Frame | null = null;
  frames = 0;
  /** Whose face messages have come, in their order. */
  readonly faces: number[] = [];
  /** Where buffers stay while no picture is drawn; null while every frame is drawn at once. */
  held: ArrayBuffer[] | null = null;
  private readonly port: MessagePort;
  private readonly heard: RoomEvent[] = [];
  private looks: (() => void)[] = [];

  constructor(module: Promise<WebAssembly.Module>) {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    this.engine = new Engine(module, port2, openLink, (event) => this.hear(event));
    port1.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
      this.frame = frameOn(data, frameLayout(WORKSHOP_SIZES));
      this.frames++;
      const next = data.slice(0);
      if (this.held === null) port1.postMessage(next, [next]);
      else this.held.push(next);
      this.look();
    };
    for (let i = 0; i < FRAME_BUFFERS; i++) port1.postMessage(new ArrayBuffer(0));
  }

  /** What a picture does: lends what has come back. */
  draw(): void {
    for (const buffer of this.held?.splice(0) ?? []) this.port.postMessage(buffer, [buffer]);
  }

  /** Resolves when `test` holds after a frame or an event. */
  until(test: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!test()) return;
        this.looks = this.looks.filter((other) => other !== look);
        resolve();
      };
      this.looks.push(look);
      look();
    });
  }

  /** The next event of a kind that nobody has asked for yet. */
  async room<K extends RoomEvent['kind']>(kind: K): Promise<EventOf<K>> {
    await this.until(() => this.heard.some((event) => event.kind === kind));
    const at = this.heard.findIndex((event) => event.kind === kind);
    return this.heard.splice(at, 1)[0] as EventOf<K>;
  }

  get tick(): number {
    return this.frame?.header[HEADER.tick] ?? -1;
  }

  dispose(): void {
    this.engine.leaveRoom();
    if (this.frame !== null) this.engine.submit({ kind: 'pause', paused: true });
    this.port.close();
  }

  private hear(event: EngineEvent): void {
    if (event.kind === 'backup') this.backups.push(...event.backups);
    if (event.kind === 'room') this.heard.push(event.event);
    if (event.kind === 'faces') this.faces.push(event.bytes[0] ?? -1);
    if (event.kind === 'crashed') throw new Error(event.error.message);
    this.look();
  }

  private look(): void {
    for (const look of this.looks) look();
  }
}

let mjb: Uint8Array;
const pages: TestPage[] = [];

beforeAll(async () => {
  mjb = await compileXml(WORKSHOP);
});

afterEach(() => {
  for (const page of pages.splice(0)) page.dispose();
});

function open(): TestPage {
  const page = new TestPage(mujocoModule());
  pages.push(page);
  return page;
}

async function shared(world: number, bundle = Uint8Array.of(1, 2, 3)): Promise<SharedModel> {
  const manifest: Manifest = {
    world,
    bundle: await sha256(bundle),
    size: bundle.length,
    compiled: await sha256(mjb.slice()),
    origin: 'Workshop',
  };
  return { manifest, bundle };
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

const alone = { resume: null, shared: null, joined: null };

/** Opens a room, and gives what guests need. */
async function host(page: TestPage) {
  const secret = newSecret();
  const [keys, hostKey] = await Promise.all([deriveKeys(secret), newKeyPair()]);
  await page.engine.load({ mjb, generation: 1, ...alone });
  page.engine.host(
    {
      trust: { tag: keys.tag, bind: keys.bind, hostKey },
      versions: VERSIONS,
      self: { name: 'Ana', colour: 0 },
      defaultRole: 'developer',
      kept: null,
    },
    await shared(1),
  );
  return { keys, hostKeyHash: (await sha256(hostKey.public)).slice(0, 16) };
}

/** Enters a room as far as its first world is announced. */
async function join(
  guest: TestPage,
  at: TestPage,
  { keys, hostKeyHash }: Awaited<ReturnType<typeof host>>,
): Promise<Manifest> {
  const [here, there] = loopback();
  at.engine.room.addGuest(here);
  guest.engine.join(
    {
      trust: { tag: keys.tag, bind: keys.bind, hostKeyHash, identity: await newKeyPair() },
      versions: VERSIONS,
      self: { name: 'Ben', colour: 1 },
      invitation: null,
    },
    there,
  );
  await guest.room('entered');
  return (await guest.room('world')).manifest;
}

/** A room with a guest in its world. */
async function together() {
  const ana = open();
  const ben = open();
  const room = await host(ana);
  const joined = await join(ben, ana, room);
  await ben.engine.load({ mjb, generation: 1, ...alone, joined });
  return { ana, ben, room };
}

/** The tick of the next hash that both have, and whether it is the same. */
async function sameHash(ana: TestPage, ben: TestPage): Promise<boolean> {
  const tick = 64 * Math.ceil((ana.engine.state().tick + 1) / 64);
  const hashes = (): (string | null)[] => [ana.engine.hashAt(tick), ben.engine.hashAt(tick)];
  await Promise.all([ana, ben].map((page) => page.until(() => hashes().every((hash) => hash !== null))));
  const [here, there] = hashes();
  return here === there;
}

describe('a world alone', { timeout: TIMEOUT_MS }, () => {
  it('runs, gives frames, and tells the page what it must keep', async () => {
    const page = open();
    await page.engine.load({ mjb, generation: 7, ...alone });
    await page.until(() => page.tick > 20);
    expect(page.frame?.header[HEADER.generation]).toBe(7);
    expect(page.backups.map(({ kind }) => kind)).toEqual(['checkpoint']);
    page.engine.submit({ kind: 'ctrl', index: 0, value: 0.5 });
    await page.until(() => page.frame?.ctrl[0] === 0.5);
    expect(page.backups.map(({ kind }) => kind)).toEqual(['checkpoint', 'entries']);
  });

  it('steps exactly as far as it is told', async () => {
    const page = open();
    await page.engine.load({ mjb, generation: 1, ...alone });
    page.engine.submit({ kind: 'pause', paused: true });
    const { tick } = page.engine.state();
    await page.engine.step(100);
    expect(page.engine.state().tick).toBe(tick + 100);
  });

  it('shows what one does in the next picture, though the buffer for that has left already', async () => {
    const page = open();
    const held: ArrayBuffer[] = [];
    page.held = held;
    await page.engine.load({ mjb, generation: 1, ...alone });
    await page.until(() => held.length === 1);
    const { tick } = page;
    await vi.waitUntil(() => page.engine.state().tick > tick + 20, TIMEOUT_MS);
    expect(held).toHaveLength(1);
    const ctrl = (value: number): void => page.engine.submit({ kind: 'ctrl', index: 0, value });
    ctrl(0.5);
    await page.until(() => held.length === 2);
    expect(page.frame?.ctrl[0]).toBe(0.5);
    // Until that picture there is nothing left to show more in.
    ctrl(0.25);
    page.draw();
    await page.until(() => held.length > 0);
    expect(page.frame?.ctrl[0]).toBe(0.25);
    expect(page.tick).toBeGreaterThan(tick + 20);
  });

  it('has no room to ask anything of', () => {
    expect(() => open().engine.room.need()).toThrow(SimroomError);
  });
});

describe('a world in a room', { timeout: TIMEOUT_MS }, () => {
  it('is the same to the bit at both ends, whoever touches it', async () => {
    const { ana, ben } = await together();
    ben.engine.submit({ kind: 'ctrl', index: 0, value: 0.8 });
    await ana.until(() => ana.frame?.ctrl[0] !== 0);
    ana.engine.submit({ kind: 'edit', field: 0, index: 0, values: Float64Array.of(0, 0, -5) });
    expect(await sameHash(ana, ben)).toBe(true);
    expect(ana.frame?.ctrl[0]).toBe(ben.frame?.ctrl[0]);
  });

  it('stays until the next one stands, which everybody gets', async () => {
    const { ana, ben } = await together();
    await ana.engine.load({ mjb, generation: 2, ...alone, shared: await shared(2, Uint8Array.of(4)) });
    const { manifest } = await ben.room('world');
    expect(manifest.world).toBe(2);
    const { tick } = ben.engine.state();
    await ben.engine.load({ mjb, generation: 2, ...alone, joined: manifest });
    expect(ben.engine.state().tick).toBeLessThan(tick);
    expect(await sameHash(ana, ben)).toBe(true);
  });

  it('steps and rewinds for a guest as for the host', async () => {
    const { ana, ben } = await together();
    ben.engine.submit({ kind: 'pause', paused: true });
    await ben.engine.step(50);
    await ben.until(() => ben.tick === ana.tick);
    expect(ben.engine.state().hash).toBe(ana.engine.state().hash);
    const before = ana.engine.state().hash;
    await ben.engine.rewind(ana.engine.state().tick - 30);
    expect(ana.engine.state().hash).not.toBe(before);
    await ben.until(() => ben.engine.state().hash === ana.engine.state().hash);
    await expect(ben.engine.rewind(1e9)).rejects.toMatchObject({ code: 'history-gone' });
  });

  it("goes on as the guest's own copy when the host leaves, and the page can bring it back", async () => {
    const { ana, ben } = await together();
    await ben.until(() => ben.tick > 100);
    ana.engine.leaveRoom();
    expect(await ben.room('ended')).toMatchObject({ code: 'room-closed' });
    const { tick } = ben.engine.state();
    ben.engine.submit({ kind: 'ctrl', index: 0, value: -0.25 });
    await ben.until(() => ben.tick > tick + 20 && ben.frame?.ctrl[0] === -0.25);
    expect(ben.backups[0]?.kind).toBe('tape');
    expect(ben.backups.at(-1)?.kind).toBe('entries');
    expect(() => ben.engine.room.need()).toThrow(SimroomError);
  });

  it('keeps the own world when the room ends before its world begins', async () => {
    const ana = open();
    const ben = open();
    const room = await host(ana);
    await ben.engine.load({ mjb, generation: 1, ...alone });
    const joined = await join(ben, ana, room);
    ana.engine.leaveRoom();
    await ben.room('ended');
    const loading = ben.engine.load({ mjb, generation: 2, ...alone, joined });
    await expect(loading).rejects.toMatchObject({ code: 'room-closed' });
    const { tick } = ben;
    await ben.until(() => ben.tick > tick);
    expect(ben.frame?.header[HEADER.generation]).toBe(1);
  });

  it('shows where others look and point, though the world stands still', async () => {
    const { ana, ben } = await together();
    ana.engine.submit({ kind: 'pause', paused: true });
    const person = new Float32Array(PERSON.stride);
    person.set([0, 1, 2, 3, 4, 5, 6, 1, 7, 8, 9]);
    ben.engine.room.need().present(person);
    ben.engine.wake();
    await ana.until(() => ana.frame?.header[HEADER.personCount] === 1);
    const [seat, ...rest] = ana.frame?.persons.slice(0, PERSON.stride) ?? [];
    expect(seat).toBe(1);
    expect(rest).toEqual([1, 2, 3, 4, 5, 6, 1, 7, 8, 9]);
  });

  it('hands faces to the page at both ends, without a step or a picture of a world that stands still', async () => {
    const { ana, ben } = await together();
    ana.engine.submit({ kind: 'pause', paused: true });
    await ben.until(() => ben.frame?.header[HEADER.paused] === 1);
    const frames = ana.frames + ben.frames;
    const { tick } = ana.engine.state();
    const face = new Float32Array(55);
    for (let i = 1; i <= 30; i++) {
      face.fill(i / 30);
      for (const { engine } of [ana, ben]) {
        engine.room.need().face(face);
        engine.wake();
      }
      await Promise.all([ana, ben].map((page) => page.until(() => page.faces.length >= i)));
    }
    expect(new Set(ana.faces)).toEqual(new Set([1]));
    expect(new Set(ben.faces)).toEqual(new Set([0]));
    expect(ana.engine.state().tick).toBe(tick);
    // The list of people may have changed meanwhile.
    expect(ana.frames + ben.frames - frames).toBeLessThan(10);
  });
});
