import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Frame, Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { PLAIN } from './fixtures';

/** Pages of others that have the app in a frame. */

/** Serves a page of another origin until `use` has ended. */
export async function withHost(html: string, use: (url: string) => Promise<void>): Promise<void> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' });
    response.end(html);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  try {
    await use(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** A page with one frame. */
export function frameHtml(src: string, attributes = ''): string {
  return `<!doctype html><iframe src="${src}" width="480" height="300" ${attributes}></iframe>`;
}

/** The app in the page's one frame, with its first model drawn. */
export async function appIn(page: Page): Promise<Frame> {
  await expect.poll(() => page.frames().length).toBe(2);
  const frame = page.frames()[1];
  if (frame === undefined) throw new Error('there is no frame');
  await frame.waitForFunction(() => 'simroom' in window);
  await frame.evaluate(async (look) => {
    window.simroom.view.set(look);
    await window.simroom.ready;
  }, PLAIN);
  return frame;
}
