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

/**
 * Lets the bench draw but one triangle in each draw call. Goes into the page.
 *
 * Software WebGL takes so long for a whole picture that 60 Hz are never reached: scripts stay cold, and wait. What
 * scripts do for a picture, every WebGL call included, is the same either way.
 */
export const FEW_TRIANGLES = `{
  window.fewTriangles = false;
  const { prototype } = WebGL2RenderingContext;
  for (const [name, counts] of [
    ['drawElements', [1]],
    ['drawArrays', [2]],
    ['drawElementsInstanced', [1, 4]],
    ['drawArraysInstanced', [2, 3]],
  ]) {
    const draw = prototype[name];
    prototype[name] = function (a, b, c, d, e) {
      if (!window.fewTriangles) return draw.call(this, a, b, c, d, e);
      const less = [a, b, c, d, e];
      less[counts[0]] = Math.min(less[counts[0]], 3);
      if (counts.length > 1) less[counts[1]] = Math.min(less[counts[1]], 1);
      return draw.apply(this, less);
    };
  }
}`;

declare global {
  interface Window {
    fewTriangles: boolean;
  }
}
