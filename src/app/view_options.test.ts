// @vitest-environment node
import { expect, it } from 'vitest';
import { instantiateMujoco } from '../sim/mujoco';
import { mujocoModule } from '../testing/mujoco';
import { DEFAULT_VIEW_OPTIONS, visualRequest } from './view_options';

it('asks for what mjv_defaultOption has, in the order of mjtVisFlag', async () => {
  const mujoco = await instantiateMujoco(await mujocoModule());
  const option = new mujoco.MjvOption();
  const request = visualRequest(DEFAULT_VIEW_OPTIONS);
  expect([...request.flags]).toEqual([...option.flags]);
  expect([...request.sitegroup]).toEqual([...option.sitegroup]);
  expect([...request.tendongroup]).toEqual([...option.tendongroup]);
  const names = Object.entries(mujoco.mjtVisFlag)
    .filter(([name]) => name.startsWith('mjVIS_'))
    .map(([name]) => name.slice('mjVIS_'.length).toLowerCase());
  expect(Object.keys(DEFAULT_VIEW_OPTIONS.flags)).toEqual(names);
});

it('numbers coordinate frames as mjtFrame does', async () => {
  const mujoco = await instantiateMujoco(await mujocoModule());
  for (const [frame, constant] of [
    ['none', mujoco.mjtFrame.mjFRAME_NONE],
    ['geom', mujoco.mjtFrame.mjFRAME_GEOM],
    ['world', mujoco.mjtFrame.mjFRAME_WORLD],
  ] as const) {
    expect(visualRequest({ ...DEFAULT_VIEW_OPTIONS, frame }).frame).toBe(constant.value);
  }
});
