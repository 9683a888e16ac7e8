import type { Page } from '@playwright/test';

/** Counts the pictures drawn while the model runs, from the page's start on. Goes into the page. */
export const COUNT_PICTURES = `{
  const request = window.requestAnimationFrame.bind(window);
  let last = -1;
  window.pictures = 0;
  request(function turn() {
    const tick = window.simroom?.frame()?.header[0] ?? -1;
    if (tick !== last) window.pictures++;
    last = tick;
    request(turn);
  });
}`;

declare global {
  interface Window {
    pictures: number;
  }
}

/** Waits until so many pictures were drawn, or the time is over; the pictures drawn. */
export async function waitForPictures(page: Page, count: number, mostMs: number): Promise<number> {
  return await page.evaluate(
    async ([wanted, ms]) => {
      const first = window.pictures;
      const end = performance.now() + ms;
      while (window.pictures - first < wanted && performance.now() < end)
        await new Promise((done) => setTimeout(done, 50));
      return window.pictures - first;
    },
    [count, mostMs] as const,
  );
}
