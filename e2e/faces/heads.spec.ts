import type { Page } from '@playwright/test';
import { expect, test as base } from '../fixtures';
import { LastingPage, type PageServer, pagesFixture } from '../pages';
import type { HeadsPage, TestHead, TestPerson } from './heads/page';

/** Heads in the picture, in a real browser: at people's places, on a robot, thirty at once, and in the interface. */

declare global {
  interface Window {
    readonly heads: HeadsPage;
  }
}

const SIZE = { width: 360, height: 240 };
/** Levels (of 255) by which a pixel has clearly changed. */
const CLEAR = 24;

/** A head that carries a face and swings: the site `face` looks along x. */
const ROBOT = `<mujoco model="speaker">
  <option timestep="0.01"/>
  <statistic extent="1.5" center="0 0 .6"/>
  <worldbody>
    <light pos="1 -1 3" dir="-.3 .3 -1"/>
    <geom type="plane" size="3 3 .1" rgba=".4 .4 .45 1"/>
    <body name="torso" pos="0 0 .4">
      <geom type="cylinder" size=".16 .25" rgba=".7 .75 .8 1"/>
      <body name="neck" pos="0 0 .3">
        <joint name="sway" type="hinge" axis="1 0 0"/>
        <geom type="capsule" fromto="0 0 0 0 0 .1" size=".03" rgba=".3 .3 .3 1"/>
        <site name="face" pos="0 0 .25" size=".01"/>
      </body>
    </body>
  </worldbody>
  <keyframe><key qpos=".2"/></keyframe>
</mujoco>`;

const FLOOR = `<mujoco>
  <statistic extent="2" center="0 0 0"/>
  <worldbody><light pos="0 0 3"/><geom type="box" size="1 1 .02" pos="0 0 -1" rgba=".5 .5 .5 1"/></worldbody>
</mujoco>`;

const lasting = new LastingPage('e2e/faces/heads/index.html', 'heads', { viewport: SIZE });

const test = base.extend<{ readonly page: Page }, { readonly pages: PageServer }>({
  pages: [pagesFixture, { scope: 'worker' }],
  page: ({ browser, pages }, use) =>
    lasting.lend(browser, pages, async (page) => {
      await use(page);
      expect(await page.evaluate(() => window.heads.clear())).toEqual([]);
    }),
});

test.afterAll(() => lasting.close());

/** Where two pictures differ: how many pixels, and their middle, in the picture's width and height. */
async function changed(
  page: Page,
  before: string,
  after: string,
): Promise<{ pixels: number; x: number; y: number }> {
  return await page.evaluate(
    async ([urls, clear]) => {
      const [a, b] = await Promise.all(
        urls.map(async (url) => {
          const image = new Image();
          image.src = url;
          await image.decode();
          const { width, height } = image;
          const context = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d');
          context?.drawImage(image, 0, 0);
          return context?.getImageData(0, 0, width, height);
        }),
      );
      if (!a || !b) throw new Error('no 2D canvas');
      let [pixels, x, y] = [0, 0, 0];
      for (let i = 0; i < a.width * a.height; i++) {
        let most = 0;
        for (let k = 0; k < 3; k++)
          most = Math.max(most, Math.abs((a.data[4 * i + k] ?? 0) - (b.data[4 * i + k] ?? 0)));
        if (most < clear) continue;
        pixels++;
        x += ((i % a.width) + 0.5) / a.width;
        y += (Math.floor(i / a.width) + 0.5) / a.height;
      }
      return { pixels, x: x / pixels, y: y / pixels };
    },
    [[before, after], CLEAR] as const,
  );
}

