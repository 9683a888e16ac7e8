import { readFileSync } from 'node:fs';

/** What index.html makes a browser fetch before our code runs: the entry's scripts and those they import. */
function initialScripts() {
  const html = readFileSync(new URL('dist/index.html', import.meta.url), 'utf8');
  const tags = html.match(/<(?:script|link)\b[^>]*>/g) ?? [];
  return tags
    .filter((tag) => /\btype="module"|\brel="modulepreload"/.test(tag))
    .flatMap((tag) => /\b(?:src|href)="\.\/([^"]+\.js)"/.exec(tag)?.[1] ?? [])
    .map((file) => `dist/${file}`);
}

/** Compressed with brotli, as it is served. The cold start to the first model has 2.0 MB; MuJoCo takes 1.1 of it. */
export default [
  { name: "the page's first scripts", path: initialScripts(), limit: '420 kB' },
  { name: 'styles', path: 'dist/assets/*.css', limit: '40 kB' },
  { name: 'MuJoCo', path: 'dist/assets/mujoco-*.wasm', limit: '1.2 MB' },
  { name: 'all scripts, lazy ones included', path: 'dist/assets/*.js', limit: '700 kB' },
];
