import type { Page } from '@playwright/test';
import { atMost, info, median, percentile, type Bench, type BenchContext, type BenchRow } from '../bench';
import { openHost, enter } from './pair';

/** Actions measured; a full run and a quick one. */
const ACTIONS = [100, 10] as const;
/** An action that is not seen by then never will be, ms. */
const PATIENCE_MS = 2000;
/** Between two actions, ms, and up to as much again at random: not in step with pictures or heartbeats. */
const PAUSE_MS = 60;

/** ms. */
const OTHER_MEDIAN = 35;
const OTHER_P95 = 60;

/** One weight on a rail without gravity: it stays where it is put, and costs next to nothing to draw. */
const RAIL = `<mujoco model="rail">
  <option gravity="0 0 0" timestep="0.002"/>
  <worldbody><light pos="0 0 3"/>
    <body name="weight"><joint name="rail" type="slide" axis="1 0 0"/><geom size=".1" mass="1"/></body>
  </worldbody>
</mujoco>`;

/** From an action to its picture, in one's own page and in the other's, both on this machine. */
export const bench: Bench = { name: 'rooms-latency', run: latency };

async function latency(context: BenchContext): Promise<BenchRow[]> {
  const host = await openHost(context);
  await host.evaluate((xml) => window.simroom.load({ entry: 'rail.xml', files: { 'rail.xml': xml } }), RAIL);
  const { link } = await host.evaluate(() => window.simroom.room.create());
  const guest = await enter(context, link);
  await host.waitForTimeout(2000);
  try {
    const count = ACTIONS[context.quick ? 1 : 0];
    const own = await ownPictures(guest, count);
    const toGuest = await across(host, guest, count);
    const toHost = await across(guest, host, count);
    const perPicture = await guest.evaluate(pictureMs);
    const rate = `a picture every ${perPicture.toFixed(1)} ms`;
    return [
      atMost('own action to own picture (guest), median', median(own), 'pictures', 1, rate),
      info('the same, 95th percentile', percentile(own, 95), 'pictures'),
      atMost("host's action to the guest's picture, median", median(toGuest), 'ms', OTHER_MEDIAN, rate),
      atMost('the same, 95th percentile', percentile(toGuest, 95), 'ms', OTHER_P95),
      atMost("guest's action to the host's picture, median", median(toHost), 'ms', OTHER_MEDIAN, rate),
      atMost('the same, 95th percentile', percentile(toHost, 95), 'ms', OTHER_P95),
    ];
  } finally {
    await guest.context().close();
    await host.context().close();
  }
}

/** How many animation frames after an action its effect is in the frame that is drawn: 1 is the next. */
function ownPictures(page: Page, count: number): Promise<number[]> {
  return page.evaluate(
    async ({ actions, pauseMs, patienceMs }) => {
      const results: number[] = [];
      const next = (): Promise<number> => new Promise(requestAnimationFrame);
      for (let i = 0; i < actions; i++) {
        const value = 0.5 + (i % 2);
        await next();
        const begun = performance.now();
        void window.simroom.setJoint('rail', value);
        let pictures = 0;
        do {
          await next();
          pictures++;
        } while (
          Math.abs((window.simroom.frame()?.qpos[0] ?? NaN) - value) > 0.01 &&
          performance.now() - begun < patienceMs
        );
        results.push(pictures);
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
      return results;
    },
    { actions: count, pauseMs: PAUSE_MS, patienceMs: PATIENCE_MS },
  );
}

/** ms from actions in one page to the animation frame in which the other page draws them. */
async function across(from: Page, to: Page, count: number): Promise<number[]> {
  await to.evaluate(() => {
    const seen: [value: number, at: number][] = [];
    let last = NaN;
    const turn = (): void => {
      requestAnimationFrame(turn);
      const value = Math.round(10 * (window.simroom.frame()?.qpos[0] ?? NaN)) / 10;
      if (value !== last) seen.push([value, performance.timeOrigin + performance.now()]);
      last = value;
    };
    requestAnimationFrame(turn);
    Object.assign(window, { seen });
  });
  const sent = await from.evaluate(
    async ({ actions, pauseMs }) => {
      const times: [value: number, at: number][] = [];
      for (let i = 0; i < actions; i++) {
        const value = (i + 2) / 10;
        times.push([value, performance.timeOrigin + performance.now()]);
        void window.simroom.setJoint('rail', value);
        await new Promise((resolve) => setTimeout(resolve, pauseMs * (1 + ((0.618 * i) % 1))));
      }
      return times;
    },
    { actions: count, pauseMs: PAUSE_MS },
  );
  await to.waitForTimeout(500);
  const seen = await to.evaluate(() => Reflect.get(window, 'seen') as [number, number][]);
  return sent.map(
    ([value, at]) => (seen.find(([shown, when]) => shown === value && when > at)?.[1] ?? NaN) - at,
  );
}

/** Mean ms between animation frames. Runs in the page. */
async function pictureMs(): Promise<number> {
  const pictures = 60;
  const begun = await new Promise<number>(requestAnimationFrame);
  let last = begun;
  for (let i = 0; i < pictures; i++) last = await new Promise<number>(requestAnimationFrame);
  return (last - begun) / pictures;
}
