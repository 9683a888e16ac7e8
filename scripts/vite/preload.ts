import type { HtmlTagDescriptor, Plugin } from 'vite';

/** What the first picture needs; all else comes when somebody asks for it. */
const NEEDED = /^assets\/(mujoco|engine|compiler)-/;

/**
 * Lets the browser fetch the engine and the workers while the page's scripts still load: they would otherwise wait
 * for each other in a row.
 *
 * Only what the page itself fetches is a `preload`; what a worker fetches (the default model) would be reported as
 * preloaded in vain.
 */
export function preload(): Plugin {
  return {
    name: 'simroom:preload',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        const assets = Object.values(bundle ?? {}).flatMap((file) =>
          file.type === 'asset' && NEEDED.test(file.fileName) ? [file.fileName] : [],
        );
        return [
          ...assets
            .filter((file) => file.endsWith('.wasm'))
            // `crossorigin` makes it match a plain fetch(); without it the file would be fetched twice.
            .map((file) => link({ rel: 'preload', as: 'fetch', href: `./${file}`, crossorigin: true })),
          // A worker is bundled apart and reaches this bundle as a finished file.
          ...assets
            .filter((file) => file.endsWith('.js'))
            .map((file) => link({ rel: 'modulepreload', href: `./${file}` })),
        ];
      },
    },
  };
}

function link(attrs: Record<string, string | boolean>): HtmlTagDescriptor {
  return { tag: 'link', attrs, injectTo: 'head' };
}
