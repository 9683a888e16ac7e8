import type { Page } from '@playwright/test';
import type { CtlMessage } from '../../src/protocol/ctl';
import { MAX_CTL_PART_BYTES } from '../../src/protocol/limits';
import type { Action } from '../../src/tape/action';
import type { IntruderPage } from '../intruder/page';
import { type PageServer, servePages } from '../pages';
import { BENCH, failureOf, load } from '../room';
import { test as base, enter, expect, idOf, openRoom, peopleOf, refusal, roomOf, WIDE } from './company';
import { expectSameWorld } from './worlds';

/** Who may do what, also when they do not ask; and who gets in. */

declare global {
  interface Window {
    readonly intruder: IntruderPage;
  }
}

/** Bundling the intruder's page at first, ms. */
const OPEN_TIMEOUT_MS = 60_000;
/** A short life for an invitation, s; tokens know whole seconds, so it may be one more. */
const EXPIRY_S = 1;
const HOUR_S = 3600;

const test = base.extend<object, { readonly intruder: Page }>({
  intruder: [
    async ({ company }, use) => {
      const pages: PageServer = await servePages();
      const context = await company.arrive('Mallory');
      const page = await context.newPage();
      await page.goto(`${pages.url}e2e/intruder/index.html`);
      await page.waitForFunction(() => 'intruder' in window, undefined, { timeout: OPEN_TIMEOUT_MS });
      await use(page);
      await pages.close();
    },
    { scope: 'worker', timeout: OPEN_TIMEOUT_MS },
  ],
});

let ana: Page;
let ben: Page;
let cleo: Page;

test.beforeAll(async ({ company }) => {
  ana = await company.open('Ana', { viewport: WIDE });
  ben = await company.open('Ben');
  cleo = await company.open('Cleo', { viewport: WIDE });
  await load(ana, { files: { 'bench.xml': BENCH } });
});

test.afterAll(({ company }) => company.leave());

const roleOf = async (page: Page) => (await roomOf(page))?.role;
const setRole = async (name: string, role: 'admin' | 'developer' | 'viewer'): Promise<void> => {
  const id = await idOf(ana, name);
  await ana.evaluate(([peer, to]) => window.simroom.room.setRole(peer, to), [id, role] as const);
};
const droppedOf = (name: string): Promise<number | undefined> =>
  ana.evaluate((wanted) => window.simroom.room.peers().find((peer) => peer.name === wanted)?.dropped, name);
const stateOf = (page: Page) => page.evaluate(() => window.simroom.state());
const invite = (request: { role: 'admin' | 'developer' | 'viewer'; expiresIn?: number; uses?: number }) =>
  ana.evaluate((asked) => window.simroom.room.invite(asked), request);

test('a viewer looks, talks and points, and is told what a viewer may not do', async () => {
  await enter(ben, await openRoom(ana, 'viewer'));
  await expect.poll(() => roleOf(ben)).toBe('viewer');
  const { hash } = await stateOf(ana);
  for (const refused of [
    () => window.simroom.play(),
    () => window.simroom.reset(),
    () => window.simroom.setCtrl(0, 1),
    () => window.simroom.setJoint('slide', 1),
    () => window.simroom.setOptions({ gravity: [0, 0, 1] }),
    () => window.simroom.step(1),
    () => window.simroom.rewind(0),
    () => window.simroom.load('pendulum'),
    () => window.simroom.room.gather(),
    () => window.simroom.room.lock(true),
    () => window.simroom.room.invite({ role: 'admin' }),
    () => window.simroom.room.setRole('0', 'viewer'),
    () => window.simroom.room.remove('0'),
  ]) {
    expect((await failureOf(ben, refused))?.code, refused.toString()).toBe('role-refused');
  }
  expect(await ben.evaluate(() => window.simroom.model()?.name)).toBe('workshop');
  await ben.evaluate(() => window.simroom.chat.send('I only watch'));
  await expect
    .poll(() => ana.evaluate(() => window.simroom.chat.messages().at(-1)?.text))
    .toBe('I only watch');
  expect((await stateOf(ana)).hash).toBe(hash);
  expect(await droppedOf('Ben')).toBe(0);
});

