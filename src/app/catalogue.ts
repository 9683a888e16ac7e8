import { SimroomError } from '../core/errors';
import type { CatalogueEntry } from './api';

/** Where the app itself is served: its models lie beside it. */
export function appBase(): string {
  return new URL('.', document.baseURI).href;
}

/** Fetches the list of our own models. */
export async function fetchCatalogue(): Promise<readonly CatalogueEntry[]> {
  const url = new URL('models/catalogue.json', appBase());
  const response = await fetch(url);
  if (!response.ok) {
    throw new SimroomError(
      'fetch-failed',
      `The catalogue could not be fetched (${response.status} for ${url.pathname}).`,
    );
  }
  const list: unknown = await response.json();
  return Array.isArray(list) ? list.flatMap((item) => parseEntry(item)) : [];
}

function parseEntry(item: unknown): CatalogueEntry[] {
  if (typeof item !== 'object' || item === null) return [];
  const { id, title, text, entry } = item as Record<string, unknown>;
  if (typeof id !== 'string' || typeof title !== 'string' || typeof entry !== 'string') return [];
  return [
    {
      id,
      title,
      text: typeof text === 'string' ? text : '',
      url: new URL(`models/${entry}`, appBase()).href,
      thumbnail: new URL(`models/${id}/thumbnail.webp`, appBase()).href,
    },
  ];
}
