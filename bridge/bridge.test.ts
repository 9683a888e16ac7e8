import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { SHAPE, SHAPES } from '../src/face/names';
import { writePacket } from '../src/face/sources/packet';
import { writeLiveLinkFace, writeOsc } from '../src/face/sources/testing';
import { SOURCE_NAMES } from './config';
import { FORGET_MS } from './face_board';
import { SOURCES, type SourceName } from './sources';
import { FakeClient, FakePhone, jawOpen, startTestBridge, testSettings, type TestBridge } from './testing';

describe('programs', () => {
  const room = { type: 'arkit_data', subject: 'Ada', blendshapes: { jawOpen: 0.5 }, timestamp: 1000 };

  test('get the faces of the room, which do not come back to the page', async () => {
    const it = await startTestBridge();
    const page = await FakeClient.connect(it.bridge);
    const json = await FakeClient.connect(it.bridge, 'program');
    const bytes = await FakeClient.connect(it.bridge, 'program?format=binary');
    page.send(room);
    expect(await json.face()).toMatchObject({ subject: 'Ada', source: 'room', timestamp: 1000 });
    expect((await bytes.next('packet')).face).toMatchObject({
      subject: 'Ada',
      isOfRoom: true,
      timestamp: 1000,
    });
    await page.settled();
    expect(page.unread.map(({ type }) => type)).not.toContain('arkit_data');
  });

  test('show faces in the page, one shape at a time if they like', async () => {
    const it = await startTestBridge();
    const page = await FakeClient.connect(it.bridge, 'page?format=binary');
    const program = await FakeClient.connect(it.bridge, 'program?subject=Robot');
    program.send({ type: 'arkit_data', blendshapes: { jawOpen: 0.5, eyeBlink_L: 1 } });
    expect((await page.next('packet')).face.subject).toBe('Robot');
    program.send({ type: 'arkit_data', blendshapes: { jawOpen: 0.25 } });
    const { weights } = (await page.next('packet')).face;
    expect(weights?.[SHAPE.jawOpen]).toBe(0.25);
    expect(weights?.[SHAPE.eyeBlinkLeft]).toBe(1);

    const face = new Float32Array(SHAPES).fill(0.125);
    program.send(writePacket({ subject: 'Other', isOfRoom: false, timestamp: 5, weights: face, head: null }));
    expect((await page.next('packet')).face).toEqual({
      subject: 'Other',
      isOfRoom: false,
      timestamp: 5,
      weights: face,
      head: null,
    });
  });

  test('take their faces with them when they leave', async () => {
    const it = await startTestBridge();
    const page = await FakeClient.connect(it.bridge);
    const program = await FakeClient.connect(it.bridge, 'program');
    program.send({ type: 'arkit_data', blendshapes: { jawOpen: 1 } });
    const [subject] = await page.subjects(({ length }) => length === 1);
    expect(subject).toMatchObject({ subject: 'Program', source: 'program' });
    await program.leave();
    await page.subjects(({ length }) => length === 0);
  });

  test('that come later get at once what there is', async () => {
    const it = await startTestBridge();
    const page = await FakeClient.connect(it.bridge);
    page.send(room);
    await page.settled();
    const program = await FakeClient.connect(it.bridge, 'program');
    expect(await program.next('welcome')).toMatchObject({ version: 1 });
    expect(await program.face()).toMatchObject({ subject: 'Ada' });
    await program.leave();
    const again = await FakeClient.connect(it.bridge, 'program');
    expect(await again.face()).toMatchObject({ subject: 'Ada' });
  });

  test('are told what is wrong with a message, not for each', async () => {
    const it = await startTestBridge();
    const program = await FakeClient.connect(it.bridge, 'program');
    for (let i = 0; i < 100; i++) program.send({ type: 'arkit_data', blendshapes: { jawOpne: 1 } });
    expect(await program.next('error')).toMatchObject({ code: 'bad-message', message: /jawOpen/ });
    await program.settled();
    expect(program.unread.filter(({ type }) => type === 'error')).toEqual([]);
    it.clock.pass(2000);
    program.send(Uint8Array.of(1, 2, 3));
    expect(await program.next('error')).toMatchObject({ message: /PROTOCOL/ });
    it.clock.pass(2000);
    program.send({ type: 'phone', source: 'ifacialmocap', address: '127.0.0.1' });
    expect(await program.next('error')).toMatchObject({ message: /arkit_data/ });
    program.send('x'.repeat(100_000));
    expect(await program.closed).toBe(1009);
  });

  test('get no more faces than the bridge takes', async () => {
    const it = await startTestBridge();
    const program = await FakeClient.connect(it.bridge, 'program?receive=none');
    for (let i = 0; i < 130; i++) program.send({ ...room, subject: `Face ${String(i)}` });
    expect(await program.next('error')).toMatchObject({ code: 'too-many' });
    expect(await health(it)).toMatchObject({ full: 2 });
  });
});

