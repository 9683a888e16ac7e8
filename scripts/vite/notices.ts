import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'vite';

const NOTICES_FILE = 'third-party-notices.txt';

const LICENCE_FILE = /^(licen[cs]e|copying|notice)([.-].*)?$/i;
const RULE = `\n\n${'-'.repeat(80)}\n\n`;

interface Package {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly home: string;
  readonly text: string;
}

/**
 * Writes the licences of every package whose code ended up in the page's or a worker's bundle.
 *
 * Use `page` in `plugins` and `worker` in `worker.plugins`; workers are bundled before the page is written.
 *
 * @param extraFile notices of code that is inside those packages but not theirs, copied as it is
 */
export function notices(extraFile: string): { readonly page: () => Plugin; readonly worker: () => Plugin } {
  const folders = new Set<string>();

  const collect = (modules: Iterable<string>): void => {
    for (const id of modules) {
      const folder = packageFolder(id);
      if (folder !== null) folders.add(folder);
    }
  };

  const collector = (name: string, emit: boolean): Plugin => ({
    name,
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const chunk of Object.values(bundle)) if (chunk.type === 'chunk') collect(chunk.moduleIds);
        if (!emit) return;
        const extra = readFileSync(extraFile, 'utf8').trim();
        const source = `${render([...folders].map(readPackage))}${RULE}${extra}\n`;
        this.emitFile({ type: 'asset', fileName: NOTICES_FILE, source });
      },
    },
  });
  return {
    page: () => collector('simroom:notices', true),
    worker: () => collector('simroom:notices-worker', false),
  };
}

/** The package's folder of a bundled module, or null for our own code and virtual modules. */
function packageFolder(id: string): string | null {
  if (id.startsWith('\0')) return null;
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id)?.[0] ?? null;
}

function readPackage(folder: string): Package {
  const json: unknown = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const field = (name: string): string => {
    const value: unknown = typeof json === 'object' && json !== null ? Reflect.get(json, name) : undefined;
    if (typeof value === 'string') return value;
    const url: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'url') : undefined;
    return typeof url === 'string' ? url.replace(/^git\+/, '').replace(/\.git$/, '') : '';
  };
  const texts = readdirSync(folder)
    .filter((file) => LICENCE_FILE.test(file))
    .map((file) => readFileSync(path.join(folder, file), 'utf8').trim());
  return {
    name: field('name'),
    version: field('version'),
    licence: field('license'),
    home: field('repository') || field('homepage'),
    text: texts.join('\n\n'),
  };
}

function render(packages: readonly Package[]): string {
  const sorted = packages.toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
  const parts = sorted.map(({ name, version, licence, home, text }) => {
    const heading = [`${name} ${version}`, licence && `Licence: ${licence}`, home].filter(Boolean).join('\n');
    return text === '' ? heading : `${heading}\n\n${text}`;
  });
  return ['Simroom contains code of the following packages, with thanks to their authors.', ...parts].join(
    RULE,
  );
}
