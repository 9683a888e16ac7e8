import { describe, expect, it } from 'vitest';
import type { ModelCopy } from '../../core/model';
import { Places } from './places';
import { modelPlaces } from './model_places';

/** A world, a torso with two geoms, a head with a screen, an arm without geoms. */
function modelOf(
  changes: { bodies?: string[]; sites?: string[]; texts?: Record<string, string> } = {},
): ModelCopy {
  const { bodies = ['world', 'torso', 'head', 'arm'], sites = ['screen', ''], texts = {} } = changes;
  return {
    names: { body: bodies, site: sites, text: Object.keys(texts) },
    texts: Object.values(texts),
    site_bodyid: Int32Array.of(2, 1),
    body_geomadr: Int32Array.of(0, 1, 3, -1),
    body_geomnum: Int32Array.of(1, 2, 1, 0),
    geom_rbound: Float64Array.of(0, 0.3, 0.2, 0.1),
    stat: { center: [0, 0, 0], extent: 2, meansize: 0.1 },
  } as unknown as ModelCopy;
}

const found = (model: ModelCopy, unknown: string[] = []) =>
  modelPlaces(model, (name) => unknown.push(name)).map(({ object, id, size }) => [
    object,
    id,
    Number(size.toFixed(3)),
  ]);

describe('places of a model', () => {
  it('are none in most models', () => {
    expect(found(modelOf())).toEqual([]);
  });

  it('are a body or a site named face, as large as what is there', () => {
    expect(found(modelOf({ bodies: ['world', 'torso', 'face', 'arm'] }))).toEqual([['body', 2, 0.23]]);
    expect(found(modelOf({ sites: ['face', ''] }))).toEqual([['site', 0, 0.23]]);
    expect(found(modelOf({ bodies: ['world', 'face', 'head', 'arm'] }))).toEqual([['body', 1, 0.5]]);
    expect(found(modelOf({ bodies: ['world', 'torso', 'head', 'face'] }))).toEqual([['body', 3, 0.2]]);
  });

  it('are what a custom text names, with their sizes', () => {
    const unknown: string[] = [];
    const model = modelOf({ texts: { other: 'torso', face: ' head 0.25  screen nobody 7 arm' } });
    expect(found(model, unknown)).toEqual([
      ['body', 2, 0.25],
      ['site', 0, 0.23],
      ['body', 3, 0.2],
    ]);
    expect(unknown).toEqual(['nobody']);
  });

  it('have sizes within reason only', () => {
    expect(found(modelOf({ texts: { face: 'head -1' } }), [])).toEqual([['body', 2, 0.23]]);
  });
});

describe('Places', () => {
  it('lists the faces that are somewhere, and the places of the model where none is', () => {
    const places = new Places(() => {});
    const [own] = places.setModel(modelOf({ texts: { face: 'head 0.25' } }));
    expect(places.list()).toEqual([
      { object: 'body', id: 2, name: 'head', peer: null, size: 0.25, fromModel: true },
    ]);
    if (own === undefined) throw new Error('no place');
    places.wear(own, 0);
    places.wear(places.find({ site: 1 }, 0.1), 4);
    expect(places.list()).toEqual([
      { object: 'body', id: 2, name: 'head', peer: '0', size: 0.25, fromModel: true },
      { object: 'site', id: 1, name: 'site 1', peer: '4', size: 0.1, fromModel: false },
    ]);
    places.keepOnly(0, 2);
    expect(places.faces.map(({ seat }) => seat)).toEqual([2]);
    places.wear(own, null);
    expect(places.list().map(({ peer }) => peer)).toEqual([null]);
  });

  it('shows nothing on what the model does not have', () => {
    const places = new Places(() => {});
    places.setModel(modelOf());
    places.setAll(1, [
      { object: 'body', id: 40, seat: 0, size: 1 },
      { object: 'body', id: 1, seat: 0, size: 1 },
    ]);
    expect(places.faces.map(({ id }) => id)).toEqual([1]);
  });

  it('finds what is asked for, or says what is wrong', () => {
    const places = new Places(() => {});
    expect(() => places.find({ body: 'head' })).toThrow(/No model/);
    places.setModel(modelOf({ texts: { face: 'head 0.25' } }));
    expect(places.find({ body: 'head' })).toEqual({ object: 'body', id: 2, size: 0.25 });
    expect(places.find({ body: 'torso' }).size).toBeCloseTo(0.5);
    expect(() => places.find({ body: 'tail' })).toThrow(/no body named "tail"/i);
  });
});