test('two people are seen where they are, by their heads, and speak', async ({ page }) => {
  const people: TestPerson[] = [
    { seat: 1, name: 'Ana', colour: '#39c5a8', eye: [-0.5, 0, 0.2], lookat: [-0.5, -3, 0.2] },
    { seat: 2, name: 'Ben', colour: '#e2743b', eye: [0.6, 0, -0.1], lookat: [-0.5, -3, 0] },
  ];
  const heads: TestHead[] = [
    { seat: 1, colour: '#39c5a8', look: { style: 'android' } },
    { seat: 2, colour: '#e2743b', look: { style: 'human' } },
  ];
  await page.evaluate((xml) => window.heads.load({ 'floor.xml': xml }), FLOOR);
  await page.evaluate(() =>
    window.heads.camera.set({ azimuth: 90, elevation: 0, distance: 3, lookat: [0, 0, 0] }),
  );
  await page.evaluate(() => window.heads.draw());
  const alone = await page.evaluate(() => ({
    picture: window.heads.picture(),
    calls: window.heads.view.figures.drawCalls,
  }));
  await page.evaluate(
    async ([who, whose]) => {
      window.heads.setPeople(who);
      window.heads.setHeads(whose);
      await window.heads.settle();
    },
    [people, heads] as const,
  );
  const together = await page.evaluate(() => ({
    picture: window.heads.picture(),
    calls: window.heads.view.figures.drawCalls,
    pixels: [1, 2, 3].map((seat) => window.heads.view.headPixels(seat)),
  }));
  // A call for each style; marks draw nothing but are there for rays: two, and one for all names.
  expect(together.calls - alone.calls).toBe(5);
  // 0.24 m of the 2.49 m that the picture shows at 3 m; never less than 44.
  for (const seat of [0, 1]) expect(together.pixels[seat]).toBeCloseTo(44, 0);
  expect(together.pixels[2]).toBe(0);
  expect((await changed(page, alone.picture, together.picture)).pixels).toBeGreaterThan(1500);

  await page.evaluate(() => {
    window.heads.face(1, { jawOpen: 1, eyeBlink: 1 });
  });
  expect(await page.evaluate(() => window.heads.view.settling)).toBe(true);
  const speaking = await page.evaluate(() => window.heads.picture());
  const moved = await changed(page, together.picture, speaking);
  expect(moved.pixels).toBeGreaterThan(20);
  // 0.6 m right of the middle, of 3.73 m.
  expect(moved.x).toBeCloseTo(0.5 + 0.6 / 3.73, 1);
  expect(await page.evaluate(() => window.heads.view.settling)).toBe(false);

  // The scene alone has nobody in it.
  const shot = await page.evaluate(async () => {
    const blob = await window.heads.view.screenshot(360, 240);
    const bytes = new Uint8Array(await blob.arrayBuffer());
    return `data:image/png;base64,${btoa(String.fromCodePoint(...bytes))}`;
  });
  expect((await changed(page, alone.picture, shot)).pixels).toBeLessThan(100);
});

test('a robot with a face carries it as it moves', async ({ page }) => {
  await page.evaluate(async (xml) => {
    const { heads } = window;
    await heads.load({ 'robot.xml': xml });
    await heads.world.reset(0);
    await heads.frame();
    heads.camera.set({ azimuth: 180, elevation: 0, distance: 2.5, lookat: [0, 0, 0.7] });
    heads.draw();
  }, ROBOT);
  const bare = await page.evaluate(() => window.heads.picture());
  const head: TestHead = {
    seat: 4,
    on: { site: 0 },
    size: 0.3,
    look: { style: 'robot' },
    face: { mouthSmile: 1 },
  };
  await page.evaluate(async (one) => {
    window.heads.setHeads([one]);
    await window.heads.settle();
  }, head);
  const upright = await page.evaluate(() => window.heads.picture());
  const first = await changed(page, bare, upright);
  expect(first.pixels).toBeGreaterThan(300);
  // The head's picture goes with the site; take the robot without it to see where it is then.
  await page.evaluate(async () => {
    await window.heads.world.step(60);
    await window.heads.frame();
  });
  const later = await page.evaluate(() => window.heads.picture());
  await page.evaluate(() => window.heads.setHeads([]));
  const without = await page.evaluate(() => window.heads.picture());
  const second = await changed(page, without, later);
  expect(second.pixels).toBeGreaterThan(300);
  expect(Math.hypot(second.x - first.x, second.y - first.y)).toBeGreaterThan(0.05);
});

