import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket as Socket } from 'ws';
import { openBridge, type BridgeOptions, type BridgePage, type BridgeSource } from '../src/app/faces/bridge';
import type { SourceStatus } from '../src/app/faces/source';
import { CHANNELS, HEAD } from '../src/face/frame';
import { SHAPE } from '../src/face/names';
import { writeLiveLinkFace } from '../src/face/sources/testing';
import { FakeClient, FakePhone, jawOpen, startTestBridge, type TestBridge } from './testing';
import { eventually } from '../src/testing/eventually';

/** The page's source of faces, at the bridge as it is. */

interface Page {
  readonly source: BridgeSource;
  readonly statuses: SourceStatus[];
  face(): { readonly mask: number; readonly frame: Float32Array };
  changes: number;
}

/** A socket as browsers have it: nobody need listen to its errors. */
function connect(url: string): WebSocket {
  const socket = new Socket(url);
  socket.on('error', () => {});
  return socket as unknown as WebSocket;
}

const page: BridgePage = { origin: 'http://localhost:8080', open: connect };

function open(options: BridgeOptions, at: BridgePage = page): Page {
  const statuses: SourceStatus[] = [];
  const frame = new Float32Array(CHANNELS);
  const source = openBridge(
    options,
    {
      changed: () => opened.changes++,
      status: (status) => statuses.push(status),
      ended: () => {},
    },
    at,
  );
  const opened: Page = {
    source,
    statuses,
    changes: 0,
    face: () => ({ mask: source.sample(0, frame), frame }),
  };
  onTestFinished(() => source.close());
  return opened;
}

const atBridge = ({ bridge }: TestBridge, options: BridgeOptions = {}): Page =>
  open({ url: bridge.url, ...options });

const last = ({ statuses }: Page): string => `${statuses.at(-1)?.state}: ${statuses.at(-1)?.text}`;