describe('floods', () => {
  test('leave whoever does not read with the newest face, and the memory as it was', async () => {
    const it = await startTestBridge();
    const page = await FakeClient.connect(it.bridge);
    await page.next('subjects');
    page.socket.pause();
    const packets = Array.from({ length: 4 }, (_, i) =>
      Buffer.from(writeLiveLinkFace({ subject: 'Ada', time: 1, weights: jawOpen(i / 4) })),
    );
    const flood = async (rounds: number): Promise<void> => {
      for (let i = 0; i < rounds; i++) {
        for (const packet of packets) it.bridge.deliver('livelink', 'phone', packet);
        await new Promise(setImmediate);
      }
    };
    await flood(200);
    const before = memory();
    await flood(3000);
    expect(memory() - before).toBeLessThan(4 << 20);

    page.socket.resume();
    it.bridge.deliver(
      'livelink',
      'phone',
      Buffer.from(writeLiveLinkFace({ subject: 'Ada', time: 2, weights: jawOpen(1) })),
    );
    let faces = 1;
    while ((await page.face()).blendshapes['jawOpen'] !== 1) faces++;
    expect(faces).toBeLessThan(80);
  });

  test('do not bring back a face that is gone', async () => {
    const it = await startTestBridge();
    const page = await FakeClient.connect(it.bridge);
    await page.next('subjects');
    page.socket.pause();
    const deliver = (subject: string): Promise<void> => {
      it.bridge.deliver(
        'livelink',
        'phone',
        Buffer.from(writeLiveLinkFace({ subject, weights: jawOpen(1) })),
      );
      return new Promise(setImmediate);
    };
    for (let i = 0; i < 100; i++) await deliver('Ada');
    await deliver('Eve');
    it.clock.pass(FORGET_MS);
    page.socket.resume();
    await deliver('Bea');
    const heard = new Set<string>();
    while (!heard.has('Bea')) heard.add((await page.face()).subject);
    expect([...heard]).toEqual(['Ada', 'Bea']);
  });

  test('of datagrams end with the last of them', async () => {
    const it = await startTestBridge();
    const phone = await FakePhone.start(it.bridge);
    const page = await FakeClient.connect(it.bridge);
    for (let i = 0; i < 5000; i++) {
      void phone.send('vmc', writeOsc('/VMC/Ext/Blend/Val', 'JawOpen', 0.1));
      void phone.send('livelink', Buffer.alloc(600, i));
      if (i % 50 === 0)
        await phone.send('livelink', writeLiveLinkFace({ subject: 'Ada', weights: jawOpen(0.5) }));
    }
    // The kernel drops what is too much; so it is said until it is heard.
    const heard = page.face(({ blendshapes }) => blendshapes['jawOpen'] === 1);
    let done = false;
    void heard.then(() => (done = true));
    for (let i = 0; i < 1000 && !done; i++) {
      await phone.send('livelink', writeLiveLinkFace({ subject: 'Ada', weights: jawOpen(1) }));
      await new Promise(setImmediate);
    }
    expect(await heard).toMatchObject({ subject: 'Ada' });
  });
});

describe('the door', () => {
  const from = (origin: string): { origin: string } => ({ origin });

  test('is open to this machine, and to pages that were named', async () => {
    const it = await startTestBridge({ origins: ['https://rooms.example'] });
    for (const origin of [
      'http://localhost:8080',
      'http://127.0.0.1',
      'http://[::1]:5173',
      'https://rooms.example',
    ]) {
      const page = await FakeClient.connect(it.bridge, 'page', from(origin));
      await page.leave();
    }
  });

  test.each([
    'https://evil.example',
    'http://localhost.evil.example',
    'https://127.0.0.1.evil.example',
    'null',
    'chrome-extension://localhost',
    'https://rooms.example.evil',
  ])('is shut to pages of %s', async (origin) => {
    const it = await startTestBridge({ origins: ['https://rooms.example'] });
    await expect(FakeClient.connect(it.bridge, 'page', from(origin))).rejects.toThrow('403');
    await expect(FakeClient.connect(it.bridge, 'page', from(origin))).rejects.toThrow('403');
    expect(it.lines.filter((line) => line.includes(`FACE_BRIDGE_ORIGINS=${origin}`))).toHaveLength(1);
  });

  test('is shut to names that were made to point here', async () => {
    const it = await startTestBridge();
    const host = { headers: { host: 'evil.example:11112' } };
    await expect(FakeClient.connect(it.bridge, 'page', host)).rejects.toThrow('403');
  });

  test('says where it is', async () => {
    const it = await startTestBridge();
    await expect(FakeClient.connect(it.bridge, 'nowhere')).rejects.toThrow('404');
    await expect(FakeClient.connect(it.bridge, 'page?format=xml')).rejects.toThrow('400');
    const response = await fetch(it.bridge.url.replace('ws', 'http'));
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('/program');
  });

  test('lets in so many', async () => {
    const it = await startTestBridge();
    for (let i = 0; i < 32; i++) await FakeClient.connect(it.bridge);
    await expect(FakeClient.connect(it.bridge)).rejects.toThrow('503');
  });
});