test('thirty heads take one draw call for each style', async ({ page }) => {
  const styles = ['android', 'human', 'robot'] as const;
  const people: TestPerson[] = Array.from({ length: 30 }, (_, i) => ({
    seat: i + 1,
    name: `P${i}`,
    colour: '#8899aa',
    eye: [((i % 6) - 2.5) * 0.45, 0, (Math.floor(i / 6) - 2) * 0.4],
    lookat: [0, -3, 0],
  }));
  const heads = people.map(({ seat }, i): TestHead => ({
    seat,
    look: { style: styles[i % 3] ?? 'android' },
  }));
  await page.evaluate((xml) => window.heads.load({ 'floor.xml': xml }), FLOOR);
  const calls = await page.evaluate(
    async ([who, whose]) => {
      const { heads } = window;
      heads.camera.set({ azimuth: 90, elevation: 0, distance: 3, lookat: [0, 0, 0] });
      heads.draw();
      const before = heads.view.figures.drawCalls;
      heads.setPeople(who);
      heads.setHeads(whose);
      await heads.settle();
      return heads.view.figures.drawCalls - before;
    },
    [people, heads] as const,
  );
  // Three, and three for all rays and names.
  expect(calls).toBe(6);
  const pixels = await page.evaluate(() =>
    Array.from({ length: 30 }, (_, i) => window.heads.view.headPixels(i + 1)),
  );
  expect(Math.min(...pixels)).toBeGreaterThan(30);
});

test('portraits live while the scene stands still', async ({ page }) => {
  await page.evaluate((xml) => window.heads.load({ 'floor.xml': xml }), FLOOR);
  await page.evaluate(() => {
    const { heads } = window;
    heads.draw();
    // No person of these has a place in the scene: nothing of it is to be drawn.
    heads.setHeads([
      { seat: 1, look: { style: 'android' } },
      { seat: 2, look: { style: 'human' } },
    ]);
    heads.portraits([64, 40]);
  });
  const ink = (index: number): Promise<number> =>
    page.evaluate((i) => {
      const canvas = document.querySelectorAll<HTMLCanvasElement>('#portraits canvas')[i];
      const data = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      let sum = 0;
      for (let k = 3; k < data.length; k += 4) sum += data[k] === 255 ? 1 : 0;
      return sum;
    }, index);
  const url = (index: number): Promise<string> =>
    page.evaluate(
      (i) => document.querySelectorAll<HTMLCanvasElement>('#portraits canvas')[i]?.toDataURL() ?? '',
      index,
    );
  // A head fills about half of its square; around it nothing is drawn.
  await expect.poll(() => ink(0), { timeout: 30_000 }).toBeGreaterThan(0.3 * 64 * 64);
  await expect.poll(() => ink(1)).toBeGreaterThan(0.3 * 40 * 40);
  expect(await ink(0)).toBeLessThan(0.8 * 64 * 64);
  expect(await page.evaluate(() => [1, 2].map((seat) => window.heads.view.headPixels(seat)))).toEqual([
    64, 40,
  ]);

  const [shut, still] = [await url(0), await url(1)];
  await page.evaluate(() => {
    Object.assign(window, { scenes: 0 });
    const { view } = window.heads;
    const draw = view.draw.bind(view);
    view.draw = (...args) => {
      Object.assign(window, { scenes: Number(Reflect.get(window, 'scenes')) + 1 });
      draw(...args);
    };
    window.heads.face(0, { jawOpen: 1 });
  });
  await expect.poll(() => url(0)).not.toBe(shut);
  expect(await url(1)).toBe(still);
  const scenes = await page.evaluate(() => {
    Reflect.deleteProperty(window.heads.view, 'draw');
    return Number(Reflect.get(window, 'scenes'));
  });
  expect(scenes).toBe(0);
});