describe('a page at the bridge', () => {
  test('waits for a phone, shows its face and head, and waits again when it sees none', async () => {
    const it = await startTestBridge();
    const one = atBridge(it);
    await eventually(() => expect(last(one)).toMatch(/^waiting: .*waits for a phone or program/));
    expect(one.face().mask).toBe(0);
    const phone = await FakePhone.start(it.bridge);
    const head = { yaw: 0.1, pitch: 0.2, roll: 0.3 };
    await phone.send('livelink', writeLiveLinkFace({ weights: jawOpen(0.5), head }));
    await eventually(() => expect(one.changes).toBeGreaterThan(0));
    const { mask, frame } = one.face();
    expect(mask).toBe(0b11111);
    expect(frame[SHAPE.jawOpen]).toBeCloseTo(0.5);
    expect(frame[HEAD.yaw]).toBeCloseTo(0.1);
    expect(last(one)).toMatch(/^on: The face of /);
    await phone.send('livelink', writeLiveLinkFace({ weights: null }));
    await eventually(() => expect(one.face().mask).toBe(0));
    expect(last(one)).toMatch(/^waiting: .*sees no face/);
  });

  test('takes the face that was chosen, and lists the others', async () => {
    const it = await startTestBridge();
    const one = atBridge(it, { subject: 'Ben' });
    const [ada, ben] = [
      await FakeClient.connect(it.bridge, 'program?subject=Ada'),
      await FakeClient.connect(it.bridge, 'program?subject=Ben'),
    ];
    ada.send({ type: 'arkit_data', blendshapes: { jawOpen: 1 } });
    await eventually(() => expect(one.source.subjects).toEqual(['Ada']));
    expect(one.face().mask).toBe(0);
    expect(last(one)).toMatch(/waits for "Ben"/);
    ben.send({ type: 'arkit_data', blendshapes: { jawOpen: 0.25 } });
    await eventually(() => expect(one.face().frame[SHAPE.jawOpen]).toBeCloseTo(0.25));
    // It does not say which way the head is turned: that is for others.
    expect(one.face().mask).toBe(0b01111);
    expect(one.source.subjects).toEqual(['Ada', 'Ben']);
    await ben.leave();
    await eventually(() => expect(one.face().mask).toBe(0));
  });

  test('gives the faces of the room to programs, and knows whether they want them', async () => {
    const it = await startTestBridge();
    const one = atBridge(it);
    await eventually(() => expect(one.statuses.length).toBeGreaterThan(0));
    expect(one.source.programs.wanted).toBe(false);
    const program = await FakeClient.connect(it.bridge, 'program');
    await eventually(() => expect(one.source.programs.wanted).toBe(true));
    const frame = new Float32Array(CHANNELS);
    frame[SHAPE.jawOpen] = 0.5;
    frame[HEAD.pitch] = 0.25;
    one.source.programs.send('Ada', frame, 1234);
    expect(await program.face()).toMatchObject({
      subject: 'Ada',
      source: 'room',
      timestamp: 1234,
      blendshapes: { jawOpen: 0.5 },
      head: { pitch: 0.25 },
    });
    await program.leave();
    await eventually(() => expect(one.source.programs.wanted).toBe(false));
  });

  test('asks a phone by its address, and says what is wrong with it', async () => {
    const it = await startTestBridge();
    const phone = await FakePhone.start(it.bridge);
    atBridge(it, { phone: { app: 'ifacialmocap', address: phone.address } });
    expect(await phone.asked()).toMatch(/^iFacialMocap/);
    const wrong = atBridge(it, { phone: { app: 'ifacialmocap', address: 'nowhere at all' } });
    await eventually(() => expect(last(wrong)).toMatch(/nowhere at all/));
  });

  test('says how to start a bridge that is not there, and finds it when it is', async () => {
    const gone = await startTestBridge();
    const { url } = gone.bridge;
    await gone.bridge.close();
    const one = open({ url });
    await eventually(() => expect(last(one)).toMatch(/^waiting: .*does not answer.*: npm run face-bridge$/));
    const later = await startTestBridge({ port: Number(new URL(url).port) });
    await eventually(() => expect(last(one)).toMatch(/waits for a phone/));
    await later.bridge.close();
    await eventually(() => expect(last(one)).toMatch(/has ended/));
  });

  test('says what a page from elsewhere and a bridge elsewhere need', async () => {
    const failing: BridgePage = {
      origin: 'https://example.org',
      open: () => connect('ws://127.0.0.1:1'),
    };
    const elsewhere = open({}, failing);
    await eventually(() =>
      expect(last(elsewhere)).toMatch(/FACE_BRIDGE_ORIGINS=https:\/\/example\.org npm run face-bridge/),
    );
    const lan = open({ url: '192.168.1.5:11112' }, failing);
    await eventually(() => expect(last(lan)).toMatch(/--lan.*code is needed/));
    const refusing: BridgePage = {
      origin: 'https://example.org',
      open: () => {
        throw new Error('insecure');
      },
    };
    expect(() => open({}, refusing)).toThrow(/Chrome, Edge or Firefox/);
    expect(() => open({ url: 'not an address' })).toThrow(/no address of a face bridge/);
  });

  test('breaks at nothing that is not a bridge', async () => {
    const it = await startTestBridge();
    const sockets: WebSocket[] = [];
    const one = open(
      { url: it.bridge.url },
      {
        ...page,
        open: (url) => {
          const socket = page.open(url);
          sockets.push(socket);
          return socket;
        },
      },
    );
    await eventually(() => expect(one.statuses.length).toBeGreaterThan(0));
    const socket = sockets[0] as unknown as Socket;
    for (const data of ['', '{', '[]', 'null', '{"type":"subjects","subjects":[{}]}', '{"type":"welcome"}']) {
      socket.emit('message', Buffer.from(data), false);
    }
    socket.emit('message', new Uint8Array([0x46, 1, 255]).buffer, true);
    expect(one.face().mask).toBe(0);
    expect(one.changes).toBe(0);
    socket.emit('message', Buffer.from('{"type":"welcome","version":99,"listening":[]}'), false);
    expect(last(one)).toMatch(/^failed: .*another version/);
  });
});