test('a role that an admin changes counts at once', async () => {
  await enter(ben, await openRoom(ana, 'viewer'));
  await setRole('Ben', 'developer');
  await expect.poll(() => roleOf(ben)).toBe('developer');
  await ben.evaluate(() => window.simroom.setJoint('slide', 1.25));
  await expect.poll(() => ana.evaluate(() => window.simroom.frame()?.qpos[0])).toBe(1.25);
  await setRole('Ben', 'admin');
  await expect.poll(() => roleOf(ben)).toBe('admin');
  await ben.evaluate(() => window.simroom.room.lock(true));
  await expect.poll(async () => (await roomOf(ana))?.locked).toBe(true);
  await setRole('Ben', 'viewer');
  await expect.poll(() => roleOf(ben)).toBe('viewer');
  expect((await failureOf(ben, () => window.simroom.reset()))?.code).toBe('role-refused');
});

test.describe('a tampered guest', () => {
  test.beforeEach(async ({ intruder }) => {
    const link = await openRoom(ana, 'viewer');
    await enter(ben, link);
    await intruder.evaluate((to) => window.intruder.enter(to, 'Mallory'), link);
    await expect.poll(() => droppedOf('Mallory')).toBe(0);
  });

  const act = (page: Page, first: number, actions: readonly Action[]): Promise<void> =>
    page.evaluate(([from, all]) => window.intruder.inside.act(from, all), [first, actions] as const);
  const say = (page: Page, message: CtlMessage): Promise<void> =>
    page.evaluate((said) => window.intruder.inside.say(said), message);
  const ended = (page: Page): Promise<string | null> => page.evaluate(() => window.intruder.inside.ended());

  test('cannot act as a viewer, whatever bytes it sends: they are dropped, and the host sees how many', async ({
    intruder,
  }) => {
    const before = await stateOf(ana);
    const deeds: readonly Action[] = [
      { kind: 'pause', paused: false },
      { kind: 'reset', keyframe: -1 },
      { kind: 'qpos', index: 0, values: new Float64Array([1]) },
      { kind: 'ctrl', index: 0, value: 1 },
      { kind: 'step', ticks: 100 },
      { kind: 'checkpoint' },
      {
        kind: 'drag',
        hand: 0,
        body: 3,
        mode: 'translate',
        point: [0, 0, 0],
        target: [5, 5, 5],
        quat: [1, 0, 0, 0],
      },
    ];
    // Datagrams may be lost, on one machine too.
    await expect(async () => {
      await act(intruder, 1, deeds);
      expect(await droppedOf('Mallory')).toBe(deeds.length);
    }).toPass();
    await say(intruder, { kind: 'request', id: 1, request: { kind: 'setRole', seat: 2, role: 'admin' } });
    await say(intruder, { kind: 'request', id: 2, request: { kind: 'lock', locked: true } });
    await say(intruder, {
      kind: 'request',
      id: 3,
      request: { kind: 'load', bundle: new Uint8Array(32), size: 100, origin: 'evil' },
    });
    await expect.poll(() => droppedOf('Mallory')).toBe(deeds.length + 3);
    expect(await stateOf(ana)).toEqual(before);
    expect((await roomOf(ana))?.locked).toBe(false);
    expect(await peopleOf(ana)).toEqual({ Ana: 'admin', Ben: 'viewer', Mallory: 'viewer' });
    await expectSameWorld(ana, ben);
    await ana.getByRole('button', { name: 'Panels' }).click();
    const panels = ana.getByRole('complementary', { name: 'Panels' });
    await expect(panels.getByText(`${String(deeds.length + 3)} dropped`)).toBeVisible();
    await ana.getByRole('button', { name: 'Panels' }).click();
  });

  test('who may act: what is out of range, not a number or said twice changes nothing', async ({
    intruder,
  }) => {
    await setRole('Mallory', 'developer');
    await expect.poll(() => peopleOf(ben)).toHaveProperty('Mallory', 'developer');
    const before = await stateOf(ana);
    const nonsense: readonly Action[] = [
      { kind: 'ctrl', index: 0, value: NaN },
      { kind: 'ctrl', index: 999, value: 0 },
      { kind: 'qpos', index: 0, values: new Float64Array([Infinity]) },
      { kind: 'qpos', index: 8, values: new Float64Array(100) },
      { kind: 'wrench', body: 1, force: [1e300, 0, 0], torque: [0, 0, 0] },
      { kind: 'speed', speed: -1 },
      { kind: 'reset', keyframe: 12 },
      { kind: 'equality', index: 7, active: true },
    ];
    await expect(async () => {
      await act(intruder, 1, nonsense);
      expect(await droppedOf('Mallory')).toBe(nonsense.length);
    }).toPass();
    expect(await stateOf(ana)).toEqual(before);
    const next = nonsense.length + 1;
    for (let again = 0; again < 20; again++) await act(intruder, next, [{ kind: 'step', ticks: 10 }]);
    await expect.poll(async () => (await stateOf(ana)).tick).toBe(before.tick + 10);
    await say(intruder, { kind: 'say', text: 'that was all' });
    await expect
      .poll(() => ana.evaluate(() => window.simroom.chat.messages().at(-1)?.text))
      .toBe('that was all');
    expect((await stateOf(ana)).tick).toBe(before.tick + 10);
    await expectSameWorld(ana, ben);
  });

  test('oversized messages and noise are dropped, and in the end so is who sends them', async ({
    intruder,
  }) => {
    const before = await stateOf(ana);
    for (const [lane, bytes] of [
      ['ctl', MAX_CTL_PART_BYTES + 1],
      ['rt', 4000],
      ['bulk', 60_000],
    ] as const) {
      const count = await droppedOf('Mallory');
      // Each costs patience, and the list tells of it every two seconds: not sent again before that.
      await expect(async () => {
        await intruder.evaluate(
          ([where, size]) => window.intruder.inside.send(where, new Uint8Array(size).fill(0xff)),
          [lane, bytes] as const,
        );
        await expect.poll(() => droppedOf('Mallory'), { message: lane }).toBeGreaterThan(count ?? NaN);
      }).toPass();
    }
    // What only a host says.
    await say(intruder, { kind: 'people', all: [] });
    await say(intruder, { kind: 'refuse', code: 'removed', message: 'you are out' });
    await expect(async () => {
      await intruder.evaluate(() => window.intruder.inside.send('ctl', new Uint8Array([250, 1, 2, 3])));
      expect(await ended(intruder)).toBe('too-fast');
    }).toPass();
    await expect.poll(() => peopleOf(ana)).toEqual({ Ana: 'admin', Ben: 'viewer' });
    expect(await stateOf(ana)).toEqual(before);
    await expectSameWorld(ana, ben);
  });

  test('who floods the room is thrown out; the others do not notice', async ({ intruder }) => {
    await setRole('Mallory', 'developer');
    await expect.poll(() => peopleOf(ben)).toHaveProperty('Mallory', 'developer');
    await ana.evaluate(() => window.simroom.play());
    const code = await intruder.evaluate(async () => {
      const { inside } = window.intruder;
      const burst = Array.from({ length: 20 }, () => ({ kind: 'ctrl', index: 0, value: 0.5 }) as const);
      let first = 1;
      // Until it is heard, however fast this machine is.
      while ((await inside.ended()) === null) {
        const acts = Array.from({ length: 10 }, (_, i) => inside.act(first + burst.length * i, burst));
        await Promise.all(acts);
        first += burst.length * acts.length;
      }
      return inside.ended();
    });
    expect(code).toBe('too-fast');
    await expect.poll(() => peopleOf(ana)).toEqual({ Ana: 'admin', Ben: 'viewer' });
    await expectSameWorld(ana, ben);
    await ana.evaluate(() => window.simroom.pause());
  });
});

