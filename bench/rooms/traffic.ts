import type { Page } from '@playwright/test';
import { atMost, info, type Bench, type BenchContext, type BenchRow } from '../bench';
import { openPair, type Pair } from './pair';

/** Models whose rooms are measured: ours and the corpus', from one pendulum to seventeen thousand numbers of state. */
const MODELS = [
  'humanoid',
  'pendulum',
  'corpus:humanoid/22_humanoids.xml',
  'corpus:agility_cassie/scene.xml',
  'corpus:adhesion/sand_castle.xml',
  'corpus:sleep/100_humanoids.xml',
] as const;
/** What a quick run measures. */
const QUICK_MODELS = 1;

/** B/s per guest. */
const IDLE_PAYLOAD = 300;
const DRAG_PAYLOAD = 3000;
const IDLE_WIRE = 2000;
const DRAG_WIRE = 6000;

/** Measured for so long, ms; a full run and a quick one. */
const MEASURE_MS = [10_000, 2000] as const;
/** Until what joining sent has come and gone, ms. */
const SETTLE_MS = 3000;

/** UDP and IP around each packet, bytes. */
const PACKET_BYTES = 28;

/** Ticks between the hashes that are compared. */
const HASH_TICKS = 64;

/** What the host sends to its one guest, B/s. */
interface Rates {
  readonly payload: number;
  readonly wire: number;
  /** What comes back, everything included. */
  readonly back: number;
  readonly messages: number;
}

/** What a room sends while nobody touches anything and while one person drags, and whether the bits agree. */
export const bench: Bench = { name: 'rooms-traffic', run: traffic };

async function traffic(context: BenchContext): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const ms = MEASURE_MS[context.quick ? 1 : 0];
  let differing = 0;
  let compared = 0;
  for (const model of context.quick ? MODELS.slice(0, QUICK_MODELS) : MODELS) {
    const name = model.replace('corpus:', '');
    try {
      const found = await measure(context, model, name, ms);
      rows.push(...found.rows);
      differing += found.differing;
      compared += found.compared;
    } catch (error) {
      rows.push(info(`${name}: could not be measured`, NaN, '', String(error)));
    }
  }
  rows.push(
    atMost("hashes of the guest that are not the host's", differing, '', 0, `${compared} ticks compared`),
  );
  return rows;
}

async function measure(
  context: BenchContext,
  model: string,
  name: string,
  ms: number,
): Promise<{ rows: BenchRow[]; compared: number; differing: number }> {
  const pair = await openPair(context, model);
  try {
    await pair.host.waitForTimeout(SETTLE_MS);
    const idle = await rates(pair.host, ms);
    const moves = await startDragging(pair.host);
    const drag = await rates(pair.host, ms);
    const rate = ((await moves.stop()) / ms) * 1000;
    const rows = [
      atMost(`${name}: rt payload per guest, idle`, idle.payload, 'B/s', IDLE_PAYLOAD, noteOf(idle)),
      atMost(`${name}: on the wire, idle`, idle.wire, 'B/s', IDLE_WIRE),
      atMost(
        `${name}: rt payload per guest, one drags`,
        drag.payload,
        'B/s',
        DRAG_PAYLOAD,
        `${noteOf(drag)}; ${rate.toFixed(0)} moves of the mouse a second`,
      ),
      atMost(`${name}: on the wire, one drags`, drag.wire, 'B/s', DRAG_WIRE),
    ];
    return { rows, ...(await differences(pair)) };
  } finally {
    await pair.close();
  }
}

function noteOf({ messages, back }: Rates): string {
  return `${messages.toFixed(0)} datagrams a second; ${back.toFixed(0)} B/s come back, all included`;
}

async function rates(host: Page, ms: number): Promise<Rates> {
  const before = await totals(host);
  await host.waitForTimeout(ms);
  const after = await totals(host);
  const seconds = (after.at - before.at) / 1000;
  const of = (key: keyof typeof before): number => (after[key] - before[key]) / seconds;
  return {
    payload: of('payload'),
    wire: of('bytesOut') + PACKET_BYTES * of('packetsOut'),
    back: of('bytesIn') + PACKET_BYTES * of('packetsIn'),
    messages: of('messages'),
  };
}

function totals(host: Page) {
  return host.evaluate(async () => {
    const { network } = await window.simroom.stats();
    const [peer] = network.peers;
    return {
      at: performance.now(),
      payload: peer?.rtBytesOut ?? NaN,
      messages: peer?.rtOut ?? NaN,
      bytesOut: network.wire.bytesSent,
      packetsOut: network.wire.packetsSent,
      bytesIn: network.wire.bytesReceived,
      packetsIn: network.wire.packetsReceived,
    };
  });
}

/**
 * Takes hold of the middle of the picture with the real mouse, then moves it in circles, once per animation frame.
 *
 * @returns how to stop, which tells how often it moved
 */
async function startDragging(page: Page): Promise<{ stop(): Promise<number> }> {
  const size = page.viewportSize() ?? { width: 0, height: 0 };
  const x = size.width / 2;
  const y = size.height / 2;
  await page.mouse.move(x, y);
  await page.keyboard.down('Shift');
  await page.mouse.down();
  await page.waitForTimeout(200);
  await page.evaluate(
    ({ x0, y0 }) => {
      const canvas = document.querySelector('canvas');
      const state = { on: true, moves: 0 };
      Object.assign(window, { dragging: state });
      const turn = (now: number): void => {
        if (!state.on) return;
        requestAnimationFrame(turn);
        state.moves++;
        canvas?.dispatchEvent(
          new PointerEvent('pointermove', {
            pointerId: 1,
            pointerType: 'mouse',
            isPrimary: true,
            bubbles: true,
            shiftKey: true,
            buttons: 1,
            clientX: x0 + 10 * Math.cos(now / 200),
            clientY: y0 + 10 * Math.sin(now / 200),
          }),
        );
      };
      requestAnimationFrame(turn);
    },
    { x0: x, y0: y },
  );
  return {
    async stop() {
      const moves = await page.evaluate(() => {
        const state = Reflect.get(window, 'dragging') as { on: boolean; moves: number };
        state.on = false;
        return state.moves;
      });
      await page.mouse.up();
      await page.keyboard.up('Shift');
      return moves;
    },
  };
}

/** Compares the hashes of both at all recent ticks that both know. */
async function differences({ host, guest }: Pair): Promise<{ compared: number; differing: number }> {
  const { tick } = await guest.evaluate(() => window.simroom.state());
  const ticks = Array.from({ length: 200 }, (_, i) => (Math.floor(tick / HASH_TICKS) - i) * HASH_TICKS);
  const known = ticks.filter((at) => at > 0);
  const hashes = (page: Page): Promise<(string | null)[]> =>
    page.evaluate((all) => Promise.all(all.map((at) => window.simroom.hashAt(at))), known);
  // The guest first: what it knows the host has passed.
  const theirs = await hashes(guest);
  const ours = await hashes(host);
  const both = theirs.filter((hash, i) => hash !== null && ours[i] !== null).length;
  const differing = theirs.filter((hash, i) => hash !== null && ours[i] !== null && hash !== ours[i]).length;
  return { compared: both, differing };
}
