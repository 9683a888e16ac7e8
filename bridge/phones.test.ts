import { describe, expect, test } from 'vitest';
import { Random } from '../src/core/random';
import { ARKIT_NAMES, SHAPES } from '../src/face/names';
import { IFACIALMOCAP_HELLO } from '../src/face/sources/ifacialmocap';
import {
  writeIFacialMocap,
  writeLiveLinkFace,
  writeVTubeStudio,
  writeVmc,
  type Sent,
} from '../src/face/sources/testing';
import { SOURCE_NAMES } from './config';
import { FORGET_MS } from './face_board';
import type { SourceName } from './sources';
import { FakeClient, FakePhone, jawOpen, startTestBridge } from './testing';

/** How each kind of sender writes a face. */
const WRITERS: Readonly<Record<SourceName, (sent: Sent) => Uint8Array | string>> = {
  livelink: writeLiveLinkFace,
  ifacialmocap: (sent) => writeIFacialMocap(sent),
  vtubestudio: writeVTubeStudio,
  vmc: writeVmc,
};

describe.each(SOURCE_NAMES)('%s', (source) => {
  test('comes from a real datagram to the page, as JSON and as bytes', async () => {
    const it = await startTestBridge();
    const phone = await FakePhone.start(it.bridge);
    const page = await FakeClient.connect(it.bridge);
    const other = await FakeClient.connect(it.bridge, 'program?receive=outside&format=binary');
    const weights = ARKIT_NAMES.map((_, i) => i / 100);
    const head = { yaw: 0.25, pitch: -0.5, roll: 0.125 };
    await phone.send(source, WRITERS[source]({ time: 2, weights, head }));

    const face = await page.face();
    expect(face).toMatchObject({ source, type: 'arkit_data' });
    ARKIT_NAMES.forEach((name, i) => expect(face.blendshapes[name]).toBeCloseTo(i / 100, 4));
    expect(face.head?.yaw).toBeCloseTo(head.yaw, 3);
    expect(face.head?.pitch).toBeCloseTo(head.pitch, 3);
    expect(face.head?.roll).toBeCloseTo(head.roll, 3);

    const { face: packet } = await other.next('packet');
    expect(packet).toMatchObject({ subject: face.subject, isOfRoom: false });
    expect(packet.weights?.[SHAPES - 1]).toBeCloseTo((SHAPES - 1) / 100, 5);
  });

  test('survives garbage', async () => {
    const it = await startTestBridge();
    const phone = await FakePhone.start(it.bridge);
    const page = await FakeClient.connect(it.bridge);
    const random = new Random(7);
    for (let i = 0; i < 200; i++) {
      const bytes = Uint8Array.from({ length: random.below(600) }, () => random.below(256));
      // Half of them begin as packets do.
      if (i % 2 === 0)
        bytes.set(Buffer.from(WRITERS[source]({ weights: null })).subarray(0, bytes.length / 2));
      await phone.send(source, bytes);
    }
    await phone.send(source, WRITERS[source]({ weights: jawOpen(0.75) }));
    const face = await page.face(({ blendshapes }) => blendshapes['jawOpen'] === 0.75);
    expect(face.source).toBe(source);
  });
});

