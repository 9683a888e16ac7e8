import type { ModelCopy } from '../../core/model';

/** Where a model says that a face belongs, or where somebody has put one. */
export interface Place {
  readonly object: 'body' | 'site';
  readonly id: number;
  /** Height of the head, m. */
  readonly size: number;
}

/** What a body or site is called that carries a face, and the custom text that names others. */
const FACE_NAME = 'face';

/** A head covers what it is put on: so much higher than the largest geom there. */
const COVERS = 1.15;
/** Limits of a size that is found, as parts of the model's extent. */
const SMALLEST = 1 / 40;
const LARGEST = 1 / 4;
/** Height of a head where nothing tells, as a part of the model's extent. */
const USUAL = 1 / 10;
/** Limits of a size that is given, m: anything else is a slip. */
export const MIN_SIZE = 1e-3;
export const MAX_SIZE = 1e3;

/**
 * The places that a model itself has: a body or site named `face`, and what its custom texts name:
 * `<custom><text name="face" data="head 0.2 screen"/></custom>`, names of bodies or sites with sizes in m after them.
 *
 * @param unknown hears of names that are no body or site
 */
export function modelPlaces(model: ModelCopy, unknown: (name: string) => void): readonly Place[] {
  const found = new Map<string, Place>();
  const add = (name: string, size: number | null): boolean => {
    const place = placeOf(model, name, size);
    if (place !== null) found.set(keyOf(place), place);
    return place !== null;
  };
  model.names.text.forEach((name, i) => {
    if (name !== FACE_NAME) return;
    const words = (model.texts[i] ?? '').split(/\s+/).filter((word) => word !== '');
    for (let w = 0; w < words.length; w++) {
      const word = words[w] ?? '';
      const size = Number(words[w + 1] ?? NaN);
      const isSize = size >= MIN_SIZE && size <= MAX_SIZE;
      if (!add(word, isSize ? size : null)) unknown(word);
      if (isSize) w++;
    }
  });
  if (found.size === 0) add(FACE_NAME, null);
  return [...found.values()];
}

/** The same for the same body or site. */
export function keyOf({ object, id }: Pick<Place, 'object' | 'id'>): string {
  return `${object} ${id}`;
}

/** The height of a head that suits a body or site, m. */
export function sizeFor(model: ModelCopy, object: Place['object'], id: number): number {
  const body = object === 'body' ? id : (model.site_bodyid[id] ?? 0);
  const first = model.body_geomadr[body] ?? 0;
  const count = model.body_geomnum[body] ?? 0;
  let radius = 0;
  // Planes have no bounds: theirs are 0.
  for (let geom = first; geom < first + count; geom++) {
    radius = Math.max(radius, model.geom_rbound[geom] ?? 0);
  }
  const { extent } = model.stat;
  if (radius === 0 || body === 0) return extent * USUAL;
  return Math.min(Math.max(2 * radius * COVERS, extent * SMALLEST), extent * LARGEST);
}

/** A site goes before a body of the same name: it says more exactly where. */
function placeOf(model: ModelCopy, name: string, size: number | null): Place | null {
  for (const object of ['site', 'body'] as const) {
    const id = model.names[object].indexOf(name);
    if (id >= 0) return { object, id, size: size ?? sizeFor(model, object, id) };
  }
  return null;
}
