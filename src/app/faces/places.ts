import { SimroomError } from '../../core/errors';
import type { ModelCopy } from '../../core/model';
import type { FacePlace as PlaceInRoom } from '../../protocol/ctl';
import { lookup } from '../lookup';
import type { Ref } from '../api';
import type { FacePlace } from './api';
import { type Place, keyOf, modelPlaces, sizeFor } from './model_places';

/** A place, and whose face is on it. */
export interface WornPlace extends Place {
  readonly seat: number;
}

/**
 * Whose faces are on the model: on the places that the model has, and where people have put some. In a room the host's
 * list is what counts; nothing of it outlives the model.
 */
export class Places {
  private model: ModelCopy | null = null;
  private own: readonly Place[] = [];
  /** The world of a room that the faces are of. */
  private world = -1;
  private readonly worn = new Map<string, WornPlace>();

  /** @param unknown hears of names in the model that are no body or site */
  constructor(private readonly unknown: (name: string) => void) {}

  /**
   * Another model.
   *
   * @param keep the host has already said whose faces are on it; else nobody's are
   * @returns the places that it has itself
   */
  setModel(model: ModelCopy, keep = false): readonly Place[] {
    this.model = model;
    if (!keep) this.worn.clear();
    this.own = modelPlaces(model, this.unknown);
    return this.own;
  }

  /** What the host says of a world, which may not be here yet. */
  setAll(world: number, all: readonly PlaceInRoom[]): void {
    this.world = world;
    this.worn.clear();
    for (const place of all) this.worn.set(keyOf(place), place);
  }

  /** The room has another world: nobody's face is on it, unless the host has said so already. */
  begin(world: number): void {
    if (world !== this.world) this.worn.clear();
  }

  wear(place: Place, seat: number | null): void {
    if (seat === null) this.worn.delete(keyOf(place));
    else this.worn.set(keyOf(place), { ...place, seat });
  }

  /** One's own seat is another now, as a room was opened or left; the others are gone. */
  keepOnly(before: number, now: number): void {
    for (const [key, place] of this.worn) {
      if (place.seat === before) this.worn.set(key, { ...place, seat: now });
      else this.worn.delete(key);
    }
  }

  /** Places of the model where nobody's face is. */
  get free(): readonly Place[] {
    return this.own.filter((place) => !this.worn.has(keyOf(place)));
  }

  /** Faces on what the present model has. */
  get faces(): readonly WornPlace[] {
    return [...this.worn.values()].filter((place) => this.nameOf(place) !== null);
  }

  list(): readonly FacePlace[] {
    const own = new Set(this.own.map(keyOf));
    const all: (Place & { readonly seat: number | null })[] = [
      ...this.faces,
      ...this.free.map((place) => ({ ...place, seat: null })),
    ];
    return all.map(({ object, id, seat, size }) => ({
      object,
      id,
      name: this.nameOf({ object, id }) ?? '',
      peer: seat === null ? null : String(seat),
      size,
      fromModel: own.has(keyOf({ object, id })),
    }));
  }

  /**
   * Finds what a face is to be put on.
   *
   * @throws SimroomError `no-model`, `unknown-name`
   */
  find(on: { readonly body: Ref } | { readonly site: Ref }, size?: number): Place {
    const { model } = this;
    if (model === null) throw new SimroomError('no-model', 'No model is loaded yet: load one first.');
    const object = 'body' in on ? 'body' : 'site';
    const id = lookup(model, object, 'body' in on ? on.body : on.site);
    const known = this.own.find((place) => place.object === object && place.id === id);
    return { object, id, size: size ?? known?.size ?? sizeFor(model, object, id) };
  }

  /** Null for what the model does not have. */
  private nameOf({ object, id }: Pick<Place, 'object' | 'id'>): string | null {
    const name = this.model?.names[object][id];
    return name === undefined ? null : name === '' ? `${object} ${id}` : name;
  }
}