test('the figures say what comes', async () => {
  const it = await startTestBridge();
  const phone = await FakePhone.start(it.bridge);
  const page = await FakeClient.connect(it.bridge);
  for (let i = 1; i <= 30; i++) {
    await phone.send('livelink', writeLiveLinkFace({ subject: 'Ada', weights: jawOpen(i / 30) }));
    await page.face(({ blendshapes }) => Math.abs((blendshapes['jawOpen'] ?? 0) - i / 30) < 1e-3);
  }
  await phone.send('vmc', 'garbage');
  it.clock.pass(500);
  await page.subjects(([first]) => first?.rate === 60);
  const figures = await health(it);
  expect(figures).toMatchObject({
    status: 'ok',
    pages: 1,
    programs: 0,
    subjects: [{ subject: 'Ada', source: 'livelink', rate: 60, face: true }],
  });
  expect(figures.ports.find(({ source }) => source === 'livelink')).toMatchObject({ packets: 30, unread: 0 });
});

test('rates are printed now and then, while anything comes', async () => {
  const it = await startTestBridge();
  await FakeClient.connect(it.bridge);
  it.clock.pass(10_000);
  expect(it.lines).toEqual(['page 1 has connected']);
  const packet = Buffer.from(writeLiveLinkFace({ subject: 'Ada', weights: null }));
  for (let second = 0; second < 10; second++) {
    it.clock.pass(1000);
    for (let i = 0; i < 60; i++) it.bridge.deliver('livelink', 'phone', packet);
  }
  it.clock.pass(1000);
  expect(it.lines).toContain('Ada 60/s (no face seen) to 1 page, 0 programs');
});

describe('ports', () => {
  test('that are taken are done without, and it is said what to do', async () => {
    const taken = createSocket('udp4');
    taken.bind(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address();
    const udpPorts = { ...testSettings().udpPorts, livelink: port };
    const it = await startTestBridge({ udpPorts });
    expect(it.bridge.udpPorts).not.toHaveProperty('livelink');
    expect(it.bridge.udpPorts).toHaveProperty('vmc');
    expect(it.lines[0]).toContain(`UDP port ${String(port)}, for Live Link Face, is taken`);
    expect(it.lines[0]).toContain('FACE_BRIDGE_LIVE_LINK_PORT');

    const alone = { livelink: port, ifacialmocap: null, vtubestudio: null, vmc: null };
    await expect(startTestBridge({ udpPorts: alone })).rejects.toThrow('Unreal');
    taken.close();
    await once(taken, 'close');
  });

  test('for pages that are taken end it with a word', async () => {
    const taken = createServer();
    taken.listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(startTestBridge({ port })).rejects.toThrow(`FACE_BRIDGE_PORT=${String(port + 1)}`);
    taken.close();
    await once(taken, 'close');
  });

  test('are free again when it has said goodbye', async () => {
    const it = await startTestBridge();
    const clients = [await FakeClient.connect(it.bridge), await FakeClient.connect(it.bridge, 'program')];
    const { port, udpPorts } = it.bridge;
    await Promise.all([it.bridge.close(), it.bridge.close()]);
    expect(await Promise.all(clients.map(({ closed }) => closed))).toEqual([1001, 1001]);
    const again = await startTestBridge({ port, udpPorts: { ...testSettings().udpPorts, ...udpPorts } });
    expect(again.bridge.udpPorts).toEqual(udpPorts);
    expect(again.lines).toEqual([]);
    const page = await FakeClient.connect(again.bridge);
    expect((await page.next('welcome')).listening.map(({ title }) => title)).toEqual(
      SOURCE_NAMES.map((source) => SOURCES[source].title),
    );
  });
});

test('whoever shows no sign of life is cut', async () => {
  const it = await startTestBridge();
  const page = await FakeClient.connect(it.bridge);
  await page.next('subjects');
  page.socket.pause();
  for (let i = 0; i < 30; i++) it.clock.pass(1000);
  page.socket.resume();
  expect(await page.closed).toBe(1006);
});

interface Health {
  readonly ports: readonly {
    readonly source: SourceName;
    readonly packets: number;
    readonly unread: number;
  }[];
}

async function health({ bridge }: TestBridge): Promise<Health> {
  return (await (await fetch(`${bridge.url.replace('ws', 'http')}healthz`)).json()) as Health;
}

/** Bytes in use, after collecting what is not. */
function memory(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
