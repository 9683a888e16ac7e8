import { test, expect, openRoom, enter } from '../company';
import { BENCH, load } from '../../room';
test('slow', async ({ company }) => {
  const ana = await company.open('Ana');
  await load(ana, { files: { 'bench.xml': BENCH } });
  const link = await openRoom(ana);
  const ben = await company.open('Ben');
  const d = await ben.context().newCDPSession(ben);
  await d.send('Network.enable');
  await d.send('Network.emulateNetworkConditions', { offline: false, latency: 500, downloadThroughput: -1, uploadThroughput: -1 });
  let t = Date.now();
  await enter(ben, link);
  console.log('join', Date.now() - t);
  for (const paused of [true, false]) {
    await ana.evaluate((p) => p ? window.simroom.pause() : window.simroom.play(), paused);
  await new Promise(r => setTimeout(r, 3000));
  for (let i = 1; i < 5; i++) {
  const r = await ben.evaluate(async (v) => {
    const begun = performance.now();
    let frames = 0;
    let acked = 0;
    window.simroom.setJoint('slide', v).then(() => { acked = performance.now() - begun; });
    return new Promise((res) => { const look = () => { frames++; if (Math.abs(window.simroom.frame()!.qpos[0]! - v) < 0.05) res([acked, performance.now() - begun, frames]); else requestAnimationFrame(look); }; look(); });
  }, i / 5);
  console.log(paused, JSON.stringify(r));
  await new Promise(r => setTimeout(r, i === 3 ? 100 : 2000));
  }
  console.log(await ben.evaluate(async () => (await window.simroom.stats()).network.peers));
  }
  await company.leave();
});
