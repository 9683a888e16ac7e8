import { existsSync, readFileSync, readdirSync } from 'node:fs';

const ASSETS = 'dist/assets/';

/**
 * Files as they are served: the build has put a compressed copy beside whatever gets smaller by it.
 *
 * @param {readonly string[]} names
 */
function served(names) {
  return names
    .map((name) => `${ASSETS}${name}`)
    .map((file) => (existsSync(`${file}.br`) ? `${file}.br` : file));
}

/** What index.html makes a browser fetch at once: the entry's scripts, those they import, and the workers. */
function initialScripts() {
  const html = readFileSync('dist/index.html', 'utf8');
  const tags = html.match(/<(?:script|link)\b[^>]*>/g) ?? [];
  return tags
    .filter((tag) => /\btype="module"|\brel="modulepreload"/.test(tag))
    .flatMap((tag) => /\b(?:src|href)="\.\/assets\/([^"]+\.js)"/.exec(tag)?.[1] ?? []);
}

/** @param {string} suffix */
function assets(suffix) {
  return readdirSync(ASSETS).filter((name) => name.endsWith(suffix));
}

/** A cold start may take 2.0 MB until the default model runs. */
const budgets = [
  { name: 'scripts of a cold start, workers included', files: initialScripts(), limit: '400 kB' },
  { name: 'all scripts, lazy ones included', files: assets('.js'), limit: '660 kB' },
  { name: 'styles', files: assets('.css'), limit: '20 kB' },
  { name: 'MuJoCo', files: assets('.wasm'), limit: '1 MB' },
];

export default budgets.map(({ name, files, limit }) => ({
  name,
  path: served(files),
  limit,
  brotli: false,
  gzip: false,
}));