test('a locked room lets nobody new in, but those back who were in it', async () => {
  const link = await openRoom(ana);
  await enter(ben, link);
  await ana.evaluate(() => window.simroom.room.lock(true));
  expect((await refusal(cleo, link))?.code).toBe('room-locked');
  await ben.evaluate(() => window.simroom.room.leave());
  await enter(ben, link);
  await ana.evaluate(() => window.simroom.room.lock(false));
  await enter(cleo, link);
  await expect.poll(() => peopleOf(ana)).toHaveProperty('Cleo');
});

test('an invitation gives its role, as often as it says', async () => {
  await openRoom(ana, 'viewer');
  const once = await invite({ role: 'developer', uses: 1 });
  await enter(ben, once);
  await expect.poll(() => roleOf(ben)).toBe('developer');
  expect((await roomOf(ben))?.link).not.toContain('invite');
  const refused = await refusal(cleo, once);
  expect(refused?.code).toBe('invitation-invalid');
  expect(refused?.message).toContain('used');
  // Whoever came by it may come again.
  await ben.evaluate(() => window.simroom.room.leave());
  await enter(ben, once);
  expect(await ana.evaluate(() => window.simroom.room.invitations())).toMatchObject([
    { role: 'developer', uses: 1, used: 1, expiresIn: null },
  ]);
});

