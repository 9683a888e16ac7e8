import type { MjData, MjModel } from '@mujoco/mujoco';
import { expose } from 'comlink';
import { url } from 'virtual:mujoco-wasm';
import { instantiateMujoco, type Mujoco } from '../../src/sim/mujoco';

/** Steps between two looks at the clock: a look costs well under a thousandth of them. */
const CHUNK = 8;

interface World {
  readonly mujoco: Mujoco;
  readonly model: MjModel;
  readonly data: MjData;
}

let world: World | null = null;

const worker = {
  /** Compiles a model from its files. */
  async load(entry: string, files: Readonly<Record<string, string>>): Promise<void> {
    const mujoco = await instantiateMujoco(await WebAssembly.compileStreaming(fetch(url)));
    for (const [name, content] of Object.entries(files)) mujoco.FS.writeFile(`/${name}`, content);
    const model = mujoco.MjModel.from_xml_path(`/${entry}`);
    world = { mujoco, model, data: new mujoco.MjData(model) };
  },

  /** Starts anew, takes `warmUp` steps, then counts the steps of so many seconds. Steps per second. */
  measure(warmUp: number, seconds: number): number {
    if (world === null) throw new Error('no model');
    const { mujoco, model, data } = world;
    if (model.nkey > 0) mujoco.mj_resetDataKeyframe(model, data, 0);
    else mujoco.mj_resetData(model, data);
    mujoco.mj_forward(model, data);
    for (let i = 0; i < warmUp; i++) mujoco.mj_step(model, data);
    const start = performance.now();
    let steps = 0;
    let elapsed = 0;
    while (elapsed < 1000 * seconds) {
      for (let i = 0; i < CHUNK; i++) mujoco.mj_step(model, data);
      steps += CHUNK;
      elapsed = performance.now() - start;
    }
    return (1000 * steps) / elapsed;
  },
};

export type BareWorker = typeof worker;

expose(worker);