describe('phones', () => {
  test('say that they see no face', async () => {
    const it = await startTestBridge();
    const phone = await FakePhone.start(it.bridge);
    const page = await FakeClient.connect(it.bridge);
    await phone.send('livelink', writeLiveLinkFace({ subject: 'Ada', weights: null }));
    expect(await page.face()).toMatchObject({ subject: 'Ada', face: false, blendshapes: {} });
    await phone.send('livelink', writeLiveLinkFace({ subject: 'Ada', weights: jawOpen(1) }));
    expect(await page.face()).not.toHaveProperty('face');
  });

  test('are told apart when they have the same name', async () => {
    const it = await startTestBridge();
    const page = await FakeClient.connect(it.bridge);
    const packet = Buffer.from(writeLiveLinkFace({ subject: 'iPhone', weights: jawOpen(1) }));
    it.bridge.deliver('livelink', '192.168.1.7', packet);
    it.bridge.deliver('livelink', '192.168.1.8', packet);
    it.bridge.deliver('livelink', '192.168.1.7', packet);
    const subjects = await page.subjects(({ length }) => length === 2);
    expect(subjects).toMatchObject([
      { subject: 'iPhone', from: '192.168.1.7', source: 'livelink', face: true },
      { subject: 'iPhone (2)', from: '192.168.1.8' },
    ]);
  });

  test('are told apart by the same names in lists and packets, however long they are', async () => {
    const it = await startTestBridge();
    const page = await FakeClient.connect(it.bridge, 'page?format=binary');
    const subject = 'A'.repeat(64);
    for (const from of ['192.168.1.7', '192.168.1.8']) {
      const packet = writeLiveLinkFace({ subject, weights: jawOpen(1) });
      it.bridge.deliver('livelink', from, Buffer.from(packet));
    }
    const listed = await page.subjects(({ length }) => length === 2);
    const packets = [await page.next('packet'), await page.next('packet')];
    expect(packets.map(({ face }) => face.subject)).toEqual(listed.map((one) => one.subject));
    expect(listed[1]?.subject).toBe(`${'A'.repeat(60)} (2)`);
  });

  test('go when nothing comes any more, and come again', async () => {
    const it = await startTestBridge();
    const phone = await FakePhone.start(it.bridge);
    const page = await FakeClient.connect(it.bridge);
    const packet = writeLiveLinkFace({ subject: 'Ada', weights: jawOpen(1) });
    await phone.send('livelink', packet);
    await page.subjects(({ length }) => length === 1);
    it.clock.pass(FORGET_MS);
    await page.subjects(({ length }) => length === 0);
    await phone.send('livelink', packet);
    await page.subjects(({ length }) => length === 1);
    expect(it.lines.filter((line) => line.includes('Ada'))).toEqual([
      'Ada is here (Live Link Face, 127.0.0.1)',
      'Ada is gone (Live Link Face, 127.0.0.1)',
      'Ada is here (Live Link Face, 127.0.0.1)',
    ]);
  });

  test('do not go back when a packet comes late', async () => {
    const it = await startTestBridge();
    const page = await FakeClient.connect(it.bridge);
    const deliver = (time: number, weight: number): void => {
      it.bridge.deliver(
        'livelink',
        'phone',
        Buffer.from(writeLiveLinkFace({ time, weights: jawOpen(weight) })),
      );
    };
    deliver(10, 0.5);
    deliver(9.98, 0.25);
    expect((await page.face()).blendshapes['jawOpen']).toBe(0.5);
    // Its timecode began anew.
    deliver(0, 0.75);
    expect((await page.face()).blendshapes['jawOpen']).toBe(0.75);
  });

  test('are asked for their faces, and again when they fall silent', async () => {
    const it = await startTestBridge();
    const phone = await FakePhone.start(it.bridge);
    const page = await FakeClient.connect(it.bridge);
    page.send({ type: 'phone', source: 'ifacialmocap', address: phone.address });
    expect(await phone.asked()).toBe(IFACIALMOCAP_HELLO);
    await phone.send('ifacialmocap', writeIFacialMocap({ weights: jawOpen(1) }));
    await page.face();
    // It sends: there is nothing to ask.
    it.clock.pass(500);
    await phone.send('ifacialmocap', writeIFacialMocap({ weights: jawOpen(0.5) }));
    await page.face();
    expect(phone.unread).toEqual([]);
    // It slept.
    it.clock.pass(1500);
    expect(await phone.asked()).toBe(IFACIALMOCAP_HELLO);
    await phone.send('ifacialmocap', writeIFacialMocap({ weights: jawOpen(0.25) }));
    expect((await page.face()).blendshapes['jawOpen']).toBe(0.25);
  });

  test('that stop by themselves are asked all the time', async () => {
    const it = await startTestBridge();
    const phone = await FakePhone.start(it.bridge);
    const page = await FakeClient.connect(it.bridge);
    page.send({ type: 'phone', source: 'vtubestudio', address: phone.address });
    for (let i = 0; i < 3; i++) {
      const request = JSON.parse(await phone.asked()) as { readonly ports: number[] };
      expect(request.ports).toEqual([it.bridge.udpPorts.vtubestudio]);
      await phone.send('vtubestudio', writeVTubeStudio({ weights: jawOpen(i / 4) }));
      await page.face(({ blendshapes }) => blendshapes['jawOpen'] === i / 4);
      it.clock.pass(1000);
    }
  });

  test('that are named beforehand are asked at once', async () => {
    const first = await startTestBridge();
    const phone = await FakePhone.start(first.bridge);
    const { port } = phone;
    await startTestBridge({ phones: [{ source: 'ifacialmocap', address: '127.0.0.1', port }] });
    expect(await phone.asked()).toBe(IFACIALMOCAP_HELLO);
  });

  test('with no address are not asked, and pages are told so', async () => {
    const it = await startTestBridge();
    const page = await FakeClient.connect(it.bridge);
    page.send({ type: 'phone', source: 'ifacialmocap', address: 'my phone' });
    expect(await page.next('error')).toMatchObject({ code: 'bad-phone', message: /"my phone"/ });
    it.clock.pass(2000);
    for (let i = 1; i <= 9; i++) {
      page.send({ type: 'phone', source: 'ifacialmocap', address: `127.0.0.1:${String(i)}` });
    }
    expect(await page.next('error')).toMatchObject({ code: 'bad-phone', message: /8 phones/ });
  });
});