test('an invitation that has expired, was taken back or was altered lets nobody in', async () => {
  await openRoom(ana, 'viewer');
  const kept = await invite({ role: 'developer', expiresIn: HOUR_S });
  const [first] = await ana.evaluate(() => window.simroom.room.invitations());
  expect(first?.expiresIn).toBeLessThanOrEqual(HOUR_S + 1);
  const short = await invite({ role: 'admin', expiresIn: EXPIRY_S });
  await expect
    .poll(() => ana.evaluate(async () => (await window.simroom.room.invitations()).map(({ role }) => role)))
    .toEqual(['developer']);
  const expired = await refusal(ben, short);
  expect(expired?.code).toBe('invitation-invalid');
  expect(expired?.message).toContain('expired');

  const altered = kept.replace(/invite=([\w-]+)\.([\w-]+)\./, (_, header: string, claims: string) => {
    const promoted = Buffer.from(claims, 'base64url').toString().replace('developer', 'admin');
    return `invite=${header}.${Buffer.from(promoted).toString('base64url')}.`;
  });
  expect(altered).not.toBe(kept);
  expect((await refusal(ben, altered))?.code).toBe('invitation-invalid');

  const [left] = await ana.evaluate(() => window.simroom.room.invitations());
  await ana.evaluate((id) => window.simroom.room.revoke(id), left?.id ?? '');
  const revoked = await refusal(ben, kept);
  expect(revoked?.code).toBe('invitation-invalid');
  expect(await peopleOf(ana)).toEqual({ Ana: 'admin' });
});

// The last one: Cleo ends without a world.
test('who was removed is out at once, stays out, and others still come in', async () => {
  const link = await openRoom(ana);
  await enter(cleo, link);
  await ana.evaluate((peer) => window.simroom.room.remove(peer), await idOf(ana, 'Cleo'));
  await expect.poll(() => roomOf(cleo)).toBeNull();
  await expect(cleo.locator('[data-code="removed"]')).toBeVisible();
  await cleo.goto('about:blank');
  await cleo.goto(link);
  await expect(cleo.locator('[data-code="removed"]')).toBeVisible();
  expect(await peopleOf(ana)).toEqual({ Ana: 'admin' });
  await enter(ben, link);
});
