import { describe, expect, it } from 'vitest';
import { SimroomError } from '../../core/errors';
import { toHex } from '../../core/encoding';
import type { EngineClient } from '../engine_client';
import { Worlds } from './worlds';

const bundle = { entry: 'a.xml', files: new Map([['a.xml', Uint8Array.of(60, 47, 62)]]) };
const model = { bundle, mjb: Uint8Array.of(1, 2, 3), origin: 'A' };

/** Where there is no storage: everything comes over the network. */
function setup() {
  const wanted: string[] = [];
  const service = {
    want: (hash: string) => {
      wanted.push(hash);
      return Promise.resolve({ value: undefined });
    },
  };
  const engine = {
    askAtOnce: (question: (s: typeof service) => Promise<unknown>) => question(service),
  } as unknown as EngineClient;
  return { worlds: new Worlds(engine), wanted };
}

/** Lets what has been started come as far as it can. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe('the models of a room', () => {
  it('are described the same by everybody, and numbered', async () => {
    const [here, there] = [setup().worlds, setup().worlds];
    const first = await here.share(model);
    const again = await there.share({ ...model, bundle: { ...bundle } });
    expect(first.manifest).toEqual(again.manifest);
    expect(first.manifest).toMatchObject({ world: 1, size: first.bundle.length, origin: 'A' });
    expect((await here.share(model)).manifest.world).toBe(2);
  });

  it('come over the network when they are not here, and are the same then', async () => {
    const { manifest, bundle: packed } = await setup().worlds.share(model);
    const { worlds, wanted } = setup();
    const told: number[] = [];
    const getting = worlds.get(manifest.bundle, manifest.size, (fraction) => told.push(fraction));
    await settle();
    const hash = toHex(manifest.bundle);
    expect(wanted).toEqual([hash]);
    worlds.hear({ kind: 'progress', hash, received: 5, size: 10 });
    worlds.hear({ kind: 'content', hash, bytes: packed });
    const got = await getting;
    expect(got.entry).toBe('a.xml');
    expect([...(got.files.get('a.xml') ?? [])]).toEqual([60, 47, 62]);
    expect(told).toEqual([0.5]);
  });

  it('that nobody has any more, or whose room ends, are given up', async () => {
    const { worlds } = setup();
    const hash = new Uint8Array(32);
    const lacking = worlds.get(hash, 10, () => {});
    await settle();
    worlds.hear({ kind: 'lacking', hash: toHex(hash) });
    await expect(lacking).rejects.toMatchObject({ code: 'fetch-failed' });
    const closed = worlds.get(hash, 10, () => {});
    await settle();
    worlds.hear({ kind: 'ended', code: 'room-closed', message: 'over' });
    await expect(closed).rejects.toMatchObject({ code: 'room-closed' });
    const left = worlds.get(hash, 10, () => {});
    await settle();
    worlds.fail(new SimroomError('load-cancelled', 'left'));
    await expect(left).rejects.toMatchObject({ code: 'load-cancelled' });
  });

  it('that are too large are not even asked for', async () => {
    const { worlds, wanted } = setup();
    await expect(worlds.get(new Uint8Array(32), 1 << 30, () => {})).rejects.toMatchObject({
      code: 'model-too-large',
    });
    expect(wanted).toEqual([]);
  });
});
