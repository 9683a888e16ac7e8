import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';

/** A model of the corpus as the app takes it, ready to be sent into a page. */
export interface CorpusModel {
  readonly entry: string;
  /** Contents by path: text as it is, anything else in base64. */
  readonly texts: Readonly<Record<string, string>>;
  readonly binaries: Readonly<Record<string, string>>;
}

/**
 * Reads a model with everything in its folder.
 *
 * @param model path in the corpus, e.g. `humanoid/humanoid.xml`
 * @throws Error when the corpus is not there
 */
export async function corpusModel(root: string, model: string): Promise<CorpusModel> {
  const folder = path.resolve(root, '../shared/corpus', path.dirname(model));
  if (!existsSync(folder)) throw new Error(`corpus not found: ${folder}`);
  const texts: Record<string, string> = {};
  const binaries: Record<string, string> = {};
  for (const found of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!found.isFile()) continue;
    const file = path.join(found.parentPath, found.name);
    const name = path.relative(folder, file).replaceAll('\\', '/');
    if (name.endsWith('.xml')) texts[name] = await readFile(file, 'utf8');
    else binaries[name] = await readFile(file, 'base64');
  }
  return { entry: path.basename(model), texts, binaries };
}

/** Loads a model in an open room. */
export async function loadModel(page: Page, model: CorpusModel): Promise<void> {
  await page.evaluate(async ({ entry, texts, binaries }) => {
    const files: Record<string, string | Uint8Array> = { ...texts };
    for (const [name, base64] of Object.entries(binaries))
      files[name] = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    await window.simroom.load({ entry, files });
  }, model);
}
